/** What a person has entered: every field knows how to say its Slack state value and how to take it back. */

import { el } from "./dom.js";
import { unixFromWall, wall } from "./dates.js";

/** @type {WeakMap<Element, {read: () => object, write: (value: object) => void, check?: () => string}>} */
const readers = new WeakMap();

/**
 * @param {HTMLElement} node
 * @param {{action_id: string, type: string}} spec
 * @param {{blockId: string}} at
 */
export function register(node, spec, at, reader) {
  node.dataset.actionId = spec.action_id ?? "";
  node.dataset.blockId = at.blockId ?? "";
  node.dataset.field = spec.type;
  readers.set(node, { ...reader, read: () => ({ type: spec.type, ...reader.read() }) });
  return node;
}

/** state.values of everything inside *root*, as Slack sends it. */
export function collect(root) {
  const values = {};
  for (const node of root.querySelectorAll("[data-field]")) {
    const { blockId, actionId } = node.dataset;
    (values[blockId] ??= {})[actionId] = readers.get(node).read();
  }
  return values;
}

/** Puts back what was entered, wherever the same block and action are still there. */
export function restore(root, values) {
  for (const node of root.querySelectorAll("[data-field]")) {
    const value = values[node.dataset.blockId]?.[node.dataset.actionId];
    if (value && value.type === node.dataset.field) readers.get(node).write(value);
  }
}

/** The sentence to show beside *node* before anything is sent, or "" when it is fine. */
export function complaint(node, required) {
  const reader = readers.get(node);
  const { type, ...value } = reader.read();
  const content = Object.values(value)[0];
  const empty = content === null || content === "" || (Array.isArray(content) && !content.length);
  if (empty) return required ? "Please complete this required field." : "";
  return reader.check?.() ?? "";
}

const INPUT_TYPES = {
  number_input: "number",
  email_text_input: "email",
  url_text_input: "url",
  datepicker: "date",
  timepicker: "time",
  datetimepicker: "datetime-local",
};

/** @param {object} spec @param {import("./elements.js").At} at */
export function textField(spec, at) {
  const props = { ...at.props, class: "field", dir: "auto", placeholder: spec.placeholder?.text };
  const long = spec.multiline || spec.type === "rich_text_input";
  const limits = { maxlength: spec.max_length, minlength: spec.min_length };
  const node = long
    ? el("textarea", { ...props, ...limits, rows: 4 })
    : el("input", {
        ...props,
        ...(spec.type === "plain_text_input" ? limits : numberLimits(spec)),
        type: INPUT_TYPES[spec.type] ?? "text",
      });
  node.value = spec.initial_value ?? "";
  const read = () =>
    spec.type === "rich_text_input"
      ? { rich_text_value: asRichText(node.value) }
      : { value: node.value || null };
  const write = ({ value, rich_text_value: rich }) =>
    (node.value = value ?? rich?.elements[0]?.elements[0]?.text ?? "");
  dispatchOnEnter(node, spec, at, read);
  return register(node, spec, at, { read, write, check: () => textComplaint(node, spec) });
}

/** @param {object} spec @param {import("./elements.js").At} at */
export function momentField(spec, at) {
  const zone = at.scene.zone();
  const shape = MOMENTS[spec.type];
  const spoken = at.props.id ? null : (at.props["aria-label"] ?? shape.name);
  const props = { ...at.props, "aria-label": spoken, class: "field moment" };
  const node = el("input", { ...props, type: INPUT_TYPES[spec.type] });
  node.value = shape.initial(spec, zone);
  const read = () => shape.read(node.value, zone);
  const write = (value) => (node.value = shape.write(value, zone));
  node.addEventListener("change", () => at.dispatch && at.fire(node, spec, read()));
  return register(node, spec, at, { read, write });
}

const MOMENTS = {
  datepicker: {
    name: "Date",
    initial: (spec) => spec.initial_date ?? "",
    read: (text) => ({ selected_date: text || null }),
    write: (value) => value.selected_date ?? "",
  },
  timepicker: {
    name: "Time",
    initial: (spec) => spec.initial_time ?? "",
    read: (text) => ({ selected_time: text || null }),
    write: (value) => value.selected_time ?? "",
  },
  datetimepicker: {
    name: "Date and time",
    initial: (spec, zone) =>
      spec.initial_date_time ? wall(spec.initial_date_time * 1000, zone) : "",
    read: (text, zone) => ({ selected_date_time: text ? unixFromWall(text, zone) : null }),
    write: (value, zone) =>
      value.selected_date_time ? wall(value.selected_date_time * 1000, zone) : "",
  },
};

function numberLimits(spec) {
  if (spec.type !== "number_input") return {};
  return { min: spec.min_value, max: spec.max_value, step: spec.is_decimal_allowed ? "any" : "1" };
}

function textComplaint(node, spec) {
  const { validity } = node;
  if (spec.min_length && node.value.length < spec.min_length)
    return `At least ${spec.min_length} characters, please.`;
  if (validity.rangeUnderflow) return `${spec.min_value} or more, please.`;
  if (validity.rangeOverflow) return `${spec.max_value} or less, please.`;
  if (!validity.typeMismatch && !validity.badInput && !validity.stepMismatch) return "";
  return (
    {
      email_text_input: "Please enter an email address.",
      url_text_input: "Please enter a link that begins with https://.",
    }[spec.type] ?? "Please enter a whole number."
  );
}

function dispatchOnEnter(node, spec, at, read) {
  if (!at.dispatch) return;
  const triggers = spec.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  if (triggers.includes("on_enter_pressed")) {
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || (spec.multiline && event.shiftKey)) return;
      event.preventDefault();
      at.fire(node, spec, read());
    });
  }
  if (!triggers.includes("on_character_entered")) return;
  let timer = 0;
  node.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => at.fire(node, spec, read()), 400);
  });
}

function asRichText(text) {
  if (!text) return null;
  const section = { type: "rich_text_section", elements: [{ type: "text", text }] };
  return { type: "rich_text", elements: [section] };
}

/** Interactive elements: buttons here, fields and choices next door. */

import { el, icon, safeUrl } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { momentField, textField } from "./fields.js";
import { select, ticks } from "./choices.js";
import { menuButton } from "./popup.js";

/**
 * Where an element stands and what it may do there.
 * @typedef {object} At
 * @property {import("./scene.js").Scene} scene
 * @property {string} blockId
 * @property {boolean} dispatch whether a change is told to the app at once
 * @property {boolean} [optional]
 * @property {string} [labelId]
 * @property {Record<string, unknown>} props attributes of the control (id, aria-…)
 * @property {(node: HTMLElement, spec: object, values: object) => void} fire
 */

const DRAW = {
  button,
  overflow,
  icon_button: iconButton,
  feedback_buttons: feedback,
  checkboxes: ticks,
  radio_buttons: ticks,
  datepicker: momentField,
  timepicker: momentField,
  datetimepicker: momentField,
  plain_text_input: textField,
  rich_text_input: textField,
  number_input: textField,
  email_text_input: textField,
  url_text_input: textField,
};

/** @param {object} spec @param {Partial<At> & {scene: object, blockId: string}} where */
export function element(spec, where) {
  const fire = (node, from, values) => {
    const action = {
      type: from.type,
      action_id: from.action_id,
      block_id: where.blockId,
      ...values,
    };
    where.scene.dispatch(node, action, from.confirm);
  };
  const at = { dispatch: true, props: {}, fire, ...where };
  if (/^(multi_)?(static|external|users|channels|conversations)_select$/.test(spec.type))
    return select(spec, at);
  const draw = DRAW[spec.type];
  return draw
    ? draw(spec, at)
    : el("span", { class: "unknown" }, `(${spec.type} is not drawn here)`);
}

function button(spec, at) {
  const tone = { primary: "primary", danger: "danger" }[spec.style] ?? "";
  const data = { actionId: spec.action_id ?? "", value: spec.value };
  const props = { class: `button ${tone}`, "aria-label": spec.accessibility_label, data };
  const label = el("span", { dir: "auto" }, plain(spec.text));
  const press = () => at.fire(node, spec, { value: spec.value, text: spec.text });
  const href = spec.url && safeUrl(spec.url);
  const node = href
    ? el(
        "a",
        { ...props, href, target: "_blank", rel: "noopener noreferrer", on: { click: press } },
        label,
      )
    : el("button", { ...props, type: "button", on: { click: press } }, label);
  return node;
}

function overflow(spec, at) {
  const items = () =>
    spec.options.map((option) => ({
      label: plain(option.text),
      note: option.description?.text,
      href: option.url && safeUrl(option.url),
      pick: () => at.fire(node.querySelector("button"), spec, { selected_option: option }),
    }));
  const data = { actionId: spec.action_id ?? "" };
  const node = menuButton({
    label: at.props["aria-label"] ?? "More options",
    face: icon("dots"),
    data,
    items,
  });
  return node;
}

function iconButton(spec, at) {
  const who = spec.visible_to_user_ids;
  if (who?.length && !who.includes(at.scene.me())) return el("span", { hidden: true });
  const label = spec.accessibility_label ?? spec.text?.text ?? spec.icon;
  const props = {
    type: "button",
    class: "button quiet",
    "aria-label": label,
    title: spec.text?.text,
  };
  const press = () => at.fire(node, spec, { value: spec.value });
  const node = el(
    "button",
    { ...props, data: { actionId: spec.action_id ?? "" }, on: { click: press } },
    icon(spec.icon),
  );
  return node;
}

function feedback(spec, at) {
  const one = (choice, face) => {
    const press = () => at.fire(node, spec, { value: choice.value });
    const props = {
      type: "button",
      class: "button quiet",
      data: { actionId: spec.action_id ?? "", value: choice.value },
    };
    const node = el(
      "button",
      { ...props, "aria-label": choice.accessibility_label, on: { click: press } },
      face,
      plain(choice.text),
    );
    return node;
  };
  return el(
    "span",
    { class: "feedback" },
    one(spec.positive_button, "👍 "),
    one(spec.negative_button, "👎 "),
  );
}

/** plain_text as it reads: short names drawn unless it says emoji: false */
export function plain(text) {
  if (!text) return "";
  return text.emoji === false ? text.text : withEmoji(text.text ?? "");
}

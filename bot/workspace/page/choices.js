/** Elements one chooses from: selects of every kind, checkboxes, radio buttons. */

import { append, el, freshId } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { register } from "./fields.js";
import { combobox, matching } from "./combobox.js";
import { mrkdwn } from "./mrkdwn.js";

/** @typedef {import("./combobox.js").Choice} Choice */

/** @param {object} spec @param {import("./elements.js").At} at */
export function select(spec, at) {
  const multi = spec.type.startsWith("multi_");
  const source = SOURCES[spec.type.replace("multi_", "")](spec, at);
  const key = multi ? source.plural : source.singular;
  const read = () => {
    const raw = box.chosen().map((choice) => choice.raw);
    return { [key]: multi ? raw : (raw[0] ?? null) };
  };
  const box = combobox({
    ...source,
    multi,
    max: spec.max_selected_items,
    clearable: at.optional,
    placeholder: spec.placeholder?.text ?? (multi ? "Choose one or more" : "Choose"),
    props: {
      ...at.props,
      "aria-label": at.props["aria-label"] ?? (at.props.id ? null : spec.placeholder?.text),
    },
    changed: () => at.dispatch && at.fire(box.node, spec, read()),
  });
  const write = (value) => box.choose([value[key] ?? []].flat().map(source.choice));
  return register(box.node, spec, at, { read, write });
}

/** @param {{text: {text: string}, value: string, description?: {text: string}}} option @returns {Choice} */
const fromOption = (option) => ({
  key: option.value,
  label: withEmoji(option.text.text),
  note: option.description?.text,
  raw: option,
});

const fromOptions = (answer) =>
  answer.option_groups?.map((g) => ({
    label: g.label?.text,
    choices: g.options.map(fromOption),
  })) ?? [{ choices: (answer.options ?? []).map(fromOption) }];

const OPTION_KEYS = { singular: "selected_option", plural: "selected_options", choice: fromOption };

const SOURCES = {
  static_select: (spec) => ({
    ...OPTION_KEYS,
    load: (typed) => matching(fromOptions(spec), typed),
    initial: [spec.initial_options ?? spec.initial_option ?? []].flat().map(fromOption),
  }),
  external_select: (spec, at) => ({
    ...OPTION_KEYS,
    delay: 250,
    load: (typed) => suggestions(spec, at, typed),
    initial: [spec.initial_options ?? spec.initial_option ?? []].flat().map(fromOption),
  }),
  users_select: (spec, at) =>
    directory(
      ["selected_user", "selected_users"],
      spec.initial_users ?? spec.initial_user,
      at.scene.people(),
      "",
    ),
  channels_select: (spec, at) => {
    const open = at.scene.places().filter((place) => ["channel", "shared"].includes(place.kind));
    return directory(
      ["selected_channel", "selected_channels"],
      spec.initial_channels ?? spec.initial_channel,
      open,
      "#",
    );
  },
  conversations_select: (spec, at) => {
    const all = at.scene.places().filter((place) => place.kind !== "app");
    const here = spec.default_to_current_conversation ? at.scene.here() : undefined;
    const initial = spec.initial_conversations ?? spec.initial_conversation ?? here;
    return directory(["selected_conversation", "selected_conversations"], initial, all, "#");
  },
};

function suggestions(spec, at, typed) {
  const least = spec.min_query_length ?? 3;
  if (typed.length < least) return `Type at least ${least} ${least === 1 ? "letter" : "letters"}.`;
  return at.scene
    .suggest({ block_id: at.blockId, action_id: spec.action_id, typed })
    .then(fromOptions);
}

function directory([singular, plural], initial, entries, sign) {
  const choice = (id) => {
    const entry = entries.find((e) => e.id === id);
    const mark = entry && entry.kind !== "dm" ? sign : "";
    return { key: id, label: `${mark}${entry?.name ?? id}`, note: entry?.organisation, raw: id };
  };
  const groups = [{ choices: entries.map((entry) => choice(entry.id)) }];
  const chosen = [initial ?? []].flat().map(choice);
  return { singular, plural, choice, initial: chosen, load: (typed) => matching(groups, typed) };
}

/** Checkboxes and radio buttons. @param {object} spec @param {import("./elements.js").At} at */
export function ticks(spec, at) {
  const isRadio = spec.type === "radio_buttons";
  const group = freshId("ticks");
  const initial = [spec.initial_options ?? spec.initial_option ?? []].flat().map((o) => o.value);
  const boxes = spec.options.map((option) => {
    const checked = initial.includes(option.value);
    return el("input", {
      type: isRadio ? "radio" : "checkbox",
      name: group,
      value: option.value,
      checked,
    });
  });
  const chosen = () => spec.options.filter((_, i) => boxes[i].checked);
  const read = () =>
    isRadio ? { selected_option: chosen()[0] ?? null } : { selected_options: chosen() };
  const write = (value) => {
    const kept = [value.selected_options ?? value.selected_option ?? []].flat().map((o) => o.value);
    for (const box of boxes) box.checked = kept.includes(box.value);
  };
  const rows = spec.options.map((option, i) =>
    el("label", { class: "tick" }, boxes[i], tickText(option, at.scene)),
  );
  const props = {
    class: "ticks",
    role: isRadio ? "radiogroup" : "group",
    "aria-label": at.props["aria-label"] ?? "Options",
  };
  const described = {
    "aria-labelledby": at.labelId,
    "aria-describedby": at.props["aria-describedby"],
  };
  const node = el("div", { ...props, ...described, id: at.props.id, tabIndex: -1 }, rows);
  node.addEventListener("change", () => at.dispatch && at.fire(node, spec, read()));
  return register(node, spec, at, { read, write });
}

function tickText(option, scene) {
  const draw = (text) => (text.type === "mrkdwn" ? mrkdwn(text.text, scene) : withEmoji(text.text));
  const label = el("span", { class: "tick-label", dir: "auto" });
  append(label, [draw(option.text)]);
  if (option.description) append(label, [el("small", {}, draw(option.description))]);
  return label;
}

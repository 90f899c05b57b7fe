/** A text field with a list of choices: one or several, filtered here or fetched as one types. */

import { append, el, freshId, icon } from "./dom.js";
import * as popup from "./popup.js";

/**
 * @typedef {{key: string, label: string, note?: string, raw: unknown}} Choice
 * @typedef {{label?: string, choices: Choice[]}} Group
 * @typedef {object} Wish
 * @property {(typed: string) => Group[] | string | Promise<Group[]>} load a sentence where there is nothing to choose
 * @property {Record<string, unknown>} props attributes of the field (id, aria-label, aria-describedby …)
 * @property {string} [placeholder]
 * @property {Choice[]} [initial]
 * @property {boolean} [multi]
 * @property {number} [max]
 * @property {boolean} [clearable]
 * @property {number} [delay] milliseconds to wait before asking again while typing
 * @property {() => void} changed
 */

/** @param {Wish} wish @returns {{node: HTMLElement, chosen: () => Choice[], choose: (choices: Choice[]) => void}} */
export function combobox(wish) {
  const box = new Combobox(wish);
  return {
    node: box.node,
    chosen: () => box.chosen,
    choose: (choices) => box.choose(choices, false),
  };
}

class Combobox {
  /** @param {Wish} wish */
  constructor(wish) {
    this.wish = wish;
    this.chosen = [];
    this.shown = [];
    this.active = -1;
    this.asked = 0;
    const listId = freshId("choices");
    const aria = {
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": listId,
      "aria-autocomplete": "list",
    };
    const basic = {
      type: "text",
      autocomplete: "off",
      spellcheck: "false",
      placeholder: wish.placeholder,
    };
    this.field = el("input", {
      ...basic,
      ...aria,
      ...wish.props,
      class: "field combo-field",
      dir: "auto",
    });
    this.list = el("ul", {
      id: listId,
      class: "popup choices",
      role: "listbox",
      popover: "manual",
    });
    this.list.setAttribute("aria-label", wish.props["aria-label"] ?? wish.placeholder ?? "Choices");
    if (wish.multi) this.list.setAttribute("aria-multiselectable", "true");
    this.chips = el("ul", { class: "chips", hidden: true, "aria-label": "Chosen" });
    this.node = el("div", { class: "combo" }, this.chips, this.field, icon("chevron"), this.list);
    this.listen();
    this.choose(wish.initial ?? [], false);
  }

  listen() {
    this.field.addEventListener("click", () => this.show(""));
    this.field.addEventListener("focus", () => this.field.select());
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("blur", () => this.leave());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    popup.dismissable(this.list, this.node, () => this.shut());
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(this.field.value), this.wish.delay ?? 0);
  }

  async show(typed) {
    const asked = (this.asked += 1);
    const loading = this.wish.load(typed.trim());
    if (loading instanceof Promise) this.note("Loading…");
    const groups = await loading;
    if (asked !== this.asked || document.activeElement !== this.field) return;
    if (typeof groups === "string") this.note(groups);
    else this.draw(groups);
  }

  note(text) {
    this.shown = [];
    this.list.replaceChildren(el("li", { class: "choices-note", role: "presentation" }, text));
    this.unfold();
  }

  draw(groups) {
    this.shown = [];
    const parts = groups.map((group) => {
      const options = group.choices.map((choice) => this.option(choice));
      if (!group.label) return options;
      const title = el("li", { class: "group-title", role: "presentation" }, group.label);
      const inner = el("ul", { role: "group", "aria-label": group.label }, options);
      return [title, el("li", { role: "presentation" }, inner)];
    });
    if (!this.shown.length) return this.note("Nothing matches.");
    this.list.replaceChildren();
    append(this.list, parts);
    this.unfold();
    const current = this.shown.findIndex(({ choice }) => this.has(choice));
    this.mark(this.wish.multi ? 0 : Math.max(0, current));
  }

  option(choice) {
    const props = {
      id: freshId("choice"),
      role: "option",
      "aria-selected": String(this.has(choice)),
    };
    const pick = { click: () => this.pick(choice) };
    const note = choice.note && el("small", { dir: "auto" }, choice.note);
    const data = { value: choice.key };
    const node = el(
      "li",
      { ...props, class: "choice", on: pick, data },
      el("span", { dir: "auto" }, choice.label),
      note,
    );
    this.shown.push({ node, choice });
    return node;
  }

  unfold() {
    this.field.setAttribute("aria-expanded", "true");
    popup.open(this.list, this.field, { wide: true });
  }

  shut() {
    this.asked += 1;
    this.active = -1;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
    popup.close(this.list);
  }

  mark(at) {
    this.shown[this.active]?.node.classList.remove("active");
    this.active = at;
    const node = this.shown[at]?.node;
    if (!node) return;
    node.classList.add("active");
    node.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", node.id);
  }

  key(event) {
    const isOpen = popup.isOpen(this.list);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!isOpen) this.show("");
      else if (this.shown.length)
        this.mark((this.active + step + this.shown.length) % this.shown.length);
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      if (this.shown[this.active]) this.pick(this.shown[this.active].choice);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.shut();
      this.label();
    } else if (event.key === "Backspace" && this.wish.multi && this.field.value === "") {
      this.choose(this.chosen.slice(0, -1), true);
    }
  }

  leave() {
    clearTimeout(this.timer);
    this.shut();
    const emptied = this.wish.clearable && !this.wish.multi && this.field.value.trim() === "";
    if (emptied && this.chosen.length) this.choose([], true);
    else this.label();
  }

  pick(choice) {
    if (!this.wish.multi) {
      this.choose([choice], true);
      this.shut();
      return;
    }
    const without = this.chosen.filter((c) => c.key !== choice.key);
    const added = without.length === this.chosen.length ? [...without, choice] : without;
    if (this.wish.max && added.length > this.wish.max)
      return this.note(`At most ${this.wish.max}.`);
    this.choose(added, true);
    this.show("");
  }

  choose(choices, tell) {
    this.chosen = choices;
    this.label();
    if (!tell) return;
    this.node.dispatchEvent(new Event("change", { bubbles: true }));
    this.wish.changed();
  }

  has(choice) {
    return this.chosen.some((c) => c.key === choice.key);
  }

  label() {
    this.field.value = this.wish.multi ? "" : (this.chosen[0]?.label ?? "");
    this.chips.hidden = !this.wish.multi || !this.chosen.length;
    if (this.wish.multi)
      this.chips.replaceChildren(...this.chosen.map((choice) => this.chip(choice)));
  }

  chip(choice) {
    const drop = () => {
      this.choose(
        this.chosen.filter((c) => c.key !== choice.key),
        true,
      );
      this.field.focus();
    };
    const props = {
      type: "button",
      class: "chip-drop",
      "aria-label": `Remove ${choice.label}`,
      on: { click: drop },
    };
    return el(
      "li",
      { class: "chip" },
      el("bdi", {}, choice.label),
      el("button", props, icon("close")),
    );
  }
}

/** The groups of *groups* whose choices hold what was typed. */
export function matching(groups, typed) {
  const wanted = typed.toLocaleLowerCase();
  const fits = (choice) =>
    `${choice.label} ${choice.note ?? ""}`.toLocaleLowerCase().includes(wanted);
  return groups
    .map((group) => ({ ...group, choices: group.choices.filter(fits) }))
    .filter((group) => group.choices.length);
}

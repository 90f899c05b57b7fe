/** Things that float beside what opened them: lists of choices and menus. */

import { el, freshId } from "./dom.js";

const GAP = 6;
const EDGE = 8;

/** @param {HTMLElement} box @param {HTMLElement} anchor puts the box in the top layer, beside its anchor */
export function open(box, anchor, { wide = false, above = false } = {}) {
  if (!box.matches(":popover-open")) box.showPopover();
  const at = anchor.getBoundingClientRect();
  const below = window.innerHeight - at.bottom - GAP - EDGE;
  const over = at.top - GAP - EDGE;
  const upwards = above || (below < Math.min(box.scrollHeight, 240) && over > below);
  const width = Math.min(
    wide ? Math.max(at.width, 220) : Math.max(box.offsetWidth, 160),
    window.innerWidth - 2 * EDGE,
  );
  box.style.maxHeight = `${Math.max(96, Math.min(340, upwards ? over : below))}px`;
  if (wide) box.style.width = `${width}px`;
  box.style.left = `${Math.max(EDGE, Math.min(at.left, window.innerWidth - width - EDGE))}px`;
  box.style.top = upwards ? "auto" : `${at.bottom + GAP}px`;
  box.style.bottom = upwards ? `${window.innerHeight - at.top + GAP}px` : "auto";
}

export function close(box) {
  if (box.matches(":popover-open")) box.hidePopover();
}

export const isOpen = (box) => box.matches(":popover-open");

/** Closes *box* when the page scrolls beneath it or the pointer goes elsewhere. */
export function dismissable(box, anchor, shut) {
  const outside = (event) => {
    if (!box.contains(event.target) && !anchor.contains(event.target)) shut();
  };
  box.addEventListener("toggle", (event) => {
    const wire = event.newState === "open" ? "addEventListener" : "removeEventListener";
    document[wire]("pointerdown", outside, true);
    document[wire]("scroll", outside, true);
  });
}

/**
 * A button that opens a menu.
 * @param {{label: string, class?: string, face: Node, data?: object, items: () => {label: string, note?: string,
 *   href?: string, pick: () => void}[]}} menu
 */
export function menuButton({ label, face, data, items, class: name = "" }) {
  const id = freshId("menu");
  const box = el("div", {
    id,
    class: "popup menu",
    role: "menu",
    "aria-label": label,
    popover: "manual",
  });
  const props = {
    type: "button",
    class: `button quiet ${name}`,
    "aria-haspopup": "menu",
    "aria-expanded": "false",
  };
  const button = el("button", { ...props, "aria-controls": id, "aria-label": label, data }, face);
  const shut = (focus) => {
    button.setAttribute("aria-expanded", "false");
    close(box);
    if (focus) button.focus();
  };
  const show = (last) => {
    box.replaceChildren(...items().map((item) => menuItem(item, shut)));
    button.setAttribute("aria-expanded", "true");
    open(box, button);
    (last ? box.lastElementChild : box.firstElementChild)?.focus();
  };
  button.addEventListener("click", () => (isOpen(box) ? shut(true) : show(false)));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    show(event.key === "ArrowUp");
  });
  box.addEventListener("keydown", (event) => walk(event, box, shut));
  dismissable(box, button, () => shut(false));
  return el("span", { class: "menu-anchor" }, button, box);
}

function menuItem(item, shut) {
  const pick = () => {
    shut(true);
    item.pick();
  };
  const text = [
    el("span", { dir: "auto" }, item.label),
    item.note && el("small", { dir: "auto" }, item.note),
  ];
  const props = { class: "menu-item", role: "menuitem", tabIndex: -1, on: { click: pick } };
  if (!item.href) return el("button", { ...props, type: "button" }, text);
  return el("a", { ...props, href: item.href, target: "_blank", rel: "noopener noreferrer" }, text);
}

function walk(event, box, shut) {
  const items = [...box.children];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items[(to + items.length) % items.length].focus();
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    shut(true);
  } else if (event.key === "Tab") shut(true);
}

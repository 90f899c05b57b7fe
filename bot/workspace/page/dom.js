/** Elements and text nodes: the only way this page puts anything on the screen. */

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set([
  "value",
  "checked",
  "disabled",
  "hidden",
  "open",
  "tabIndex",
  "htmlFor",
]);

/** @typedef {Node | string | number | null | undefined | false | Child[]} Child */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [props] attributes; `class`, `data` (dataset) and `on` (listeners) are special
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(node, name, value);
  append(node, children);
  return node;
}

/** The same for SVG, whose attributes keep their case. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  append(node, children);
  return node;
}

/** @param {Node} node @param {Child[]} children */
export function append(node, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(node, child);
    else if (child instanceof Node) node.appendChild(child);
    else if (child !== null && child !== undefined && child !== false) {
      node.appendChild(document.createTextNode(String(child)));
    }
  }
}

let counter = 0;

/** An id for label/for and aria references, unique on this page. */
export function freshId(stem) {
  counter += 1;
  return `${stem}-${counter}`;
}

/** Only these lead anywhere; everything else stays text. */
export function safeUrl(url) {
  try {
    const parsed = new URL(String(url));
    return ["http:", "https:", "mailto:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** @param {string} url @param {...Child} children an anchor, or plain text when the address is not one we follow */
export function link(url, ...children) {
  const href = safeUrl(url);
  if (href === null) return el("span", { class: "no-link" }, children.length ? children : url);
  const props = { href, rel: "noopener noreferrer", target: "_blank" };
  return el("a", props, children.length ? children : url);
}

const ICONS = {
  lock: "M4 7h8v6H4zM5.5 7V5a2.5 2.5 0 0 1 5 0v2",
  shared: "M5 5.5h6M5 10.5h6M3 8a2.5 2.5 0 0 1 2.5-2.5M13 8a2.5 2.5 0 0 1-2.5 2.5",
  home: "M2.5 8 8 3l5.5 5M4 7v6h8V7",
  eye: "M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8M8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6",
  dots: "M3.3 7.7h.6v.6h-.6zM7.7 7.7h.6v.6h-.6zM12.1 7.7h.6v.6h-.6z",
  chevron: "m4.5 6.5 3.5 3.5 3.5-3.5",
  previous: "m9.5 4.5-3.5 3.5 3.5 3.5",
  next: "m6.5 4.5 3.5 3.5-3.5 3.5",
  close: "m4.5 4.5 7 7m0-7-7 7",
  trash: "M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5",
  calendar: "M3 4h10v9H3zM3 7h10M5.5 2.5V5M10.5 2.5V5",
  check: "m3.5 8.5 3 3 6-7",
  bookmark: "M4.5 3h7v10L8 10.5 4.5 13z",
  file: "M4.5 2.5h5l2.5 3v8h-7.5zM9 2.5v3.5h3",
  flag: "M4 14V3h8l-2 3 2 3H4",
  link: "M7 9 9 7M6.5 6 8 4.5a2.5 2.5 0 0 1 3.5 3.5L10 9.5M9.5 10 8 11.5A2.5 2.5 0 0 1 4.5 8L6 6.5",
  rocket: "M8 2c2.5 2 3 5 2.5 8h-5C5 7 5.5 4 8 2M5.5 8 3.5 11l2 0M10.5 8l2 3h-2M8 10v4",
  user: "M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M3 13.5c.5-3 2.5-4 5-4s4.5 1 5 4",
  warning: "M8 2.5 14 13H2zM8 6.5v3M8 11.3v.01",
};

/** A small line drawing that says nothing to a screen reader. */
export function icon(name) {
  const path = ICONS[name] ?? ICONS.file;
  const props = { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" };
  return svg("svg", props, svg("path", { d: path }));
}

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "class") node.className = String(value);
  else if (name === "data") Object.assign(node.dataset, present(value));
  else if (name === "on")
    for (const [event, f] of Object.entries(value)) node.addEventListener(event, f);
  else if (PROPERTIES.has(name)) node[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

function present(values) {
  return Object.fromEntries(
    Object.entries(values).filter(([, v]) => v !== undefined && v !== null),
  );
}

/** The markdown block: the standard Markdown a bot writes, as DOM nodes. */

import { el, link } from "./dom.js";
import { withEmoji } from "./emoji.js";

/** @param {string} text */
export function markdown(text) {
  const rows = String(text ?? "")
    .replace(/\r\n?/g, "\n")
    .split("\n");
  const out = document.createDocumentFragment();
  let at = 0;
  while (at < rows.length) {
    const [node, next] = blockAt(rows, at);
    if (node) out.append(node);
    at = next;
  }
  return out;
}

const READERS = [blank, fence, heading, rule, quote, table, list];

function blockAt(rows, at) {
  for (const read of READERS) {
    const found = read(rows, at);
    if (found) return found;
  }
  return paragraph(rows, at);
}

function blank(rows, at) {
  return rows[at].trim() === "" ? [null, at + 1] : null;
}

function fence(rows, at) {
  if (!rows[at].startsWith("```")) return null;
  let end = at + 1;
  while (end < rows.length && !rows[end].startsWith("```")) end += 1;
  return [el("pre", { dir: "auto" }, rows.slice(at + 1, end).join("\n")), end + 1];
}

function heading(rows, at) {
  const match = /^(#{1,6}) +(.+?)(?: +#+)?$/.exec(rows[at]);
  if (!match) return null;
  const level = Math.min(6, match[1].length + 1);
  return [
    el(`h${level}`, { class: `md-h${match[1].length}`, dir: "auto" }, inline(match[2])),
    at + 1,
  ];
}

function rule(rows, at) {
  return /^ *([-*_])( *\1){2,} *$/.test(rows[at]) ? [el("hr"), at + 1] : null;
}

function quote(rows, at) {
  if (!rows[at].startsWith(">")) return null;
  let end = at;
  const inside = [];
  while (end < rows.length && rows[end].startsWith(">")) {
    inside.push(rows[end].replace(/^> ?/, "").replace(/^>+ ?/, ""));
    end += 1;
  }
  return [el("blockquote", { dir: "auto" }, joined(inside)), end];
}

function table(rows, at) {
  if (!rows[at].includes("|") || !/^ *\|?[ :|-]*-[ :|-]*$/.test(rows[at + 1] ?? "")) return null;
  if (!rows[at + 1].includes("|")) return null;
  let end = at + 2;
  while (end < rows.length && rows[end].includes("|")) end += 1;
  const cells = (row) =>
    row
      .trim()
      .replace(/^\||\|$/g, "")
      .split("|")
      .map((c) => c.trim());
  const head = el(
    "tr",
    {},
    cells(rows[at]).map((c) => el("th", { scope: "col" }, inline(c))),
  );
  const body = rows.slice(at + 2, end).map((row) =>
    el(
      "tr",
      {},
      cells(row).map((c) => el("td", {}, inline(c))),
    ),
  );
  const grid = el("table", {}, el("thead", {}, head), el("tbody", {}, body));
  return [
    el("div", { class: "table-scroll", tabIndex: 0, role: "group", "aria-label": "Table" }, grid),
    end,
  ];
}

const ITEM = /^( *)([-*+]|\d{1,9}[.)]) +(.*)$/;

function list(rows, at) {
  const first = ITEM.exec(rows[at]);
  if (!first) return null;
  const depth = first[1].length;
  const ordered = /\d/.test(first[2]);
  const start = ordered ? Number.parseInt(first[2], 10) : null;
  const node = el(ordered ? "ol" : "ul", { start: start === 1 ? null : start });
  let end = at;
  while (end < rows.length) {
    const match = ITEM.exec(rows[end]);
    if (!match || match[1].length < depth) break;
    if (match[1].length > depth + 1 && node.lastChild && match[1].length <= 40) {
      const [inner, next] = list(rows, end);
      node.lastChild.append(inner);
      end = next;
      continue;
    }
    node.append(item(match[3]));
    end += 1;
  }
  return [node, end];
}

function item(text) {
  const task = /^\[([ xX])\] +(.*)$/.exec(text);
  if (!task) return el("li", { dir: "auto" }, inline(text));
  const done = task[1] !== " ";
  return el("li", { class: "task", dir: "auto" }, done ? "☑ " : "☐ ", inline(task[2]));
}

function paragraph(rows, at) {
  let end = at + 1;
  while (end < rows.length && !READERS.some((read) => read(rows, end))) end += 1;
  return [el("p", { dir: "auto" }, joined(rows.slice(at, end))), end];
}

function joined(rows) {
  return rows.map((row, i) => [i > 0 && el("br"), inline(row)]);
}

const INLINE = [
  [/\\([\\`*_{}[\]()#+.!|~>-])/y, (m) => m[1]],
  [/`([^`]+)`/y, (m) => el("code", {}, m[1])],
  [/\[([^[\]]+)\]\(([^\s()]+)\)/y, (m, open) => link(m[2], inline(m[1], `${open}[`))],
  [/<(https?:[^<>\s]+)>/y, (m) => link(m[1])],
  [
    /\*\*(?=\S)([^*]+(?:\*[^*]+\*[^*]*)*)\*\*/y,
    (m, open) => el("strong", {}, inline(m[1], `${open}B`)),
    "B",
  ],
  [/__(?=\S)([^_]+)__/y, (m, open) => el("strong", {}, inline(m[1], `${open}B`)), "B"],
  [/~~(?=\S)([^~]+)~~/y, (m, open) => el("s", {}, inline(m[1], `${open}S`)), "S"],
  [/\*(?=[^\s*])([^*]+)\*/y, (m, open) => el("em", {}, inline(m[1], `${open}I`)), "I"],
  [
    /(?<![\p{L}\p{N}])_(?=[^\s_])([^_]+)_(?![\p{L}\p{N}])/uy,
    (m, open) => el("em", {}, inline(m[1], `${open}I`)),
    "I",
  ],
];

function inline(text, open = "") {
  const nodes = [];
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const found = /[\\`[<*_~]/.test(text[at]) ? piece(text, at, open) : null;
    if (!found) {
      at += 1;
      continue;
    }
    if (at > from) nodes.push(withEmoji(text.slice(from, at)));
    nodes.push(found.node);
    from = at = found.end;
  }
  if (from < text.length) nodes.push(withEmoji(text.slice(from)));
  return nodes;
}

function piece(text, at, open) {
  for (const [pattern, draw, mark] of INLINE) {
    if (mark && open.includes(mark)) continue;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) return { node: draw(match, open), end: at + match[0].length };
  }
  return null;
}

/** rich_text blocks: text that is literal by nature, with its lists, quotes and links. */

import { el, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { dateNode, personMention, placeMention } from "./mrkdwn.js";

/** @param {{elements?: object[]}} block @param {import("./scene.js").Scene} scene */
export function richText(block, scene) {
  const out = document.createDocumentFragment();
  for (const part of block.elements ?? []) out.append(paragraph(part, scene));
  return out;
}

function paragraph(part, scene) {
  const inner = () => (part.elements ?? []).map((piece) => inlinePart(piece, scene));
  if (part.type === "rich_text_list") return list(part, scene);
  if (part.type === "rich_text_preformatted") return el("pre", { dir: "auto" }, inner());
  if (part.type === "rich_text_quote") return el("blockquote", { dir: "auto" }, inner());
  return el("div", { class: "rich-line", dir: "auto" }, inner());
}

function list(part, scene) {
  const ordered = part.style === "ordered";
  const indent = Math.min(8, part.indent ?? 0);
  const items = (part.elements ?? []).map((item) =>
    el(
      "li",
      { dir: "auto" },
      (item.elements ?? []).map((piece) => inlinePart(piece, scene)),
    ),
  );
  const start = ordered && part.offset ? part.offset + 1 : null;
  const bordered = part.border ? " bordered" : "";
  return el(
    ordered ? "ol" : "ul",
    { class: `rich-list indent-${indent}${bordered}`, start },
    items,
  );
}

const PARTS = {
  text: (p) => document.createTextNode(p.text ?? ""),
  link: (p) => link(p.url, p.text || p.url),
  emoji: (p) => el("span", { class: "emoji" }, emojiOf(p)),
  user: (p, scene) => personMention(p.user_id, scene),
  channel: (p, scene) => placeMention(p.channel_id, scene),
  usergroup: (p) => el("bdi", { class: "mention" }, `@${p.usergroup_id}`),
  team: (p) => el("bdi", { class: "mention" }, p.team_id),
  broadcast: (p) => el("bdi", { class: "mention mine" }, `@${p.range}`),
  color: (p) => el("code", {}, p.value),
  date: (p, scene) => {
    const node = dateNode(Number(p.timestamp), p.format ?? "{date}", p.fallback ?? "", scene);
    return p.url ? link(p.url, node) : node;
  },
};

function inlinePart(piece, scene) {
  const draw = PARTS[piece.type];
  const node = draw ? draw(piece, scene) : document.createTextNode(piece.text ?? "");
  return styled(node, piece.style ?? {});
}

const STYLES = { code: "code", strike: "s", italic: "em", bold: "strong", underline: "u" };

function styled(node, style) {
  let out = node;
  for (const [name, tag] of Object.entries(STYLES)) if (style[name]) out = el(tag, {}, out);
  return out;
}

function emojiOf(piece) {
  if (piece.unicode) {
    const points = piece.unicode.split("-").map((hex) => Number.parseInt(hex, 16));
    if (points.every((p) => p > 0 && p <= 0x10ffff)) return String.fromCodePoint(...points);
  }
  return emoji(piece.name) ?? `:${piece.name}:`;
}

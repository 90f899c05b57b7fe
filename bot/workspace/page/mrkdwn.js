/** Slack's mrkdwn as DOM nodes; text it does not understand stays text. */

import { el, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { slackDate } from "./dates.js";

/** @typedef {import("./scene.js").Scene} Scene */

/** @param {string} text as Slack stores it (& < > escaped) @param {Scene} scene */
export function mrkdwn(text, scene) {
  const out = document.createDocumentFragment();
  for (const [i, part] of String(text ?? "")
    .split("```")
    .entries()) {
    const isCode = i % 2 === 1;
    if (isCode) out.append(el("pre", { dir: "auto" }, unescapeText(part.replace(/^\n|\n$/g, ""))));
    else out.append(...lines(i > 0 ? part.replace(/^\n/, "") : part, scene));
  }
  return out;
}

/** The three entities Slack knows, undone exactly once. */
export function unescapeText(text) {
  return text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&" })[name]);
}

/** The words of mrkdwn without its marks, for labels and announcements. */
export function mrkdwnWords(text, scene) {
  return mrkdwn(text, scene).textContent.replace(/\s+/g, " ").trim();
}

/** A date that keeps itself right when the clock moves. */
export function dateNode(unix, pattern, fallback, scene) {
  if (!Number.isFinite(unix) || Math.abs(unix) > 8e12) return document.createTextNode(fallback);
  const shown = slackDate(unix, pattern, scene.zone(), scene.now());
  const data = { unix: String(unix), pattern };
  const datetime = new Date(unix * 1000).toISOString();
  return el("time", { datetime, data, title: fallback }, shown);
}

/** Draws every date under *root* again, after the clock has moved. */
export function refreshDates(root, scene) {
  for (const node of root.querySelectorAll("time[data-pattern]")) {
    const shown = slackDate(
      Number(node.dataset.unix),
      node.dataset.pattern,
      scene.zone(),
      scene.now(),
    );
    if (node.textContent !== shown) node.textContent = shown;
  }
}

/** @param {string} id @param {Scene} scene */
export function personMention(id, scene, label) {
  const name = scene.personName(id) ?? label ?? id;
  const mine = id === scene.me();
  return el("bdi", { class: mine ? "mention mine" : "mention" }, `@${name}`);
}

/** @param {string} id @param {Scene} scene */
export function placeMention(id, scene, label) {
  const place = scene.place(id);
  if (!place) return el("bdi", { class: "mention" }, label ? `#${label}` : "a private channel");
  const go = () => scene.goTo(id);
  return el(
    "button",
    { type: "button", class: "mention link", on: { click: go } },
    `#${place.name}`,
  );
}

function lines(text, scene) {
  const nodes = [];
  let quote = null;
  let endless = false;
  for (const [i, line] of text.split("\n").entries()) {
    const opens = endless ? null : /^(?:>>>|&gt;&gt;&gt;|>|&gt;) ?/.exec(line);
    if (opens || endless) {
      endless ||= /^(>>>|&gt;&gt;&gt;)/.test(line);
      if (quote) quote.append(el("br"));
      else nodes.push((quote = el("blockquote", { dir: "auto" })));
      quote.append(...inline(opens ? line.slice(opens[0].length) : line, scene));
      continue;
    }
    if (i > 0 && !quote) nodes.push(el("br"));
    quote = null;
    nodes.push(...inline(line, scene));
  }
  return nodes;
}

const MARKS = { "*": "strong", _: "em", "~": "s" };
const SPECIAL = /<([^<>\n]+)>/y;
const CODE = /`([^`\n]+)`/y;
const SHORT_NAME = /:([a-z0-9_+-]+):/y;

/** One line. *open* holds the marks we are inside of, so that none nests in itself. */
function inline(text, scene, open = "") {
  const nodes = [];
  const unclosed = new Set();
  let from = 0;
  let at = 0;
  const emit = (node, end) => {
    if (at > from) nodes.push(document.createTextNode(unescapeText(text.slice(from, at))));
    nodes.push(node);
    from = at = end;
  };
  while (at < text.length) {
    const found = taken(text, at, scene, open, unclosed);
    if (found) emit(found.node, found.end);
    else at += 1;
  }
  if (text.length > from) nodes.push(document.createTextNode(unescapeText(text.slice(from))));
  return nodes;
}

function taken(text, at, scene, open, unclosed) {
  const char = text[at];
  if (char === "<") return matched(SPECIAL, text, at, (inside) => special(inside, scene));
  if (char === "`")
    return matched(CODE, text, at, (inside) => el("code", {}, unescapeText(inside)));
  if (char === ":") return matched(SHORT_NAME, text, at, drawnEmoji);
  if (!(char in MARKS) || open.includes(char) || unclosed.has(char)) return null;
  if (!opensHere(text, at, char)) return null;
  const end = closing(text, at + 1, char);
  if (end < 0) {
    unclosed.add(char);
    return null;
  }
  const inside = inline(text.slice(at + 1, end), scene, open + char);
  return { node: el(MARKS[char], {}, inside), end: end + 1 };
}

function matched(pattern, text, at, draw) {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  const node = match && draw(match[1]);
  return node ? { node, end: at + match[0].length } : null;
}

function drawnEmoji(name) {
  const drawn = emoji(name);
  return (
    drawn &&
    el("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") }, drawn)
  );
}

const WORD = /[\p{L}\p{N}]/u;

function opensHere(text, at, char) {
  const before = text[at - 1] ?? " ";
  const after = text[at + 1] ?? " ";
  return !WORD.test(before) && !/\s/.test(after) && after !== char;
}

function closing(text, from, char) {
  for (let i = from + 1; i < text.length; i += 1) {
    const skip = text[i] === "<" || text[i] === "`" ? wholeToken(text, i) : 0;
    if (skip) i += skip - 1;
    else if (text[i] === char && !/\s/.test(text[i - 1]) && !WORD.test(text[i + 1] ?? " "))
      return i;
  }
  return -1;
}

function wholeToken(text, at) {
  const pattern = text[at] === "<" ? SPECIAL : CODE;
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

const BROADCASTS = { channel: "@channel", here: "@here", everyone: "@everyone" };

function special(inside, scene) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : unescapeText(inside.slice(bar + 1));
  if (/^@[UW]/.test(target)) return personMention(target.slice(1), scene, label);
  if (/^#[CDG]/.test(target)) return placeMention(target.slice(1), scene, label);
  if (target.startsWith("!")) return command(target.slice(1), label, scene);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(target))
    return document.createTextNode(unescapeText(`<${inside}>`));
  return link(unescapeText(target), label || unescapeText(target).replace(/^mailto:/, ""));
}

function command(target, label, scene) {
  const [name, ...rest] = target.split("^");
  if (name === "date") {
    const [unix, pattern = "", url] = rest;
    const node = dateNode(Number(unix || NaN), pattern, label, scene);
    return url ? link(url, node) : node;
  }
  if (name === "subteam") return el("bdi", { class: "mention" }, label || `@${rest[0] ?? "group"}`);
  return el("bdi", { class: "mention mine" }, BROADCASTS[name] ?? (label || `<!${target}>`));
}

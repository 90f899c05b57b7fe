/** The messages of a place: drawn once each, replaced only when they change, with the focus kept. */

import { el, icon, safeUrl } from "./dom.js";
import { act, sentence } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { dayText, isoDay, timeText } from "./dates.js";
import { collect, restore } from "./fields.js";
import { keepFocus } from "./focus.js";
import { mrkdwn, mrkdwnWords } from "./mrkdwn.js";
import { menuButton } from "./popup.js";
import { sceneOf } from "./scene.js";

const TOGETHER = 5 * 60_000;
const FOLD = 1500;
const NEAR = 140;

/** @param {HTMLElement} box the scrolling log @param {object} page see scene.js */
export function messageLog(box, page) {
  /** @type {Map<string, {node: HTMLElement, signature: string}>} */
  let drawn = new Map();
  let shownFor = "";

  return function show(messages, shortcuts) {
    const key = `${page.user()} ${page.here()}`;
    const isNew = key !== shownFor;
    if (isNew) {
      drawn = new Map();
      box.replaceChildren();
      shownFor = key;
    }
    if (isNew) hush(box);
    const stays = isNew || box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    const next = keyed(messages, page);
    const before = drawn;
    drawn = new Map();
    const refocus = keepFocus(box);
    for (const entry of next)
      drawn.set(entry.key, reuse(before.get(entry.key), entry, page, shortcuts));
    place(
      box,
      [...drawn.values()].map((d) => d.node),
    );
    refocus();
    const fresh = !isNew && [...drawn].filter(([k]) => !before.has(k)).at(-1)?.[1].node;
    if (isNew) box.scrollTop = box.scrollHeight;
    else if (fresh && (stays || page.justActed())) reveal(box, fresh);
  };
}

/** What was said before one came is not news: it is not read out. */
function hush(box) {
  box.setAttribute("aria-live", "off");
  setTimeout(() => box.setAttribute("aria-live", "polite"), 600);
}

/** Messages and day lines in order, each with the key and signature that tell whether it changed. */
function keyed(messages, page) {
  const scene = sceneOf(page, {});
  const threads = Map.groupBy(messages.filter(isReply), (m) => m.thread_ts);
  const entries = [];
  let [day, last] = ["", null];
  for (const message of messages.filter((m) => !isReply(m))) {
    const ms = Date.parse(message.at);
    const today = isoDay(ms, scene.zone());
    if (today !== day) entries.push(dayLine(today, dayText(ms, scene.zone(), scene.now())));
    const joins = today === day && follows(message, last, ms);
    day = today;
    last = message;
    const replies = threads.get(message.ts) ?? [];
    const signature = JSON.stringify([message, replies, joins]);
    entries.push({ key: message.ts, signature, message, replies, joins });
  }
  return entries;
}

const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;
const dayLine = (key, text) => ({ key: `day ${key}`, signature: text, text });

function follows(message, last, ms) {
  const same = last && last.user.id === message.user.id && last.ephemeral === message.ephemeral;
  return Boolean(same) && !message.ephemeral && ms - Date.parse(last.at) < TOGETHER;
}

function reuse(old, entry, page, shortcuts) {
  if (old?.signature === entry.signature) return old;
  const node = entry.message
    ? article(entry, page, shortcuts)
    : el("div", { class: "day" }, el("span", {}, entry.text));
  if (old && entry.message) restore(node, collect(old.node));
  return { node, signature: entry.signature };
}

/** Puts *nodes* into *box* in order, moving as little as possible. */
function place(box, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...box.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach(
    (node, i) => box.children[i] !== node && box.insertBefore(node, box.children[i] ?? null),
  );
}

function reveal(box, node) {
  const isTall = node.offsetHeight > box.clientHeight;
  if (isTall) box.scrollTop = node.offsetTop - box.offsetTop - 8;
  else box.scrollTop = box.scrollHeight;
}

function article({ message, replies, joins }, page, shortcuts) {
  const scene = sceneOf(page, { ts: message.ts });
  const time = timeText(Date.parse(message.at), scene.zone());
  const who = message.user.name || "Someone";
  const label = `${who}, ${time}${message.ephemeral ? ", only visible to you" : ""}`;
  const kind = `message${message.ephemeral ? " ephemeral" : ""}${joins ? " joined" : ""}`;
  const data = {
    origin: "message",
    ts: message.ts,
    testid: "message",
    ephemeral: message.ephemeral ? "true" : undefined,
  };
  const author = el(
    "div",
    { class: "author" },
    el("bdi", { class: "name" }, who),
    message.user.is_bot && el("span", { class: "tag" }, "app"),
    el("time", { class: "at", datetime: message.at }, time),
    message.edited && el("span", { class: "edited" }, "(edited)"),
  );
  return el(
    "article",
    { class: kind, tabIndex: -1, "aria-label": label, data },
    message.ephemeral && el("p", { class: "only-you" }, icon("eye"), "Only visible to you"),
    avatar(message.user),
    el(
      "div",
      { class: "message-main" },
      author,
      body(message, scene),
      files(message.files),
      thread(replies, page),
    ),
    messageMenu(message, shortcuts, page),
  );
}

/** Initials in a colour of their own. @param {{id: string, name: string, is_bot?: boolean}} user */
export function avatar(user) {
  const names = (user.name || "?")
    .replace(/[^\p{L}\p{N} ]/gu, "")
    .split(/ +/)
    .filter(Boolean);
  const initials = [names[0], names.length > 1 ? names.at(-1) : ""]
    .map((n) => [...(n ?? "")][0] ?? "")
    .join("");
  const hue = [...(user.id ?? "")].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 997, 7) % 8;
  return el(
    "span",
    { class: `avatar ${user.is_bot ? "app" : `hue-${hue}`}`, "aria-hidden": "true" },
    initials.toUpperCase() || "?",
  );
}

function body(message, scene) {
  if (message.blocks?.length)
    return el("div", { class: "blocks" }, drawBlocks(message.blocks, scene));
  const text = el("div", { class: "text", dir: "auto" }, mrkdwn(message.text, scene));
  return (message.text ?? "").length > FOLD ? folded(text) : text;
}

function folded(text) {
  text.classList.add("folded");
  const more = el("button", { type: "button", class: "more" }, "Show all");
  more.addEventListener("click", () => {
    const isFolded = text.classList.toggle("folded");
    more.textContent = isFolded ? "Show all" : "Show less";
  });
  return [text, more];
}

function files(list) {
  if (!list?.length) return null;
  const entry = (file) => {
    const name = file.title || file.name || file.id;
    const href = safeUrl(file.url_private_download ?? file.url_private ?? file.permalink ?? "");
    const face = [icon("file"), el("bdi", {}, name)];
    return el(
      "li",
      {},
      href ? el("a", { href, rel: "noopener noreferrer", target: "_blank" }, face) : face,
    );
  };
  return el("ul", { class: "files", "aria-label": "Files" }, list.map(entry));
}

function thread(replies, page) {
  if (!replies.length) return null;
  const scene = (message) => sceneOf(page, { ts: message.ts });
  const reply = (message) => {
    const time = timeText(Date.parse(message.at), scene(message).zone());
    const head = el(
      "div",
      { class: "author" },
      el("bdi", { class: "name" }, message.user.name),
      el("time", { class: "at", datetime: message.at }, time),
    );
    const data = { origin: "message", ts: message.ts, testid: "reply" };
    return el("li", { data }, head, body(message, scene(message)), files(message.files));
  };
  return el("ol", { class: "thread", "aria-label": "Replies" }, replies.map(reply));
}

function messageMenu(message, shortcuts, page) {
  const offered = (shortcuts ?? []).filter((s) => s.type === "message");
  if (!offered.length || message.ephemeral) return null;
  const words = mrkdwnWords(message.text ?? "", sceneOf(page, {})).slice(0, 40);
  const items = () =>
    offered.map((shortcut) => ({
      label: shortcut.name ?? shortcut.callback_id,
      note: shortcut.description,
      pick: async () => {
        const deed = {
          kind: "shortcut",
          user: page.user(),
          place: page.here(),
          callback_id: shortcut.callback_id,
          ts: message.ts,
        };
        const answer = await act(deed);
        if (!answer.ok) page.notice(sentence(answer.error));
        await page.refresh();
      },
    }));
  return menuButton({
    label: `Shortcuts for: ${words}`,
    face: icon("dots"),
    items,
    class: "message-menu",
  });
}

/** "Said unasked": each message of the bot's, when, to whom and why; a press goes where it stands. */

import { el } from "./dom.js";
import { format } from "./dates.js";

const WHEN = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };

/** @param {HTMLElement} list @param {object} page see scene.js */
export function toldList(list, page) {
  return function show(told) {
    const signature = JSON.stringify([told, page.scene.zone()]);
    if (list.dataset.drawn === signature) return;
    list.dataset.drawn = signature;
    const entries = told.map((message) => entry(message, page));
    list.replaceChildren(...(entries.length ? entries : [el("li", { class: "empty" }, "Nothing yet.")]));
  };
}

function entry(message, page) {
  const go = () => {
    page.closePanels();
    page.move({ user: reader(message, page.user()), place: message.place });
  };
  const when = format(Date.parse(message.at), page.scene.zone(), WHEN).replace(",", "");
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "told", data: { place: message.place }, on: { click: go } },
      el("time", { datetime: message.at }, when),
      el("span", { class: "to" }, "to ", el("bdi", {}, message.to)),
      el("span", { class: "why" }, message.why.replaceAll("_", " ")),
      el("span", { class: "summary", dir: "auto" }, unmarked(message.summary)),
    ),
  );
}

/** Without the stars of bold text; one that somebody wrote stands behind a word joiner. */
const unmarked = (text) => text.replace(/(?<!\u2060)\*/g, "");

/** Whoever looks goes on looking, where they may; else one who may is become. */
function reader({ readers }, user) {
  return readers.includes(user) ? user : readers[0];
}

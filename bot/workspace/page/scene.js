/** What everything that is drawn may know and do: who looks, when, and how a press reaches the app. */

import { act, sentence } from "./api.js";
import { el } from "./dom.js";
import { confirmed } from "./confirm.js";
import { collect } from "./fields.js";

/**
 * @typedef {object} Scene
 * @property {() => string} me the person's id
 * @property {() => string} zone the person's IANA zone
 * @property {() => number} now the workspace's clock, in milliseconds
 * @property {() => object[]} people
 * @property {() => object[]} places
 * @property {(id: string) => string | undefined} personName
 * @property {(id: string) => object | undefined} place
 * @property {() => string} here the place shown
 * @property {(id: string) => void} goTo
 * @property {(node: HTMLElement, action: object, confirm?: object) => Promise<void>} dispatch
 * @property {(asked: object) => Promise<object>} suggest
 */

/**
 * The scene of one message or view.
 * @param {object} page what page.js lends: `data()`, `user()`, `here()`, `goTo()`, `refresh()`, `clock()`
 * @param {{ts?: string, view_id?: string, home?: boolean}} origin
 * @returns {Scene}
 */
export function sceneOf(page, origin) {
  const address = () => ({ user: page.user(), place: page.here(), ...origin });
  return {
    ...surroundings(page),
    dispatch: (node, action, confirm) => dispatch(page, address(), node, action, confirm),
    suggest: (asked) => act({ kind: "suggest", ...address(), ...asked }),
  };
}

function surroundings(page) {
  const find = (list, id) => list.find((entry) => entry.id === id);
  return {
    me: page.user,
    here: page.here,
    goTo: page.goTo,
    now: page.clock,
    people: () => page.data().people,
    places: () => page.data().places,
    zone: () => find(page.data().people, page.user())?.tz ?? "UTC",
    personName: (id) => find(page.data().people, id)?.name,
    place: (id) => find(page.data().places, id),
  };
}

async function dispatch(page, address, node, action, confirm) {
  if (node.getAttribute("aria-busy") === "true") return;
  const root = node.closest("[data-origin]");
  const state = { values: root ? collect(root) : {} };
  if (confirm && !(await confirmed(confirm))) {
    if (!node.isConnected) page.focusHere();
    return;
  }
  const complaint = complaintBeside(node);
  complaint.textContent = "";
  node.setAttribute("aria-busy", "true");
  const answer = await act({ kind: "click", ...address, action, state });
  node.removeAttribute("aria-busy");
  if (!answer.ok) complaint.textContent = sentence(answer.error);
  await page.refresh();
}

/** The place right below *node*'s block where a failed press is explained. */
function complaintBeside(node) {
  const block = node.closest(".block") ?? node.parentElement;
  const found = block.querySelector(":scope > .press-error");
  if (found) return found;
  const made = el("p", { class: "press-error", role: "alert" });
  block.append(made);
  return made;
}

/** The app's Home: one view, drawn again when it changes. */

import { drawBlocks } from "./blocks.js";
import { el } from "./dom.js";
import { collect, restore } from "./fields.js";
import { keepFocus } from "./focus.js";
import { sceneOf } from "./scene.js";

/** @param {HTMLElement} box @param {object} page see scene.js */
export function homeView(box, page) {
  let signature = "";

  return function show(view) {
    const next = JSON.stringify([page.user(), view?.id, view?.blocks]);
    if (next === signature) return;
    signature = next;
    const refocus = keepFocus(box);
    const entered = collect(box);
    box.replaceChildren(view ? drawn(view, page) : empty());
    restore(box, entered);
    refocus();
  };
}

function drawn(view, page) {
  const data = { origin: "home", viewId: view.id ?? "home" };
  return el(
    "div",
    { class: "home-page blocks", tabIndex: -1, data },
    drawBlocks(view.blocks, sceneOf(page, { home: true })),
  );
}

function empty() {
  return el("p", { class: "empty" }, "The app has not drawn a Home for this person yet.");
}

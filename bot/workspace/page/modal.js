/** Modals: the person's stack of views, the top one shown, with what was typed kept through updates. */

import { act, sentence } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { append, el, icon } from "./dom.js";
import { collect, complaint, restore } from "./fields.js";
import { keepFocus } from "./focus.js";
import { plain } from "./elements.js";
import { sceneOf } from "./scene.js";

const FOCUSABLE = "input:not([type=hidden]), textarea, select, [data-field][tabindex]";

/** @param {HTMLDialogElement} dialog @param {object} page see scene.js */
export function modalStack(dialog, page) {
  /** @type {Map<string, {form: HTMLFormElement, signature: string}>} */
  let shown = new Map();
  let opener = null;
  /** Where the keyboard was in each view when another came to lie on it. @type {Map<string, HTMLElement>} */
  const left = new Map();
  const leaveTop = (event) => {
    event.preventDefault();
    const top = dialog.querySelector("form:not([hidden])");
    if (top) leave(top, page);
  };
  dialog.addEventListener("cancel", leaveTop);
  // A browser lets only the first Escape be answered as "cancel"; the key itself always can be.
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) leaveTop(event);
  });

  return function show(views) {
    if (views.length && !dialog.open) opener = document.activeElement;
    const topBefore = dialog.querySelector("form:not([hidden])")?.dataset.viewId;
    if (topBefore && dialog.contains(document.activeElement))
      left.set(topBefore, document.activeElement);
    const refocus = keepFocus(dialog);
    const before = shown;
    shown = new Map(
      views.map((view, i) => [view.id, reuse(before.get(view.id), view, page, i > 0)]),
    );
    arrange(
      dialog,
      [...shown.values()].map((s) => s.form),
    );
    const top = views.at(-1);
    if (!top) {
      if (dialog.open) dismiss(dialog, opener, page);
      return;
    }
    dialog.setAttribute("aria-labelledby", `title-${top.id}`);
    if (!dialog.open) dialog.showModal();
    if (topBefore === top.id) refocus();
    else if (left.get(top.id)?.isConnected) left.get(top.id).focus();
    else enter(shown.get(top.id).form, top);
    if (top.errors) blame(shown.get(top.id).form, top);
  };
}

function reuse(old, view, page, isStacked) {
  const signature = JSON.stringify([view.title, view.blocks, view.submit, view.close, isStacked]);
  if (old?.signature === signature) return old;
  const form = drawn(view, page, isStacked);
  restore(form, old ? collect(old.form) : (view.state?.values ?? {}));
  return { form, signature };
}

function arrange(dialog, forms) {
  for (const child of [...dialog.children]) if (!forms.includes(child)) child.remove();
  forms.forEach((form, i) => {
    form.hidden = i < forms.length - 1;
    if (dialog.children[i] !== form) dialog.insertBefore(form, dialog.children[i] ?? null);
  });
}

function dismiss(dialog, opener, page) {
  dialog.close();
  if (opener?.isConnected) opener.focus();
  if (document.activeElement === document.body) page.focusHere();
}

function enter(form, view) {
  const wanted = view.blocks?.find((block) => block.element?.focus_on_load)?.block_id;
  const block = wanted && form.querySelector(`.block[data-block-id="${CSS.escape(wanted)}"]`);
  const target =
    (block || form).querySelector(FOCUSABLE) ??
    form.querySelector(".dialog-foot button:last-child");
  (target ?? form).focus();
}

function drawn(view, page, isStacked) {
  const title = el("h2", { id: `title-${view.id}`, dir: "auto" }, plain(view.title) || "Form");
  const shut = el("button", {
    type: "button",
    class: "button quiet",
    "aria-label": isStacked ? "Back" : "Close",
  });
  append(shut, [icon(isStacked ? "previous" : "close")]);
  const cancel = el(
    "button",
    { type: "button", class: "button", data: { testid: "modal-close" } },
    plain(view.close) || "Cancel",
  );
  const send =
    view.submit &&
    el(
      "button",
      { type: "submit", class: "button primary", data: { testid: "modal-submit" } },
      plain(view.submit),
    );
  const origin = { origin: "modal", viewId: view.id, testid: "modal-view" };
  const form = el(
    "form",
    { class: "modal-view", tabIndex: -1, data: origin, novalidate: true },
    el("header", { class: "dialog-head" }, isStacked ? [shut, title] : [title, shut]),
    el("p", { class: "form-error", role: "alert" }),
    el(
      "div",
      { class: "dialog-body blocks" },
      drawBlocks(view.blocks, sceneOf(page, { view_id: view.id })),
    ),
    el("footer", { class: "dialog-foot" }, cancel, send),
  );
  for (const button of [shut, cancel]) button.addEventListener("click", () => leave(form, page));
  form.addEventListener("input", (event) => settle(event.target.closest(".block-input")));
  form.addEventListener("change", (event) => settle(event.target.closest(".block-input")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(form, view, page);
  });
  return form;
}

/** Shows what the app found wrong, once for each time it says so. */
function blame(form, { errors = {}, trouble = "" }) {
  const said = JSON.stringify([errors, trouble]);
  if (said === (form.dataset.blamed ?? '[{},""]')) return;
  form.dataset.blamed = said;
  complain(form, errors);
  if (trouble) announce(form, sentence(trouble));
}

async function leave(form, page) {
  const deed = {
    kind: "close",
    user: page.user(),
    place: page.here(),
    view_id: form.dataset.viewId,
  };
  const answer = await act(deed);
  if (!answer.ok) announce(form, sentence(answer.error));
  await page.refresh();
}

async function submit(form, view, page) {
  const send = form.querySelector("[type=submit]");
  if (!send || send.getAttribute("aria-busy") === "true") return;
  if (complain(form, ownComplaints(form, view))) return;
  send.setAttribute("aria-busy", "true");
  const deed = {
    kind: "submit",
    user: page.user(),
    place: page.here(),
    view_id: view.id,
    state: collect(form),
  };
  delete form.dataset.blamed;
  const answer = await act(deed);
  send.removeAttribute("aria-busy");
  if (answer.errors) blame(form, answer);
  else if (!answer.ok) announce(form, sentence(answer.error));
  await page.refresh();
}

/** What can be seen to be wrong without asking the app. @returns {Record<string, string>} by block */
function ownComplaints(form, view) {
  const found = {};
  for (const block of (view.blocks ?? []).filter((b) => b.type === "input")) {
    const field = form.querySelector(
      `.block[data-block-id="${CSS.escape(block.block_id)}"] [data-field]`,
    );
    const said = field && complaint(field, !block.optional);
    if (said) found[block.block_id] = said;
  }
  return found;
}

/** Shows *errors* beside their fields and moves to the first. @returns {boolean} whether there were any */
function complain(form, errors) {
  let first = null;
  for (const block of form.querySelectorAll(".block-input")) {
    const text = errors[block.dataset.blockId] ?? "";
    mark(block, text);
    if (text) first ??= block.querySelector("input, textarea");
  }
  announce(form, summary(Object.values(errors), first));
  first?.focus();
  return Object.keys(errors).length > 0;
}

function summary(sentences, first) {
  if (!sentences.length) return "";
  if (!first) return sentences[0];
  return sentences.length === 1
    ? "One answer needs another look."
    : `${sentences.length} answers need another look.`;
}

/** Takes the complaint away from a field that is being corrected. */
function settle(block) {
  if (!block?.classList.contains("wrong")) return;
  mark(block, "");
  const form = block.closest("form");
  if (!form.querySelector(".wrong")) announce(form, "");
}

function mark(block, text) {
  const note = block.querySelector(".field-error");
  note.textContent = text;
  note.hidden = !text;
  block.classList.toggle("wrong", Boolean(text));
  for (const field of block.querySelectorAll("input, textarea")) {
    if (text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}

function announce(form, text) {
  form.querySelector(".form-error").textContent = text;
}

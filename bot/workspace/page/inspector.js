/** "What the bot sent": every request, newest first, and a way to make Slack misbehave. */

import { act, sentence } from "./api.js";
import { el } from "./dom.js";
import { timeText } from "./dates.js";
import { keepFocus } from "./focus.js";

/** @param {HTMLElement} list @param {object} page see scene.js */
export function sentList(list, page) {
  let drawn = new Map();

  return function show(sent) {
    const seen = new Map();
    const before = drawn;
    drawn = new Map();
    for (const call of newestFirst(sent)) {
      const stem = `${call.at} ${call.method} ${call.to ?? ""}`;
      seen.set(stem, (seen.get(stem) ?? 0) + 1);
      const key = `${stem} ${seen.get(stem)} ${call.ok}`;
      drawn.set(key, before.get(key) ?? entry(call, page));
    }
    const refocus = keepFocus(list);
    const nodes = drawn.size ? [...drawn.values()] : [el("li", { class: "empty" }, "Nothing yet.")];
    const isSame =
      nodes.length === list.children.length && nodes.every((n, i) => list.children[i] === n);
    if (!isSame) list.replaceChildren(...nodes);
    refocus();
  };
}

function newestFirst(sent) {
  return [...sent].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function entry(call, page) {
  const zone = page.scene.zone();
  const verdict = call.ok ? "ok" : (call.error ?? "no answer");
  const head = el(
    "summary",
    {},
    el("code", { class: "method" }, call.method),
    el("span", { class: call.ok ? "verdict fine" : "verdict failed" }, verdict),
    el(
      "span",
      { class: "to" },
      call.to && ["to ", el("bdi", {}, nameOf(call.to, page)), " · "],
      timeText(Date.parse(call.at), zone),
    ),
    call.why && el("span", { class: "why" }, call.why),
    call.summary && el("span", { class: "summary", dir: "auto" }, call.summary),
  );
  const node = el("details", {}, head);
  node.addEventListener("toggle", () => {
    if (node.open && node.children.length === 1) node.append(...details(call), json(call));
  });
  return el("li", { class: "call", data: { method: call.method, ok: String(call.ok) } }, node);
}

function details(call) {
  if (!call.details?.length) return [];
  return [
    el(
      "ul",
      { class: "why-not", "aria-label": "What was wrong" },
      call.details.map((line) => el("li", {}, line)),
    ),
  ];
}

function json(call) {
  const props = {
    class: "json",
    tabIndex: 0,
    role: "group",
    "aria-label": `What was sent to ${call.method}`,
  };
  return el("pre", props, JSON.stringify(parsed(call.args), null, 2));
}

/** Blocks and views that travelled as JSON text read better as what they are. */
function parsed(args) {
  const open = ([name, value]) => [
    name,
    typeof value === "string" && /^[[{]/.test(value) ? tryJson(value) : value,
  ];
  return args && typeof args === "object"
    ? Object.fromEntries(Object.entries(args).map(open))
    : args;
}

function tryJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function nameOf(to, page) {
  const name = page.scene.place(to)?.name ?? page.scene.personName(to);
  return name ?? String(to);
}

/** @param {HTMLFormElement} form @param {object} page see scene.js */
export function faultForm(form, page) {
  const list = form.querySelector("#faults");
  const clear = form.querySelector("#clear-faults");
  const base = () => ({ user: page.user(), place: page.here() });
  const tell = async (deed) => {
    const answer = await act({ ...base(), ...deed });
    page.notice(answer.ok ? "" : sentence(answer.error));
    await page.refresh();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { method, fault, times } = Object.fromEntries(new FormData(form));
    tell({ kind: "fault", method, fault, times: Number(times) });
  });
  clear.addEventListener("click", () => tell({ kind: "clear_faults" }));

  return function show(faults) {
    const rows = faults.map((f) => el("li", {}, describe(f)));
    list.replaceChildren(...rows);
    clear.hidden = !rows.length;
  };
}

function describe(fault) {
  if (typeof fault === "string") return fault;
  const times = fault.times ?? fault.left;
  const method = fault.method === "*" ? "anything" : fault.method;
  const name = String(fault.fault ?? fault.kind ?? fault.error).replaceAll("_", " ");
  return `${method}: ${name}${times ? `, ${times} more` : ""}`;
}

/** A few things a newcomer may try, each one press away. */

import { el } from "./dom.js";

const STEPS = [
  { type: "/briefings", why: "what is coming up, in your own time zone" },
  { say: "Press Going on one of them", why: "your seat is booked, or your place in the queue" },
  { type: "/briefings who E12", why: "who is coming, by organisation" },
  { place: "home", say: "Open Home", why: "what waits for you" },
  { type: "/initiatives active", why: "what the members work on together" },
  {
    focus: "advance-message",
    say: "Move the clock to the next message",
    why: "reminders and digests arrive by themselves",
  },
];

/** @param {HTMLElement} list @param {{offer: (text: string) => void}} box @param {object} page see scene.js */
export function tour(list, box, page) {
  list.replaceChildren(
    ...STEPS.map((step) => el("li", {}, face(step, box, page), el("span", {}, step.why))),
  );
}

function face(step, box, page) {
  if (!step.type && !step.place && !step.focus) return el("strong", {}, step.say);
  const go = () => {
    page.closePanels();
    if (step.place) page.goTo(step.place);
    else if (step.focus) document.getElementById(step.focus).focus();
    else page.typeHere(() => box.offer(step.type));
  };
  return el(
    "button",
    { type: "button", class: "try", on: { click: go } },
    step.type ? el("code", {}, step.type) : step.say,
  );
}

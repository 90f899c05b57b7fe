/** A few things a newcomer may try, each one press away. */

import { el } from "./dom.js";

const FULL = "Workshop: Industry Classification System";
const STEPS = [
  { type: "/briefings", why: "find what is coming up, in your own time zone" },
  {
    type: `/briefings rsvp ${FULL} yes`,
    say: "Answer a full one",
    why: "your place on the waitlist",
  },
  {
    be: "U0ANA",
    type: `/briefings edit ${FULL}`,
    say: "Be Ana, and give it 6 seats",
    why: "whoever has waited longest moves up; be anybody, above",
  },
  { back: true, say: "Be yourself again", why: "you are told of your seat; add it to a calendar" },
  {
    focus: "advance-message",
    say: "Move the clock to the next message",
    why: "reminders and digests arrive by themselves",
  },
  { type: "/briefings who E12", why: "who is coming, by organisation" },
  { type: "/initiatives active", why: "what the members work on together" },
  { place: "home", say: "Open Home", why: "what waits for you" },
];

/** @param {HTMLElement} list @param {{offer: (text: string) => void}} box @param {object} page see scene.js */
export function tour(list, box, page) {
  const way = { before: undefined };
  list.replaceChildren(
    ...STEPS.map((step) => el("li", {}, face(step, way, box, page), el("span", {}, step.why))),
  );
}

function face(step, way, box, page) {
  const go = async () => {
    page.closePanels();
    if (step.be) {
      way.before ??= page.user();
      await page.move({ user: step.be });
    }
    if (step.back) await goBack(way, page);
    if (step.place) page.goTo(step.place);
    else if (step.focus) document.getElementById(step.focus).focus();
    else if (step.type) page.typeHere(() => box.offer(step.type));
  };
  return el(
    "button",
    { type: "button", class: "try", on: { click: go } },
    step.say ?? el("code", {}, step.type),
  );
}

/** Where the app writes to whoever one was before. */
async function goBack(way, page) {
  await page.move({ user: way.before ?? page.user() });
  way.before = undefined;
  page.goTo(page.data().places.find((place) => place.kind === "dm")?.id);
}

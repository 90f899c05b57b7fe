/** The left side: whom to be, where to look. */

import { el, icon } from "./dom.js";
import { clockText } from "./dates.js";
import { avatar } from "./messages.js";

/** @param {HTMLSelectElement} select @param {HTMLElement} card @param {object} page see scene.js */
export function personChooser(select, card, page) {
  let signature = "";
  select.addEventListener("change", () => page.become(select.value));

  return function show(people, chosen) {
    const next = JSON.stringify(people);
    if (next !== signature) {
      signature = next;
      const groups = Map.groupBy(people, (p) => p.organisation || "No organisation");
      select.replaceChildren(
        ...[...groups].map(([name, members]) =>
          el("optgroup", { label: name }, members.map(option)),
        ),
      );
    }
    select.value = chosen;
    const person = people.find((p) => p.id === chosen);
    card.replaceChildren(...(person ? describe(person, page) : []));
  };
}

function option(person) {
  const badges = person.badges?.length ? ` (${person.badges.join(", ")})` : "";
  const disabled = person.badges?.some((badge) => badge === "bot" || badge === "deactivated");
  return el("option", { value: person.id, disabled }, `${person.name}${badges}`);
}

function describe(person, page) {
  const badges = (person.badges ?? []).map((badge) =>
    el("li", { class: `badge badge-${badge.replace(/\W+/g, "-")}` }, badge),
  );
  const zone = clockText(page.clock(), person.tz).split(", ").at(-1);
  return [
    avatar(person),
    el(
      "div",
      { class: "person-lines" },
      el("bdi", { class: "person-name" }, person.name),
      person.title && el("span", { dir: "auto" }, person.title),
      el(
        "span",
        { class: "muted" },
        `${(person.tz ?? "UTC").split("/").at(-1).replaceAll("_", " ")}, ${zone}`,
      ),
    ),
    badges.length ? el("ul", { class: "badges", "aria-label": "Badges" }, badges) : "",
  ].filter(Boolean);
}

const GROUPS = [
  ["Channels", ["channel", "private", "shared"]],
  ["Direct messages", ["dm"]],
  ["App", ["app"]],
];
const SIGNS = {
  private: ["lock", "private"],
  shared: ["shared", "shared with other organisations"],
  app: ["home", ""],
};

/** @param {HTMLElement} nav @param {object} page see scene.js */
export function placeList(nav, page) {
  let signature = "";

  return function show(places, here) {
    const next = JSON.stringify([places, here]);
    if (next === signature) return;
    signature = next;
    const focused = nav.contains(document.activeElement)
      ? document.activeElement.dataset.place
      : null;
    nav.replaceChildren(
      ...GROUPS.flatMap(([title, kinds]) =>
        group(
          title,
          places.filter((p) => kinds.includes(p.kind)),
          here,
          page,
        ),
      ),
    );
    if (focused) nav.querySelector(`[data-place="${CSS.escape(focused)}"]`)?.focus();
  };
}

function group(title, places, here, page) {
  if (!places.length) return [];
  return [
    el("h2", {}, title),
    el(
      "ul",
      {},
      places.map((place) => el("li", {}, entry(place, here, page))),
    ),
  ];
}

function entry(place, here, page) {
  const unread = place.unread && place.id !== here ? place.unread : 0;
  const props = {
    type: "button",
    class: `place${unread ? " unread" : ""}`,
    data: { place: place.id },
  };
  const count = typeof unread === "number" ? unread : 1;
  return el(
    "button",
    {
      ...props,
      "aria-current": place.id === here ? "page" : null,
      on: { click: () => page.goTo(place.id) },
    },
    placeFace(place),
    unread
      ? el("span", { class: "count" }, count, el("span", { class: "unseen" }, " unread"))
      : null,
  );
}

/** A place's sign and name. @param {{kind: string, name: string}} place */
export function placeFace(place) {
  const [name, spoken] = SIGNS[place.kind] ?? [];
  const sign = name
    ? icon(name)
    : el("span", { class: "sign", "aria-hidden": "true" }, place.kind === "dm" ? "@" : "#");
  return [
    el("span", { class: "sign-box" }, sign),
    el("bdi", { class: "place-name" }, place.name),
    ...(spoken ? [el("span", { class: "unseen" }, `, ${spoken}`)] : []),
  ];
}

/** The page: keeps what the workspace says on the screen, and where the person is in the address. */

import { Away, act, sentence, state, wait } from "./api.js";
import { el, icon } from "./dom.js";
import { clockText } from "./dates.js";
import { commandBox } from "./command_box.js";
import { homeView } from "./home.js";
import { faultForm, sentList } from "./inspector.js";
import { toldList } from "./told.js";
import { messageLog } from "./messages.js";
import { modalStack } from "./modal.js";
import { refreshDates } from "./mrkdwn.js";
import { panels } from "./panels.js";
import { sceneOf } from "./scene.js";
import { personChooser, placeFace, placeList } from "./sidebar.js";
import { tour } from "./tour.js";

const byId = (id) => document.getElementById(id);
const NOTHING = {
  people: [],
  places: [],
  messages: [],
  modals: [],
  commands: [],
  shortcuts: [],
  sent: [],
  told: [],
  faults: [],
};
const JUST_NOW = 8000;

class Page {
  constructor() {
    this.at = fromHash();
    this.known = { ...NOTHING, now: new Date().toISOString(), version: 0 };
    this.readAt = performance.now();
    this.actedAt = -Infinity;
    /** What is drawn asks through these, so that they travel without their owner. */
    this.user = () => this.at.user;
    this.here = () => this.at.place;
    this.data = () => this.known;
    this.clock = () => Date.parse(this.known.now) + (performance.now() - this.readAt);
    this.goTo = (place) => this.move({ place });
    this.refresh = () => this.read().catch(report);
    this.scene = sceneOf(this, {});
    this.panels = panels();
    this.box = commandBox(byId("command-form"), this);
    this.showPerson = personChooser(byId("person"), byId("person-card"), this);
    this.showPlaces = placeList(byId("places"), this);
    this.showMessages = messageLog(byId("messages"), this);
    this.showHome = homeView(byId("home"), this);
    this.showModals = modalStack(byId("modal"), this);
    this.showTold = toldList(byId("told-list"), this);
    this.showSent = sentList(byId("sent-list"), this);
    this.showFaults = faultForm(byId("fault-form"), this);
    tour(byId("tour"), this.box, this);
    byId("advance-hour").addEventListener("click", (event) =>
      this.advance(event.currentTarget, { kind: "advance", seconds: 3600 }),
    );
    byId("advance-day").addEventListener("click", (event) =>
      this.advance(event.currentTarget, { kind: "advance", seconds: 86400 }),
    );
    byId("advance-message").addEventListener("click", (event) =>
      this.advance(event.currentTarget, { kind: "advance_to_message" }),
    );
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault();
      this.focusHere();
    });
    window.addEventListener("hashchange", () => this.move(fromHash()));
    setInterval(() => this.tick(), 10_000);
  }

  /** Follows the workspace for as long as the page is open. */
  async follow() {
    let pause = 500;
    for (;;) {
      try {
        if (!this.known.version || !byId("offline").hidden) await this.read();
        byId("offline").hidden = true;
        const { version } = await wait(this.known.version);
        pause = 500;
        if (version !== this.known.version) await this.read();
      } catch (error) {
        report(error);
        byId("offline").hidden = false;
        await new Promise((resolve) => setTimeout(resolve, pause));
        pause = Math.min(8000, pause * 2);
      }
    }
  }

  /** One read at a time; whoever asks meanwhile waits for the next one. */
  read() {
    this.next ??= (this.reading ?? Promise.resolve())
      .catch(() => {})
      .then(() => {
        this.next = null;
        this.reading = this.readNow();
        return this.reading;
      });
    return this.next;
  }

  async readNow() {
    const asked = { ...this.at };
    const found = await state(asked);
    if (asked.user !== this.at.user || asked.place !== this.at.place) return;
    this.known = { ...NOTHING, ...found };
    this.readAt = performance.now();
    if (this.settle()) this.draw();
    else await this.readNow();
  }

  /** Makes sure that the person and the place exist. @returns {boolean} whether what was read is about them */
  settle() {
    const { coalition, people, places } = this.known;
    const before = { ...this.at };
    if (!people.some((p) => p.id === this.at.user)) {
      const members = people.filter((p) => p.organisation && !p.badges?.length);
      const first = members.find((p) => p.organisation !== coalition.name) ?? people[0];
      this.at.user = first?.id;
    }
    if (this.at.user !== before.user) {
      if (!before.place) this.at.place = undefined;
      return false;
    }
    if (!places.some((p) => p.id === this.at.place)) this.at.place = this.likePlace(places)?.id;
    remember(this.at);
    return this.at.place === before.place;
  }

  /** Everybody has a direct message of their own; whoever looked at one goes on looking at one. */
  likePlace(places) {
    return places.find((p) => p.kind === "dm" && this.kind === "dm") ?? places[0];
  }

  draw() {
    const { people, places, messages, home, modals, sent, told, faults, shortcuts } = this.known;
    const place = places.find((p) => p.id === this.at.place);
    this.kind = place?.kind;
    const isHome = this.kind === "app";
    byId("coalition").textContent = this.known.coalition?.name ?? "Convene";
    byId("fictional").textContent =
      this.known.coalition?.fictional_note ?? "The people are fictional.";
    this.showPerson(people, this.at.user);
    this.showPlaces(places, this.at.place);
    byId("place-name").replaceChildren(...(place ? placeFace(place).flat() : []));
    byId("place-note").textContent = place ? describe(place) : "";
    document.title = `${place?.name ?? "Convene"} · Convene`;
    byId("home").hidden = !isHome;
    byId("messages").hidden = isHome;
    byId("command-form").hidden = isHome;
    if (isHome) this.drawHome(home);
    else this.showMessages(messages, shortcuts);
    byId("nothing").hidden = isHome || messages.length > 0;
    this.showModals(modals);
    this.showTold(told);
    this.showSent(sent);
    this.showFaults(faults);
    this.drawShortcuts(shortcuts);
    this.tick();
  }

  /** Opening the page at Home is opening Home. */
  drawHome(home) {
    if (!home && this.homeOpenedFor !== this.at.user) this.openHome();
    this.showHome(home);
  }

  async openHome() {
    this.homeOpenedFor = this.at.user;
    await this.deed({ kind: "open_home" });
  }

  drawShortcuts(shortcuts) {
    const run = (shortcut) => () =>
      this.deed({ kind: "shortcut", callback_id: shortcut.callback_id });
    const global = shortcuts.filter((s) => s.type === "global");
    const buttons = global.map((s) =>
      el(
        "button",
        {
          type: "button",
          class: "button quiet",
          title: s.description,
          data: { shortcut: s.callback_id },
          on: { click: run(s) },
        },
        s.name,
      ),
    );
    const signature = JSON.stringify(global);
    if (byId("shortcuts").dataset.drawn === signature) return;
    byId("shortcuts").dataset.drawn = signature;
    byId("shortcuts").replaceChildren(...buttons);
  }

  tick() {
    const text = clockText(this.clock(), this.scene.zone());
    if (byId("clock").textContent !== text) byId("clock").textContent = text;
    byId("clock").dateTime = new Date(this.clock()).toISOString();
    refreshDates(document, this.scene);
  }

  become(user) {
    this.move({ user, place: this.at.place });
  }

  async move(to) {
    const next = { ...this.at, ...to };
    if (next.user === this.at.user && next.place === this.at.place) return;
    this.at = next;
    this.notice("");
    this.panels.close();
    remember(this.at);
    if (next.place === "home") await this.openHome();
    await this.refresh();
  }

  /** Goes where one can type first, when this is not such a place. */
  async typeHere(then) {
    const canType = this.known.places.find((p) => p.id === this.at.place)?.kind !== "app";
    if (!canType) await this.move({ place: this.known.places.find((p) => p.kind !== "app")?.id });
    then();
  }

  async advance(button, deed) {
    button.setAttribute("aria-busy", "true");
    await this.deed(deed);
    button.removeAttribute("aria-busy");
  }

  async deed(wish) {
    const answer = await act({ user: this.at.user, place: this.at.place, ...wish });
    this.notice(answer.ok ? "" : sentence(answer.error));
    await this.refresh();
  }

  notice(text) {
    const box = byId("notice");
    box.replaceChildren(...(text ? [icon("warning"), el("span", {}, text)] : []));
  }

  acted() {
    this.actedAt = performance.now();
  }

  /** Whether what arrives now is likely the answer to what the person just did. */
  justActed() {
    return performance.now() - this.actedAt < JUST_NOW;
  }

  closePanels() {
    this.panels.close();
  }

  focusHere() {
    const target = byId("command-form").hidden ? byId("home").firstElementChild : byId("command");
    target?.focus();
  }
}

/** That the workspace is away is said on the page; anything else is a fault of the page's own. */
function report(error) {
  if (!(error instanceof Away)) console.error(error);
}

const NOTES = {
  channel: "Everyone in the workspace can join",
  private: "Only its members see it",
  shared: "Shared with other organisations",
  dm: "Between you and the app",
  app: "What the app shows to you alone",
};

function describe(place) {
  if (place.is_archived) return "Archived: nothing can be posted here";
  return place.purpose || (NOTES[place.kind] ?? "");
}

function fromHash() {
  const [user, place] = location.hash.slice(1).split("/").map(decodeURIComponent);
  return { user: user || undefined, place: place || undefined };
}

function remember({ user, place }) {
  const hash = `#${[user, place].map((part) => encodeURIComponent(part ?? "")).join("/")}`;
  if (hash !== location.hash) history.replaceState(null, "", hash);
}

new Page().follow();

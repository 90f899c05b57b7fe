/** The box one types in: slash commands completed word by word, anything else said as a message. */

import { act, sentence } from "./api.js";
import { el, freshId } from "./dom.js";
import * as popup from "./popup.js";

/**
 * @typedef {{text: string, title: string, sentence: string, example?: string}} Suggestion
 */

/** @param {HTMLFormElement} form holding #command and its list @param {object} page see scene.js */
export function commandBox(form, page) {
  return new CommandBox(form, page);
}

class CommandBox {
  constructor(form, page) {
    this.page = page;
    this.form = form;
    this.field = form.querySelector("#command");
    this.list = form.querySelector("#command-choices");
    this.sendButton = form.querySelector("#send");
    this.underWay = 0;
    this.shown = [];
    this.active = -1;
    this.history = [];
    this.back = 0;
    this.draft = "";
    this.field.addEventListener("input", () => this.suggest());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("blur", () => this.shut());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    popup.dismissable(this.list, this.field, () => this.shut());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
  }

  /** Puts *text* in the box, ready to be sent. */
  offer(text) {
    this.field.value = text;
    this.field.focus();
    this.shut();
  }

  suggest() {
    this.back = 0;
    const found = suggestions(this.field.value, this.page);
    this.shown = [];
    this.active = -1;
    this.field.removeAttribute("aria-activedescendant");
    if (!found.length) return this.shut();
    this.list.replaceChildren(...found.map((s) => this.option(s)));
    this.field.setAttribute("aria-expanded", "true");
    popup.open(this.list, this.field, { wide: true, above: true });
  }

  option(suggestion) {
    const node = el(
      "li",
      {
        id: freshId("suggestion"),
        role: "option",
        class: "choice",
        "aria-selected": "false",
        data: { value: suggestion.text },
      },
      el("span", { class: "choice-title" }, suggestion.title),
      el("span", { class: "choice-sentence" }, suggestion.sentence),
      suggestion.example && el("small", {}, suggestion.example),
    );
    node.addEventListener("click", () => this.take(suggestion));
    this.shown.push({ node, suggestion });
    return node;
  }

  take({ text }) {
    this.field.value = text;
    this.suggest();
  }

  shut() {
    this.active = -1;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
    popup.close(this.list);
  }

  mark(at) {
    for (const [i, { node }] of this.shown.entries()) {
      node.classList.toggle("active", i === at);
      node.setAttribute("aria-selected", String(i === at));
    }
    this.active = at;
    const node = this.shown[at].node;
    node.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", node.id);
  }

  key(event) {
    const isOpen = popup.isOpen(this.list);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && isOpen) {
      event.preventDefault();
      const from = this.active < 0 && step < 0 ? 0 : this.active;
      this.mark((from + step + this.shown.length) % this.shown.length);
    } else if (step) this.recall(event, step);
    else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      this.shut();
    } else if (event.key === "Enter" && isOpen && this.active >= 0) {
      event.preventDefault();
      this.take(this.shown[this.active].suggestion);
    } else if (event.key === "Tab" && isOpen && !event.shiftKey) this.complete(event);
  }

  /** Tab completes a word begun; when there is nothing to add it moves on as ever. */
  complete(event) {
    const { suggestion } = this.shown[Math.max(0, this.active)];
    if (this.active < 0 && (this.field.value.endsWith(" ") || this.field.value === suggestion.text))
      return;
    event.preventDefault();
    this.take(suggestion);
  }

  recall(event, step) {
    if (!this.history.length) return;
    event.preventDefault();
    if (this.back === 0) this.draft = this.field.value;
    this.back = Math.max(0, Math.min(this.history.length, this.back - step));
    this.field.value = this.back ? this.history[this.history.length - this.back] : this.draft;
  }

  /** The next one may be sent while the last is still on its way. */
  wait(more) {
    this.underWay += more;
    this.sendButton.setAttribute("aria-busy", String(this.underWay > 0));
  }

  async send() {
    const text = this.field.value.trim();
    if (!text) return;
    this.shut();
    this.page.notice("");
    this.history.push(text);
    this.back = 0;
    this.field.value = "";
    this.page.acted();
    this.wait(1);
    const deed = { user: this.page.user(), place: this.page.here(), text };
    const answer = await act({ kind: text.startsWith("/") ? "command" : "say", ...deed });
    this.wait(-1);
    // What went wrong at the app's end carries details, and is told in the conversation as in Slack.
    if (!answer.ok && !answer.details) this.page.notice(sentence(answer.error));
    if (answer.error === "unreachable") this.field.value ||= text;
    await this.page.refresh();
  }
}

/** @returns {Suggestion[]} */
function suggestions(typed, page) {
  const { commands } = page.data();
  const name = /@([\p{L}\p{M}' .-]{0,40})$/u.exec(typed);
  if (name) return people(typed, name, page);
  if (!typed.startsWith("/")) return [];
  const [, command, rest] = /^(\/\S*)(?:\s+(.*))?$/u.exec(typed) ?? [];
  if (rest === undefined && !/\s$/.test(typed)) {
    return commands.filter((c) => c.command.startsWith(command)).map(fromCommand);
  }
  const words = commands.find((c) => c.command === command)?.words ?? [];
  const begun = (rest ?? "").toLowerCase();
  return words
    .filter(({ word }) => word && word.startsWith(begun))
    .map((w) => fromWord(command, w));
}

const fromCommand = (c) => ({
  text: c.words?.length ? `${c.command} ` : c.command,
  title: [c.command, c.usage_hint].filter(Boolean).join(" "),
  sentence: c.description ?? "",
});

const fromWord = (command, w) => ({
  text: `${command} ${w.word}${takesMore(command, w) ? " " : ""}`,
  title: w.word,
  sentence: w.sentence ?? "",
  example: w.example,
});

/** Whether the example goes on after the word, so that the cursor should too. */
function takesMore(command, { word, example }) {
  return Boolean(example) && example.replace(command, "").trim().length > word.length;
}

function people(typed, [whole, begun], page) {
  const start = typed.slice(0, typed.length - whole.length);
  if (start && !/\s$/.test(start)) return [];
  return page
    .data()
    .people.filter(
      (p) =>
        p.name.toLocaleLowerCase().startsWith(begun.toLocaleLowerCase()) &&
        p.name !== begun.trimEnd(),
    )
    .slice(0, 8)
    .map((p) => ({
      text: `${start}@${p.name} `,
      title: `@${p.name}`,
      sentence: p.organisation ?? "",
    }));
}

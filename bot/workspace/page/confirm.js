/** The "are you sure" dialog an element may carry. */

import { el, freshId } from "./dom.js";

const words = (text, otherwise) => text?.text ?? otherwise;

/** @param {{title?: object, text?: object, confirm?: object, deny?: object, style?: string}} wish */
export function confirmed(wish) {
  const title = freshId("confirm");
  const text = freshId("confirm");
  const tone = wish.style === "danger" ? "danger" : "primary";
  const yes = el(
    "button",
    { type: "button", class: `button ${tone}`, data: { testid: "confirm-yes" } },
    words(wish.confirm, "Yes"),
  );
  const no = el(
    "button",
    { type: "button", class: "button", data: { testid: "confirm-no" } },
    words(wish.deny, "No"),
  );
  const props = {
    class: "dialog small",
    id: "confirm",
    "aria-labelledby": title,
    "aria-describedby": text,
  };
  const dialog = el(
    "dialog",
    props,
    el("h2", { id: title, dir: "auto" }, words(wish.title, "Are you sure?")),
    el("p", { id: text, dir: "auto" }, words(wish.text, "")),
    el("div", { class: "dialog-foot" }, no, yes),
  );
  document.body.append(dialog);
  dialog.showModal();
  (wish.style === "danger" ? no : yes).focus();
  return new Promise((resolve) => {
    let said = false;
    yes.addEventListener("click", () => {
      said = true;
      dialog.close();
    });
    no.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(said);
    });
  });
}

/** The two side panels, which on a narrow screen lie over the conversation and are opened by a button. */

const PANELS = [
  ["show-places", "side"],
  ["show-sent", "sent"],
];

/** @returns {{close: () => void}} */
export function panels() {
  const pairs = PANELS.map(([button, panel]) => [
    document.getElementById(button),
    document.getElementById(panel),
  ]);
  const set = (button, panel, open) => {
    button.setAttribute("aria-expanded", String(open));
    panel.classList.toggle("open", open);
  };
  const close = () => pairs.forEach(([button, panel]) => set(button, panel, false));
  for (const [button, panel] of pairs) {
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-expanded") !== "true";
      close();
      set(button, panel, open);
      if (open) panel.querySelector("select, button, summary")?.focus();
    });
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !panel.classList.contains("open"))
        return;
      close();
      button.focus();
    });
  }
  document.querySelector("main").addEventListener("pointerdown", close);
  return { close };
}

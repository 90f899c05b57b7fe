/** table and data_table blocks: real tables that scroll sideways on their own and turn pages. */

import { append, el, freshId } from "./dom.js";
import { richText } from "./rich_text.js";

/** @typedef {import("./scene.js").Scene} Scene */

/** @param {{rows: object[][], column_settings?: object[]}} block @param {Scene} scene */
export function table(block, scene) {
  const [head, ...rows] = block.rows;
  const looks = (block.column_settings ?? []).map(look);
  const body = el(
    "tbody",
    {},
    rows.map((row) => line(row, looks, scene)),
  );
  return scrolling("Table", el("table", {}, el("thead", {}, headLine(head, looks, scene)), body));
}

/** @param {{caption: string | object, rows: object[][], page_size?: number}} block @param {Scene} scene */
export function dataTable(block, scene) {
  const [head, ...rows] = block.rows;
  const caption =
    typeof block.caption === "string" ? block.caption : (block.caption?.text ?? "Table");
  const size = block.page_size ?? 5;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const numeric = (head ?? []).map((_, i) =>
    rows.some((r) => r[i]?.type === "raw_number") ? "right" : "",
  );
  const body = el("tbody", {});
  const where = el("span", { class: "pages-at", role: "status" });
  const grid = el(
    "table",
    {},
    el("caption", { dir: "auto" }, caption),
    el("thead", {}, headLine(head, numeric, scene)),
    body,
  );
  let page = 0;
  const turnTo = (next) => {
    page = next;
    const shown = rows.slice(page * size, (page + 1) * size);
    body.replaceChildren(
      ...shown.map((row) => line(row, numeric, scene, block.row_header_column_index)),
    );
    where.textContent = `${page * size + 1}–${page * size + shown.length} of ${rows.length}`;
    back.disabled = page === 0;
    on.disabled = page >= pages - 1;
  };
  const back = pageButton("Previous", () => turnTo(page - 1), caption);
  const on = pageButton("Next", () => turnTo(page + 1), caption);
  turnTo(0);
  return [scrolling(caption, grid), pages > 1 && el("div", { class: "pages" }, back, on, where)];
}

function pageButton(label, turn, caption) {
  const props = {
    type: "button",
    class: "button quiet",
    "aria-label": `${label} rows: ${caption}`,
  };
  return el("button", { ...props, on: { click: turn } }, label);
}

function scrolling(label, grid) {
  const props = {
    class: "table-scroll",
    tabIndex: 0,
    role: "group",
    id: freshId("table"),
    "aria-label": label,
  };
  return el("div", props, grid);
}

function look(setting) {
  return [setting?.align, setting?.is_wrapped === false || !setting?.is_wrapped ? "" : "wrapped"]
    .filter(Boolean)
    .join(" ");
}

function headLine(cells, looks, scene) {
  return el(
    "tr",
    {},
    (cells ?? []).map((cell, i) =>
      el("th", { scope: "col", class: looks[i] || null }, inside(cell, scene)),
    ),
  );
}

function line(cells, looks, scene, rowHeader = -1) {
  return el(
    "tr",
    {},
    cells.map((cell, i) => {
      const props = { class: looks[i] || null, dir: "auto" };
      if (i === rowHeader) return el("th", { ...props, scope: "row" }, inside(cell, scene));
      return el("td", props, inside(cell, scene));
    }),
  );
}

function inside(cell, scene) {
  if (cell?.type === "rich_text") return richText(cell, scene);
  const out = document.createDocumentFragment();
  append(out, [cell?.text ?? cell?.value ?? ""]);
  return out;
}

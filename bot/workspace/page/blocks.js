/** Block Kit blocks as semantic HTML. */

import { append, el, freshId, icon, link, safeUrl } from "./dom.js";
import { chart } from "./charts.js";
import { element, plain } from "./elements.js";
import { markdown } from "./markdown.js";
import { mrkdwn, mrkdwnWords } from "./mrkdwn.js";
import { richText } from "./rich_text.js";
import { dataTable, table } from "./tables.js";

/** @typedef {import("./scene.js").Scene} Scene */

const DRAW = {
  section,
  header,
  context,
  actions,
  image,
  input,
  video,
  file,
  alert,
  card,
  carousel,
  container,
  table,
  context_actions: actions,
  divider: () => el("hr"),
  rich_text: richText,
  markdown: (block) => markdown(block.text),
  data_table: dataTable,
  data_visualization: chart,
};

/** @param {object[]} blocks @param {Scene} scene */
export function drawBlocks(blocks, scene) {
  const out = document.createDocumentFragment();
  for (const block of blocks ?? []) out.append(drawBlock(block, scene));
  return out;
}

/** @param {{type: string, block_id?: string}} block @param {Scene} scene */
function drawBlock(block, scene) {
  const draw = DRAW[block.type];
  const type = draw ? block.type : "unknown";
  const node = el("div", {
    class: `block block-${type}`,
    data: { block: block.type, blockId: block.block_id },
  });
  try {
    append(node, [
      draw ? draw(block, scene) : `A ${block.type} block, which this page does not draw.`,
    ]);
  } catch (error) {
    // One block that cannot be drawn must not take the conversation with it.
    console.error(error);
    append(node, [`This ${block.type} block could not be drawn.`]);
  }
  return node;
}

/** A text object of either kind. @param {{type?: string, text: string} | undefined} text @param {Scene} scene */
export function words(text, scene) {
  if (!text) return "";
  return text.type === "mrkdwn" ? mrkdwn(text.text, scene) : plain(text);
}

const at = (scene, block, more = {}) => ({ scene, blockId: block.block_id ?? "", ...more });

function section(block, scene) {
  const id = freshId("section");
  const fields = (block.fields ?? []).map((field) =>
    el("div", { class: "section-field", dir: "auto" }, words(field, scene)),
  );
  const body = el(
    "div",
    { class: "section-body", id },
    block.text && el("div", { class: "text", dir: "auto" }, words(block.text, scene)),
    fields.length > 0 && el("div", { class: "section-fields" }, fields),
  );
  if (!block.accessory) return body;
  const { accessory } = block;
  if (accessory.type === "image")
    return [body, el("div", { class: "accessory" }, picture(accessory, "thumb"))];
  const title = mrkdwnWords(block.text?.text.split("\n")[0], scene).slice(0, 60);
  const named = {
    "aria-label": accessory.type === "overflow" ? `More options: ${title}` : title,
    "aria-describedby": id,
  };
  const isButton = accessory.type === "button";
  return [
    body,
    el(
      "div",
      { class: "accessory" },
      element(accessory, at(scene, block, isButton ? {} : { props: named })),
    ),
  ];
}

function header(block) {
  const level = Math.min(6, 1 + (block.level ?? 1));
  return el(`h${level}`, { class: "block-head", dir: "auto" }, plain(block.text));
}

function context(block, scene) {
  return (block.elements ?? []).map((item) =>
    item.type === "image"
      ? picture(item, "tiny")
      : el("span", { class: "context-text", dir: "auto" }, words(item, scene)),
  );
}

function actions(block, scene) {
  return (block.elements ?? []).map((item) => {
    const label = item.placeholder?.text ?? null;
    return element(item, at(scene, block, { props: { "aria-label": label } }));
  });
}

function image(block) {
  const title = block.title && el("figcaption", { dir: "auto" }, plain(block.title));
  return el("figure", {}, title, picture(block, "wide"));
}

/** Pictures from elsewhere are named and linked, not fetched: nothing leaves this machine. */
function picture(spec, size) {
  const source = spec.image_url ?? spec.slack_file?.url ?? "";
  const isHere = source.startsWith("data:image/") || source.startsWith(`${location.origin}/`);
  if (isHere) return el("img", { class: `picture ${size}`, src: source, alt: spec.alt_text ?? "" });
  const alt = spec.alt_text || "Picture";
  const shown =
    size === "wide" ? [icon("file"), alt] : [icon("file"), el("span", { class: "unseen" }, alt)];
  return el(
    "span",
    { class: `picture-away ${size}`, title: alt },
    safeUrl(source) ? link(source, shown) : shown,
  );
}

const GROUPED = ["checkboxes", "radio_buttons"];

function input(block, scene) {
  const [id, labelId, hintId, errorId] = ["field", "label", "hint", "error"].map(freshId);
  const spec = block.element;
  const described = [block.hint && hintId, errorId].filter(Boolean).join(" ");
  const props = {
    id,
    "aria-describedby": described,
    "aria-required": block.optional ? null : "true",
  };
  const isGroup = GROUPED.includes(spec.type);
  if (isGroup) delete props["aria-required"];
  const where = {
    optional: block.optional,
    dispatch: block.dispatch_action === true,
    labelId,
    props,
  };
  const note = block.optional && el("span", { class: "optional" }, " (optional)");
  const label = [plain(block.label), note];
  return [
    isGroup
      ? el("div", { class: "input-label", id: labelId, dir: "auto" }, label)
      : el("label", { class: "input-label", id: labelId, htmlFor: id, dir: "auto" }, label),
    element(spec, at(scene, block, where)),
    block.hint && el("p", { class: "hint", id: hintId, dir: "auto" }, plain(block.hint)),
    el("p", { class: "field-error", id: errorId, hidden: true }),
  ];
}

function video(block) {
  const title = plain(block.title) || "Video";
  const by = [block.author_name, block.provider_name].filter(Boolean).join(" · ");
  const text = block.description && el("p", { dir: "auto" }, plain(block.description));
  return [
    el("p", { class: "text" }, link(block.title_url ?? block.video_url, title)),
    text,
    by && el("p", { class: "hint" }, by),
  ];
}

function file(block) {
  return el(
    "p",
    { class: "text" },
    `File ${block.external_id ?? ""} (${block.source ?? "remote"})`,
  );
}

const LEVELS = { info: "Note", warning: "Warning", error: "Error", success: "Done" };

function alert(block, scene) {
  const level = LEVELS[block.level] ? block.level : "default";
  const mark = LEVELS[level] && el("strong", { class: "alert-level" }, LEVELS[level]);
  return el(
    "div",
    { class: `alert alert-${level}`, role: "note" },
    mark,
    el("span", { dir: "auto" }, words(block.text, scene)),
  );
}

function card(block, scene) {
  const line = (name, tag) =>
    block[name] && el(tag, { class: `card-${name}`, dir: "auto" }, words(block[name], scene));
  const mark = block.icon
    ? picture(block.icon, "tiny")
    : block.slack_icon &&
      el("span", { class: "card-icon" }, icon(block.slack_icon.name ?? block.slack_icon));
  return el(
    "article",
    { class: "card" },
    block.hero_image && picture(block.hero_image, "wide"),
    el(
      "div",
      { class: "card-head" },
      mark,
      el("div", { class: "card-titles" }, line("title", "p"), line("subtitle", "p")),
    ),
    line("body", "p"),
    line("subtext", "p"),
    block.actions &&
      el(
        "div",
        { class: "card-actions" },
        block.actions.map((a) => element(a, at(scene, block))),
      ),
  );
}

function carousel(block, scene) {
  const cards = block.elements.map((item) => el("li", {}, drawBlock(item, scene)));
  const row = el(
    "ul",
    { class: "carousel", tabIndex: 0, "aria-label": `${cards.length} cards` },
    cards,
  );
  const turn = (by) => () => row.scrollBy({ left: by * row.clientWidth * 0.8, behavior: "smooth" });
  const arrow = (label, name, by) =>
    el(
      "button",
      { type: "button", class: "button quiet", "aria-label": label, on: { click: turn(by) } },
      icon(name),
    );
  const turns = el(
    "div",
    { class: "carousel-turns" },
    arrow("Previous cards", "previous", -1),
    arrow("Next cards", "next", 1),
  );
  return [row, cards.length > 1 && turns];
}

function container(block, scene) {
  const title = block.rich_text_title ? richText(block.rich_text_title, scene) : plain(block.title);
  const head = [
    block.icon && picture(block.icon, "tiny"),
    el("span", { class: "container-title", dir: "auto" }, title),
    block.subtitle &&
      el("span", { class: "container-subtitle", dir: "auto" }, words(block.subtitle, scene)),
  ];
  const children = el("div", { class: "container-body" }, drawBlocks(block.child_blocks, scene));
  const name = `container width-${block.width ?? "standard"}${block.has_header_divider ? " ruled" : ""}`;
  if (!block.is_collapsible)
    return el("section", { class: name }, el("div", { class: "container-head" }, head), children);
  const open = !block.default_collapsed;
  return el(
    "details",
    { class: name, open },
    el("summary", { class: "container-head" }, icon("chevron"), head),
    children,
  );
}

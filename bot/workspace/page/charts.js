/** data_visualization blocks: bar, line, area and pie, drawn as SVG, with every number in a table beside it. */

import { el, svg } from "./dom.js";

const WIDTH = 520;
const HEIGHT = 240;
const LEFT = 44;
const TOP = 10;
const BOTTOM = 200;
const RIGHT = WIDTH - 8;

/** @param {{title?: string | object, chart: object}} block */
export function chart(block) {
  const spec = block.chart ?? {};
  const title = typeof block.title === "string" ? block.title : (block.title?.text ?? "Chart");
  const isPie = spec.type === "pie";
  const drawing = isPie ? pie(spec.segments ?? []) : axes(spec);
  const spoken = `${title}: ${isPie ? spokenPie(spec) : spokenSeries(spec)}`;
  const names = isPie
    ? spec.segments.map((s) => `${s.label}: ${s.value}`)
    : spec.series.map((s) => s.name);
  const size = isPie ? "0 0 240 240" : `0 0 ${WIDTH} ${HEIGHT}`;
  return el(
    "figure",
    { class: `chart chart-${spec.type}` },
    el("figcaption", { dir: "auto" }, title),
    svg("svg", { viewBox: size, role: "img", "aria-label": spoken }, drawing),
    el("ul", { class: "legend", "aria-hidden": "true" }, names.map(legendEntry)),
    el(
      "details",
      { class: "numbers" },
      el("summary", {}, "The numbers"),
      isPie ? pieTable(spec) : seriesTable(spec),
    ),
  );
}

const hue = (i) => `series-${i % 6}`;
const legendEntry = (name, i) =>
  el("li", {}, el("span", { class: `swatch ${hue(i)}` }), el("bdi", {}, name));

function spokenPie(spec) {
  return spec.segments.map((s) => `${s.label} ${s.value}`).join(", ");
}

function spokenSeries(spec) {
  return spec.series
    .map((s) => `${s.name}: ${s.data.map((p) => `${p.label} ${p.value}`).join(", ")}`)
    .join("; ");
}

function pieTable(spec) {
  const total = spec.segments.reduce((sum, s) => sum + s.value, 0);
  const row = (s) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, s.label),
      el("td", {}, s.value),
      el("td", {}, `${Math.round((100 * s.value) / total)} %`),
    );
  return el("table", {}, el("tbody", {}, spec.segments.map(row)));
}

function seriesTable(spec) {
  const head = [el("td", {}), ...spec.series.map((s) => el("th", { scope: "col" }, s.name))];
  const row = (category) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, category),
      spec.series.map((s) => el("td", { class: "right" }, valueAt(s, category) ?? "–")),
    );
  return el(
    "table",
    {},
    el("thead", {}, el("tr", {}, head)),
    el("tbody", {}, categoriesOf(spec).map(row)),
  );
}

function categoriesOf(spec) {
  return spec.axis_config?.categories ?? (spec.series[0]?.data ?? []).map((p) => p.label);
}

function valueAt(series, category) {
  return series.data.find((p) => p.label === category)?.value;
}

/** The smallest of 1, 2, 2.5, 5 times a power of ten that needs at most five steps to reach *top*. */
function stepFor(top) {
  const power = 10 ** Math.floor(Math.log10(top / 5));
  return [1, 2, 2.5, 5, 10].map((n) => n * power).find((step) => top / step <= 5);
}

function axes(spec) {
  const categories = categoriesOf(spec);
  const values = spec.series.flatMap((s) => s.data.map((p) => p.value));
  const reach = Math.max(1, ...values);
  const depth = Math.min(0, ...values);
  const step = stepFor(reach - depth);
  const [low, high] = [Math.floor(depth / step) * step, Math.ceil(reach / step) * step];
  const y = (value) => BOTTOM - ((value - low) / (high - low)) * (BOTTOM - TOP);
  const band = (RIGHT - LEFT) / categories.length;
  const plane = { categories, y, band, zero: y(0) };
  const draw = spec.type === "bar" ? bars : curves;
  return [grid(low, high, step, y), draw(spec, plane), labels(spec, categories, band)];
}

function grid(low, high, step, y) {
  const lines = [];
  for (let value = low; value <= high + step / 2; value += step) {
    const text = Number(value.toFixed(6)).toLocaleString("en-GB");
    lines.push(svg("line", { class: "grid", x1: LEFT, x2: RIGHT, y1: y(value), y2: y(value) }));
    lines.push(svg("text", { class: "axis-text end", x: LEFT - 6, y: y(value) + 4 }, text));
  }
  return lines;
}

function labels(spec, categories, band) {
  const every = Math.ceil(categories.length / 8);
  const room = Math.max(3, Math.floor((band * every) / 6.5));
  const shorten = (text) => (text.length > room ? `${text.slice(0, room - 1)}…` : text);
  const names = categories.map(
    (name, i) =>
      i % every === 0 &&
      svg(
        "text",
        { class: "axis-text middle", x: LEFT + band * (i + 0.5), y: BOTTOM + 16 },
        shorten(name),
      ),
  );
  const { x_label: across, y_label: up } = spec.axis_config ?? {};
  return [
    names,
    across &&
      svg("text", { class: "axis-title middle", x: (LEFT + RIGHT) / 2, y: HEIGHT - 4 }, across),
    up &&
      svg(
        "text",
        {
          class: "axis-title middle",
          transform: `translate(10 ${(TOP + BOTTOM) / 2}) rotate(-90)`,
        },
        up,
      ),
  ];
}

function bars(spec, { categories, y, band, zero }) {
  const width = Math.min(36, (band * 0.72) / spec.series.length);
  return spec.series.flatMap((series, s) =>
    categories.map((category, c) => {
      const value = valueAt(series, category);
      if (value === undefined) return null;
      const x = LEFT + band * (c + 0.5) + (s - spec.series.length / 2) * width;
      const top = Math.min(y(value), zero);
      const box = {
        x: x + 1,
        y: top,
        width: Math.max(1, width - 2),
        height: Math.abs(y(value) - zero),
        rx: 2,
      };
      return svg(
        "rect",
        { class: `bar ${hue(s)}`, ...box },
        svg("title", {}, `${series.name}, ${category}: ${value}`),
      );
    }),
  );
}

function curves(spec, { categories, y, band, zero }) {
  return spec.series.flatMap((series, s) => {
    const points = categories
      .map((category, c) => [LEFT + band * (c + 0.5), valueAt(series, category), category])
      .filter(([, value]) => value !== undefined);
    const path = points.map(([x, value], i) => `${i ? "L" : "M"}${x} ${y(value)}`).join("");
    const [first, last] = [points[0]?.[0], points.at(-1)?.[0]];
    const fill =
      spec.type === "area" &&
      points.length &&
      svg("path", { class: `area ${hue(s)}`, d: `${path}L${last} ${zero}L${first} ${zero}Z` });
    const dots = points.map(([x, value, category]) =>
      svg(
        "circle",
        { class: `dot ${hue(s)}`, cx: x, cy: y(value), r: 3.5 },
        svg("title", {}, `${series.name}, ${category}: ${value}`),
      ),
    );
    return [fill, svg("path", { class: `curve ${hue(s)}`, d: path }), dots];
  });
}

function pie(segments) {
  const total = segments.reduce((sum, s) => sum + s.value, 0);
  const point = (turn) =>
    `${120 + 110 * Math.sin(turn * 2 * Math.PI)} ${120 - 110 * Math.cos(turn * 2 * Math.PI)}`;
  let from = 0;
  return segments.map((segment, i) => {
    const share = segment.value / total;
    const to = from + share;
    const whole = share > 0.9999;
    const d = `M120 120L${point(from)}A110 110 0 ${share > 0.5 ? 1 : 0} 1 ${point(to)}Z`;
    from = to;
    const name = svg("title", {}, `${segment.label}: ${segment.value}`);
    if (whole) return svg("circle", { class: `slice ${hue(i)}`, cx: 120, cy: 120, r: 110 }, name);
    return svg("path", { class: `slice ${hue(i)}`, d }, name);
  });
}

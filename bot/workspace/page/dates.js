/** Moments as the person reads them: in their own zone, relative to the workspace's clock. */

const LOCALE = "en-GB";
const DAY = 86_400_000;
const formats = new Map();

/** @param {string} [zone] an IANA name; anything the browser does not know reads as UTC */
export function format(ms, zone, options) {
  const key = JSON.stringify([zone, options]);
  if (!formats.has(key))
    formats.set(key, new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: known(zone) }));
  return formats.get(key).format(ms);
}

/** "Tue 24 Nov 2026, 15:00 CET" */
export function clockText(ms, zone) {
  const day = format(ms, zone, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
  });
  return `${day.replace(",", "")}, ${format(ms, zone, { hour: "2-digit", minute: "2-digit", timeZoneName: "short" })}`;
}

export const timeText = (ms, zone) => format(ms, zone, { hour: "2-digit", minute: "2-digit" });

/** "Today", "Yesterday" or the day in full: the line between two days of messages. */
export function dayText(ms, zone, now) {
  const near = nearDay(ms, zone, now);
  if (near) return near[0].toUpperCase() + near.slice(1);
  return format(ms, zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

/** Slack's date tokens, filled in for *unix* seconds. */
export function slackDate(unix, pattern, zone, now) {
  const ms = unix * 1000;
  return pattern.replace(/\{(\w+)\}/g, (token, name) => {
    const draw = TOKENS[name];
    return draw ? draw(ms, zone, now) : token;
  });
}

const long = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
const plain = { day: "numeric", month: "long", year: "numeric" };
const short = { day: "numeric", month: "short", year: "numeric" };
const pretty = (options) => (ms, zone, now) => nearDay(ms, zone, now) ?? format(ms, zone, options);

const TOKENS = {
  date_num: (ms, zone) => isoDay(ms, zone),
  date: (ms, zone) => format(ms, zone, plain),
  date_short: (ms, zone) => format(ms, zone, short),
  date_long: (ms, zone) => format(ms, zone, long),
  date_pretty: pretty(plain),
  date_short_pretty: pretty(short),
  date_long_pretty: pretty(long),
  time: (ms, zone) => timeText(ms, zone),
  time_secs: (ms, zone) =>
    format(ms, zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  ago: (ms, _zone, now) => ago(ms, now),
};

/** "2026-11-24", the calendar day in the person's zone */
export function isoDay(ms, zone) {
  return wall(ms, zone).slice(0, 10);
}

/** "2026-11-24T15:00", what a datetime-local input shows */
export function wall(ms, zone) {
  const options = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  };
  const key = `parts ${zone}`;
  if (!formats.has(key)) {
    formats.set(
      key,
      new Intl.DateTimeFormat(LOCALE, { ...options, hourCycle: "h23", timeZone: known(zone) }),
    );
  }
  const parts = Object.fromEntries(
    formats
      .get(key)
      .formatToParts(ms)
      .map((p) => [p.type, p.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/** The unix second at which a clock in *zone* shows *local* ("2026-11-24T15:00"). */
export function unixFromWall(local, zone) {
  const asUtc = Date.parse(`${local}:00Z`);
  let guess = asUtc;
  for (let round = 0; round < 2; round += 1) {
    const offset = Date.parse(`${wall(guess, zone)}:00Z`) - guess;
    guess = asUtc - offset;
  }
  return Math.round(guess / 1000);
}

function nearDay(ms, zone, now) {
  const days = Math.round((Date.parse(isoDay(ms, zone)) - Date.parse(isoDay(now, zone))) / DAY);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] ?? null;
}

const STEPS = [
  ["year", 365 * DAY],
  ["month", 30 * DAY],
  ["day", DAY],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

function ago(ms, now) {
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  const distance = ms - now;
  for (const [unit, size] of STEPS) {
    if (Math.abs(distance) >= size) return words.format(Math.round(distance / size), unit);
  }
  return "now";
}

const zones = new Map();

function known(zone) {
  if (!zones.has(zone)) zones.set(zone, check(zone));
  return zones.get(zone);
}

function check(zone) {
  try {
    return new Intl.DateTimeFormat(LOCALE, { timeZone: zone || "UTC" }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}

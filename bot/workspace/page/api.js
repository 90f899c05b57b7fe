/** The workspace's JSON API, as the page speaks it. */

/** The workspace did not answer. */
export class Away extends Error {}

/** @param {{user?: string, place?: string}} at whose eyes, and where they look */
export async function state(at) {
  const query = new URLSearchParams();
  if (at.user) query.set("user", at.user);
  if (at.place) query.set("place", at.place);
  return read(`/page/api/state?${query}`);
}

/** Resolves when the workspace has moved beyond *version*, or after about 25 seconds. */
export async function wait(version) {
  return read(`/page/api/wait?since=${version}`);
}

/**
 * @param {{kind: string, [key: string]: unknown}} deed
 * @returns {Promise<{ok: boolean, error?: string, [key: string]: unknown}>}
 */
export async function act(deed) {
  try {
    const response = await fetch("/page/api/act", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Convene-Page": "1" },
      body: JSON.stringify(deed),
    });
    const body = await response.json().catch(() => null);
    if (body && typeof body.ok === "boolean") return body;
    return { ok: false, error: body?.error ?? `http_${response.status}` };
  } catch {
    return { ok: false, error: "unreachable" };
  }
}

const SENTENCES = {
  operation_timeout: "The app did not answer within 3 seconds (operation_timeout).",
  dispatch_failed: "The app could not be reached (dispatch_failed).",
  http_error: "The app answered with an error (http_error).",
  not_found: "That is no longer there.",
  message_not_found: "That message is no longer there.",
  account_inactive: "This person's account is deactivated.",
  unreachable: "The workspace does not answer. Is it still running?",
  messages_tab_read_only: "The app takes no messages here; type a command, such as /briefings.",
  not_in_channel: "You are not in this channel.",
  is_archived: "This channel is archived, so nothing can be posted here.",
  trigger_expired: "The app was too slow to open the form (trigger_expired).",
  user_is_restricted: "Guests cannot do that here.",
};

/** What the person reads when something did not work. */
export function sentence(error) {
  const name = String(error ?? "");
  if (!name) return "That did not work.";
  if (SENTENCES[name]) return SENTENCES[name];
  if (/\s/.test(name)) return name;
  return `That did not work (${name}).`;
}

async function read(url) {
  const response = await fetch(url, { cache: "no-store" }).catch(() => {
    throw new Away("unreachable");
  });
  if (!response.ok) throw new Away(`http_${response.status}`);
  return response.json();
}

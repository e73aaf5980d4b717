/**
 * What can be sent, and what the answers mean: the page's knowledge of the wire, as data.
 */

import { clientActionFor, CLOSE } from "./portcullis.js";

/** A form for each type that clients of the demo may send; what stands in it at first makes sense as it is. */
export const MESSAGES = [
  { type: "chat.say", fields: { room: "lobby", text: "Hello, everyone!" } },
  { type: "chat.join", fields: { room: "garden" } },
  { type: "echo", fields: { text: "Is anybody there?" } },
  { type: "user.list", fields: {} },
  { type: "user.kick", fields: { subject: "gus" } },
  { type: "user.role", fields: { subject: "mia", role: "guest" } },
  { type: "admin.announce", fields: { text: "Admins only: tea is ready." } },
  { type: "key.rotate", fields: {} },
  { type: "server.drain", fields: {} },
];

/** Starting points for what no form would make: these go out exactly as they are written. */
export const RAW_MESSAGES = [
  { label: "a type without a row", text: '{"type":"nonsense","id":"raw-1","data":{}}' },
  { label: "the type __proto__", text: '{"type":"__proto__","id":"raw-2","data":{}}' },
  { label: "data of the wrong shape", text: '{"type":"chat.say","id":"raw-3","data":{"room":7}}' },
  { label: "no JSON at all", text: "open sesame" },
];

/** What each role is for, in the words of a heading. */
export const ROLES = {
  guest: "Hears the lobby, may only echo.",
  member: "Talks in rooms.",
  admin: "May do all of it, and sees each denial.",
};

/** The label of each kind of message; all others are deliveries. */
export const KINDS = new Map([
  ["ok", "ok"],
  ["error", "denied"],
  ["audit.event", "audit"],
  ["auth.changed", "lease"],
  ["auth.expiring", "lease"],
]);

/** Says what a page gets to see when it is not let in. */
export const REFUSED_WITHOUT_TOKEN =
  "The server answered HTTP 401 instead of opening a WebSocket; a page is never told how " +
  "a handshake failed, so all that the browser sees is code 1006.";

/** What a client does, and the rest of the sentence. */
const ACTIONS = {
  stop: ["a client stops", ", because to come back would end the same way"],
  refresh: ["a client gets a new token", ", then connects again"],
  backoff: ["a client tries again later", ", and waits longer each time"],
  reconnect: ["a client connects again", ", which may lead to another server"],
};

/** The rows of the library's own table of close codes, by code. */
const CLOSES = new Map(Object.values(CLOSE).map((row) => [row.code, row]));

/** Says how a connection ended, what a client does about it, and in full why. */
function explainClose({ code, reason }) {
  const { meaning = "It is a code of the application.", client = clientActionFor(code) } = CLOSES.get(code) ??
    {};
  const [does, why] = ACTIONS[client];
  const title = reason === "" ? String(code) : `${code} “${reason}”`;
  return { title, does, full: `${meaning} And so ${does}${why}.` };
}

/** Says why a client waits or has stopped, other than by a close. */
const CAUSES = {
  asked: () => "This side said goodbye.",
  refused: ({ status }) => `The gate answered with HTTP ${status}.`,
  unreachable: () => "The server cannot be reached.",
  unclear: () => "The gate refused, or cannot be reached; a page is not told which.",
  timeout: () => "The server did not answer in time.",
  no_ticket: () => "The server gave no ticket.",
  token_failed: () => "The login gave no token.",
  token_refused: () => "The login gave a token that was refused before.",
  unusable: ({ error }) => error.message,
};

/** Says why a client waits or has stopped: a title, what it does, and a sentence. */
export function explainCause(why) {
  if (why.kind === "closed") return explainClose(why);
  return { title: why.kind.replace("_", " "), does: "", full: CAUSES[why.kind](why) };
}

/** Says which rule of the table a denial comes from; an empty text where the server's own words are enough. */
export function explainDenial(code, type, roles, allowed) {
  if (code === "unknown_type") return "No row of the table has this type, so nobody may send it.";
  if (code !== "forbidden" || allowed === undefined) return "";
  if (roles.some((role) => allowed.includes(role))) {
    return `The row of ${type} allows the role, but on a condition that this message does not meet.`;
  }
  return `The row of ${type} names ${allowed.join(", ")}; this session is ${roles.join(", ")}.`;
}

/** Counts sessions, in words. */
export function countSessions(count) {
  return count === 1 ? "1 session" : `${count} sessions`;
}

/** Says what a message of the server is, without its data. */
export function describeDelivery({ type, data }) {
  if (type === "chat.said") return `chat.said by ${data.from} in ${data.room}`;
  if (type === "admin.announced") return `admin.announced by ${data.from}`;
  if (type === "auth.changed") return `you are ${data.roles.join(", ")} now`;
  if (type === "auth.expiring") return "the token ends soon";
  if (type === "audit.event") return `${data.subject} was denied ${data.type ?? "a message"}: ${data.reason}`;
  return String(type);
}

/** Says what was sent. */
export function describeSent(text) {
  try {
    return describeRequest(JSON.parse(text));
  } catch {
    return "free text"; // Not JSON, on purpose.
  }
}

/** Says which message it is, by its type and id. */
export function describeRequest(request) {
  if (typeof request?.type !== "string") return "a message";
  return typeof request.id === "string" ? `${request.type} #${request.id}` : request.type;
}

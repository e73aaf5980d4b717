/**
 * What can be sent, and what the answers mean: the page's knowledge of the wire, as data.
 */

/** A form for each type that clients of the demo may send; what stands in it at first makes sense as it is. */
export const MESSAGES = [
  { type: "chat.say", fields: { room: "lobby", text: "Hello, everyone!" } },
  { type: "chat.join", fields: { room: "garden" } },
  { type: "echo", fields: { text: "Is anybody there?" } },
  { type: "user.list", fields: {} },
  { type: "user.kick", fields: { subject: "gus" } },
  { type: "admin.announce", fields: { text: "Admins only: tea is ready." } },
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

/** What a client does, and the rest of the sentence. */
const ACTIONS = {
  stop: ["a client stops", ", because to come back would end the same way"],
  refresh: ["a client gets a new token", ", then connects again"],
  backoff: ["a client tries again later", ", and waits longer each time"],
  reconnect: ["a client connects again", ", which may lead to another server"],
};

/** The close codes that a browser can see here: what each means, and what a client does about it. */
const CLOSES = new Map([
  [1000, ["Finished", "stop"]],
  [1001, ["The server goes away", "reconnect"]],
  [1002, ["The protocol was broken", "stop"]],
  [1003, ["This kind of data is not taken", "stop"]],
  [1005, ["Closed without a code", "backoff"]],
  [1006, ["The connection broke off", "backoff"]],
  [1007, ["The data was not valid text", "stop"]],
  [1008, ["A policy was broken", "stop"]],
  [1009, ["The message was too big", "stop"]],
  [1011, ["The server met a fault of its own", "backoff"]],
  [1012, ["The server restarts", "reconnect"]],
  [1013, ["The server is overloaded", "backoff"]],
  [3000, ["The identity is no longer valid", "refresh"]],
  [3003, ["The identity may not be here any more", "stop"]],
  [3008, ["An answer took too long", "reconnect"]],
]);

/** Says how a connection ended, what a client does about it, and in full why. */
export function explainClose(code, reason) {
  const [meaning, action] = CLOSES.get(code) ?? ["It is a code of the application", "stop"];
  const [does, why] = ACTIONS[action];
  const title = reason === "" ? String(code) : `${code} “${reason}”`;
  return { title, does, full: `${meaning}; ${does}${why}.` };
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

/** Says what a message of the server is, without its data. */
export function describeDelivery({ type, data }) {
  if (type === "chat.said") return `chat.said by ${data.from} in ${data.room}`;
  if (type === "admin.announced") return `admin.announced by ${data.from}`;
  if (type === "audit.event") return `${data.subject} was denied ${data.type ?? "a message"}: ${data.reason}`;
  return String(type);
}

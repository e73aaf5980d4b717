/**
 * Authorizing messages that have been parsed: all that stands between a message and its handler.
 *
 * @module
 */

import { authorize, definePermissions } from "../../src/auth/permission.ts";
import { validate } from "../../src/auth/validator.ts";
import { Session } from "../../src/session/session.ts";
import type { Contestant } from "./rounds.ts";

const ROLES = ["guest", "member", "editor", "moderator", "admin"] as const;

type Role = (typeof ROLES)[number];

/** Thirty rows: each of the verbs with each of the nouns, and the first role that may. */
const VERBS: Readonly<Record<string, Role>> = {
  list: "guest",
  create: "member",
  edit: "editor",
  hide: "moderator",
  remove: "admin",
};
const NOUNS = ["post", "comment", "room", "file", "poll", "event"];

interface Data {
  readonly room: string;
  readonly author: string;
  readonly text: string;
}

function isData(value: unknown): value is Data {
  if (typeof value !== "object" || value === null) return false;
  const { room, author, text } = value as {
    readonly [Name in keyof Data]?: unknown;
  };
  return typeof room === "string" && room.length <= 64 &&
    typeof author === "string" &&
    typeof text === "string" && text.length <= 2_000;
}

/** Each row has everything that a row can have, and the rate is one that nobody reaches here. */
const TABLE = definePermissions<
  Role,
  Record<string, Data>,
  Record<string, never>
>({
  roles: ROLES,
  receive: Object.fromEntries(
    Object.entries(VERBS).flatMap(([verb, first]) =>
      NOUNS.map((noun) => [`${noun}.${verb}`, {
        roles: ROLES.slice(ROLES.indexOf(first)),
        data: isData,
        rate: { perSecond: 1_000_000, burst: 1_000_000 },
        when: ({ subject }, { author }) => author === subject,
      }])
    ),
  ),
  send: {},
});

const SESSIONS = 100;
const MESSAGES = 2_000;

/** So few that what was just parsed is still in the cache when its turn comes, as it is in a server. */
const BATCH = 100;

interface Envelope {
  readonly type: string;
  readonly data: unknown;
}

interface Message {
  readonly session: Session<Role>;
  readonly envelope: Envelope;
}

/** Sets sessions of all roles up, with messages that may pass: a message has all the steps before it only then. */
export function messageAuthorizer(): Contestant<Message> {
  const sessions = Array.from({ length: SESSIONS }, (_, n) => sessionOf(n));
  const written = Array.from({ length: MESSAGES }, (_, n) => {
    // Steps without a divisor in common with what they go through, so that neighbours are of other sessions and types.
    const session = sessions[(n * 37) % SESSIONS] as Session<Role>;
    const types = [...TABLE.receive].flatMap(([type, row]) =>
      row.roles.some((role) => session.roles.has(role as Role)) ? [type] : []
    );
    const type = types[(n * 11) % types.length];
    const data = {
      room: `room-${n % 7}`,
      author: session.subject,
      text: `message ${n} says hello`,
    };
    return { session, text: JSON.stringify({ type, id: String(n), data }) };
  });
  let at = 0;
  return {
    // Parsed anew, as a string that was looked up before is looked up faster.
    prepare: () => {
      const batch = written.slice(at, at + BATCH);
      at = (at + BATCH) % MESSAGES;
      return batch.map(({ session, text }) => ({
        session,
        envelope: JSON.parse(text) as Envelope,
      }));
    },
    work: (messages) => {
      for (const message of messages) {
        if (!mayPass(message)) {
          throw new Error(`"${message.envelope.type}" was refused.`);
        }
      }
    },
  };
}

/** What `Dispatcher.receive` does between parsing and handling, in the same order. */
function mayPass({ session, envelope }: Message): boolean {
  if (session.end !== undefined) return false;
  const nowMs = Date.now();
  const allowed = authorize(TABLE.receive, envelope.type, session, nowMs);
  if (!allowed.ok) return false;
  const { rate, data: validator, when } = allowed.value;
  if (
    rate !== undefined &&
    session.rates.countOfType(envelope.type, rate, nowMs) > 0
  ) return false;
  const data = validate(validator, envelope.data);
  return data.ok && (when === undefined || when(session, data.value) === true);
}

function sessionOf(n: number): Session<Role> {
  const role = ROLES[n % ROLES.length] as Role;
  const nowMs = Date.now();
  const identity = {
    subject: `user-${n}`,
    roles: [role],
    expiresAtMs: nowMs + 3_600_000,
    tokenId: undefined,
    issuedAtMs: nowMs,
    keyId: undefined,
  };
  const sender = {
    send: () => true,
    sendShared: () => true,
    congested: false,
    waitsForHandler: false,
    queuedBytes: 0,
    close: () => undefined,
  };
  return new Session(
    `session-${n}`,
    identity,
    new Set([role]),
    sender,
    nowMs,
    undefined,
  );
}

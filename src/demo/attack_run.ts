/**
 * Runs an attack of the shelf against this very server, as anybody could from outside, and tells what the gate did about it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { connect as connectTcp, type Socket } from "node:net";
import { FRAME_RULES, type FrameRuleName, type HmacKey, signToken, type TraceEvent } from "../mod.ts";
import { systemClock } from "../io/system_clock.ts";
import type { AttackKit } from "./attack.ts";
import { withToken, writeHandshake } from "./attack_requests.ts";
import { type AttackName, ATTACKS } from "./attack_shelf.ts";
import { type Excerpt, readExcerpt } from "./attack_source.ts";
import { type Address, DEMO_AUDIENCE, urlOf } from "./environment.ts";
import { GATE_PATH, TICKET_PATH, WATCH_PARAMETER } from "./paths.ts";
import { showEvent, type ShownEvent } from "./shown_event.ts";
import type { Watches } from "./watch.ts";

/** What came of an attack: `unobserved` when nothing was seen of it, so that nothing can be said. */
export type AttackOutcome = "refused" | "refused_otherwise" | "not_refused" | "unobserved";

/** What is told of an attack. */
export interface AttackReport {
  readonly name: AttackName;
  readonly title: string;
  readonly hope: string;
  readonly outcome: AttackOutcome;
  /** What refused it, as it happened; `undefined` if nothing did. */
  readonly refusedBy: string | undefined;
  /** The rule that is to refuse it. */
  readonly expected: string;
  /** Where the rule that refused it is written down, and what is written there, as far as that is known. */
  readonly clause: string | undefined;
  readonly says: string | undefined;
  /** The place that refused it; `undefined` when another one did, or none. */
  readonly source: Excerpt | undefined;
  /** Everything that the gate did, in its order. */
  readonly events: readonly ShownEvent[];
}

/** What attacks are run with. */
export interface AttackOptions {
  readonly address: Address;
  readonly key: HmacKey;
  readonly watches: Watches;
}

/** An attack that gets no answer in this time has had none. */
const DEADLINE_MS = 3_000;

/** Runs an attack. @returns What came of it; `undefined` when it cannot be watched, and so was not run. */
export async function runAttack(
  name: AttackName,
  options: AttackOptions,
): Promise<AttackReport | undefined> {
  const { attack } = ATTACKS[name];
  const watch = `attack-${randomUUID()}`;
  const kit = kitFor(options, watch);
  // The frames of an attack come from somebody who has been let in.
  const request = attack.kind === "handshake" ? await attack.request(kit) : withToken(kit);
  const frames = attack.kind === "handshake" ? undefined : attack.frames();
  const events = await observe(options, watch, request, frames);
  return events === undefined ? undefined : reportOf(name, events);
}

/** Says what came of an attack. The words of the shelf are shown only where the rule of the shelf refused it. */
export function reportOf(name: AttackName, events: readonly TraceEvent[]): AttackReport {
  const { title, hope, rule: expected, clause, says, source } = ATTACKS[name];
  const refusedBy = events.map(refusalIn).find((rule) => rule !== undefined);
  const about = { name, title, hope, expected, refusedBy, events: events.map(showEvent) };
  if (refusedBy === expected) {
    return { ...about, outcome: "refused", clause, says, source: readExcerpt(source) };
  }
  const outcome = events.length === 0
    ? "unobserved"
    : refusedBy === undefined
    ? "not_refused"
    : "refused_otherwise";
  return { ...about, outcome, ...frameRuleOf(refusedBy), source: undefined };
}

/** What is known of a rule on frames; of other rules, only their names are. */
function frameRuleOf(rule: string | undefined): Pick<AttackReport, "clause" | "says"> {
  if (!isFrameRule(rule)) return { clause: undefined, says: undefined };
  const { section, sentence } = FRAME_RULES[rule];
  return { clause: section.startsWith("§") ? `RFC 6455 ${section}` : section, says: sentence };
}

function isFrameRule(rule: string | undefined): rule is FrameRuleName {
  return rule !== undefined && Object.hasOwn(FRAME_RULES, rule);
}

/** Sends, and watches until the gate has said no, or the time is up. @returns `undefined` when nobody can watch. */
function observe(
  { address, watches }: AttackOptions,
  watch: string,
  request: string,
  frames: Buffer | undefined,
): Promise<readonly TraceEvent[] | undefined> {
  return new Promise((resolve) => {
    const events: TraceEvent[] = [];
    const stop = watches.watch(watch, (event) => {
      events.push(event);
      // The session is there: what is sent now comes from somebody who has been let in.
      if (event.kind === "lease" && event.change === "opened" && frames !== undefined) socket.write(frames);
      if (isOver(events)) queueMicrotask(done);
    }, "attack");
    if (stop === undefined) return resolve(undefined);
    const done = () => {
      deadline.cancel();
      stop();
      socket.destroy();
      resolve(events);
    };
    const deadline = systemClock.after(DEADLINE_MS, done);
    const socket = openSocket(address, done);
    socket.write(request, "latin1");
  });
}

function openSocket({ host, port }: Address, failed: () => void): Socket {
  const socket = connectTcp(port, host);
  socket.on("error", failed);
  // What it says is known from the other side; not to read it would hold it up.
  return socket.resume();
}

/** A refused handshake ends with the decision and its answer, a broken rule with the connection, a denied message with its answer. */
function isOver(events: readonly TraceEvent[]): boolean {
  return events.some((event) =>
    event.kind === "end" ||
    (event.kind === "frame" && event.direction === "out" && isDenial(event.frame.payload)) ||
    (event.kind === "decision" && event.decision.outcome === "refused" &&
      events.some(({ kind }) => kind === "answer"))
  );
}

/** Whether a message of the server says no to one of the client. */
function isDenial(payload: Uint8Array): boolean {
  return Buffer.from(payload).includes('"type":"error"');
}

/** What refused the attack, if this event tells of it. */
function refusalIn(event: TraceEvent): string | undefined {
  if (event.kind === "decision") return event.decision.refused?.reason;
  if (event.kind === "message") return event.outcome === "ok" ? undefined : event.outcome;
  return event.kind === "end" ? event.status.rule : undefined;
}

function kitFor({ address, key }: AttackOptions, watch: string): AttackKit {
  const origin = urlOf("http", address);
  // Another for each attack: an admin who revokes one, or a rate that one has used up, is not in the way of the next.
  const sub = `mallory-${randomUUID().slice(0, 8)}`;
  const token = (expiresInSeconds = 60) => {
    const exp = Math.floor(Date.now() / 1_000) + expiresInSeconds;
    return signToken({ sub, aud: DEMO_AUDIENCE, roles: ["member"], iat: exp - 120, exp }, key);
  };
  const { host } = new URL(origin);
  return {
    host,
    target: `${GATE_PATH}?${WATCH_PARAMETER}=${watch}`,
    token,
    usedTicket: async () => {
      const headers = { Authorization: `Bearer ${token()}` };
      const response = await fetch(`${origin}${TICKET_PATH}`, { method: "POST", headers });
      // While the gate drains there are none; the attack then meets that, too, and is told of it.
      if (!response.ok) return "";
      const { ticket } = await response.json() as { readonly ticket: string };
      await useTicket(address, writeHandshake({ host, target: `${GATE_PATH}?ticket=${ticket}` }));
      return ticket;
    },
  };
}

/** Enters with a ticket, as whoever it belongs to does, and leaves. */
function useTicket(address: Address, request: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connectTcp(address.port, address.host);
    for (const event of ["error", "data", "close"]) {
      socket.once(event, () => {
        socket.destroy();
        resolve();
      });
    }
    socket.write(request, "latin1");
  });
}

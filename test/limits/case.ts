/**
 * A limit, tried from outside: as far as it goes, and one beyond.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { LimitName } from "../../src/base/limits.ts";
import { type Told, untilClose, untilReply } from "../support/conversation.ts";
import { hostSmallGate, type SmallGate, type SmallGateOptions } from "../support/gate_small.ts";
import { bearer, mint, type MintedClaims } from "../support/minted.ts";
import type { HandshakeShape, RawClient } from "../support/raw_http.ts";
import { envelope } from "../support/server_gate.ts";
import { closed } from "../support/server.ts";

/**
 * What whoever goes one beyond meets, as it was on the wire, in the words in which the row of the limit says it; `undefined`
 * where nobody is told anything.
 */
export type Consequence = string | undefined;

/** One limit. */
export interface LimitCase {
  /** What happens one beyond, to stand behind the name of the limit. */
  readonly what: string;
  /** Tries it over a real socket. */
  run(): Promise<Consequence>;
}

/** Those of one concern. */
export type LimitCases<Names extends LimitName> = Readonly<Record<Names, LimitCase>>;

/** Starts a gate, tries something, and cuts everything off. */
export async function withGate<Outcome>(
  options: SmallGateOptions,
  attempt: (gate: SmallGate) => Promise<Outcome>,
): Promise<Outcome> {
  const gate = await hostSmallGate(options);
  try {
    return await attempt(gate);
  } finally {
    await gate.stop();
  }
}

/** Tries something in the first session of a gate. */
export function inside<Outcome>(
  options: SmallGateOptions,
  attempt: (client: RawClient, gate: SmallGate) => Promise<Outcome>,
): Promise<Outcome> {
  return withGate(options, async (gate) => attempt(await enter(gate), gate));
}

/** Enters with a token, by default of `ada`, and reads the `hello`. */
export async function enter(gate: SmallGate, claims: MintedClaims = {}): Promise<RawClient> {
  return (await gate.enter(mint(gate.clock, claims))).client;
}

/** A handshake with a token. */
export function withToken(gate: SmallGate, claims: MintedClaims = {}): HandshakeShape {
  return { fields: bearer(mint(gate.clock, claims)) };
}

/** Knocks in vain. */
export async function refused(gate: SmallGate, shape: HandshakeShape): Promise<Consequence> {
  const { answer } = await gate.knock(shape);
  assert.notEqual(answer.status, 101);
  return answeredWith(answer.status, answer.fields);
}

/** The consequence that a response is; one that time heals must say when to come back. */
export function answeredWith(status: number, fields: Readonly<Record<string, string>>): Consequence {
  if (status === 429 || status === 503) assert.equal(fields["retry-after"], "5");
  return `answered with ${status}`;
}

/** Has a client go without a word, and waits until the server knows. @param index Which of the server's sockets it has. */
export async function leaves(gate: SmallGate, client: RawClient, index: number): Promise<void> {
  client.reset();
  await closed(gate.sockets[index]);
}

/** Asks, and waits for the reply. */
export function ask(client: RawClient, id: string, type = "look", data: unknown = {}): Promise<Told> {
  client.write(envelope(type, id, data));
  return reply(client, id);
}

/** Waits for a reply. */
export async function reply(client: RawClient, id: string): Promise<Told> {
  return (await untilReply(client, id)).at(-1) ?? {};
}

/** Asks for something that must be handled. */
export async function isHeard(client: RawClient, id: string): Promise<void> {
  assert.deepEqual(await ask(client, id), { type: "ok", re: id });
}

/** Waits for the Close frame. */
export async function closedWith(client: RawClient, reason = ""): Promise<Consequence> {
  const { close } = await untilClose(client);
  assert.ok(close.endsWith(reason), close);
  return close.replace(/^close (\d+).*$/, "closed with $1");
}

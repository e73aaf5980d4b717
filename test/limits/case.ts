/**
 * A limit, tried from outside: as far as it goes, and one beyond.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { LimitName } from "../../src/base/limits.ts";
import { hostSmallGate, type SmallGate, type SmallGateOptions } from "../support/gate_small.ts";
import { bearer, mint, type MintedClaims } from "../support/minted.ts";
import type { RawClient } from "../support/raw_http.ts";

/** One limit. */
export interface LimitCase {
  /** What happens one beyond, to stand behind the name of the limit. */
  readonly what: string;
  /** Tries it over a real socket. */
  run(): Promise<void>;
}

/** Those of one concern. */
export type LimitCases<Names extends LimitName> = Readonly<Record<Names, LimitCase>>;

/** Starts a gate, tries something, and cuts everything off. */
export async function withGate(
  options: SmallGateOptions,
  attempt: (gate: SmallGate) => Promise<void>,
): Promise<void> {
  const gate = await hostSmallGate(options);
  try {
    await attempt(gate);
  } finally {
    await gate.stop();
  }
}

/** Knocks with a token. @returns The status, and the client that knocked. */
export async function knock(gate: SmallGate, claims: MintedClaims = {}) {
  const { client, answer } = await gate.knock({ fields: bearer(mint(gate.clock, claims)) });
  return { client, status: answer.status };
}

/** Knocks one time after another, and holds the answers to what is wanted. @returns The clients. */
export async function knocks(
  gate: SmallGate,
  wanted: readonly (readonly [status: number, claims?: MintedClaims])[],
): Promise<RawClient[]> {
  const clients: RawClient[] = [];
  for (const [status, claims] of wanted) {
    const knocked = await knock(gate, claims);
    assert.equal(knocked.status, status);
    clients.push(knocked.client);
  }
  return clients;
}

/** Waits until the server has forgotten a client. */
export async function gone(gate: SmallGate, client: RawClient, index: number): Promise<void> {
  const socket = gate.sockets[index];
  const closed = new Promise((resolve) =>
    socket?.destroyed === true ? resolve(true) : socket?.once("close", resolve)
  );
  client.reset();
  await closed;
}

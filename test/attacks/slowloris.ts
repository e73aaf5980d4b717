/**
 * Places are few. Whoever takes one and speaks as slowly as he can keeps it for as long as nobody looks at the clock.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { mint } from "../support/minted.ts";
import type { RawClient } from "../support/raw_http.ts";
import { text } from "../support/raw_http_frames.ts";
import { type Attack, comesTrue, onGate, onNaive, outcome, until } from "./attack.ts";
import { naiveFirstMessage } from "./naive/first_message.ts";

/** How many connections the servers hold that have not shown a token. */
const PLACES = 10;
/** A first message but for its last byte, which never comes. */
const SLOW: Buffer = text('{"type":"auth","token":"alice-7c1d"}').subarray(0, -1);
const AUTH_TIMEOUT_MS = 5_000;
/** How long a gate waits for those whom it has told to go. */
const CLOSE_TIMEOUT_MS = 3_000;

interface Target {
  readonly sockets: readonly Socket[];
  knock(): Promise<{ readonly client: RawClient }>;
}

/** Takes all places, and sends each byte when the one before has arrived everywhere, and `between` is over. */
async function dripIntoAllPlaces(target: Target, between: () => unknown): Promise<RawClient[]> {
  const clients: RawClient[] = [];
  while (clients.length < PLACES) clients.push((await target.knock()).client);
  const sockets = target.sockets.slice(0, PLACES);
  const readBytes = () => sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  for (const byte of SLOW) {
    const before = readBytes();
    for (const client of clients) client.write(Uint8Array.of(byte));
    await until(() => readBytes() === before + PLACES, "the byte has arrived");
    await between();
  }
  return clients;
}

export const slowloris: Attack = {
  name: "slowloris",
  summary:
    "Clients that are let in to show a token send it a byte at a time, and never to its end, until no place is left.",
  clause: "RFC 6455 §10.4 (limits), CWE-400, CVE-2007-6750",
  sends: [
    `${PLACES} clients: a handshake without a token, to show one in the first message`,
    `then that message without its last byte, ${SLOW.length} bytes one at a time`,
  ],
  naive: "first_message",
  defence: {
    file: "src/io/first_message.ts",
    text: 'this.#connection.close(CLOSE.deadline.code, "No token in time");',
  },
  chapter: 1,

  async againstNaive() {
    return await onNaive(naiveFirstMessage(PLACES), async (target) => {
      await dripIntoAllPlaces(target, () => undefined);
      const open = target.sockets.filter((socket) => !socket.destroyed).length;
      const visitor = await target.knock();
      return outcome(
        visitor.answer.status === 503 && open === PLACES,
        `${PLACES} clients have sent ${SLOW.length} bytes each and hold all ${open} places; a visitor is answered 503`,
        "the places are free again",
      );
    });
  },

  async againstGate() {
    const limits = {
      maxUnauthenticated: PLACES,
      authTimeoutMs: AUTH_TIMEOUT_MS,
      closeTimeoutMs: CLOSE_TIMEOUT_MS,
    };
    return await onGate({ carriers: ["authorization", "message"], limits }, async (gate) => {
      const clients = await dripIntoAllPlaces(gate, () => gate.clock.advance(AUTH_TIMEOUT_MS / 50));
      // Those who show their token at the door do not depend on these places, even while all are taken.
      const full = await gate.knock();
      await gate.enter(mint(gate.clock));
      const heardBytes = clients.map(({ socket }) => socket.bytesRead);
      gate.clock.advance(AUTH_TIMEOUT_MS / 5);
      await comesTrue(() => clients.every(({ socket }, i) => socket.bytesRead > (heardBytes[i] ?? 0)));
      // They answer nothing and end nothing. Why should they?
      gate.clock.advance(CLOSE_TIMEOUT_MS);
      const areFree = await comesTrue(() => gate.sockets.slice(0, PLACES).every(({ closed }) => closed));
      const visitor = await gate.knock();
      const isLetIn = visitor.answer.status === 101;
      if (!areFree || !isLetIn) {
        return outcome(
          true,
          `${AUTH_TIMEOUT_MS} ms are over, and a visitor is answered ${visitor.answer.status}`,
          "",
        );
      }
      const ends = await Promise.all(clients.map((client) => client.said()));
      return outcome(
        false,
        "",
        `whoever has a token came in all the time; for others, places were full (${full.answer.status}) for ${AUTH_TIMEOUT_MS} ms, then all ${PLACES} were told "${
          ends[0]
        }", and cut off ${CLOSE_TIMEOUT_MS} ms later`,
      );
    });
  },
};

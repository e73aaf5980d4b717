/**
 * A Close frame ends a WebSocket, and a descriptor lives until the peer ends TCP too. Nothing makes him.
 *
 * @module
 */

import type { Socket } from "node:net";
import { bearer, mint } from "../support/minted.ts";
import { handshake, type HandshakeShape, RawClient } from "../support/raw_http.ts";
import { close } from "../support/raw_http_frames.ts";
import { type Attack, onGate, onNaive, outcome, until } from "./attack.ts";
import { naiveEcho } from "./naive/echo.ts";

/** How many say goodbye and stay. */
const GUESTS = 20;
const CLOSE = close(1000);
const CLOSE_TIMEOUT_MS = 3_000;

/** Comes in by a socket that does not end TCP by itself when the server does, as those of `node:net` do otherwise. */
async function comeIn(port: number, shape: HandshakeShape = {}): Promise<RawClient> {
  const client = await RawClient.open(port, "127.0.0.1", true);
  client.write(handshake(shape));
  await client.response();
  return client;
}

/** How many of the server's sockets, and so of its descriptors, are still there. */
function heldOf(sockets: readonly Socket[]): number {
  return sockets.slice(0, GUESTS).filter((socket) => !socket.destroyed).length;
}

export const closeAndStay: Attack = {
  name: "close_and_stay",
  summary:
    "Clients say goodbye with a Close frame, or do not answer the server's, and never end TCP: each keeps a descriptor.",
  clause: "RFC 6455 §7.1.1, CWE-772 (a resource that is not released)",
  sends: [
    `${CLOSE.toString("hex")}: a Close frame with 1000, as politely as anybody`,
    "no FIN of TCP, when the server has sent its own; and where the server closes first, not even the Close frame",
  ],
  naive: "echo",
  defence: {
    file: "src/io/linger.ts",
    text: "const deadline = cutOffWhenStalled(clock, timeoutMs, socket, () => socket.destroy());",
  },
  chapter: 4,

  async againstNaive() {
    return await onNaive(naiveEcho(), async ({ port, sockets }) => {
      const ends: string[] = [];
      for (let guest = 0; guest < GUESTS; guest++) {
        const client = await comeIn(port);
        client.write(CLOSE);
        ends.push(await client.said());
        await until(() => client.socket.readableEnded, "the server has ended its side");
      }
      const isHeld = heldOf(sockets) === GUESTS && sockets.every(({ timeout = 0 }) => timeout === 0);
      return outcome(
        isHeld && ends.every((end) => end === "close 1000"),
        `${GUESTS} clients were told "${
          ends[0]
        }", and are gone for the program; their ${GUESTS} descriptors stay, and no timer runs`,
        "the descriptors are free again",
      );
    });
  },

  async againstGate() {
    const limits = { maxConnections: GUESTS, closeTimeoutMs: CLOSE_TIMEOUT_MS };
    return await onGate({ limits }, async (gate) => {
      const ends: string[] = [];
      for (let guest = 0; guest < GUESTS; guest++) {
        const sub = `guest-${guest}`;
        const client = await comeIn(gate.port, { fields: bearer(mint(gate.clock, { sub })) });
        await client.json();
        // Every other one is closed by the gate, and does not answer.
        if (guest % 2 === 0) client.write(CLOSE);
        else gate.gate.groups.close({ subject: sub }, 3003, "out");
        ends.push(await client.said());
      }
      const token = { fields: bearer(mint(gate.clock)) };
      const full = await gate.knock(token);
      gate.clock.advance(CLOSE_TIMEOUT_MS - 1);
      const before = heldOf(gate.sockets);
      gate.clock.advance(1);
      const held = heldOf(gate.sockets);
      if (held > 0) return outcome(true, `the gate still holds ${held} of ${GUESTS} descriptors`, "");
      await until(() => gate.sockets.slice(0, GUESTS).every(({ closed }) => closed), "the places are free");
      const visitor = await gate.knock(token);
      return outcome(
        visitor.answer.status !== 101,
        `a visitor is answered ${visitor.answer.status}`,
        `told "${ends[0]}" or "${
          ends[1]
        }", they held ${before} descriptors for ${CLOSE_TIMEOUT_MS} ms, and a visitor was answered ${full.answer.status}; then all were cut off, and the next was let in`,
      );
    });
  },
};

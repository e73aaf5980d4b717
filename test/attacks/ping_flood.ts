/**
 * Each ping is answered. Whoever asks and never reads has the answers pile up at the other end.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { untilClose } from "../support/conversation.ts";
import { mint } from "../support/minted.ts";
import type { Socket } from "node:net";
import type { RawClient } from "../support/raw_http.ts";
import { clientFrame } from "../support/raw_http_frames.ts";
import { type Attack, mebibytes, onGate, onNaive, outcome, until } from "./attack.ts";
import { naiveEcho } from "./naive/echo.ts";

/** What a server must not keep for one peer. */
const MUCH_BYTES = 2_097_152;
/** More than the system takes on both sides. */
const FLOOD_BYTES = 33_554_432;
/** Pings of 125 bytes. */
const PINGS = Buffer.concat(new Array<Buffer>(500).fill(clientFrame(9, Buffer.alloc(125, "x"))));

/** Pings and does not read, until the server keeps much, or takes no more. @returns How much it keeps. */
async function flood(client: RawClient, socket: Socket | undefined): Promise<number> {
  const kept = () => socket?.writableLength ?? 0;
  client.socket.pause();
  for (
    let sent = 0;
    sent < FLOOD_BYTES && kept() < MUCH_BYTES && socket?.isPaused() === false;
    sent += PINGS.length
  ) {
    client.write(PINGS);
    await until(
      () => client.socket.writableLength === 0 || socket.isPaused(),
      "the server has taken the pings",
    );
  }
  return kept();
}

export const pingFlood: Attack = {
  name: "ping_flood",
  summary: "A client sends pings without end and reads none of the pongs, which the server keeps for it.",
  clause:
    "RFC 6455 §5.5.3 (only the latest ping need be answered); undici GHSA-9fm3-97px-rjf6, curl CVE-2026-11586",
  defence: {
    file: "src/protocol/protocol.ts",
    text: 'if (!this.#events.mayControl()) return this.#fail("too_many_control_frames");',
  },

  async againstNaive() {
    return await onNaive(naiveEcho(), async ({ sockets, knock }) => {
      const { client } = await knock();
      const kept = await flood(client, sockets[0]);
      return outcome(
        kept >= MUCH_BYTES,
        `the server keeps ${mebibytes(kept)} of pongs for one client, and takes more pings`,
        `it keeps ${mebibytes(kept)}`,
      );
    });
  },

  async againstGate() {
    return await onGate({}, async (gate) => {
      const { client } = await gate.enter(mint(gate.clock));
      const [socket] = gate.sockets;
      const kept = await flood(client, socket);
      client.socket.resume();
      const { close } = await untilClose(client);
      return outcome(
        kept >= MUCH_BYTES || !close.startsWith("close 1008"),
        `the gate keeps ${mebibytes(kept)} of pongs, and says ${close}`,
        `the gate keeps ${mebibytes(kept)} of pongs, then says ${close}`,
      );
    });
  },
};

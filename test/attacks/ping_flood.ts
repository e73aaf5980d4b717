/**
 * Each ping is answered. Whoever asks and never reads has the answers pile up at the other end.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { LIMITS } from "../../src/base/limits.ts";
import { keptBytes } from "../support/garbage.ts";
import { untilClose } from "../support/conversation.ts";
import type { SmallGate } from "../support/gate_small.ts";
import { mint } from "../support/minted.ts";
import type { RawClient } from "../support/raw_http.ts";
import { clientFrame } from "../support/raw_http_frames.ts";
import { type Attack, comesTrue, mebibytes, onGate, onNaive, outcome, until } from "./attack.ts";
import { naiveEcho } from "./naive/echo.ts";

/** What a server must not keep for one peer. */
const MUCH_BYTES = 2_097_152;
/** Pings of 125 bytes, so many at once. */
const BATCH = 500;
const PINGS = Buffer.concat(new Array<Buffer>(BATCH).fill(clientFrame(9, Buffer.alloc(125, "x"))));
/** With these, pongs are more than the system takes on both sides. */
const BATCHES = 512;
/** In this time a gate lets a batch pass. */
const BATCH_MS = 1_000 * BATCH / LIMITS.maxControlFramesPerSecond.default;
/** So many batches come before a gate has waited long enough for the answer to its Close frame. */
const LAST_BATCHES = Math.floor(LIMITS.closeTimeoutMs.default / BATCH_MS) - 1;

/** Pings and does not read, batch after batch, until the server takes no more, or much is in its queue. */
async function flood(client: RawClient, socket: Socket, batches: number, after: () => void): Promise<void> {
  client.socket.pause();
  const isOver = () => socket.isPaused() || socket.writableEnded || socket.writableLength >= MUCH_BYTES;
  for (let batch = 0; batch < batches && !isOver(); batch++) {
    const readBytes = socket.bytesRead + PINGS.length;
    client.write(PINGS);
    await until(() => socket.bytesRead >= readBytes || isOver(), "the server has taken the pings");
    after();
  }
}

export const pingFlood: Attack = {
  name: "ping_flood",
  summary: "A client sends pings without end and reads none of the pongs, which the server keeps for it.",
  clause:
    "RFC 6455 §5.5.3 (only the latest ping need be answered); undici GHSA-9fm3-97px-rjf6, curl CVE-2026-11586, ws before 8.23",
  sends: [
    `${PINGS.toString("hex", 0, 6)}…: a ping of 125 bytes, again and again`,
    "and nothing of what comes back is read",
    "to the gate: once more than it allows, and once as many; told to go, no Close frame, and more of them",
  ],
  naive: "echo",
  // On an open connection it would do that nothing more is read from a client that does not read. A gate that waits for a Close frame reads.
  defence: { file: "src/protocol/protocol.ts", text: "this.#owedPong = Buffer.from(payload);" },
  chapter: 9,

  async againstNaive() {
    return await onNaive(naiveEcho(), async ({ sockets, knock }) => {
      const { client } = await knock();
      const before = await keptBytes();
      await flood(client, sockets[0] as Socket, BATCHES, () => undefined);
      const kept = await keptBytes() - before;
      return outcome(
        kept >= MUCH_BYTES,
        `the server keeps ${
          mebibytes(kept)
        } for one client that does not read its pongs, and takes more pings`,
        `it keeps ${mebibytes(kept)}`,
      );
    });
  },

  async againstGate() {
    return await onGate({}, async (gate) => {
      const [fast, end] = await fasterThanAllowed(gate);
      const [open, closing] = await asFastAsAllowed(gate);
      return outcome(
        Math.max(fast, open, closing) >= MUCH_BYTES,
        `for a client that does not read its pongs the gate keeps ${
          mebibytes(open)
        }, when that is told to go ${mebibytes(closing)}, for one that is too fast ${mebibytes(fast)}`,
        `for a client that is too fast the gate keeps ${
          mebibytes(fast)
        }, and says ${end}; for one that is not ${mebibytes(open)}, and when that is told to go, ${
          mebibytes(closing)
        }`,
      );
    });
  },
};

/** All pings come in a moment. @returns What the gate keeps, and how it ends that. */
async function fasterThanAllowed(gate: SmallGate): Promise<[kept: number, end: string]> {
  const { client } = await gate.enter(mint(gate.clock));
  const socket = gate.sockets.at(-1) as Socket;
  const before = await keptBytes();
  await flood(client, socket, BATCHES, () => undefined);
  const kept = await keptBytes() - before;
  client.socket.resume();
  const isEnded = await comesTrue(() => socket.writableEnded);
  const end = isEnded ? (await untilClose(client)).close : "nothing";
  client.reset();
  await until(() => socket.closed, "its connection is gone");
  return [kept, end];
}

/** In the end the gate reads none of them, but must once it has sent a Close frame and awaits another. @returns What it keeps before and after. */
async function asFastAsAllowed(gate: SmallGate): Promise<[open: number, closing: number]> {
  const { client } = await gate.enter(mint(gate.clock, { sub: "mallory" }));
  const socket = gate.sockets.at(-1) as Socket;
  const before = await keptBytes();
  const pace = () => gate.clock.advance(BATCH_MS);
  await flood(client, socket, BATCHES, pace);
  const open = await keptBytes() - before;
  gate.gate.revoke({ subject: "mallory" });
  await flood(client, socket, LAST_BATCHES, pace);
  return [open, await keptBytes() - before];
}

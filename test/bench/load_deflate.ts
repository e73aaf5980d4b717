/**
 * The load for compressed echoes: JSON messages that resemble each other, compressed before the clock starts as a client with
 * context takeover does it. Replies are counted, not decompressed; their length tells the ratio. Run as a process of its own:
 * `node load_deflate.ts URL '{"connections":50,"depth":8,…}'`; prints one line of JSON.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { constants, deflateRawSync } from "node:zlib";
import { type Load, maskedFrame, open } from "./load.ts";

/** After so many messages, a client begins again with the first. */
const CYCLE = 1_000;

/** As a browser offers it. */
const OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

let drawn = 7;

function draw(below: number): number {
  drawn = (Math.imul(drawn, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((drawn / 0x1_0000_0000) * below);
}

/**
 * About 150 bytes. What changes from one to the next cannot be foretold, but comes from the same places; it is the same in each run
 * (a linear congruence).
 */
const MESSAGES: readonly Buffer[] = Array.from({ length: CYCLE }, (_, n) => {
  const [room, user, ms] = [draw(7), draw(1_000), draw(1_000)];
  return Buffer.from(JSON.stringify({
    type: "chat.said",
    id: String(1_000 + n),
    data: { room: `lobby-${room}`, user: `user${user}`, at: 1_700_000_000_000 + n * 1_000 + ms },
    text: `message ${n} says hello to everybody here`,
  }));
});

function messageAt(i: number): Buffer {
  return MESSAGES[i % CYCLE] as Buffer;
}

async function measure(target: URL, load: Load) {
  const { socket: probe, head } = await open(target, OFFER);
  probe.destroy();
  const bits = Number(/client_max_window_bits=(\d+)/.exec(head)?.[1] ?? 15);
  const frames = Array.from({ length: 2 * CYCLE }, (_, i) => frameAt(i, bits));
  const clients = await Promise.all(
    Array.from({ length: load.connections }, async () => {
      const { socket } = await open(target, OFFER);
      return new Client(socket, frames);
    }),
  );
  for (const client of clients) client.send(load.depth);
  await sleep(load.durationMs / 5);
  const sum = () => {
    const total = { messages: 0, bytes: 0 };
    for (const { messages, bytes } of clients) {
      total.messages += messages;
      total.bytes += bytes;
    }
    return total;
  };
  const before = sum();
  const startMs = performance.now();
  await sleep(load.durationMs);
  const seconds = (performance.now() - startMs) / 1_000;
  const after = sum();
  const messages = after.messages - before.messages;
  const plainBytes = Array.from({ length: CYCLE }, (_, i) => messageAt(i).length).reduce((
    a,
    b,
  ) => a + b) /
    CYCLE;
  return {
    messagesPerSecond: Math.round(messages / seconds),
    size: (after.bytes - before.bytes) / messages / plainBytes,
  };
}

/** The first cycle refers to what has been sent until then, later ones to the cycle before as well. */
function frameAt(i: number, windowBits: number): Buffer {
  const before: Buffer[] = [];
  for (let at = i - 1, length = 0; at >= 0 && length < 2 ** windowBits; at--) {
    const message = messageAt(at);
    before.unshift(message);
    length += message.length;
  }
  const history = Buffer.concat(before).subarray(-(2 ** windowBits));
  const options = { windowBits, finishFlush: constants.Z_SYNC_FLUSH };
  const packed = deflateRawSync(
    messageAt(i),
    history.length === 0 ? options : { ...options, dictionary: history },
  );
  return maskedFrame(0x41, packed.subarray(0, -4));
}

class Client {
  messages = 0;
  /** Of the payloads of the replies. */
  bytes = 0;
  #next = 0;
  #rest: Buffer = Buffer.alloc(0);
  readonly #socket: Socket;
  readonly #frames: readonly Buffer[];

  constructor(socket: Socket, frames: readonly Buffer[]) {
    this.#socket = socket;
    this.#frames = frames;
    socket.on("data", (chunk: Buffer) => this.#count(chunk));
  }

  send(count: number): void {
    const batch: Buffer[] = [];
    for (; count > 0; count--) {
      batch.push(this.#frames[this.#next] as Buffer);
      this.#next = this.#next + 1 < this.#frames.length ? this.#next + 1 : CYCLE;
    }
    this.#socket.write(Buffer.concat(batch));
  }

  /** Reads the lengths of the replies, none of which is above 64 KiB. */
  #count(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    let complete = 0;
    while (at + 4 <= bytes.length) {
      const short = bytes[at + 1] as number;
      const [header, length] = short < 126 ? [2, short] : [4, bytes.readUInt16BE(at + 2)];
      if (at + header + length > bytes.length) break;
      at += header + length;
      this.bytes += length;
      complete++;
    }
    this.#rest = bytes.subarray(at);
    this.messages += complete;
    if (complete > 0) this.send(complete);
  }
}

const [program, url, load] = process.argv.slice(1);
if (
  program?.endsWith("load_deflate.ts") && url !== undefined &&
  load !== undefined
) {
  console.log(
    JSON.stringify(await measure(new URL(url), JSON.parse(load) as Load)),
  );
  process.exit(0);
}

/**
 * The load for compressed echoes: JSON messages that resemble each other, compressed before the clock starts as a client with
 * context takeover does it. Replies are counted, not decompressed; their length tells the ratio.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { constants, deflateRawSync } from "node:zlib";
import { connectTo, type Peer, type PeerEvents } from "./bun_socket.ts";
import { maskedFrame } from "./frames.ts";
import { type Measured, perSecond, type Task } from "./task.ts";

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
    data: {
      room: `lobby-${room}`,
      user: `user${user}`,
      at: 1_700_000_000_000 + n * 1_000 + ms,
    },
    text: `message ${n} says hello to everybody here`,
  }));
});

function messageAt(i: number): Buffer {
  return MESSAGES[i % CYCLE] as Buffer;
}

/** Drives an echo server that compresses. */
export async function deflate(target: URL, task: Task): Promise<Measured> {
  const terms = await termsOf(target);
  const frames = Array.from({ length: 2 * CYCLE }, (_, i) => frameAt(i, terms));
  const clients: Client[] = [];
  for (let n = 0; n < task.connections; n++) {
    const client = new Client(frames, task.depth);
    clients.push(client);
    await connectTo(target, client, OFFER);
  }
  const sum = (of: "messages" | "bytes") => clients.reduce((total, client) => total + client[of], 0);
  const rate = await perSecond(() => sum("messages"), task.durationMs);
  const plainBytes = MESSAGES.reduce((total, { length }) => total + length, 0) /
    CYCLE;
  return { perSecond: rate, size: sum("bytes") / sum("messages") / plainBytes };
}

/** What the server asks of a client. */
interface Terms {
  readonly windowBits: number;
  /** Whether no message may refer to another. */
  readonly alone: boolean;
}

function termsOf(target: URL): Promise<Terms> {
  return new Promise((resolve) => {
    const opened = ({ head }: Peer) => {
      const windowBits = Number(/client_max_window_bits=(\d+)/.exec(head)?.[1] ?? 15);
      resolve({ windowBits, alone: head.includes("client_no_context_takeover") });
    };
    void connectTo(target, { opened }, OFFER);
  });
}

/** The first cycle refers to what has been sent until then, later ones to the cycle before as well. */
function frameAt(i: number, { windowBits, alone }: Terms): Buffer {
  const before: Buffer[] = [];
  for (let at = i - 1, length = 0; !alone && at >= 0 && length < 2 ** windowBits; at--) {
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

class Client implements PeerEvents {
  messages = 0;
  /** Of the payloads of the replies. */
  bytes = 0;
  #rest: Buffer = Buffer.alloc(0);
  readonly #frames: readonly Buffer[];
  readonly #depth: number;
  #next = 0;

  constructor(frames: readonly Buffer[], depth: number) {
    this.#frames = frames;
    this.#depth = depth;
  }

  opened(peer: Peer): void {
    this.#send(peer, this.#depth);
  }

  /** Reads the lengths of the replies, none of which is above 64 KiB. */
  received(chunk: Buffer, peer: Peer): void {
    const bytes = Buffer.concat([this.#rest, chunk]);
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
    if (complete > 0) this.#send(peer, complete);
  }

  #send(peer: Peer, count: number): void {
    const batch: Buffer[] = [];
    for (let left = count; left > 0; left--) {
      batch.push(this.#frames[this.#next] as Buffer);
      this.#next = this.#next + 1 < this.#frames.length ? this.#next + 1 : CYCLE;
    }
    peer.append(Buffer.concat(batch));
  }
}

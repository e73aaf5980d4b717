/**
 * The gate of a build on sockets that are none: what is measured of it is its own work alone, with no kernel between two figures.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import { maskedText } from "./loads/frames.ts";
import type { Contestant } from "./rounds.ts";
import type { benchGate } from "./servers/bench_gate.ts";
import { BENCH_AUDIENCE, BENCH_SECRET } from "./servers/application.ts";
import type * as library from "../../src/mod.ts";

/** A batch is so many requests, messages to the group, or upgrades. */
const BATCH = { request: 32, group: 1, upgrade: 32 } as const;

/** How many the group has. */
const RECEIVERS = 200;

/** One thing that a gate does. */
export type Way = keyof typeof BATCH;

/** All of them. */
export const WAYS: readonly Way[] = Object.keys(BATCH) as Way[];

/** Those who send take turns, as no session may send as many messages in a second as there are here. */
const SENDERS = 500;

/** Takes everything at once, as a kernel does whose peer reads. */
class NullSocket extends Duplex {
  #last: Uint8Array = NOTHING;

  /** Whether the last that was written holds a text. */
  gotLast(text: string): boolean {
    return Buffer.from(this.#last).includes(text);
  }

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: string, taken: () => void): void {
    this.#last = chunk;
    taken();
  }

  override _final(taken: () => void): void {
    taken();
  }
}

const NOTHING = new Uint8Array(0);

/**
 * Makes what is measured of a build.
 *
 * @param build The folder that `tsc -p test/bench` has written.
 * @returns A contestant for each way.
 */
export async function inMemoryGate(build: URL): Promise<Readonly<Record<Way, Contestant<unknown>>>> {
  const { hmacKey, signToken } = await import(new URL("src/mod.js", build).href) as typeof library;
  const made = await import(new URL("test/bench/servers/bench_gate.js", build).href) as {
    readonly benchGate: typeof benchGate;
  };
  const gate = made.benchGate();
  const key = hmacKey(BENCH_SECRET);
  const exp = Math.floor(Date.now() / 1_000) + 3_600;
  let entered = 0;
  const request = (role: string) => {
    const token = signToken({ sub: `${role} ${++entered}`, aud: BENCH_AUDIENCE, roles: [role], exp }, key);
    const rawHeaders = [...FIELDS, "Authorization", `Bearer ${token}`];
    return { method: "GET", httpVersion: "1.1", url: "/", rawHeaders };
  };
  const enter = (asked: ReturnType<typeof request>) => {
    const socket = new NullSocket();
    gate.handleUpgrade(asked, socket, Buffer.alloc(0));
    return socket;
  };
  for (let i = 0; i < RECEIVERS; i++) enter(request("member"));
  // Admins are in no group.
  const senders = () => new Turns(Array.from({ length: SENDERS }, () => enter(request("admin"))));
  let left: NullSocket[] = [];
  return {
    request: sending(senders(), () => maskedText(POST), BATCH.request),
    group: sending(senders(), () => maskedText(SAY), BATCH.group),
    upgrade: {
      prepare: () => {
        for (const socket of left) socket.emit("close");
        left = [];
        return Array.from({ length: BATCH.upgrade }, () => request("guest"));
      },
      work: (requests) => {
        for (const asked of requests as ReturnType<typeof request>[]) left.push(enter(asked));
      },
    },
  };
}

/** Has one after the other send a batch; an item is a message. */
function sending(
  senders: Turns,
  message: () => Buffer,
  length: number,
): Contestant<unknown> {
  return {
    prepare: () => {
      senders.checkLast();
      const frames = Buffer.concat(Array.from({ length }, message));
      return Array.from({ length }, () => frames);
    },
    work: ([frames]) => void senders.next().emit("data", frames),
  };
}

/** Sockets that take turns. */
class Turns {
  readonly #sockets: readonly NullSocket[];
  #turns = 0;

  constructor(sockets: readonly NullSocket[]) {
    this.#sockets = sockets;
  }

  next(): NullSocket {
    return this.#sockets[this.#turns++ % this.#sockets.length] as NullSocket;
  }

  /** What is fast because it is refused must not count. */
  checkLast(): void {
    if (this.#turns === 0) return;
    const last = this
      .#sockets[(this.#turns - 1) % this.#sockets.length] as NullSocket;
    if (!last.gotLast('"type":"ok"')) {
      throw new Error("A message was not answered with ok.");
    }
  }
}

const FIELDS = [
  "Host",
  "127.0.0.1",
  "Connection",
  "Upgrade",
  "Upgrade",
  "websocket",
  "Sec-WebSocket-Version",
  "13",
  "Sec-WebSocket-Key",
  "dGhlIHNhbXBsZSBub25jZQ==",
];

const POST = JSON.stringify({
  type: "post.create",
  id: "1",
  data: { room: "lobby", text: "Does anybody know when the bus leaves?" },
});

const SAY = JSON.stringify({ type: "group.say", id: "1", data: { count: 1 } });

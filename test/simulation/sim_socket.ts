/**
 * The server's end of a connection on a network that delays, cuts, stalls, loses and breaks, as the draw says.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import type { Draw } from "../fuzz/draw.ts";
import type { SimClock } from "./sim_clock.ts";

/** What the systems on both sides hold of what a peer has not read. */
const CAPACITY_BYTES = 65_536;

const MAX_DELAY_MS = 40;

/** Whom a socket tells what the server says, and that it is gone. */
export interface SocketListener {
  /** The server has written. */
  said(bytes: Buffer): void;
  /** The server has ended its side. */
  saidEnd(): void;
  /** Nothing comes or goes any more. */
  gone(): void;
}

/** One end; the client's is a few methods. */
export class SimSocket extends Duplex {
  readonly remoteAddress: string;
  readonly #clock: SimClock;
  readonly #draw: Draw;
  readonly #listener: SocketListener;
  /** Bytes that the client has not read, and what waits for it to. */
  #unread = 0;
  readonly #held: (() => void)[] = [];
  #client: "reads" | "stalls" | "vanished" = "reads";
  /** What the client has sent and has not arrived. */
  readonly #arrivals: (() => void)[] = [];
  /** When what the client sent last arrives: nothing overtakes. */
  #lastArrivalMs = 0;

  constructor(address: string, clock: SimClock, draw: Draw, listener: SocketListener) {
    super({ allowHalfOpen: true, highWaterMark: 16_384 });
    this.remoteAddress = address;
    this.#clock = clock;
    this.#draw = draw;
    this.#listener = listener;
  }

  /** The client sends bytes, which arrive later, in one piece or in several. */
  arrive(bytes: Buffer): void {
    const cut = this.#draw.chance(0.3) ? this.#draw.below(bytes.length + 1) : bytes.length;
    for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
      // A copy: receivers unmask in place.
      if (piece.length > 0) this.#later(() => void this.push(Buffer.from(piece)));
    }
  }

  /** The client sends its FIN. */
  arriveEnd(): void {
    this.#later(() => void this.push(null));
  }

  /** The client resets, which overtakes nothing that it sent before. */
  arriveReset(): void {
    this.#later(() => void this.destroy(Object.assign(new Error("reset"), { code: "ECONNRESET" })));
  }

  /** The client stops to read, or reads again. */
  stall(stalls: boolean): void {
    if (this.#client === "vanished") return;
    this.#client = stalls ? "stalls" : "reads";
    if (!stalls) this.#read();
  }

  /** Nothing that either side sends from now on arrives, and nobody is told. */
  vanish(): void {
    this.#client = "vanished";
  }

  /** Listened to here, where the server says it: what is written behind other bytes may wait for them. */
  override write(chunk: Buffer, ...rest: unknown[]): boolean {
    this.#listener.said(Buffer.from(chunk as Buffer | string as Buffer));
    return super.write(chunk, ...rest as []);
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#unread += chunk.length;
    if (this.#unread <= CAPACITY_BYTES) done();
    else this.#held.push(done);
    if (this.#client === "reads") this.#clock.after(this.#draw.below(MAX_DELAY_MS), () => this.#read());
  }

  override _final(done: () => void): void {
    this.#listener.saidEnd();
    done();
  }

  override _read(): void {
    // What comes is pushed, asked for or not.
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#held.length = 0;
    this.#listener.gone();
    done(error);
  }

  #read(): void {
    if (this.#client !== "reads") return;
    this.#unread = 0;
    for (const done of this.#held.splice(0)) done();
  }

  #later(arrive: () => void): void {
    const nowMs = this.#clock.now();
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, nowMs + this.#draw.below(MAX_DELAY_MS));
    this.#arrivals.push(arrive);
    this.#clock.after(this.#lastArrivalMs - nowMs, () => {
      // The first that is on its way, whichever timer it is: of two at the same moment, either may be the first.
      const first = this.#arrivals.shift();
      if (this.#client !== "vanished" && !this.destroyed && !this.readableEnded) first?.();
    });
  }
}

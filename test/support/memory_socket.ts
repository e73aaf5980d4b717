/**
 * A pair of connected sockets without a network, on which a test decides when the other side reads.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";

/** One end of a pair. What is written comes out of the other end at once, unless it is stalled. */
export class MemorySocket extends Duplex {
  /** Each write as it would reach the kernel; what was corked together is one. */
  readonly writes: Buffer[] = [];
  #peer: MemorySocket | undefined;
  #stalled = false;
  #held: (() => void)[] = [];

  /** As sockets of `node:http`, it stays open for writing after the other side's end. */
  constructor() {
    super({ allowHalfOpen: true, highWaterMark: 65_536 });
  }

  /** @returns Two ends of one connection. */
  static pair(): [MemorySocket, MemorySocket] {
    const pair: [MemorySocket, MemorySocket] = [new MemorySocket(), new MemorySocket()];
    pair[0].#peer = pair[1];
    pair[1].#peer = pair[0];
    return pair;
  }

  /** From now on the other side does not read: writes stay in this end's queue. */
  stall(): void {
    this.#stalled = true;
  }

  /** The other side reads again. */
  release(): void {
    this.#stalled = false;
    const held = this.#held;
    this.#held = [];
    for (const deliver of held) deliver();
  }

  /** Everything that was written, as one. */
  written(): Buffer {
    return Buffer.concat(this.writes);
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#deliver(chunk, done);
  }

  override _writev(chunks: { readonly chunk: Buffer }[], done: () => void): void {
    this.#deliver(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.#peer?.push(null);
    done();
  }

  override _read(): void {
    // What comes is pushed by the other end, asked for or not.
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#held = [];
    const peer = this.#peer;
    this.#peer = undefined;
    // To the other side, an end without FIN is a reset.
    if (peer?.readableEnded === false && !this.writableFinished) peer.destroy();
    done(error);
  }

  #deliver(bytes: Buffer, done: () => void): void {
    this.writes.push(bytes);
    const deliver = () => {
      // A copy: receivers unmask in place.
      this.#peer?.push(Buffer.from(bytes));
      done();
    };
    if (this.#stalled) this.#held.push(deliver);
    else deliver();
  }
}

/**
 * Frames that many connections send one behind the other: joined once for all of them.
 *
 * The naive way copies each frame into each connection's buffer: 16 messages for a thousand receivers are sixteen thousand copies.
 * But connections that are sent the same frames write the same bytes. So each only keeps its place in a chain of frames, which it has in
 * common with all that were sent the same; the bytes are joined when the first of these connections writes.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** A run: a frame, and all that were sent before it and have not been written yet. */
export class SharedRun {
  /** How many bytes it has in all. */
  readonly length: number;
  readonly #before: SharedRun | undefined;
  readonly #frame: Buffer;
  #joined: Buffer | undefined;
  #next: SharedRun | undefined;

  /**
   * @param frame Must not be changed any more.
   * @param before What comes in front of it.
   */
  constructor(frame: Buffer, before?: SharedRun) {
    this.#frame = frame;
    this.#before = before;
    this.length = frame.length + (before === undefined ? 0 : before.length);
  }

  /**
   * Puts a frame behind this run.
   *
   * @param alone The frame as a run of its own.
   * @returns The same run as the last caller's, when he put the same frame here; otherwise a new one, and only that is remembered.
   */
  followedBy(alone: SharedRun): SharedRun {
    if (this.#next === undefined || this.#next.#frame !== alone.#frame) {
      this.#next = new SharedRun(alone.#frame, this);
    }
    return this.#next;
  }

  /** All frames in their order. The same bytes go to all connections, so they must not be changed. */
  get bytes(): Buffer {
    return this.#joined ??= this.#before === undefined ? this.#frame : this.#join();
  }

  #join(): Buffer {
    const bytes = Buffer.allocUnsafe(this.length);
    bytes.set(this.#frame, this.length - this.#frame.length);
    for (let run = this.#before; run !== undefined; run = run.#before) {
      bytes.set(run.#frame, run.length - run.#frame.length);
    }
    return bytes;
  }
}

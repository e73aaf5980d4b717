/**
 * Memory for output that is written in the turn in which it is made: one piece for all connections.
 *
 * The naive way allocates a buffer for each turn of each connection, and leaves it to the collector. But in most turns the system
 * takes everything at once, and the buffer could serve the next connection right away. A connection whose output is kept back, because
 * its peer does not read, does without: it would have the space for as long as that lasts.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** A turn's output beyond this gets a buffer of its own. */
export const SHARED_SPACE_BYTES = 32_768;

/** What became of memory that was lent: the system has copied it, the socket still has it, or nobody has seen it. */
export type Fate = "copied" | "held" | "unused";

/** One piece of memory, lent to one at a time. */
export class SharedSpace {
  #bytes: Buffer | undefined;
  #isLent = false;

  /** Lends the space. @returns `undefined` while it is lent, or when there is none. */
  borrow(): Buffer | undefined {
    if (this.#isLent || this.#bytes === undefined) return undefined;
    this.#isLent = true;
    return this.#bytes;
  }

  /**
   * Takes the space back, if `bytes` lie in it. The space itself is only made when some other output has been `copied`: on a runtime
   * where writes never finish at once, it would be lost with each use.
   *
   * @param bytes What was written, or was to be.
   * @param fate What became of them; what is `held` is lost.
   */
  giveBack(bytes: Uint8Array, fate: Fate): void {
    if (this.#bytes === undefined) {
      if (fate === "copied") this.#bytes = Buffer.allocUnsafeSlow(SHARED_SPACE_BYTES);
    } else if (this.#isLent && bytes.buffer === this.#bytes.buffer) {
      this.#isLent = false;
      if (fate === "held") this.#bytes = undefined;
    }
  }
}

/** That of all connections of the process. */
export const OUTPUT_SPACE: SharedSpace = new SharedSpace();

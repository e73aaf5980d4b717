/**
 * The last bytes of a stream: what "context takeover" of RFC 7692 §7.1.1 comes to.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { asBuffer } from "../base/bytes.ts";

const NOTHING = Buffer.alloc(0);

/** Remembers the last bytes of all that was appended. */
export class SlidingWindow {
  readonly #size: number;
  #bytes: Buffer = NOTHING;
  #end = 0;

  /** @param size How many bytes are remembered. */
  constructor(size: number) {
    this.#size = size;
  }

  /** The bytes remembered, valid until the next call. */
  get contents(): Buffer {
    return this.#bytes.subarray(Math.max(0, this.#end - this.#size), this.#end);
  }

  /**
   * Puts bytes behind those before; what no longer fits is forgotten.
   *
   * @param source Copied.
   */
  append(source: Uint8Array): void {
    const added = asBuffer(source).subarray(Math.max(0, source.length - this.#size));
    if (this.#end + added.length > this.#bytes.length) this.#makeRoom(added.length);
    added.copy(this.#bytes, this.#end);
    this.#end += added.length;
  }

  /** Twice the window is enough for moving it down only once in a window's worth of bytes. */
  #makeRoom(count: number): void {
    const kept = this.contents;
    const needed = kept.length + count;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(
        Math.min(Math.max(needed, 2 * this.#bytes.length), 2 * this.#size),
      );
      kept.copy(grown);
      this.#bytes = grown;
    } else {
      kept.copy(this.#bytes);
    }
    this.#end = kept.length;
  }
}

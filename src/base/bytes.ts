/**
 * Bytes that arrive in pieces, memory that is given back, and bytes written as text.
 *
 * @module
 */

import { Buffer } from "node:buffer";

const NOTHING = Buffer.alloc(0);

/** A fresh buffer grows at most this many times beyond what has arrived. */
const GROWTH = 4;

/**
 * Puts pieces together, each copied once as it arrives.
 *
 * The naive way keeps the pieces and concatenates them, which copies a large message again with every chunk (quadratic),
 * or allocates the declared length up front, which lets 14 bytes of header reserve a gigabyte. Here the buffer grows
 * with what has *arrived*; what was declared only keeps it from growing further than needed.
 */
export class ByteAccumulator {
  #bytes: Buffer = NOTHING;
  #length = 0;

  /** How many bytes have arrived. */
  get length(): number {
    return this.#length;
  }

  /**
   * Copies a piece behind what is there.
   *
   * @param source Where the piece lies.
   * @param start Its first byte in `source`.
   * @param end One past its last byte in `source`.
   * @param announced How many bytes are known to follow, 0 when nothing is known; a hint, never allocated by itself.
   * @returns Where the piece lies now, valid until the next call.
   */
  append(source: Buffer, start: number, end: number, announced: number): { bytes: Buffer; start: number } {
    const at = this.#length;
    const needed = at + (end - start);
    if (needed > this.#bytes.length) this.#grow(needed, announced);
    source.copy(this.#bytes, at, start, end);
    this.#length = needed;
    return { bytes: this.#bytes, start: at };
  }

  /** Hands over what has arrived and starts afresh. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = NOTHING;
    this.#length = 0;
    return taken;
  }

  #grow(needed: number, announced: number): void {
    const wanted = Math.max(needed, Math.min(needed + announced, GROWTH * needed), 2 * this.#bytes.length);
    const grown = Buffer.allocUnsafeSlow(wanted);
    this.#bytes.copy(grown, 0, 0, this.#length);
    giveBack(this.#bytes);
    this.#bytes = grown;
  }
}

/** Below this, the call costs more than it saves. */
const GIVE_BACK_FROM_BYTES = 16_384;

/** What `ArrayBuffer` can do from Node 21 on. */
interface Transferable {
  transfer?(newByteLength: number): ArrayBuffer;
}

/**
 * Gives memory back at once, where the runtime lets it. Buffers lie outside of the collector's heap, but their bytes count: many of
 * them start a collection of the whole heap, and a server that takes in large messages spent a third of its time there. `transfer(0)`
 * moves the memory into an `ArrayBuffer` of no bytes, which frees it now.
 *
 * @param bytes Nobody looks at them, or at anything else in their memory, any more.
 */
export function giveBack(bytes: Uint8Array): void {
  const memory = bytes.buffer as ArrayBuffer & Transferable;
  // A part of a larger memory has neighbours.
  if (bytes.length < GIVE_BACK_FROM_BYTES || bytes.length !== memory.byteLength) return;
  memory.transfer?.(0);
}

/**
 * Writes bytes as base64url without padding (RFC 4648 §5, RFC 7515 §2).
 *
 * @param bytes The bytes, or text taken as UTF-8.
 * @returns The text.
 */
export function encodeBase64url(bytes: Uint8Array | string): string {
  return (typeof bytes === "string" ? Buffer.from(bytes, "utf8") : asBuffer(bytes)).toString("base64url");
}

// #region decode_base64url
/**
 * Reads base64url, strictly: one text for each sequence of bytes.
 *
 * `Buffer` skips characters that it does not know, takes padding and both alphabets, and drops surplus bits, so that
 * many texts mean the same bytes. A signature that can be rewritten without becoming invalid defeats every list of
 * tokens that compares text.
 *
 * @param text What should be base64url without padding.
 * @returns The bytes, or `undefined` when the text is not the canonical form of any.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64url");
  // Only encoding again tells: it writes nothing but the alphabet, without padding, and zero for the bits that are left over.
  return bytes.toString("base64url") === text ? bytes : undefined;
}
// #endregion

/**
 * Views bytes as a `Buffer` without copying them.
 *
 * @param bytes Any byte array.
 * @returns The same memory.
 */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * UTF-8 that is judged as it arrives (RFC 6455 §8.1, RFC 3629 §4).
 *
 * Waiting for the end of a message before looking at it lets a peer send a megabyte of nonsense before it is refused;
 * decoding with replacement characters makes nonsense look like text.
 *
 * @module
 */

import { type Buffer, isUtf8 } from "node:buffer";

/** Below this many bytes, a loop over ASCII beats the call into native code. */
const NATIVE_FROM_BYTES = 32;

/**
 * Tells whether bytes are one complete text.
 *
 * @param bytes Where the text lies.
 * @param start Its first byte.
 * @param end One past its last byte.
 * @returns Whether it is valid UTF-8 that ends between two characters.
 */
export function isCompleteUtf8(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < NATIVE_FROM_BYTES && isAscii(bytes, start, end)) return true;
  return isUtf8(bytes.subarray(start, end));
}

/**
 * Tells whether all bytes are below 0x80: for those, one byte is one character.
 *
 * @param bytes Where they lie.
 * @param start The first.
 * @param end One past the last.
 */
export function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let seen = 0;
  for (let at = start; at < end; at++) seen |= bytes[at] as number;
  return seen < 0x80;
}

/**
 * Follows a text through pieces that may end inside a character.
 *
 * Where it stands is three numbers: how many continuation bytes are missing, and between which bounds the next one has
 * to lie. The bounds differ from 0x80..0xBF only behind the four lead bytes of RFC 3629 §4 that could otherwise begin
 * an overlong form (E0, F0), a surrogate (ED) or a code point above U+10FFFF (F4).
 */
export class Utf8Validator {
  #missing = 0;
  #lowest = 0x80;
  #highest = 0xbf;

  /** Whether the text ends between two characters here. */
  get complete(): boolean {
    return this.#missing === 0;
  }

  /**
   * Judges the next piece.
   *
   * @returns Whether all that has come so far can still become valid UTF-8.
   */
  push(bytes: Buffer, start: number, end: number): boolean {
    let at = start;
    while (this.#missing > 0 && at < end) if (!this.#step(bytes[at++] as number)) return false;
    const tail = Math.max(at, startOfLastCharacter(bytes, at, end));
    if (!isCompleteUtf8(bytes, at, tail)) return false;
    for (at = tail; at < end; at++) if (!this.#step(bytes[at] as number)) return false;
    return true;
  }

  // #region step
  #step(byte: number): boolean {
    if (this.#missing > 0) {
      if (byte < this.#lowest || byte > this.#highest) return false;
      this.#missing--;
      this.#lowest = 0x80;
      this.#highest = 0xbf;
      return true;
    }
    // ASCII never comes here: it begins no character that a piece's end could cut.
    // C0 and C1 could only begin overlong forms; F5 and above only code points beyond Unicode.
    if (byte < 0xc2 || byte > 0xf4) return false;
    this.#missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    if (byte === 0xe0) this.#lowest = 0xa0;
    if (byte === 0xed) this.#highest = 0x9f;
    if (byte === 0xf0) this.#lowest = 0x90;
    if (byte === 0xf4) this.#highest = 0x8f;
    return true;
  }
  // #endregion
}

/** Where the last character begins, when it may be incomplete; at most 3 bytes before the end. */
function startOfLastCharacter(bytes: Uint8Array, start: number, end: number): number {
  for (let at = end - 1; at >= start && at >= end - 3; at--) {
    const byte = bytes[at] as number;
    if (byte < 0x80) return end;
    if (byte >= 0xc0) return at;
  }
  return end;
}

/**
 * Compressing one message (RFC 7692 §7.2.1; sections here are of that RFC), in one synchronous call.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import { constants, deflateRawSync } from "node:zlib";
import { MIN_WINDOW_BITS } from "./deflate_options.ts";

/**
 * zlib keeps this much of a window for itself (MIN_LOOKAHEAD), and never refers back further than the rest. So this much of a
 * context is not worth remembering.
 */
export const WINDOW_RESERVE_BYTES = 262;

/** §7.2.1, step 3: each flush ends with an empty block without compression, of which these last 4 bytes are not sent. */
const FLUSH_TAIL_BYTES = 4;

/**
 * How hard zlib looks for repetitions, by the length of the message. At level 7, messages of 150 bytes come out up to a tenth
 * shorter than at zlib's default, 6, in the same time; 8 and 9 gain nothing more. But who chooses the text of an echo can choose one
 * in which looking is slow (noise of two letters), and long messages then take a third of a second per mebibyte at level 6, against
 * 36 ms at level 4, which costs some 4 % of size.
 */
const LEVELS = {
  short: { level: 7, upToBytes: 1_024 },
  middle: { level: 6, upToBytes: 8_192 },
  long: { level: 4 },
} as const;

/**
 * Compresses a message.
 *
 * @param history What it may refer to besides itself: the last bytes of what was sent compressed.
 * @param payload The message; not changed.
 * @param maxWindowBits How far back it may refer, as a power of two, by negotiation.
 * @returns What to send, or `undefined` when that would not be shorter, or zlib has no such window.
 */
export function compressAfter(
  history: Buffer,
  payload: Uint8Array,
  maxWindowBits: number,
): Buffer | undefined {
  // #region compress_one
  if (maxWindowBits < MIN_WINDOW_BITS) return undefined;
  // No larger than needed: setting zlib up is most of the cost of a short message.
  const neededBits = Math.ceil(Math.log2(Math.max(history.length, payload.length) + WINDOW_RESERVE_BYTES));
  const packed = deflateRawSync(payload, {
    ...(history.length === 0 ? {} : { dictionary: history }),
    windowBits: Math.max(MIN_WINDOW_BITS, Math.min(neededBits, maxWindowBits)),
    // As many hash chains as there are places, 2^(memLevel + 7), and symbols in a block; 8 is zlib's default.
    memLevel: Math.max(1, Math.min(neededBits - 7, 8)),
    level: levelFor(payload.length),
    chunkSize: Math.min(Math.max(payload.length, 1_024), 65_536),
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  const length = packed.length - FLUSH_TAIL_BYTES;
  return length < payload.length ? packed.subarray(0, length) : undefined;
  // #endregion
}

function levelFor(bytes: number): number {
  const { short, middle, long } = LEVELS;
  if (bytes <= short.upToBytes) return short.level;
  return bytes <= middle.upToBytes ? middle.level : long.level;
}

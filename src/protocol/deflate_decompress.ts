/**
 * Decompressing one message (RFC 7692 §7.2.2; sections here are of that RFC), in synchronous calls that stop at the limit: a bomb is a
 * few bytes that inflate to many.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { inflateRawSync } from "node:zlib";
import { fault, ok, type Result } from "../base/result.ts";
import type { FrameRuleName } from "./rules.ts";

/**
 * What §7.2.2 puts back, and behind it an empty last block (BFINAL). With it, zlib itself tells whether the message ended where a
 * block does; a stream that is only flushed takes what is cut off for what has not arrived yet.
 */
const MESSAGE_END: Buffer = Buffer.from([0x00, 0x00, 0xff, 0xff, 0x01, 0x00, 0x00, 0xff, 0xff]);

/** Another end, for a message that seems to contain {@link MESSAGE_END}: the last block is one of 2 bytes. */
const OTHER_END: Buffer = Buffer.from([0x00, 0x00, 0xff, 0xff, 0x03, 0x00]);

/**
 * §7.2.3.4 lets a sender end a message with a last block, behind which more may come. Stricter than the RFC, which sets no bound:
 * because each takes a decompressor of its own, and a message of nothing else would cost seconds.
 */
const MAX_FINAL_BLOCKS = 8;

/** Nothing in DEFLATE refers back further. */
const MAX_DISTANCE_BYTES = 32_768;

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * How many bytes a compressed message may have when it may inflate to `maxBytes`: what does not shrink grows, by at most an eighth
 * (zlib's `deflateBound`).
 */
export function maxCompressedBytes(maxBytes: number): number {
  return maxBytes + Math.ceil(maxBytes / 8) + 64;
}

/**
 * Decompresses a message.
 *
 * @param history What it may refer to besides itself: the last bytes of what was received compressed.
 * @param payload As it came, its fragments put together.
 * @param maxBytes How long it may become; zlib stops there.
 * @returns The message, in memory of its own; or the rule that it breaks.
 */
export function decompressAfter(
  history: Buffer,
  payload: Buffer,
  maxBytes: number,
): Result<Buffer, FrameRuleName> {
  // #region last_blocks
  const parts: Buffer[] = [];
  let length = 0;
  let before = history;
  let rest: Buffer = Buffer.concat([payload, MESSAGE_END]);
  for (let blocks = 0; blocks <= MAX_FINAL_BLOCKS; blocks++) {
    const inflated = inflate(before, rest, maxBytes - length);
    if (!inflated.ok) return inflated;
    const { bytes, consumed } = inflated.value;
    parts.push(bytes);
    length += bytes.length;
    if (consumed === rest.length) {
      const whole = !endsIn(bytes, MESSAGE_END) || endsWith(OTHER_END, before, rest, bytes.length);
      return whole ? ok(inOwnMemory(parts, length)) : fault("compressed_data");
    }
    rest = rest.subarray(consumed);
    before = lastOf(before, bytes);
  }
  return fault("compressed_data");
  // #endregion
}

/** A block without compression that lacks as many bytes as we append takes them for its own; it would not take others. */
function endsWith(end: Buffer, history: Buffer, packed: Buffer, length: number): boolean {
  const payload = packed.subarray(0, packed.length - MESSAGE_END.length);
  return inflate(history, Buffer.concat([payload, end]), length).ok;
}

function endsIn(bytes: Buffer, end: Buffer): boolean {
  return bytes.subarray(Math.max(0, bytes.length - end.length)).equals(end);
}

/** Inflates up to the next last block. What a peer sends decides whether zlib throws; here that becomes a value. */
function inflate(
  history: Buffer,
  packed: Buffer,
  maxBytes: number,
): Result<{ bytes: Buffer; consumed: number }, FrameRuleName> {
  // #region inflate_capped
  try {
    const options = {
      ...(history.length === 0 ? {} : { dictionary: history }),
      // zlib's output comes in pieces; its default of 16 KiB is a hundred times what a short message needs.
      chunkSize: Math.min(Math.max(8 * packed.length, 1_024), 65_536),
      // What stops a bomb. zlib does not take 0; one byte too many shows below.
      maxOutputLength: Math.max(1, maxBytes),
      info: true,
    };
    // With `info`, the result is another one than the types of Node say.
    const { buffer, engine } = inflateRawSync(packed, options) as unknown as Inflated;
    return buffer.length > maxBytes
      ? fault("message_too_big")
      : ok({ bytes: buffer, consumed: engine.bytesWritten });
  } catch (error) {
    return fault(
      (error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE" ? "message_too_big" : "compressed_data",
    );
  }
  // #endregion
}

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function lastOf(before: Buffer, bytes: Buffer): Buffer {
  const needed = Math.max(0, MAX_DISTANCE_BYTES - bytes.length);
  return Buffer.concat([
    before.subarray(Math.max(0, before.length - needed)),
    bytes.subarray(Math.max(0, bytes.length - MAX_DISTANCE_BYTES)),
  ]);
}

/**
 * Short output of zlib lies in a pool that the whole process shares: whoever is handed it, and looks at `buffer` instead of the view,
 * reads what other connections received.
 */
function inOwnMemory(parts: readonly Buffer[], length: number): Buffer {
  const [first = NOTHING] = parts;
  if (parts.length === 1 && first.buffer.byteLength <= 2 * length) return first;
  const message = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const part of parts) at += part.copy(message, at);
  return message;
}

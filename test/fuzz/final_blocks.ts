/**
 * Whether a compressed message has a last block of DEFLATE before its end, found out apart from the code under test.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { constants, inflateRawSync } from "node:zlib";
import { parseFrame } from "../support/raw_http_frames.ts";

const RSV1 = 0x40;
/** What RFC 7692 §7.2.2 puts back, and one octet more: it is left over when a last block ends right before it. */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff, 0x00]);
const TEXT = 1;
const CONTINUATION = 0;
const CONTROL = 8;

/** Any history does: where blocks begin and end does not depend on what they refer to. */
const HISTORY = Buffer.alloc(32_768);

/** Tells whether one of the compressed messages of a stream has such a block. */
export function hasFinalBlock(stream: Buffer): boolean {
  let message: Buffer[] = [];
  let rest = stream;
  for (
    let read = parseFrame(rest);
    read !== undefined;
    read = parseFrame(rest)
  ) {
    const compressed = (rest.readUInt8(0) & RSV1) !== 0;
    const { opcode, payload } = read.frame;
    if (opcode >= TEXT && opcode < CONTROL) {
      message = compressed ? [payload] : [];
    } else if (opcode === CONTINUATION && message.length > 0) {
      message.push(payload);
    }
    if (message.length > 0 && endsEarly(Buffer.concat([...message, TAIL]))) return true;
    rest = rest.subarray(read.size);
  }
  return false;
}

function endsEarly(packed: Buffer): boolean {
  try {
    const options = { dictionary: HISTORY, info: true, finishFlush: constants.Z_SYNC_FLUSH };
    // With `info`, the result is another one than the types of Node say.
    const { engine } = inflateRawSync(packed, options) as unknown as {
      engine: { bytesWritten: number };
    };
    return engine.bytesWritten < packed.length;
  } catch {
    return false; // No DEFLATE at all.
  }
}

/**
 * The ways to spoil a valid sequence of frames. A random byte stream ends at its first frame nearly always; what is nearly
 * valid gets as far as the rule that it breaks.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { type FrameParts, hex } from "../support/frames.ts";
import { BOMB } from "./deflate_source.ts";
import type { Draw } from "./draw.ts";
import { COMPRESSED, drawClose } from "./frames_source.ts";

/** Octets that UTF-8 forbids, or allows in some places only. */
const ODD_OCTETS: Buffer = hex("00 7f 80 8f 90 9f a0 bf c0 c1 c2 e0 ed f0 f4 f5 ff");

const CLOSE_CODES = [0, 999, 1000, 1003, 1004, 1005, 1006, 1007, 1014, 1015, 1016, 2999, 3000, 4999, 5000];

const DECLARED = [0n, 1n, 125n, 126n, 65_535n, 65_536n, 1n << 32n, 1n << 40n, 1n << 53n, 1n << 63n];

/** The ways to spoil one frame; some may leave it valid. */
const SPOILS: Readonly<Record<string, (draw: Draw, parts: FrameParts) => FrameParts>> = {
  fin: (_, parts) => ({ ...parts, fin: !(parts.fin ?? true) }),
  rsv: (draw, parts) => ({ ...parts, rsv: draw.between(1, 7) }),
  opcode: (draw, parts) => ({ ...parts, opcode: draw.below(16) }),
  masked: (_, parts) => ({ ...parts, masked: !(parts.masked ?? false) }),
  extension: (draw, parts) => ({ ...parts, extension: draw.pick([0, 2, 8] as const) }),
  declared: (draw, parts) => ({ ...parts, declared: draw.pick(DECLARED) }),
  close: (draw, parts) => ({ ...parts, ...drawClose(draw, draw.pick(CLOSE_CODES)) }),
  short_close: (draw, parts) => ({ ...parts, opcode: 8, payload: draw.bytes(draw.between(0, 3)) }),
  long_control: (draw, parts) => ({ ...parts, opcode: draw.between(8, 10), payload: draw.bytes(126) }),
  octet: (draw, parts) => ({ ...parts, payload: withOddOctet(draw, Buffer.from(parts.payload ?? "")) }),
  bomb: (_, parts) => ({ ...parts, rsv: COMPRESSED, opcode: 2, payload: BOMB }),
  compressed: (_, parts) => ({ ...parts, rsv: COMPRESSED }),
  cut_payload: (draw, parts) => {
    const payload = Buffer.from(parts.payload ?? "");
    return { ...parts, payload: payload.subarray(0, draw.between(0, payload.length)) };
  },
};

/** Spoils one frame of a sequence in one way, drops it, or repeats it. */
export function spoilOne(draw: Draw, frames: readonly FrameParts[]): FrameParts[] {
  const at = draw.below(frames.length);
  const parts = frames[at] as FrameParts;
  const spoiled = draw.chance(0.1)
    ? draw.pick([[], [parts, parts]])
    : [draw.pick(Object.values(SPOILS))(draw, parts)];
  return [...frames.slice(0, at), ...spoiled, ...frames.slice(at + 1)];
}

function withOddOctet(draw: Draw, payload: Buffer): Buffer {
  const at = draw.between(0, payload.length);
  const replaced = draw.below(2);
  const octets = Buffer.from(Array.from({ length: draw.between(1, 2) }, () => draw.pick([...ODD_OCTETS])));
  return Buffer.concat([payload.subarray(0, at), octets, payload.subarray(at + replaced)]);
}

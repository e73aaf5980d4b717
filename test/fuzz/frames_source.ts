/**
 * Sequences of frames that keep all rules, with payloads on both sides of every boundary.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Side } from "../../src/protocol/frame.ts";
import type { FrameParts } from "../support/frames.ts";
import type { Pack } from "./deflate_source.ts";
import type { Draw } from "./draw.ts";

/** On both sides of every boundary of the framing and of the masking. */
const SIZES = [0, 1, 2, 3, 7, 31, 32, 47, 48, 49, 51, 100, 124, 125, 126, 127, 128, 300];
const LARGE_SIZES = [65_535, 65_536, 70_000];
const LARGE_SHARE = 0.01;

/** Characters of every length, and the first and last ones of each. */
const CHARACTERS: readonly string[] = [
  ..."az\0\x7f\x80\u07ff\u0800\ud7ff\ue000\ufeff\uffff\u{10000}\u{10ffff}",
  "The quick brown fox. ",
];

/** RSV1, as {@link FrameParts} counts. */
export const COMPRESSED = 4;

/**
 * A run of messages, whole and fragmented, with control frames before, between and behind; all rules are kept.
 *
 * @param pack Compresses, when that was agreed on.
 */
export function drawFrames(draw: Draw, role: Side, pack?: Pack): FrameParts[] {
  const frames: FrameParts[] = [];
  for (let left = draw.between(1, 5); left > 0; left--) {
    if (draw.chance(0.25)) frames.push(drawControl(draw));
    else frames.push(...drawMessage(draw, pack));
  }
  if (draw.chance(0.2)) {
    frames.push(drawClose(draw, draw.pick([1000, 1001, 1011, 3000, 4999])));
  }
  const masked = role === "server";
  return frames.map((parts) => ({
    ...parts,
    masked,
    key: draw.chance(0.1) ? Buffer.alloc(4) : draw.bytes(4),
  }));
}

function drawMessage(draw: Draw, pack: Pack | undefined): FrameParts[] {
  const opcode = draw.between(1, 2);
  const size = draw.pick(draw.chance(LARGE_SHARE) ? LARGE_SIZES : SIZES);
  const plain = opcode === 1 ? drawText(draw, size) : draw.bytes(size);
  const packed = pack?.(plain);
  const payload = packed ?? plain;
  const rsv = packed === undefined ? 0 : COMPRESSED;
  if (draw.chance(0.5)) return [{ opcode, rsv, payload }];
  // Cut anywhere: inside a character too, and into empty fragments.
  const ends = Array.from({ length: draw.between(1, 4) }, () => draw.between(0, payload.length));
  ends.sort((a, b) => a - b).push(payload.length);
  return ends.flatMap((end, i) => {
    const fragment = payload.subarray(ends[i - 1] ?? 0, end);
    const head = i === 0 ? { opcode, rsv } : { opcode: 0 };
    const parts = { ...head, fin: i === ends.length - 1, payload: fragment };
    return i > 0 && draw.chance(0.2) ? [drawControl(draw), parts] : [parts];
  });
}

function drawText(draw: Draw, atLeast: number): Buffer {
  let text = "";
  while (Buffer.byteLength(text) < Math.min(atLeast, 400)) {
    text += draw.pick(CHARACTERS);
  }
  const bytes = Buffer.from(text);
  return atLeast <= 400 ? bytes : Buffer.concat([bytes, Buffer.alloc(atLeast - bytes.length, "x")]);
}

function drawControl(draw: Draw): FrameParts {
  return { opcode: draw.between(9, 10), payload: draw.bytes(draw.pick([0, 1, 4, 48, 125])) };
}

/** A Close frame with a code, valid or not. */
export function drawClose(draw: Draw, code: number): FrameParts {
  const reason = drawText(draw, draw.pick([0, 1, 20]));
  return { opcode: 8, payload: Buffer.concat([Buffer.from([code >> 8, code & 0xff]), reason]) };
}

/**
 * One case of the fuzzer: bytes as a peer may send them, where TCP cuts them, and who receives them.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { DeflateParameters } from "../../src/protocol/deflate_negotiation.ts";
import type { Side } from "../../src/protocol/frame.ts";
import type { MessageLimits } from "../../src/protocol/message.ts";
import { frame, type FrameParts } from "../support/frames.ts";
import { ROLES, WIDE } from "../support/frames_endpoint.ts";
import { drawAgreement, packerFor } from "./deflate_source.ts";
import type { Draw } from "./draw.ts";
import { spoilOne } from "./frame_spoils.ts";
import { drawFrames } from "./frames_source.ts";

/** What is fed to an endpoint. */
export interface StreamCase {
  readonly role: Side;
  readonly limits: MessageLimits;
  /** On compression, if anything. */
  readonly agreed: DeflateParameters | undefined;
  readonly bytes: Buffer;
  /** Whether the bytes are as a sender that keeps all rules would send them; then no rule but a limit may break. */
  readonly intact: boolean;
  /** Where TCP cuts the bytes, in order. */
  readonly cuts: readonly number[];
}

type Source = (draw: Draw, role: Side, agreed: DeflateParameters | undefined) => Buffer;

const INTACT_SHARE = 0.2;

const DEFLATE_SHARE = 0.25;

/** Where the bytes come from; what stands there more often is drawn more often. */
const SOURCES: readonly Source[] = [
  spoiledFrames,
  spoiledFrames,
  spoiledFrames,
  changedBytes,
  changedBytes,
  anyBytes,
];

/** Draws a case. */
export function drawStreamCase(draw: Draw): StreamCase {
  const role = draw.pick(ROLES);
  const agreed = draw.chance(DEFLATE_SHARE) ? drawAgreement(draw) : undefined;
  const intact = draw.chance(INTACT_SHARE);
  const drawn = (intact ? intactFrames : draw.pick(SOURCES))(draw, role, agreed);
  const bytes = draw.chance(0.15) ? drawn.subarray(0, draw.between(0, drawn.length)) : drawn;
  const cuts = draw.places(draw.between(0, 6), bytes.length);
  return { role, limits: drawLimits(draw), agreed, bytes, intact, cuts };
}

function drawLimits(draw: Draw): MessageLimits {
  return {
    maxMessageBytes: draw.pick([WIDE.maxMessageBytes, WIDE.maxMessageBytes, 65_536, 300, 125]),
    maxDecompressedBytes: WIDE.maxDecompressedBytes,
    maxFragments: draw.chance(0.1) ? draw.between(1, 4) : WIDE.maxFragments,
    maxEmptyFragments: draw.chance(0.1) ? draw.below(3) : WIDE.maxEmptyFragments,
  };
}

function intactFrames(
  draw: Draw,
  role: Side,
  agreed: DeflateParameters | undefined,
): Buffer {
  return Buffer.concat(validFrames(draw, role, agreed).map(frame));
}

function spoiledFrames(
  draw: Draw,
  role: Side,
  agreed: DeflateParameters | undefined,
): Buffer {
  let frames = validFrames(draw, role, agreed);
  for (let left = draw.between(1, 2); left > 0 && frames.length > 0; left--) {
    frames = spoilOne(draw, frames);
  }
  return Buffer.concat(frames.map(frame));
}

function validFrames(
  draw: Draw,
  role: Side,
  agreed: DeflateParameters | undefined,
): FrameParts[] {
  return drawFrames(draw, role, agreed === undefined ? undefined : packerFor(role, draw, agreed));
}

function changedBytes(
  draw: Draw,
  role: Side,
  agreed: DeflateParameters | undefined,
): Buffer {
  let bytes = intactFrames(draw, role, agreed);
  for (let left = draw.between(1, 4); left > 0; left--) {
    bytes = changeBytes(draw, bytes);
  }
  return bytes;
}

/** Flips a bit, or replaces up to four octets by up to four others. */
function changeBytes(draw: Draw, bytes: Buffer): Buffer<ArrayBuffer> {
  const at = draw.below(bytes.length + 1);
  const flips = draw.chance(0.5) && at < bytes.length;
  const put = flips ? Buffer.of(bytes.readUInt8(at) ^ (1 << draw.below(8))) : draw.bytes(draw.below(5));
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + (flips ? 1 : draw.below(5)))]);
}

/** The first octet is one of a frame more often than chance would have it, so that more than one rule is reached. */
function anyBytes(draw: Draw, role: Side): Buffer {
  const bytes = draw.bytes(draw.between(0, 64));
  if (bytes.length < 2 || draw.chance(0.2)) return bytes;
  bytes[0] = draw.pick([0x01, 0x02, 0x81, 0x82, 0x88, 0x89, 0x8a]);
  bytes[1] = (bytes.readUInt8(1) & 0x7f) | (role === "server" ? 0x80 : 0);
  return bytes;
}

/**
 * One frame as people see it: the fields of its header, and what came of its payload.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import { BIT, LENGTH_16, LENGTH_64, type Side } from "./frame.ts";
import type { FrameRuleName } from "./rules.ts";

/** One frame, taken apart (§5.2). */
export interface InspectedFrame {
  /** Which side sent it. */
  readonly from: Side;
  /** The header as it was on the wire: 2 to 14 bytes, or fewer when the bytes ended within it. */
  readonly header: Uint8Array;
  /** Whether it is the last frame of its message. */
  readonly fin: boolean;
  /** RFC 7692 §6: whether it begins a compressed message. */
  readonly rsv1: boolean;
  /** Reserved. */
  readonly rsv2: boolean;
  /** Reserved. */
  readonly rsv3: boolean;
  /** 0 to 15, the reserved ones too. */
  readonly opcode: number;
  /** Whether a masking key follows; `false` when the bytes ended before that was told. */
  readonly masked: boolean;
  /** The 7 bits of the second byte: a length, or 126 or 127 when it follows in 2 or 8 bytes. */
  readonly shortLength: number;
  /** The length that the header tells, in bytes, above 2^53 no longer exact; `undefined` when the bytes ended within it. */
  readonly payloadBytes: number | undefined;
  /** The 4 bytes of the key, when the frame is masked. */
  readonly maskingKey: Uint8Array | undefined;
  /** The beginning of the payload, as it was on the wire. */
  readonly wirePayload: Uint8Array;
  /** The same, unmasked. */
  readonly payload: Uint8Array;
  /** The status code of a Close frame that has one (§5.5.1), however little of the payload is kept. */
  readonly statusCode: number | undefined;
  /** How much of it has come: all, or what there was before the bytes ended, or before a rule was broken. */
  readonly extent: "whole" | "cut";
  /** The rule that it breaks, by itself or with the frames before it; how many control frames come in a second is no matter of one. */
  readonly rule: FrameRuleName | undefined;
  /** Whether the other side reads it: nothing after a rule was broken or a Close frame came, and no data after one of its own. */
  readonly fate: "read" | "not read";
}

/** What a header says, all of it. */
export type FrameHeader = Omit<
  InspectedFrame,
  "from" | "payload" | "wirePayload" | "statusCode" | "extent" | "rule" | "fate"
>;

/**
 * Tells how long the header is that begins here, as far as that can be said yet: never less than what is there needs.
 *
 * @param bytes What has come of it, and perhaps what comes after it.
 */
export function headerSize(bytes: Uint8Array): number {
  if (bytes.length < 2) return 2;
  const byte1 = bytes[1] as number;
  return 2 + extensionSize(byte1 & BIT.length) + ((byte1 & BIT.mask) === 0 ? 0 : 4);
}

/** Tells how many bytes the length takes besides its 7 bits. */
export function extensionSize(shortLength: number): 0 | 2 | 8 {
  if (shortLength === LENGTH_16) return 2;
  return shortLength === LENGTH_64 ? 8 : 0;
}

/**
 * Reads a header, or as much of it as there is.
 *
 * @param header At least its first byte, and no more than the whole.
 */
export function headerFields(header: Buffer): FrameHeader {
  // Without its first byte there is no header.
  const byte0 = header[0] as number;
  const byte1 = header[1] ?? 0;
  const shortLength = byte1 & BIT.length;
  const masked = (byte1 & BIT.mask) !== 0;
  const isWhole = header.length === headerSize(header);
  return {
    header,
    fin: (byte0 & BIT.fin) !== 0,
    rsv1: (byte0 & BIT.rsv1) !== 0,
    rsv2: (byte0 & BIT.rsv2) !== 0,
    rsv3: (byte0 & BIT.rsv3) !== 0,
    opcode: byte0 & BIT.opcode,
    masked,
    shortLength,
    payloadBytes: lengthIn(header, shortLength),
    maskingKey: masked && isWhole ? header.subarray(-4) : undefined,
  };
}

function lengthIn(header: Buffer, shortLength: number): number | undefined {
  if (header.length < 2 + extensionSize(shortLength)) return undefined;
  if (shortLength === LENGTH_16) return header.readUInt16BE(2);
  return shortLength === LENGTH_64 ? Number(header.readBigUInt64BE(2)) : shortLength;
}

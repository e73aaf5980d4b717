/**
 * Frames of any shape, the forbidden ones too, made apart from the code under test.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Side } from "../../src/protocol/frame.ts";

/** What differs from a whole, unmasked binary frame. */
export interface FrameParts {
  readonly fin?: boolean;
  /** RSV1 is 4, RSV2 is 2, RSV3 is 1. */
  readonly rsv?: number;
  readonly opcode?: number;
  /** Whether the mask bit is set and a key follows. */
  readonly masked?: boolean;
  /** The masking key, when it is not {@link MASKING_KEY}. */
  readonly key?: Uint8Array;
  readonly payload?: string | Uint8Array;
  /** The length that the header tells, when it is not that of the payload. */
  readonly declared?: bigint;
  /** How many bytes extend the length, when they are not the fewest. */
  readonly extension?: 0 | 2 | 8;
}

/** What has to be told about a frame whose sender is known. */
export type Sent = Omit<FrameParts, "masked">;

/** The key of every masked frame; no octet of it is 0, so that each one matters. */
export const MASKING_KEY: Buffer = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** Payload lengths on both sides of each way to write a length. */
export const SIZES: readonly number[] = [0, 1, 125, 126, 127, 65_535, 65_536];

/** Writes a frame. */
export function frame(parts: FrameParts): Buffer {
  const { fin = true, rsv = 0, opcode = 2, masked = false, key = MASKING_KEY } = parts;
  const payload = Buffer.from(parts.payload ?? "");
  const declared = parts.declared ?? BigInt(payload.length);
  const extension = parts.extension ?? (declared < 126n ? 0 : declared < 65_536n ? 2 : 8);
  const short = extension === 0 ? Number(declared) : extension === 2 ? 126 : 127;
  const head = Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode, (masked ? 0x80 : 0) | short]);
  const long = Buffer.alloc(8);
  long.writeBigUInt64BE(declared);
  const rest = masked ? [key, xor(payload, key)] : [payload];
  return Buffer.concat([head, long.subarray(8 - extension), ...rest]);
}

/** Writes a frame as the peer of an endpoint has to send it: a server's peer masks. */
export function frameTo(role: Side, parts: Sent): Buffer {
  return frame({ ...parts, masked: role === "server" });
}

/** Writes frames as the peer of an endpoint has to send them, one behind the other. */
export function framesTo(role: Side, ...all: Sent[]): Buffer {
  return Buffer.concat(all.map((parts) => frameTo(role, parts)));
}

/** Bytes without a pattern that masking or cutting could hide behind. */
export function bytesOf(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8)) & 0xff;
  return bytes;
}

/** ASCII of a length. */
export function textOf(length: number): string {
  return "The quick brown fox. ".repeat(Math.ceil(length / 21)).slice(0, length);
}

/** Reads hexadecimal, spaces ignored. */
export function hex(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(" ", ""), "hex");
}

/** §5.3, word for word. */
export function xor(bytes: Uint8Array, key: Uint8Array): Buffer {
  return Buffer.from(bytes.map((byte, i) => byte ^ (key[i % 4] ?? 0)));
}

/**
 * Frames, built before the clock starts.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";

/** How many bytes a server puts in front of a payload. */
export function serverHeaderBytes(payloadBytes: number): number {
  return payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10;
}

/**
 * A client's frame.
 *
 * @param first Opcode, and RSV1 of a compressed message.
 * @param payload What is in it.
 */
export function maskedFrame(first: number, payload: Buffer): Buffer {
  const { length } = payload;
  const header = Buffer.alloc(serverHeaderBytes(length));
  header[0] = 0x80 | first;
  header[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (header.length === 4) header.writeUInt16BE(length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
  const key = randomBytes(4);
  return Buffer.concat([
    header,
    key,
    payload.map((octet, i) => octet ^ (key[i & 3] as number)),
  ]);
}

/** A client's text message. */
export function maskedText(text: string): Buffer {
  return maskedFrame(1, Buffer.from(text));
}

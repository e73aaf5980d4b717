/**
 * The shape of a frame (RFC 6455 §5.2) and how one is written.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-------+-+-------------+-------------------------------+
 * |F|R|R|R| opcode|M| Payload len |    Extended payload length    |
 * |I|S|S|S|  (4)  |A|     (7)     |   (0, 16 or 64 bits)          |
 * |N|V|V|V|       |S|             |   masking key (0 or 32 bits)  |
 * | |1|2|3|       |K|             |   payload                     |
 * +-+-+-+-+-------+-+-------------+-------------------------------+
 * ```
 *
 * FIN: this is the last fragment of its message. RSV1 to RSV3: for extensions. Opcode: what the frame is; from 8 on, a control
 * frame. MASK: a masking key follows, as it does in every frame of a client.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { COPY_BELOW_BYTES, type SendBuffer } from "./send_buffer.ts";
import { applyMask, readMaskingKey } from "./mask.ts";

/** The opcodes of §5.2; 3 to 7 and 11 to 15 are reserved. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** One of the six opcodes that are defined. */
export type Opcode = (typeof OPCODE)[keyof typeof OPCODE];

/** The two kinds of message. */
export type MessageKind = "text" | "binary";

/** The bits of a frame's first two bytes. */
export const BIT = {
  fin: 0x80,
  rsv: 0x70,
  /** RFC 7692 §6: on the first frame of a message, "Per-Message Compressed". */
  rsv1: 0x40,
  rsv2: 0x20,
  rsv3: 0x10,
  opcode: 0x0f,
  control: 0x08,
  mask: 0x80,
  length: 0x7f,
} as const;

/** RSV1 as it is set or not. */
export type Rsv1 = 0 | typeof BIT.rsv1;

/** The longest header: 2 bytes, 8 of extended length, 4 of masking key. */
export const MAX_HEADER_BYTES = 14;

/** The longest payload of a control frame in bytes (§5.5), and of a frame whose length needs no extension. */
export const MAX_SHORT_PAYLOAD_BYTES = 125;
/** In the 7-bit length: "the following 2 bytes are the length". */
export const LENGTH_16 = 126;
/** In the 7-bit length: "the following 8 bytes are the length". */
export const LENGTH_64 = 127;

/** Which side of the connection an endpoint is: a client masks what it sends (§5.3), a server must not (§5.1). */
export type Side = "server" | "client";

/**
 * Gives 4 fresh bytes for each frame of a client. §5.3: "The masking key needs to be unpredictable; thus, the masking
 * key MUST be derived from a strong source of entropy".
 */
export type MaskingKeySource = () => Uint8Array;

/**
 * Tells how many bytes stand in front of a payload.
 *
 * @param payloadBytes The length of the payload.
 * @param masked Whether a masking key is among them.
 * @returns 2 to 14.
 */
export function headerBytes(payloadBytes: number, masked: boolean): number {
  const extension = payloadBytes <= MAX_SHORT_PAYLOAD_BYTES ? 0 : payloadBytes <= 0xffff ? 2 : 8;
  return 2 + extension + (masked ? 4 : 0);
}

/**
 * Writes the header of an unfragmented frame, with the minimal number of length bytes.
 *
 * @param target Where to write.
 * @param at The first byte.
 * @param opcode What the frame is.
 * @param payloadBytes The length of its payload, up to 2^53 − 1.
 * @param key The masking key of a client's frame, `undefined` for a server's.
 * @param rsv1 Set when the payload is compressed.
 * @returns Where the payload begins.
 */
export function writeHeader(
  target: Buffer,
  at: number,
  opcode: Opcode,
  payloadBytes: number,
  key: Uint8Array | undefined,
  rsv1: Rsv1 = 0,
): number {
  const maskBit = key === undefined ? 0 : BIT.mask;
  let next = at + 2;
  target[at] = BIT.fin | rsv1 | opcode;
  if (payloadBytes <= MAX_SHORT_PAYLOAD_BYTES) {
    target[at + 1] = maskBit | payloadBytes;
  } else if (payloadBytes <= 0xffff) {
    target[at + 1] = maskBit | LENGTH_16;
    target[at + 2] = payloadBytes >>> 8;
    target[at + 3] = payloadBytes;
    next = at + 4;
  } else {
    target[at + 1] = maskBit | LENGTH_64;
    target.writeUInt32BE(Math.floor(payloadBytes / 0x1_0000_0000), at + 2);
    target.writeUInt32BE(payloadBytes >>> 0, at + 6);
    next = at + 10;
  }
  if (key === undefined) return next;
  target.set(key, next);
  return next + 4;
}

/**
 * Writes a frame whose payload is bytes.
 *
 * @param out Where it goes.
 * @param opcode What the frame is.
 * @param payload Not changed; a large payload of a server is sent from where it lies, so it must not change either
 * until it has left.
 * @param key The masking key of a client's frame, `undefined` for a server's.
 * @param rsv1 Set when the payload is compressed.
 */
export function writeFrame(
  out: SendBuffer,
  opcode: Opcode,
  payload: Uint8Array,
  key: Uint8Array | undefined,
  rsv1: Rsv1 = 0,
): void {
  const header = headerBytes(payload.length, key !== undefined);
  if (key === undefined && payload.length >= COPY_BELOW_BYTES) {
    const at = out.reserve(header);
    writeHeader(out.bytes, at, opcode, payload.length, key, rsv1);
    out.attach(payload);
    return;
  }
  const at = out.reserve(header + payload.length);
  const start = writeHeader(out.bytes, at, opcode, payload.length, key, rsv1);
  out.bytes.set(payload, start);
  if (key !== undefined) applyMask(out.bytes, start, start + payload.length, readMaskingKey(key, 0));
}

/**
 * Writes a text frame straight from a string, without bytes in between.
 *
 * @param out Where it goes.
 * @param text Any string; a lone surrogate becomes U+FFFD, as everywhere in JavaScript.
 * @param key The masking key of a client's frame, `undefined` for a server's.
 */
export function writeTextFrame(out: SendBuffer, text: string, key: Uint8Array | undefined): void {
  const length = Buffer.byteLength(text);
  const at = out.reserve(headerBytes(length, key !== undefined) + length);
  const start = writeHeader(out.bytes, at, OPCODE.text, length, key);
  out.bytes.write(text, start, "utf8");
  if (key !== undefined) applyMask(out.bytes, start, start + length, readMaskingKey(key, 0));
}

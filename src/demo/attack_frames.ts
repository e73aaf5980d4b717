/**
 * Frames as attackers send them, byte by byte: no writer of frames in the library could be made to.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { LIMITS } from "../mod.ts";
import { BIT, LENGTH_64, OPCODE } from "../protocol/frame.ts";
import { applyMask, readMaskingKey } from "../protocol/mask.ts";

/** A payload of at most 125 bytes, masked as a client's must be. */
function masked(firstByte: number, payload: Uint8Array): Buffer {
  const key = randomBytes(4);
  const bytes = Buffer.from(payload);
  applyMask(bytes, 0, bytes.length, readMaskingKey(key, 0));
  return Buffer.concat([Buffer.from([firstByte, BIT.mask | bytes.length]), key, bytes]);
}

/** A text that a client would have to mask. */
export function unmasked(): Buffer {
  const text = Buffer.from("GET /admin HTTP/1.1");
  return Buffer.concat([Buffer.from([BIT.fin | OPCODE.text, text.length]), text]);
}

/** Opcode 3, which nobody has given a meaning. */
export function reservedOpcode(): Buffer {
  return masked(BIT.fin | 3, Buffer.from("?"));
}

/** `/` in two bytes in place of one, which UTF-8 forbids: past every filter that looks for `../`. */
export function invalidUtf8(): Buffer {
  return masked(BIT.fin | OPCODE.text, Buffer.from([0x2e, 0x2e, 0xc0, 0xaf]));
}

/** A ping without FIN. */
export function fragmentedPing(): Buffer {
  return masked(OPCODE.ping, Buffer.from("to be continued"));
}

/** An envelope whose type every object has. */
export function protoAsType(): Buffer {
  return masked(BIT.fin | OPCODE.text, Buffer.from('{"type":"__proto__","id":"1","data":{}}'));
}

/** The header of a message that is one byte longer than any may be; no payload is needed. */
export function tooBig(): Buffer {
  const header = Buffer.from([BIT.fin | OPCODE.binary, BIT.mask | LENGTH_64, ...Buffer.alloc(8)]);
  header.writeBigUInt64BE(BigInt(LIMITS.maxMessageBytes.default + 1), 2);
  return Buffer.concat([header, randomBytes(4)]);
}

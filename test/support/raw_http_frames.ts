/**
 * Frames made and read by hand, apart from the code under test.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** A frame as a raw client sees it. */
export interface RawFrame {
  readonly fin: boolean;
  /** RSV1 is 4, RSV2 is 2, RSV3 is 1. */
  readonly rsv: number;
  readonly opcode: number;
  readonly masked: boolean;
  /** The masking key as it was sent; empty in a server's frame. */
  readonly key: Buffer;
  /** Unmasked. */
  readonly payload: Buffer;
}

/** Text, or bytes. */
export type Payload = string | Uint8Array | readonly number[];

/** What differs from a whole, masked frame. */
export interface FrameShape {
  readonly fin?: boolean;
  /** `undefined` leaves the mask out, which a server must refuse. */
  readonly key?: Buffer | undefined;
}

const KEY = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** Makes a client's frame. */
export function clientFrame(opcode: number, payload: Payload, shape: FrameShape = {}): Buffer {
  const key = "key" in shape ? shape.key : KEY;
  const body = typeof payload === "string" ? Buffer.from(payload) : Buffer.from(payload);
  const first = ((shape.fin ?? true) ? 0x80 : 0) | opcode;
  const mask = key === undefined ? 0 : 0x80;
  const head = body.length < 126
    ? Buffer.from([first, mask | body.length])
    : body.length < 65_536
    ? Buffer.from([first, mask | 126, body.length >> 8, body.length & 255])
    : Buffer.concat([Buffer.from([first, mask | 127, 0, 0, 0, 0]), uint32(body.length)]);
  return key === undefined ? Buffer.concat([head, body]) : Buffer.concat([head, key, xor(body, key)]);
}

/** Makes a server's frame. */
export function serverFrame(opcode: number, payload: Payload): Buffer {
  return clientFrame(opcode, payload, { key: undefined });
}

/** Makes a client's text message. */
export function text(message: string): Buffer {
  return clientFrame(1, message);
}

/** Makes the payload of a Close frame. */
export function closePayload(code: number, reason = ""): Buffer {
  return Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]);
}

/** Makes a client's Close frame. */
export function close(code: number, reason = ""): Buffer {
  return clientFrame(8, closePayload(code, reason));
}

/** Reads the frame at the beginning of some bytes, and says how long it is; `undefined` when it is not complete. */
export function parseFrame(bytes: Buffer): { readonly frame: RawFrame; readonly size: number } | undefined {
  if (bytes.length < 2) return undefined;
  const first = bytes.readUInt8(0);
  const short = bytes.readUInt8(1) & 0x7f;
  const masked = (bytes.readUInt8(1) & 0x80) !== 0;
  const extension = short === 126 ? 2 : short === 127 ? 8 : 0;
  const start = 2 + extension + (masked ? 4 : 0);
  if (bytes.length < start) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? bytes.readUInt32BE(6) : short;
  if (bytes.length < start + length) return undefined;
  const key = masked ? Buffer.from(bytes.subarray(start - 4, start)) : Buffer.alloc(0);
  const body = bytes.subarray(start, start + length);
  const payload = masked ? xor(body, key) : Buffer.from(body);
  return {
    frame: { fin: (first & 0x80) !== 0, rsv: (first >> 4) & 7, opcode: first & 0x0f, masked, key, payload },
    size: start + length,
  };
}

/** Reads all frames of some bytes, which must end with one. */
export function parseFrames(bytes: Buffer): RawFrame[] {
  const frames: RawFrame[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const parsed = parseFrame(rest);
    if (parsed === undefined) throw new Error(`${rest.length} bytes at the end are no frame`);
    frames.push(parsed.frame);
    rest = rest.subarray(parsed.size);
  }
  return frames;
}

/** Says a frame in one line, so that a test compares it whole: `text "hi"`, `close 1000 bye`. */
export function describeFrame({ opcode, payload }: Pick<RawFrame, "opcode" | "payload">): string {
  if (opcode === 1) return `text ${JSON.stringify(payload.toString())}`;
  if (opcode === 8) {
    const code = payload.length < 2 ? "" : ` ${payload.readUInt16BE(0)}`;
    return `close${code} ${payload.subarray(2).toString()}`.trimEnd();
  }
  const names: Readonly<Record<number, string>> = { 2: "binary", 9: "ping", 10: "pong" };
  return `${names[opcode] ?? opcode} ${payload.toString("hex")}`.trimEnd();
}

function xor(bytes: Buffer, key: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, index) => byte ^ key.readUInt8(index % 4)));
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

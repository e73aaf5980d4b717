/**
 * Frames as gists have them: right for the clients that their author tried.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";

/** Writes a frame. @param first Its first byte. */
export function frameOf(first: number, payload: Buffer | string): Buffer {
  const body = Buffer.from(payload);
  if (body.length < 126) return Buffer.concat([Buffer.from([first, body.length]), body]);
  const header = Buffer.from([first, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 6);
  if (body.length < 65_536) return Buffer.concat([Buffer.from([first, 126]), header.subarray(8), body]);
  return Buffer.concat([header, body]);
}

/** Reads frames, and keeps the fragments of a message until the last one has come. */
export function readFrames(socket: Duplex, onMessage: (message: Buffer, first: number) => void): void {
  let bytes: Buffer = Buffer.alloc(0);
  const fragments: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= 6) {
      const [first = 0, second = 0] = bytes;
      const start = { 127: 14, 126: 8 }[second & 127] ?? 6;
      if (bytes.length < start) return;
      const length = start === 6 ? second & 127 : bytes.readUIntBE(start === 8 ? 2 : 4, start === 8 ? 2 : 6);
      if (bytes.length < start + length) return;
      const payload = Buffer.from(bytes.subarray(start, start + length));
      for (let i = 0; i < length; i++) payload[i] = payload.readUInt8(i) ^ bytes.readUInt8(start - 4 + i % 4);
      bytes = bytes.subarray(start + length);
      if ((first & 15) === 8) socket.end(frameOf(0x88, payload));
      else if ((first & 15) === 9) socket.write(frameOf(0x8a, payload));
      else if ((first & 15) < 8 && fragments.push(payload) > 0 && first >= 128) {
        onMessage(Buffer.concat(fragments.splice(0)), first);
      }
    }
  });
}

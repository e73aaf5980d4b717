/**
 * A server for long messages: it makes room for each as soon as its header is there, so that nothing is copied twice.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { frameOf } from "./frames.ts";
import { accept } from "./handshake.ts";

/** Makes the server. */
export function naiveUpload(): Server {
  return createServer().on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    accept(request, socket);
    let message: Buffer | undefined;
    let length = 0;
    socket.on("data", (chunk: Buffer) => {
      // Uploads are long: their header always has the long form, 14 bytes.
      const payload = message === undefined ? chunk.subarray(14) : chunk;
      message ??= Buffer.alloc(Number(chunk.readBigUInt64BE(2)));
      length += payload.copy(message, length);
      if (length < message.length) return;
      socket.write(frameOf(0x81, `${length} bytes stored`));
      [message, length] = [undefined, 0];
    });
  });
}

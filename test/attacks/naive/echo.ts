/**
 * An echo server with compression, and no limit on anything.
 *
 * @module
 */

import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { constants, inflateRawSync } from "node:zlib";
import { frameOf, readFrames } from "./frames.ts";
import { accept } from "./handshake.ts";

/** Makes the server. */
export function naiveEcho(): Server {
  return createServer().on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    const offers = request.headers["sec-websocket-extensions"] ?? "";
    const agreed = "permessage-deflate; client_no_context_takeover; server_no_context_takeover";
    accept(request, socket, offers === "" ? "" : `Sec-WebSocket-Extensions: ${agreed}\r\n`);
    readFrames(socket, (message, first) => {
      const isCompressed = (first & 0x40) !== 0;
      const plain = isCompressed ? inflateRawSync(message, { finishFlush: constants.Z_SYNC_FLUSH }) : message;
      socket.write(frameOf(0x80 | (first & 15), plain));
    });
  });
}

/**
 * The token as a subprotocol, because a page can send no header. A browser ends the connection when none of its subprotocols
 * comes back, so one does.
 *
 * @module
 */

import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { users } from "./users.ts";
import { accept } from "./handshake.ts";

/** Makes the server. */
export function naiveSubprotocol(): Server {
  return createServer().on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    const [token = ""] = (request.headers["sec-websocket-protocol"] ?? "").split(",");
    if (users[token] === undefined) socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
    else accept(request, socket, `Sec-WebSocket-Protocol: ${token}\r\n`);
  });
}

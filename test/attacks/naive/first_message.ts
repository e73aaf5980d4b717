/**
 * The token in the first message: the connection is there before anybody knows whose it is.
 *
 * @module
 */

import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { users } from "./users.ts";
import { frameOf, readFrames } from "./frames.ts";
import { accept } from "./handshake.ts";

/** Makes the server. @param places How many connections it can hold. */
export function naiveFirstMessage(places: number): Server {
  let open = 0;
  return createServer().on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    if (open === places) return void socket.end("HTTP/1.1 503 Service Unavailable\r\n\r\n");
    open++;
    socket.on("close", () => open--);
    accept(request, socket);
    readFrames(socket, (message) => {
      const user = users[JSON.parse(message.toString()).token];
      if (user === undefined) socket.end();
      else socket.write(frameOf(0x81, JSON.stringify({ type: "hello", ...user })));
    });
  });
}

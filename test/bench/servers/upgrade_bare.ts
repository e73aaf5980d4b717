/**
 * The floor of an upgrade: `node:http` parses the request, and the 101 goes out unseen. With `raw`, the floor of a connection that stays
 * open: a socket of `node:net` with nothing on it. `node upgrade_bare.ts serve [raw]` prints the port it listens on.
 *
 * @module
 */

import "./only_when_asked.ts";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { createServer as createTcpServer, type Socket } from "node:net";
import process from "node:process";
import { listenAndTell } from "./listen.ts";
import { reportMemoryOnSignal } from "./memory.ts";

const isRaw = process.argv.includes("raw");
const server = isRaw ? createTcpServer(keep) : createServer();
server.on("upgrade", (request, socket) => {
  const accept = createHash("sha1").update(
    `${String(request.headers["sec-websocket-key"])}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`,
  ).digest("base64");
  socket.on("error", () => socket.destroy());
  socket.resume();
  socket.on("end", () => socket.end());
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
});
listenAndTell(server, isRaw ? "tcp" : "ws");
reportMemoryOnSignal();

function ignoreReset(): void {
  // "close" follows.
}

function ignoreData(): void {
  // A socket that nobody reads from would not notice its end.
}

function keep(socket: Socket): void {
  socket.on("error", ignoreReset);
  socket.on("data", ignoreData);
}

/**
 * The peer: an echo server on npm `ws`, written the usual way. `node ws_echo.ts serve` prints the port it listens on.
 *
 * @module
 */

import type { AddressInfo } from "node:net";
import process from "node:process";

/** The part of `ws` that is used here; the package brings no types. */
interface Ws {
  readonly WebSocketServer: new (options: object) => Server;
}

interface Server {
  on(event: "connection", listener: (socket: Socket) => void): void;
  on(event: "listening", listener: () => void): void;
  address(): AddressInfo;
}

interface Socket {
  on(
    event: "message",
    listener: (data: Uint8Array, binary: boolean) => void,
  ): void;
  send(data: Uint8Array, options: { readonly binary: boolean }): void;
}

const [command, compression] = process.argv.slice(2);
if (command === "serve") {
  const name = "ws"; // In a variable: the package is the benchmark's, and is not there when types are checked.
  const { WebSocketServer } = await import(name) as Ws;
  const server = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    perMessageDeflate: compression === "deflate",
  });
  server.on(
    "connection",
    (socket) => socket.on("message", (data, binary) => socket.send(data, { binary })),
  );
  server.on(
    "listening",
    () => console.log(`listening on ws://127.0.0.1:${server.address().port}`),
  );
}

/**
 * The peer: an echo server on npm `ws`, written the usual way. `node echo_ws.ts serve [deflate]` prints the port it listens on.
 *
 * @module
 */

import "./only_when_asked.ts";
import process from "node:process";
import { importWs } from "./ws.ts";

const { WebSocketServer } = await importWs();
const server = new WebSocketServer({
  host: "127.0.0.1",
  port: 0,
  perMessageDeflate: process.argv.includes("deflate"),
});
server.on(
  "connection",
  (socket) => socket.on("message", (data, binary) => socket.send(data, { binary })),
);
server.on(
  "listening",
  () => console.log(`listening on ws://127.0.0.1:${server.address().port}`),
);

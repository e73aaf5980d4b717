/**
 * An echo server of npm `ws`. `node ws_server.js PER_MESSAGE_DEFLATE` prints where it listens.
 *
 * @module
 */

import process from "node:process";

const [deflate] = process.argv.slice(2);
if (deflate !== undefined) {
  const { WebSocketServer } = await import("ws");
  const server = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    perMessageDeflate: JSON.parse(deflate),
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

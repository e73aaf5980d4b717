/**
 * An echo server of npm `ws`. `node ws_server.js PER_MESSAGE_DEFLATE` prints where it listens.
 *
 * @module
 */

import process from "node:process";

const TEXT = "The quick brown fox. ".repeat(15).slice(0, 300);

const [deflate] = process.argv.slice(2);
if (deflate !== undefined) {
  const { WebSocketServer } = await import("ws");
  const server = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    perMessageDeflate: JSON.parse(deflate),
  });
  server.on("connection", (socket) => socket.on("message", (data, binary) => answer(socket, data, binary)));
  server.on(
    "listening",
    () => console.log(`listening on ws://127.0.0.1:${server.address().port}`),
  );
}

function answer(socket, data, binary) {
  switch (binary ? "" : data.toString()) {
    case "close, please":
      return socket.close(4_123, "as you asked");
    case "ping, please":
      socket.once("pong", () => socket.send("the pong came"));
      return socket.ping("are you there?");
    case "fragments, please":
      return [false, false, true].forEach((fin) => socket.send(TEXT, { fin }));
    default:
      return socket.send(data, { binary });
  }
}

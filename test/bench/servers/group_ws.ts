/**
 * Sending to a group on npm `ws` at its best: no token, no JSON, the bytes are ready and the same for all. Whoever says "receive" is a
 * receiver; another message is how many messages are sent to all of them.
 *
 * @module
 */

import "./only_when_asked.ts";
import { Buffer } from "node:buffer";
import { groupText } from "./group_text.ts";
import { importWs, type WsSocket } from "./ws.ts";

const { WebSocketServer } = await importWs();
const receivers = new Set<WsSocket>();
const texts = Array.from({ length: 17 }, (_, n) => Buffer.from(groupText(n)));
const server = new WebSocketServer({
  host: "127.0.0.1",
  port: 0,
  backlog: 4_096,
  perMessageDeflate: false,
});
const sayToAll = (count: number) => {
  for (let n = count; n > 0; n--) {
    for (const receiver of receivers) receiver.send(texts[n] as Buffer, { binary: false });
  }
};
server.on("connection", (socket) => {
  socket.on("close", () => receivers.delete(socket));
  socket.on("message", (bytes) => {
    const message = bytes.toString();
    if (message === "receive") receivers.add(socket);
    else sayToAll(Number(message));
  });
});
server.on(
  "listening",
  () => console.log(`listening on ws://127.0.0.1:${server.address().port}`),
);

/**
 * The floor of the runtime for sending to a group: frames that are ready before anybody asks, written to sockets that nobody manages.
 * A burst is one write for each socket. Whoever sends "r" is a receiver; another byte is how many messages are sent to all of them.
 *
 * @module
 */

import "./only_when_asked.ts";
import { Buffer } from "node:buffer";
import { createServer, type Socket } from "node:net";
import { GROUP_BYTES, groupText } from "./group_text.ts";
import { listenAndTell } from "./listen.ts";

const receivers = new Set<Socket>();
const bursts = Array.from({ length: 17 }, (_, count) => {
  const frames = Array.from(
    { length: count },
    (_, n) => frameOf(groupText(n + 1)),
  );
  return Buffer.concat(frames);
});
const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => receivers.delete(socket));
  socket.on("data", (chunk) => {
    const said = chunk.toString("latin1");
    if (said === "r") {
      receivers.add(socket);
    } else {
      for (const receiver of receivers) {
        receiver.write(bursts[Number(said)] as Buffer);
      }
    }
  });
});
listenAndTell(server, "tcp");

function frameOf(text: string): Buffer {
  return Buffer.concat([
    Buffer.from([0x81, 126, GROUP_BYTES >> 8, GROUP_BYTES & 0xff]),
    Buffer.from(text),
  ]);
}

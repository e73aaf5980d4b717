/**
 * The floor of the runtime: what comes goes back, and nobody looks at it. What is written back is what was
 * read, and the collector frees it. `node echo_raw.ts serve` prints the port it listens on.
 *
 * @module
 */

import "./only_when_asked.ts";
import { type AddressInfo, createServer } from "node:net";

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => socket.write(chunk));
});
server.listen(0, "127.0.0.1", () => {
  console.log(
    `listening on tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
  );
});

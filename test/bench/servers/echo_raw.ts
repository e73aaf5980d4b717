/**
 * The floor of the runtime: what comes goes back, and nobody looks at it. What is written back is what was
 * read, and the collector frees it. `node echo_raw.ts serve` prints the port it listens on.
 *
 * @module
 */

import "./only_when_asked.ts";
import { createServer } from "node:net";
import { listenAndTell } from "./listen.ts";

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => socket.write(chunk));
});
listenAndTell(server, "tcp");

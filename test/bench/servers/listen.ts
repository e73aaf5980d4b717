/**
 * How every server of the benchmark listens, and says where.
 *
 * @module
 */

import type { AddressInfo, Server } from "node:net";

/** So many connections may wait to be taken: a load opens a thousand at once. */
const BACKLOG = 4_096;

/** Has a server listen on a free port, which it prints. @param scheme With `tcp`, the load sends no handshake. */
export function listenAndTell(server: Server, scheme: "ws" | "tcp"): void {
  server.listen({ port: 0, host: "127.0.0.1", backlog: BACKLOG }, () => {
    console.log(`listening on ${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
}

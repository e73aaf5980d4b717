/**
 * The HTTP server under the demo programs: where it listens, what it bears, how it ends.
 *
 * @module
 */

import { createServer, type Server, type ServerOptions } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import type { Address } from "./environment.ts";

/**
 * Bounds on requests that never become a WebSocket. Node checks its time-outs only every 30 seconds by default, so a
 * slow client may take that much longer than they say.
 */
const SERVER_OPTIONS: ServerOptions = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16_384,
};

/** @returns An HTTP server that does not wait for slow clients; it does not listen yet. */
export function createHttpServer(): Server {
  return createServer(SERVER_OPTIONS);
}

/**
 * Starts to listen.
 *
 * @param server Not listening yet.
 * @param address Where; port 0 picks a free one.
 * @returns Where it listens now.
 */
export function listen(server: Server, { host, port }: Address): Promise<Address> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve({ host, port: (server.address() as AddressInfo).port });
    });
  });
}

/**
 * Ends the program when it is asked to: no new connections, the open ones are told, and whoever does not answer is left
 * behind after a moment. A second signal ends it at once.
 *
 * @param server Listens.
 * @param close Tells the open connections.
 */
export function endOnSignal(server: Server, close: () => void): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      server.close(() => process.exit(0));
      close();
      // These are not upgraded yet. A client in the middle of its request would keep the server from closing.
      server.closeAllConnections();
    });
  }
}

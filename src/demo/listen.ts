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

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Ends the program when it is asked to: first `stop`, while the server still tells who comes where things stand, then the server. A
 * second signal ends it at once.
 *
 * @param server Listens.
 * @param stop Tells the open connections, and waits for them if that takes its time.
 */
export function endOnSignal(server: Server, stop: () => void | Promise<void>): void {
  let isEnding = false;
  // The same listener for all signals: Deno tells one that is added while a signal is told of that very signal.
  const end = () => {
    if (isEnding) process.exit(1);
    isEnding = true;
    void Promise.resolve(stop()).then(() => {
      server.close(() => process.exit(0));
      // These are not upgraded. A client in the middle of its request would keep the server from closing.
      server.closeAllConnections();
    });
  };
  for (const signal of SIGNALS) process.on(signal, end);
}

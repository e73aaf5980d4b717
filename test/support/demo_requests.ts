/**
 * The ordinary requests of the demo on a server of their own, without a gate behind them.
 *
 * @module
 */

import type { Server } from "node:http";
import { createHttpServer, listen } from "../../src/demo/listen.ts";
import { Watches } from "../../src/demo/watch.ts";
import { demoRequests } from "../../src/demo/web.ts";
import { TEST_KEY } from "./server.ts";

/** Starts it, on a free port. */
export async function startDemoRequests(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createHttpServer();
  const address = await listen(server, { host: "127.0.0.1", port: 0 });
  server.on("request", demoRequests({ keys: { current: TEST_KEY }, watches: new Watches(), address }));
  return { server, port: address.port };
}

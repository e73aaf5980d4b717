/**
 * A server of the runtime without any of this project: what it cannot do, nothing on it can. Runs when it is told to `serve`.
 *
 * @module
 */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";

if (process.env["BARE_SERVER"] === "serve") {
  const server = createServer((_request, response) => void response.end("here"));
  server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
}

/**
 * The WebSocket that the runtime itself brings: Node from 22 on, Deno. `node global_client.js URL` prints one line of JSON.
 *
 * @module
 */

import process from "node:process";
import { converse } from "./conversations.js";

const [url] = process.argv.slice(2);
if (url !== undefined) {
  console.log(
    JSON.stringify(await converse(url, (...target) => new WebSocket(...target))),
  );
  process.exit(0);
}

/**
 * The demo server: a page at `/`, its login at `POST /token`, the WebSocket at `/ws`, why a token would be refused there at
 * `GET /ws/check`, one-time tickets at `POST /ws/ticket`; `GET /livez`, `/readyz` and `/metrics`. A page watches its own connections at
 * `GET /watch`, and has the server attack itself by `POST /attack`. Each decision is written to standard output, a line of JSON each. On
 * SIGTERM or SIGINT it drains: everybody is told when to come back, and what is being handled is answered; a second signal ends it at once.
 * All but the gate is for whoever asks by an address, as localhost, or by the name in HOST.
 *
 * Environment: `PORT` (8080; 0 picks a free one), `HOST` (127.0.0.1), `PORTCULLIS_SECRET` (the key, at least 32 bytes of
 * UTF-8; without it, one is made for this run).
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import process from "node:process";
import { hmacKey } from "../mod.ts";
import { readAddress, readKey, run, urlOf } from "./environment.ts";
import { endOnSignal } from "./listen.ts";
import { mintDemoToken, TOKEN_LIFETIME_SECONDS } from "./login.ts";
import { GATE_PATH } from "./paths.ts";
import { DemoServer } from "./server.ts";
import { demoTable } from "./table.ts";

await run(async () => {
  // Whoever reads just the first lines may then hang up.
  process.stdout.on("error", () => undefined);
  const demo = await DemoServer.start(readAddress(8080), {
    key: readKey() ?? hmacKey(randomBytes(32)),
    audit: (event) => console.log(JSON.stringify(event)),
  });
  endOnSignal(demo.http, () => demo.stop());
  greet(demo);
});

/** The first line is for programs, the rest for people. One write: whoever reads just the first line may then hang up. */
function greet({ key, address }: DemoServer): void {
  const url = urlOf("http", address);
  const minutes = TOKEN_LIFETIME_SECONDS / 60;
  console.log([
    `listening on ${url}`,
    `page: ${url}/`,
    `tokens for ${urlOf("ws", address)}${GATE_PATH}, valid for ${minutes} minutes:`,
    ...demoTable.roles.map((role) => `  ${role}: ${mintDemoToken(role, role, key, Date.now())}`),
  ].join("\n"));
}

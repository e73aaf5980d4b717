/**
 * The demo server: a page at `/`, its login at `POST /token`, the WebSocket at `/ws`, why a token would be refused there at
 * `GET /ws/check`, one-time tickets at `POST /ws/ticket`; `GET /livez`, `/readyz` and `/metrics`. Each decision is written to standard
 * output, a line of JSON each. On SIGTERM or SIGINT it drains: everybody is told when to come back, and what is being handled is
 * answered; a second signal ends it at once.
 *
 * Environment: `PORT` (8080; 0 picks a free one), `HOST` (127.0.0.1), `PORTCULLIS_SECRET` (the key, at least 32 bytes of
 * UTF-8; without it, one is made for this run).
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import process from "node:process";
import { type AuditEvent, createGate, type Gate, type HmacKey, hmacKey } from "../mod.ts";
import { type Address, DEMO_AUDIENCE, readAddress, readKey, run, urlOf } from "./environment.ts";
import { demoHandlers, LOBBY } from "./handlers.ts";
import { createHttpServer, endOnSignal, listen } from "./listen.ts";
import { mintDemoToken, TOKEN_LIFETIME_SECONDS } from "./login.ts";
import type { DemoRole } from "./data.ts";
import { type DemoReceive, type DemoSend, demoTable } from "./table.ts";
import { CHECK_PATH, demoRequests, GATE_PATH, TICKET_PATH } from "./web.ts";

await run(async () => {
  // Whoever reads just the first lines may then hang up.
  process.stdout.on("error", () => undefined);
  const key = readKey() ?? hmacKey(randomBytes(32));
  const server = createHttpServer();
  server.on("request", demoRequests(key));
  const address = await listen(server, readAddress(8080));
  const gate = createDemoGate(key, address);
  gate.attach(server);
  endOnSignal(server, () => gate.drain());
  greet(key, address);
});

function createDemoGate(key: HmacKey, address: Address): Gate<DemoRole, DemoReceive, DemoSend> {
  const gate = createGate({
    path: GATE_PATH,
    checkPath: CHECK_PATH,
    ticketPath: TICKET_PATH,
    // By default the demo listens on this machine alone. Elsewhere the figures are for a port of their own.
    livePath: "/livez",
    readyPath: "/readyz",
    metricsPath: "/metrics",
    carriers: ["authorization", "subprotocol", "ticket"],
    keys: [key],
    audience: DEMO_AUDIENCE,
    allowedOrigins: originsOf(address),
    permissions: demoTable,
    handlers: demoHandlers,
    // Guests cannot choose a room, but may listen in this one.
    opened: (session, groups) => void (session.roles.has("guest") && groups.join(session, LOBBY)),
    audit: (event) => {
      console.log(JSON.stringify(event));
      tellAdmins(gate, event);
    },
  });
  return gate;
}

/** What the admins are not told of: what went well, or was bound to come. */
const QUIET: ReadonlySet<AuditEvent["event"]> = new Set([
  "authn_login_success",
  "session_renewed",
  "session_expired",
]);

/** Each denial of a message goes to the admins. */
function tellAdmins(gate: Gate<DemoRole, DemoReceive, DemoSend>, event: AuditEvent): void {
  // Not the stack: an admin of the chat need not know the server's insides.
  const { event: name, reason, subject, sessionId, type, atMs } = event;
  if (QUIET.has(name) || subject === undefined || sessionId === undefined) return;
  const denied = { event: name, reason, subject, sessionId, atMs };
  gate.groups.send({ role: "admin" }, "audit.event", type === undefined ? denied : { ...denied, type });
}

/** The page's own Origin, under each name that this machine has for itself, as a browser writes it. */
function originsOf(address: Address): string[] {
  const urls = [address.host, "127.0.0.1", "localhost", "::1"].map((host) =>
    urlOf("http", { ...address, host })
  );
  return urls.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin);
}

/** The first line is for programs, the rest for people. One write: whoever reads just the first line may then hang up. */
function greet(key: HmacKey, address: Address): void {
  const url = urlOf("http", address);
  const minutes = TOKEN_LIFETIME_SECONDS / 60;
  console.log([
    `listening on ${url}`,
    `page: ${url}/`,
    `tokens for ${urlOf("ws", address)}${GATE_PATH}, valid for ${minutes} minutes:`,
    ...demoTable.roles.map((role) => `  ${role}: ${mintDemoToken(role, role, key, Date.now())}`),
  ].join("\n"));
}

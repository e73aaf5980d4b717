/**
 * The configurations of docs/how_to/behind_nginx.md and docs/deployment.md: nginx runs in front of a gate, and it is tried what the pages
 * say; those of others are read by their own programs. `node nginx.ts run` prints a line for each thing tried, and exits with 1 when one
 * failed. What is not on this machine is skipped.
 *
 * @module
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import process from "node:process";
import { clearTimeout, setTimeout } from "node:timers";
import { connect, type ConnectOptions, createClient, socketTransport } from "../../src/mod.ts";
import { signal } from "../support/server.ts";
import { goodToken, PROXY_ADDRESS } from "./backend.ts";
import { type Changes, makePlace, type Place, writeConfiguration } from "./configuration.ts";
import { type Proxied, withNginx } from "./nginx_process.ts";

/** For all of it: it takes some three seconds. */
const DEADLINE_MS = 60_000;

/** In place of 120 seconds, and of 30; nginx looks after its time-outs to the millisecond. */
const PROXY_TIMEOUT_MS = 600;
const HEARTBEAT_MS = 100;

/** What is tried. */
const STEPS: Readonly<Record<string, () => Promise<void>>> = {
  "a client gets in, and is answered": () => withNginx({}, {}, getsIn),
  "the address is the client's, whatever it sends in X-Forwarded-For": () =>
    withNginx({}, {}, keepsItsAddress),
  "the same where nginx appends": () => withNginx(APPENDING, {}, keepsItsAddress),
  "401 passes through": () => withNginx({}, {}, isRefused),
  "503 and Retry-After of a gate that drains pass through": () => withNginx({}, {}, isTurnedAway),
  "the heartbeat keeps a silent client in beyond the time-out of nginx": outlivesTheTimeout,
};

const APPENDING: Changes = {
  "X-Forwarded-For $remote_addr;": "X-Forwarded-For $proxy_add_x_forwarded_for;",
};

async function getsIn({ url, place }: Proxied): Promise<void> {
  const transport = socketTransport({ ca: place.certificate });
  const client = createClient({ url, checkUrl: "/ws/check", getToken: goodToken, transport });
  client.open();
  assert.equal(await client.request("echo", "through nginx"), "through nginx");
  client.close();
}

async function keepsItsAddress({ url, backend, place }: Proxied): Promise<void> {
  for (const spoofed of ["6.6.6.6", PROXY_ADDRESS, `6.6.6.6, ${PROXY_ADDRESS}`, "unknown", undefined]) {
    const headers: Record<string, string> = spoofed === undefined
      ? {}
      : { "X-Forwarded-For": spoofed, "Forwarded": "for=6.6.6.6" };
    const connection = await connect(url, { ...trusting(place), headers });
    connection.close(1000);
  }
  assert.deepEqual(backend.decisions.map(({ address }) => address), Array(5).fill("127.0.0.1"));
}

async function isRefused({ url, backend, place }: Proxied): Promise<void> {
  const refused = { code: "handshake_refused", status: 401 };
  await assert.rejects(connect(url, { ca: place.certificate }), refused);
  await assert.rejects(connect(url, { ca: place.certificate, token: `${goodToken()}x` }), refused);
  assert.deepEqual(backend.decisions.map(({ address }) => address), ["127.0.0.1", "127.0.0.1"]);
}

async function isTurnedAway({ url, backend, place }: Proxied): Promise<void> {
  await backend.drain();
  const refused = { code: "handshake_refused", status: 503, retryAfterMs: 5_000 };
  await assert.rejects(connect(url, trusting(place)), refused);
}

/** One client is pinged and one is not; when nginx has cut that one off, the other one, which came first, is still there. */
async function outlivesTheTimeout(): Promise<void> {
  const short = { "proxy_read_timeout 120s;": `proxy_read_timeout ${PROXY_TIMEOUT_MS}ms;` };
  await withNginx(short, { heartbeatMs: HEARTBEAT_MS, pongTimeoutMs: HEARTBEAT_MS }, async (pinged) => {
    const answer = signal<string>();
    const text = (message: string) => message.includes('"re":"1"') && answer.resolve(message);
    const alive = await connect(pinged.url, { ...trusting(pinged.place), text });
    await withNginx(short, {}, async ({ url, place }) => {
      const cut = signal<number>();
      await connect(url, { ...trusting(place), closed: ({ code }) => cut.resolve(code) });
      assert.equal(await cut.promise, 1006);
    });
    alive.send(JSON.stringify({ type: "echo", id: "1", data: "still here" }));
    assert.match(await answer.promise, /"still here"/);
    alive.close(1000);
  });
}

function trusting({ certificate }: Place): ConnectOptions {
  return { ca: certificate, token: goodToken() };
}

/** Asks a program what it thinks of its configuration. */
function isRead(
  language: string,
  changes: (place: Place) => Changes,
  command: readonly [string, ...string[]],
): string | undefined {
  const place = makePlace();
  const [program, ...args] = command;
  const file = writeConfiguration(language, changes(place), place);
  const { status, stderr, stdout } = spawnSync(program, [...args, file], {
    encoding: "utf8",
    timeout: DEADLINE_MS,
  });
  rmSync(place.folder, { recursive: true });
  return status === 0 ? undefined : `${stdout}${stderr}`;
}

function isInstalled(program: string, argument: string): boolean {
  return spawnSync(program, [argument], { stdio: "ignore", timeout: DEADLINE_MS }).status === 0;
}

async function main(): Promise<boolean> {
  let [passed, failed] = [0, 0];
  const tell = (name: string, problem: unknown) => {
    console.log(problem === undefined ? `✔ ${name}` : `✖ ${name}: ${String(problem)}`);
    if (problem === undefined) passed++;
    else failed++;
  };
  if (!isInstalled("nginx", "-v")) console.log("proxy: nginx is skipped, it is not on this machine");
  else {for (const [name, step] of Object.entries(STEPS)) {
      tell(
        `nginx: ${name}`,
        await step().then(() => undefined, (error: unknown) => error),
      );
    }}
  if (!isInstalled("haproxy", "-v")) console.log("proxy: HAProxy is skipped, it is not on this machine");
  else {tell(
      "HAProxy reads its configuration",
      isRead("haproxy", ({ files }) => ({ "/etc/haproxy/chat.example.pem": files.both }), [
        "haproxy",
        "-c",
        "-f",
      ]),
    );}
  if (!isInstalled("caddy", "version")) console.log("proxy: Caddy is skipped, it is not on this machine");
  else {tell(
      "Caddy reads its configuration",
      isRead("caddy", () => ({}), ["caddy", "adapt", "--adapter", "caddyfile", "--config"]),
    );}
  console.log(`proxy: ${passed} passed, ${failed} failed`);
  return failed === 0;
}

if (process.argv[2] === "run") {
  const deadline = setTimeout(() => {
    console.log("proxy: not done in time");
    process.exit(1);
  }, DEADLINE_MS);
  const passed = await main();
  clearTimeout(deadline);
  process.exit(passed ? 0 : 1);
}

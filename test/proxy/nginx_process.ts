/**
 * nginx in front of a gate, for as long as something is tried.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { type AddressInfo, connect as connectTcp, createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type Backend, PROXY_ADDRESS, startBackend } from "./backend.ts";
import { type Changes, makePlace, type Place, writeConfiguration } from "./configuration.ts";

/** How long one nginx may run, so that none is left behind when a step hangs. */
const NGINX_MS = 20_000;

/** A gate with nginx in front of it. */
export interface Proxied {
  readonly url: string;
  readonly backend: Backend;
  readonly place: Place;
}

/** Runs the configuration of the page, in the foreground, for as long as a step takes. */
export async function withNginx(
  changes: Changes,
  limits: Parameters<typeof startBackend>[0],
  step: (proxied: Proxied) => Promise<void>,
): Promise<void> {
  const place = makePlace();
  const backend = await startBackend({ drainNoticeMs: 0, ...limits });
  const port = await freePort();
  const { folder, files } = place;
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) =>
    `${name}_temp_path ${folder}/${name};`
  );
  const file = writeConfiguration("nginx", {
    "worker_processes auto;": `worker_processes 1; daemon off; pid ${folder}/pid; error_log stderr error;`,
    "worker_rlimit_nofile 65536;": "",
    "worker_connections 32768;": "worker_connections 64;",
    "http {": `http { access_log off; ${paths.join(" ")}`,
    "access_log /var/log/nginx/access.log no_query;": "",
    "listen 443 ssl;": `listen 127.0.0.1:${port} ssl;`,
    "/etc/ssl/chat.example.pem": files.cert,
    "/etc/ssl/private/chat.example.key": files.key,
    "http://127.0.0.1:8080;": `http://127.0.0.1:${backend.port}; proxy_bind ${PROXY_ADDRESS};`,
    ...changes,
  }, place);
  const nginx = spawn("nginx", ["-e", "stderr", "-p", folder, "-c", file], {
    stdio: ["ignore", "ignore", "inherit"],
    timeout: NGINX_MS,
  });
  try {
    await untilListening(port, nginx);
    await step({ url: `wss://127.0.0.1:${port}/ws`, backend, place });
  } finally {
    await end(nginx);
    await backend.stop();
    rmSync(folder, { recursive: true });
  }
}

/** nginx does not say when it listens, nor take port 0. */
async function untilListening(port: number, nginx: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const socket = connectTcp(port, "127.0.0.1");
    const connected = await once(socket, "connect").then(() => true, () => false);
    socket.destroy();
    if (connected) return;
    await wait(25);
  }
  throw new Error(`nginx does not listen (exit code ${nginx.exitCode}).`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

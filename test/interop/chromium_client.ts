/**
 * Chromium: a page has the conversations, and sends back what came of them.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { clearTimeout, setTimeout } from "node:timers";
import type { Command } from "./programs.ts";

const DEADLINE_MS = 60_000;

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @returns What the page sent: one line of JSON, or nothing when it did not in time. */
export async function converseInChromium(
  [executable, ...args]: Command,
  url: string,
): Promise<string> {
  const page = `<!doctype html><script type="module">
    import { converse } from "./conversations.js";
    const results = await converse(${JSON.stringify(url)}, (...target) => new WebSocket(...target));
    await fetch("/results", { method: "POST", body: JSON.stringify(results) });
  </script>`;
  const profile = mkdtempSync(join(tmpdir(), "chromium-"));
  let tell: (results: string) => void = () => {};
  const results = new Promise<string>((resolve) => tell = resolve);
  const server = createServer((request, response) => {
    if (request.url === "/results") {
      let body = "";
      request.on("data", (chunk: string) => body += chunk).on(
        "end",
        () => tell(body),
      );
      request.setEncoding("utf8");
      return void response.end();
    }
    const script = request.url === "/conversations.js";
    response.setHeader(
      "Content-Type",
      script ? "text/javascript" : "text/html",
    );
    response.end(
      script ? readFileSync(new URL("conversations.js", import.meta.url)) : page,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const browser = spawn(
    executable,
    [
      ...args,
      ...FLAGS,
      `--user-data-dir=${profile}`,
      "--remote-debugging-port=0",
      `http://127.0.0.1:${port}/`,
    ],
    // A group of its own, which ends together.
    { stdio: "ignore", detached: true, env: { ...process.env, TMPDIR: profile } },
  );
  const timer = setTimeout(() => tell(""), DEADLINE_MS);
  const line = await results;
  clearTimeout(timer);
  const ended = new Promise((resolve) => browser.once("exit", resolve));
  if (browser.pid !== undefined) process.kill(-browser.pid, "SIGTERM");
  await ended;
  server.close();
  server.closeAllConnections();
  await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }).catch(
    (error: unknown) => {
      // The browser's own helpers may still write; what they leave is in a temporary folder.
      console.error("left behind:", error);
    },
  );
  return line;
}

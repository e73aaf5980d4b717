/**
 * A user who has nothing but a shell: `npx portcullis serve`.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { type EventEmitter, once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { type Checks, expect, Skipped } from "./checks.ts";
import { manifestIn } from "./installed.ts";
import { type NodeRuntime, userEnvironment } from "./programs.ts";

/** How long it may take to listen, to answer, and to end. */
const DEADLINE_MS = 30_000;
const PATHS = ["/", "/livez"];

/**
 * Starts the server, asks it something, and tells it to stop.
 *
 * @param checks Where to say what was found.
 * @param folder Into which the package was installed.
 * @param node The runtime.
 */
export async function checkServe(checks: Checks, folder: string, node: NodeRuntime): Promise<void> {
  const check = (name: string, work: () => Promise<void>) =>
    checks.check(`Node ${node.version}: ${name}`, () => {
      if (manifestIn(folder).bin === undefined) throw new Skipped("package.json has no bin");
      return work();
    });
  await check("npx portcullis serve answers", async () => {
    await serving(start("npx", ["--no-install", "portcullis", "serve"], folder, node), async (child) => {
      const closed = within(child.stdout === null ? child : child.stdout, "close");
      // To all, as a terminal does: a signal to npx alone ends it and its shell, and leaves the server behind
      // (npm 11). And npx ends by that signal, whatever the server made of it: that is for the next check.
      signalGroup(child, "SIGTERM");
      await closed;
    });
  });
  await check("the command serves until SIGTERM, and ends with 0", async () => {
    const command = join(folder, "node_modules/.bin/portcullis");
    await serving(start(command, ["serve"], folder, node), async (child) => {
      const exit = within(child, "exit");
      child.kill("SIGTERM");
      const [code, signal] = await exit;
      expect(code === 0, `it ended with ${code ?? signal}`);
    });
  });
}

/** In a group of its own, so that whatever npx has started can be ended with it. */
function start(
  command: string,
  args: readonly string[],
  cwd: string,
  { program }: NodeRuntime,
): ChildProcess {
  const env = userEnvironment(program, { PORT: "0" });
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"], detached: true });
  // A command that cannot be started prints no first line, which is noticed.
  child.on("error", () => undefined);
  return child;
}

/** @param child A server that was just started. @param stop Ends it, and looks at how. */
async function serving(child: ChildProcess, stop: (child: ChildProcess) => Promise<void>): Promise<void> {
  try {
    const line = await firstLine(child);
    const url = /^listening on (http:\/\/127\.0\.0\.1:[0-9]+)$/.exec(line)?.[1];
    if (url === undefined) throw new Error(`its first line is "${line}"`);
    for (const path of PATHS) {
      const response = await fetch(url + path, { signal: AbortSignal.timeout(DEADLINE_MS) });
      await response.arrayBuffer();
      expect(response.status === 200, `GET ${path} is answered ${response.status}`);
    }
    await stop(child);
  } finally {
    signalGroup(child, "SIGKILL");
  }
}

function within(emitter: EventEmitter, event: string): Promise<unknown[]> {
  return once(emitter, event, { signal: AbortSignal.timeout(DEADLINE_MS) }) as Promise<unknown[]>;
}

/** The first line that a program prints, or an empty one. The rest is read too: it would wait otherwise. */
async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) return "";
  const lines = createInterface(stdout);
  const [line] = await Promise.race([within(lines, "line"), within(lines, "close")]).catch(() => []);
  return typeof line === "string" ? line : "";
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // All of them have ended.
  }
}

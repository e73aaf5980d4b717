/**
 * Programs that the interop tests start: found by looking for them, ended by their process.
 *
 * @module
 */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";
import { clearTimeout, setTimeout } from "node:timers";
import { fileURLToPath } from "node:url";

/** A command and its first arguments. */
export type Command = readonly [string, ...string[]];

/** How long a server may take to listen, and a client to have all its conversations. */
const DEADLINE_MS = 60_000;

/** How long a program may take to say its version. */
const PROBE_MS = 10_000;

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** This runtime, started as it was. */
export const SAME: Command = [process.execPath, ...process.execArgv];
/** The runtimes that .ci/run installs, and what Debian packages bring; `undefined` where absent. */
export const NODE_24: Command | undefined = firstThatRuns([[
  "../runtimes/node_modules/node24/bin/node",
], ["node24"]]);
export const DENO: Command | undefined = firstThatRuns([[
  "../runtimes/node_modules/.bin/deno",
], ["deno"]]);
export const PYTHON: Command | undefined = firstThatRuns([["python3"], [
  "/usr/bin/python3",
]], ["-c", "import websockets"]);
export const CHROMIUM: Command | undefined = firstThatRuns([["chromium"], [
  "chromium-browser",
], ["google-chrome"]]);

function firstThatRuns(
  candidates: readonly Command[],
  args: readonly string[] = ["--version"],
): Command | undefined {
  for (const [program, ...rest] of candidates) {
    const path = program.startsWith("..") ? pathOf(program) : program;
    if (path !== program && !existsSync(path)) continue;
    if (spawnSync(path, [...rest, ...args], { stdio: "ignore", timeout: PROBE_MS }).status === 0) {
      return [path, ...rest];
    }
  }
  return undefined;
}

/** Starts a program of this folder. */
export function start(
  command: Command,
  program: string,
  args: readonly string[],
): ChildProcess {
  const [executable, ...first] = command;
  return spawn(executable, [...first, pathOf(program), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Waits for the first line that a program prints; without one in time, or when it ends, for an empty one. */
export async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) return "";
  const lines = createInterface(child.stdout);
  const timer = setTimeout(() => lines.close(), DEADLINE_MS);
  const [line] = await Promise.race([
    once(lines, "line"),
    once(lines, "close"),
  ]) as [string?];
  clearTimeout(timer);
  return line ?? "";
}

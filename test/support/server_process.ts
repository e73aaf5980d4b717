/**
 * Programs of the project as child processes, run the way the tests themselves are run.
 *
 * @module
 */

import { spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { clearTimeout, setTimeout } from "node:timers";
import { fileURLToPath } from "node:url";
import { loaderArguments } from "./loader.ts";
import { WATCHDOG_MS } from "./server.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A program that runs. */
export interface Program {
  /** Waits for the next line on standard output. */
  line(): Promise<string>;
  /** What it wrote to standard error so far. */
  stderr(): string;
  /** Sends it a signal. */
  signal(name: "SIGTERM" | "SIGINT" | "SIGKILL"): void;
  /** How it ended: its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
}

/**
 * Runs a program of the project.
 *
 * @param file From the project's root.
 * @param env Its settings; of this process's own only what a runtime needs is passed on.
 * @param maxDescriptors How many files and sockets it may have open; by default as many as this process.
 */
export function runProgram(
  file: string,
  env: Readonly<Record<string, string>>,
  maxDescriptors?: number,
): Program {
  const { PATH = "", HOME = "", DENO_DIR, NODE_OPTIONS } = process.env;
  const inherited = Object.entries({ PATH, HOME, DENO_DIR, NODE_OPTIONS }).filter(([, value]) =>
    value !== undefined
  );
  const command = [process.execPath, ...loaderArguments(), file];
  const bounded = ["sh", "-c", 'ulimit -n "$0" && exec "$@"', String(maxDescriptors), ...command];
  const [program = "", ...argv] = maxDescriptors === undefined ? command : bounded;
  const child = spawn(program, argv, {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), HOST: "127.0.0.1", PORT: "0", NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => errors += chunk);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // "close" comes when the pipes have been read to their end, "exit" may come before.
  const ended = new Promise<number | string | null>((resolve) =>
    child.once("close", (code, signal) => resolve(code ?? signal))
  );
  const line = async () => {
    const next = await lines.next();
    if (next.done === true) throw new Error(`The program ended. On standard error: ${errors}`);
    return next.value;
  };
  // Not `child.kill`: under Deno, that alone already counts as the end by a signal.
  const signal = (name: "SIGTERM" | "SIGINT" | "SIGKILL") =>
    void (child.exitCode === null && process.kill(child.pid ?? NaN, name));
  const watchdog = setTimeout(() => signal("SIGKILL"), 2 * WATCHDOG_MS);
  watchdog.unref();
  void ended.then(() => clearTimeout(watchdog));
  return { line, stderr: () => errors, signal, ended };
}

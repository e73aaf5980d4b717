/**
 * The server under load as a child process.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ServerState } from "./server.ts";

/** Above what the loads need; as far as the system lets. */
const DESCRIPTORS = 65_536;

/** V8 lets the code of functions go at any moment, some MiB of it: what is measured before and behind must not depend on that. */
const V8_FLAGS = ["--expose-gc", "--no-flush-bytecode"];

/** Longer than `presenceGraceMs`. */
const PRESENCE_MS = 6_000;

/** A server that runs. */
export class SoakServer {
  readonly port: number;
  /** How it ended: its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, port: number) {
    this.#child = child;
    this.#lines = lines;
    this.port = port;
    this.ended = once(child, "exit").then(([code, signal]) => code ?? signal);
  }

  /** Starts a server. */
  static async start(env: Readonly<Record<string, string>>): Promise<SoakServer> {
    const program = fileURLToPath(new URL("server.ts", import.meta.url));
    const runtime = "deno" in process.versions
      ? ["run", "-A", "--no-check", `--v8-flags=${V8_FLAGS.join()}`]
      : [...process.execArgv, ...V8_FLAGS];
    const command = [
      "sh",
      "-c",
      `ulimit -n ${DESCRIPTORS} 2> /dev/null; exec "$@"`,
      "sh",
      process.execPath,
      ...runtime,
      program,
      "serve",
    ];
    const [shell = "", ...argv] = command;
    const child = spawn(shell, argv, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface(child.stdout as Readable)[Symbol.asyncIterator]();
    return new SoakServer(child, lines, Number((await lines.next()).value));
  }

  /** Has it do something. */
  tell(command: string): void {
    this.#child.stdin?.write(`${command}\n`);
  }

  /** Asks what it has in hand. */
  async state(): Promise<ServerState> {
    this.tell("state");
    return JSON.parse(String((await this.#lines.next()).value)) as ServerState;
  }

  /** Waits until it has no more connections than this, and looks. */
  async restedState(connections: number, withinMs: number): Promise<ServerState> {
    const endMs = Date.now() + withinMs;
    // For those whose presence lasts a little longer than their sessions.
    await setTimeout(PRESENCE_MS);
    let state = await this.state();
    while (state.connections > connections && Date.now() < endMs) {
      await setTimeout(200);
      state = await this.state();
    }
    return state;
  }

  /** Sends it a signal. */
  signal(name: "SIGTERM" | "SIGKILL"): void {
    if (this.#child.exitCode === null && this.#child.pid !== undefined) process.kill(this.#child.pid, name);
  }
}

/**
 * The processes of the benchmark: servers on one core, loads on the other, where the system can pin them.
 *
 * @module
 */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import process from "node:process";
import { createInterface, type Interface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { LoadName } from "./load.ts";
import type { Measured, Task } from "./loads/task.ts";
import { type Peer, type PeerName, PEERS } from "./peers.ts";

/** What our servers and those of npm run on: the Node that runs this, or Deno. */
export type Runtime = "node" | "deno";

const SERVER_CORE = "0";
const LOAD_CORE = "1";
const canPin = spawnSync("taskset", ["-c", "0", "true"]).status === 0;

/** A server that runs. */
export class ServerProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  private constructor(child: ChildProcess, lines: Interface, url: string) {
    this.#child = child;
    this.#lines = lines;
    this.url = url;
  }

  /** Starts a server, by default of this build, and waits until it listens. */
  static async start(
    name: PeerName,
    runtime: Runtime,
    build = new URL("build/", import.meta.url),
  ): Promise<ServerProcess> {
    const peer: Peer = PEERS[name];
    const program = fileURLToPath(new URL(peer.program, build));
    const command = [
      ...commandOf(peer.on === "runtime" ? runtime : peer.on),
      program,
      "serve",
      ...peer.args ?? [],
    ];
    const child = spawnPinned(SERVER_CORE, command, {
      ...process.env,
      PORT: "0",
      HOST: "127.0.0.1",
      PORTCULLIS_OPEN: "1",
    });
    const lines = createInterface(child.stdout as Readable);
    const url = new URL(
      (await firstLine(child, lines, name)).replace("listening on ", ""),
    );
    if (peer.path !== undefined) url.pathname = peer.path;
    return new ServerProcess(child, lines, url.href);
  }

  /** How long the process has computed until now, in milliseconds; `undefined` where the system does not tell. */
  get cpuMs(): number | undefined {
    try {
      const stat = readFileSync(`/proc/${this.#child.pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      // utime and stime, in ticks of 10 ms (proc(5)).
      return (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
      return undefined; // Not Linux: then the share of the core is not reported.
    }
  }

  /** How much memory the process has, in bytes, without what only waits for the collector. */
  async memoryBytes(): Promise<number> {
    const answered = once(this.#lines, "line") as Promise<[string]>;
    this.#child.kill("SIGUSR2");
    const [line] = await answered;
    return Number(line.replace("memory ", ""));
  }

  /** Ends it. */
  async stop(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }
}

/**
 * Drives a server.
 *
 * @param measuring Called when the warm-up is over.
 * @returns What the load found out.
 */
export async function drive(
  load: LoadName,
  url: string,
  task: Task,
  measuring: () => void,
): Promise<Measured> {
  const { child, lines } = await startLoad(load, url, task);
  measuring();
  const line = await firstLine(child, lines, load);
  if (child.exitCode === null) await once(child, "exit");
  return JSON.parse(line) as Measured;
}

/** Opens connections and keeps them. @returns What lets go of them. */
export async function hold(url: string, task: Task): Promise<() => Promise<void>> {
  const { child } = await startLoad("idle", url, task);
  return async () => {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
}

/** Starts a load, and waits for its first line: that it is warm, or that all connections are held. */
async function startLoad(load: LoadName, url: string, task: Task) {
  const program = fileURLToPath(new URL("load.ts", import.meta.url));
  const command = [...commandOf("bun"), program, load, url, JSON.stringify(task)];
  const child = spawnPinned(LOAD_CORE, command, process.env);
  const lines = createInterface(child.stdout as Readable);
  await firstLine(child, lines, load);
  return { child, lines };
}

async function firstLine(child: ChildProcess, lines: Interface, name: string): Promise<string> {
  const ended = once(child, "exit").then(() => [undefined]);
  const [line] = await Promise.race([once(lines, "line"), ended]) as [string | undefined];
  if (line === undefined) throw new Error(`"${name}" ended without a word.`);
  return line;
}

function commandOf(on: Runtime | "bun"): string[] {
  const packaged = (name: string) => fileURLToPath(new URL(`node_modules/.bin/${name}`, import.meta.url));
  if (on === "node") return [process.execPath, "--expose-gc"];
  return on === "bun" ? [packaged("bun")] : [packaged("deno"), "run", "-A", "--v8-flags=--expose-gc"];
}

function spawnPinned(
  core: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv,
): ChildProcess {
  const [executable, ...args] = canPin ? ["taskset", "-c", core, ...command] : command;
  return spawn(executable as string, args, {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

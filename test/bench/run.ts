/**
 * The benchmark: each server a process of its own, pinned to one core where the system can, driven from another; peers
 * interleaved, medians of the paired ratios. What needs no server is measured behind it, by `identity.ts`.
 * `node run.ts run [--quick] [words of a row]` prints tables and a line of JSON.
 *
 * @module
 */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Load } from "./load.ts";
import { median } from "./rounds.ts";

const ROWS: Readonly<Record<string, Omit<Load, "connections" | "durationMs">>> = {
  "16 B binary, 32 in flight": {
    depth: 32,
    payloadBytes: 16,
    kind: "binary",
  },
  "16 B text, 32 in flight": { depth: 32, payloadBytes: 16, kind: "text" },
  "16 B binary, 1 in flight": { depth: 1, payloadBytes: 16, kind: "binary" },
  "4 KiB binary, 1 in flight": {
    depth: 1,
    payloadBytes: 4_096,
    kind: "binary",
  },
  "64 KiB binary, 4 in flight": {
    depth: 4,
    payloadBytes: 65_536,
    kind: "binary",
  },
  "1 MiB binary, 2 in flight": {
    depth: 2,
    payloadBytes: 1_048_576,
    kind: "binary",
  },
};

/** JSON messages of about 150 bytes, compressed; the load knows their length itself. */
const DEFLATE_ROWS: typeof ROWS = {
  "150 B JSON deflated, 32 in flight": {
    depth: 32,
    payloadBytes: 150,
    kind: "text",
  },
  "150 B JSON deflated, 1 in flight": {
    depth: 1,
    payloadBytes: 150,
    kind: "text",
  },
};

const CONNECTIONS = 50;
const canPin = spawnSync("taskset", ["-c", "0", "true"]).status === 0;

if (process.argv[2] === "run") {
  await main(
    process.argv.includes("--quick"),
    process.argv.slice(3).find((word) => !word.startsWith("--")) ?? "",
  );
}

/** @param named Only the rows whose names contain this. */
async function main(quick: boolean, named: string): Promise<void> {
  const echoed = await measureEchoes(quick, named);
  const computed = await measureIdentity(quick, named);
  console.log(JSON.stringify({ ...echoed, ...computed }));
}

async function measureEchoes(quick: boolean, named: string): Promise<Record<string, object>> {
  const rounds = quick ? 3 : 7;
  const durationMs = quick ? 1_000 : 3_000;
  const results: Record<string, object> = {};
  const selected = Object.entries({ ...ROWS, ...DEFLATE_ROWS }).filter(([name]) => name.includes(named));
  if (selected.length === 0) return results;
  const ours = await startServer("../../src/demo/echo.ts", []);
  const peer = await startServer("ws_echo.ts", ["serve"]);
  const deflatingPeer = await startServer("ws_echo.ts", ["serve", "deflate"]);
  console.log(
    `${process.version}, ${CONNECTIONS} connections, ${rounds} rounds of ${durationMs} ms, interleaved`,
  );
  console.log(
    "| echo | portcullis, msg/s | ws, msg/s | ratio |\n|---|---|---|---|",
  );
  for (const [name, row] of selected) {
    const deflated = name in DEFLATE_ROWS;
    const program = deflated ? "load_deflate.ts" : "load.ts";
    const pairs: [Measured, Measured][] = [];
    for (let round = 0; round < rounds; round++) {
      const load = { ...row, connections: CONNECTIONS, durationMs };
      const { url } = deflated ? deflatingPeer : peer;
      pairs.push([
        await drive(program, ours.url, load),
        await drive(program, url, load),
      ]);
    }
    const ratio = median(
      pairs.map(([a, b]) => a.messagesPerSecond / b.messagesPerSecond),
    );
    const [portcullis, ws] = [0, 1].map((who) => sumUp(pairs.map((pair) => pair[who] as Measured)));
    results[name] = { portcullis, ws, ratio };
    console.log(
      `| ${name} | ${show(portcullis)} | ${show(ws)} | ${ratio.toFixed(2)} |`,
    );
  }
  for (const { child } of [ours, peer, deflatingPeer]) child.kill("SIGTERM");
  return results;
}

/** Passes the table on, and returns what stands in the line of JSON behind it. */
async function measureIdentity(quick: boolean, named: string): Promise<Record<string, object>> {
  const args = ["run", ...(quick ? ["--quick"] : []), named];
  const child = spawnPinned("1", "identity.ts", args, process.env);
  const ended = once(child, "close") as Promise<[number | null]>;
  let results: Record<string, object> = {};
  for await (const line of createInterface(child.stdout as Readable)) {
    if (line.startsWith("{")) results = JSON.parse(line) as typeof results;
    else console.log(line);
  }
  const [status] = await ended;
  if (status !== 0) throw new Error("The benchmark of identity failed.");
  return results;
}

/** What a load prints. */
interface Measured {
  readonly messagesPerSecond: number;
  /** Of compressed replies: their length, of that of the plain text. */
  readonly size?: number;
}

function sumUp(rounds: readonly Measured[]): Measured {
  const messagesPerSecond = median(
    rounds.map((round) => round.messagesPerSecond),
  );
  const sizes = rounds.flatMap(({ size }) => size === undefined ? [] : [size]);
  return sizes.length === 0 ? { messagesPerSecond } : { messagesPerSecond, size: median(sizes) };
}

function show(measured: Measured | undefined): string {
  const { messagesPerSecond = 0, size } = measured ?? {};
  return messagesPerSecond.toLocaleString("en") +
    (size === undefined ? "" : ` (${size.toFixed(3)} of the size)`);
}

async function startServer(
  program: string,
  args: readonly string[],
): Promise<{ url: string; child: ChildProcess }> {
  const env = {
    ...process.env,
    PORT: "0",
    HOST: "127.0.0.1",
    PORTCULLIS_OPEN: "1",
  };
  const child = spawnPinned("0", program, args, env);
  const [line] = await once(
    createInterface(child.stdout as Readable),
    "line",
  ) as [string];
  return { url: line.replace("listening on ", ""), child };
}

async function drive(
  program: string,
  url: string,
  load: Load,
): Promise<Measured> {
  const child = spawnPinned(
    "1",
    program,
    [url, JSON.stringify(load)],
    process.env,
  );
  const [line] = await once(
    createInterface(child.stdout as Readable),
    "line",
  ) as [string];
  return JSON.parse(line) as Measured;
}

/** Runs a TypeScript program in the way that this one runs. */
function spawnPinned(
  core: string,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): ChildProcess {
  const command = [
    process.execPath,
    ...process.execArgv,
    fileURLToPath(new URL(program, import.meta.url)),
    ...args,
  ];
  const [executable, ...rest] = canPin ? ["taskset", "-c", core, ...command] : command;
  return spawn(executable as string, rest, {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

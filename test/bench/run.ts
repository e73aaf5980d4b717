/**
 * The benchmark: each server a process of its own, pinned to one core where the system can, driven from another; peers
 * interleaved, medians of the paired ratios. `node run.ts run [--quick]` prints a table and a line of JSON.
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

const CONNECTIONS = 50;
const canPin = spawnSync("taskset", ["-c", "0", "true"]).status === 0;

if (process.argv[2] === "run") await main(process.argv.includes("--quick"));

async function main(quick: boolean): Promise<void> {
  const rounds = quick ? 3 : 7;
  const durationMs = quick ? 1_000 : 3_000;
  const ours = await startServer("../../src/demo/echo.ts", []);
  const peer = await startServer("ws_echo.ts", ["serve"]);
  const results: Record<
    string,
    { portcullis: number; ws: number; ratio: number }
  > = {};
  console.log(
    `${process.version}, ${CONNECTIONS} connections, ${rounds} rounds of ${durationMs} ms, interleaved`,
  );
  console.log(
    "| echo | portcullis, msg/s | ws, msg/s | ratio |\n|---|---|---|---|",
  );
  for (const [name, row] of Object.entries(ROWS)) {
    const pairs: [number, number][] = [];
    for (let round = 0; round < rounds; round++) {
      const load = { ...row, connections: CONNECTIONS, durationMs };
      pairs.push([await drive(ours.url, load), await drive(peer.url, load)]);
    }
    const [portcullis, ws] = [
      median(pairs.map(([a]) => a)),
      median(pairs.map(([, b]) => b)),
    ];
    const ratio = median(pairs.map(([a, b]) => a / b));
    results[name] = { portcullis, ws, ratio };
    console.log(
      `| ${name} | ${portcullis.toLocaleString("en")} | ${ws.toLocaleString("en")} | ${ratio.toFixed(2)} |`,
    );
  }
  console.log(JSON.stringify(results));
  for (const { child } of [ours, peer]) child.kill("SIGTERM");
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

async function drive(url: string, load: Load): Promise<number> {
  const child = spawnPinned(
    "1",
    "load.ts",
    [url, JSON.stringify(load)],
    process.env,
  );
  const [line] = await once(
    createInterface(child.stdout as Readable),
    "line",
  ) as [string];
  return (JSON.parse(line) as { readonly messagesPerSecond: number })
    .messagesPerSecond;
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

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

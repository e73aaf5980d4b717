/**
 * The benchmark: each server a process of its own on one core, driven from another; rivals take turns, and what counts is the
 * median of the paired ratios. What needs no server is measured behind it, by `identity.ts`.
 * `node run.ts run [--quick] [--runtime deno] [words of a row]` prints tables and a line of JSON.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Progress } from "../support/progress.ts";
import { measureOnce } from "./measure.ts";
import type { PeerName } from "./peers.ts";
import { hold, type Runtime, ServerProcess } from "./processes.ts";
import { type Contest, type Figure, printHead, printRow } from "./report.ts";
import { type Rival, type Row, ROWS } from "./rows.ts";

/** How much is measured. */
interface Effort {
  readonly rounds: number;
  readonly durationMs: number;
  /** Rounds before those that count, which warm the servers up. */
  readonly warmUps: number;
  /** How often memory is measured. */
  readonly memoryRounds: number;
  /** Everybody, or only those whom a row aims at. */
  readonly rivals: "all" | "aimed at";
}

const FULL: Effort = {
  rounds: 7,
  durationMs: 1_000,
  warmUps: 1,
  memoryRounds: 4,
  rivals: "all",
};
const QUICK: Effort = {
  rounds: 3,
  durationMs: 250,
  warmUps: 0,
  memoryRounds: 1,
  rivals: "aimed at",
};

if (process.argv[2] === "run") {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(3),
    allowPositionals: true,
    options: { quick: { type: "boolean" }, runtime: { type: "string" } },
  });
  await main(
    values.quick ? QUICK : FULL,
    values.runtime === "deno" ? "deno" : "node",
    positionals,
  );
}

/** @param words Only the rows whose names contain all of these. */
async function main(
  effort: Effort,
  runtime: Runtime,
  words: readonly string[],
): Promise<void> {
  const selected = Object.entries(ROWS).filter(([name]) => words.every((word) => name.includes(word)));
  const results: Record<string, object> = {};
  if (selected.length > 0) {
    printHead(runtime === "node" ? `Node ${process.version}` : "Deno", effort);
  }
  const count = selected.reduce((sum, [, row]) => sum + measurements(row, effort), 0);
  const progress = count === 0
    ? undefined
    : new Progress({ name: "bench", noun: "measurements", total: { count } });
  const measured = () => progress?.advance();
  for (const [name, row] of selected) {
    const contest = row.load === "idle"
      ? await measureMemory(row, runtime, effort, measured)
      : await measureRates(row, runtime, effort, measured);
    progress?.clear();
    results[name] = printRow(name, row, contest);
  }
  progress?.end();
  const computed = runtime === "node" ? await measureIdentity(effort === QUICK, words) : {};
  console.log(JSON.stringify({ ...results, ...computed }));
}

/** Everybody who takes part, we first. */
function contestants({ ours, rivals, aims }: Row, effort: Effort): PeerName[] {
  const all = Object.entries(rivals) as [Rival, PeerName][];
  const chosen = all.filter(([rival]) => effort.rivals === "all" || aims[rival] !== undefined);
  return [ours, ...chosen.map(([, peer]) => peer)];
}

/** How often somebody is measured for a row. */
function measurements(row: Row, effort: Effort): number {
  const rounds = row.load === "idle" ? effort.memoryRounds : effort.warmUps + effort.rounds;
  return rounds * contestants(row, effort).length;
}

async function measureRates(
  row: Row,
  runtime: Runtime,
  effort: Effort,
  measured: () => void,
): Promise<Contest> {
  const { rounds, durationMs, warmUps } = effort;
  const servers = new Map<PeerName, ServerProcess>();
  const contest: Contest = new Map(
    contestants(row, effort).map((name) => [name, [] as Figure[]]),
  );
  try {
    for (const name of contest.keys()) {
      servers.set(name, await ServerProcess.start(name, runtime));
    }
    // Who comes first has the last one's connections closing behind him: it is somebody else each time.
    const lanes = [...servers];
    for (
      let round = -warmUps;
      round < rounds;
      round++, lanes.push(...lanes.splice(0, 1))
    ) {
      for (const [name, server] of lanes) {
        const figure = await measureOnce(row, server, durationMs);
        if (round >= 0) contest.get(name)?.push(figure);
        measured();
      }
    }
  } finally {
    for (const server of servers.values()) await server.stop();
  }
  return contest;
}

/** Of a server that is new each time: what was allocated for others before would hide what these cost. */
async function measureMemory(
  row: Row,
  runtime: Runtime,
  effort: Effort,
  measured: () => void,
): Promise<Contest> {
  const task = { ...row.task, durationMs: 0 };
  const contest: Contest = new Map(
    contestants(row, effort).map((name) => [name, [] as Figure[]]),
  );
  for (let round = 0; round < effort.memoryRounds; round++) {
    for (const [name, figures] of contest) {
      const server = await ServerProcess.start(name, runtime);
      // What every server loads with its first connections is not theirs.
      const release = await hold(server.url, { ...task, connections: 200 });
      await release();
      const before = await server.memoryBytes();
      const releaseAll = await hold(server.url, task);
      const after = await server.memoryBytes();
      figures.push({ value: (after - before) / 1_024 / task.connections });
      await releaseAll();
      await server.stop();
      measured();
    }
  }
  return contest;
}

/** Passes the table on, and returns what stands in the line of JSON behind it. */
async function measureIdentity(
  quick: boolean,
  words: readonly string[],
): Promise<Record<string, object>> {
  const program = fileURLToPath(new URL("identity.ts", import.meta.url));
  const args = [
    ...process.execArgv,
    program,
    "run",
    ...(quick ? ["--quick"] : []),
    words[0] ?? "",
  ];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close") as Promise<[number | null]>;
  let results: Record<string, object> = {};
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith("{")) results = JSON.parse(line) as typeof results;
    else console.log(line);
  }
  const [status] = await ended;
  if (status !== 0) throw new Error("The benchmark of identity failed.");
  return results;
}

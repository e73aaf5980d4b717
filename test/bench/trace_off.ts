/**
 * What `trace` costs when nobody watches: this build against another, such as that of the revision before it. Both take turns on the same
 * core, and what counts is the median of the paired ratios.
 * `node trace_off.ts run --against FOLDER [--rounds N] [words of a row]`; FOLDER is the `test/bench/build` of another checkout.
 *
 * @module
 */

import process from "node:process";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Progress } from "../support/progress.ts";
import { measureOnce } from "./measure.ts";
import { ServerProcess } from "./processes.ts";
import { median } from "./rounds.ts";
import { type Row, ROWS } from "./rows.ts";

/** Each way on which there are hooks: frames in and out, messages, deliveries, handshakes. */
const WAYS = [
  "echo 16 B binary, 32 in flight",
  "echo 16 B binary, 1 in flight",
  "group of 1,000, 128 B, single",
  "gate: JSON request, permission, reply, 16 in flight",
  "upgrades with a token",
];

const BUILD = new URL("build/", import.meta.url);
const DURATION_MS = 500;
const ROUNDS = 31;

/** @param words Only the ways whose names contain all of these. */
async function main(rounds: number, against: string, words: readonly string[]): Promise<void> {
  const other = pathToFileURL(`${against}/`);
  const ways = WAYS.filter((name) => words.every((word) => name.includes(word)));
  const progress = new Progress({ name: "bench", noun: "pairs", total: { count: ways.length * rounds } });
  try {
    for (const name of ways) {
      const ratios = await measure(ROWS[name] as Row, other, rounds, () => progress.advance());
      const sorted = [...ratios].sort((a, b) => a - b).map((ratio) => ratio.toFixed(3));
      progress.clear();
      console.log(`${name}: ${median(ratios).toFixed(3)} times as fast (${sorted[0]} to ${sorted.at(-1)})`);
    }
  } finally {
    progress.end();
  }
}

/** @returns For each pair of runs, how much faster this build is. */
async function measure(row: Row, other: URL, rounds: number, measured: () => void): Promise<number[]> {
  const lanes = [
    await ServerProcess.start(row.ours, "node", BUILD),
    await ServerProcess.start(row.ours, "node", other),
  ];
  const [ours] = lanes;
  const ratios: number[] = [];
  try {
    for (let round = -1; round < rounds; round++) {
      const rates = new Map<ServerProcess, number>();
      for (const server of lanes) rates.set(server, await rateOf(row, server));
      // Who comes first has the last one's connections closing behind him: it is somebody else each time.
      lanes.reverse();
      const [mine, others] = [...rates].sort(([server]) => server === ours ? -1 : 1).map(([, rate]) => rate);
      if (round < 0) continue;
      ratios.push((mine as number) / (others as number));
      measured();
    }
  } finally {
    for (const server of lanes) await server.stop();
  }
  return ratios;
}

/** What a server does with a second of its core: of a core that others use too, it gets less, but that is not its fault. */
async function rateOf(row: Row, server: ServerProcess): Promise<number> {
  return (await measureOnce({ ...row, per: "second of the core" }, server, DURATION_MS)).value;
}

if (process.argv[2] === "run") {
  const options = { against: { type: "string" }, rounds: { type: "string" } } as const;
  const { values, positionals } = parseArgs({ args: process.argv.slice(3), options, allowPositionals: true });
  if (values.against === undefined) throw new Error("--against names the build to compare with.");
  await main(Number(values.rounds ?? ROUNDS), values.against, positionals);
}

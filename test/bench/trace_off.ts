/**
 * What `trace` costs when nobody watches: this build against the same without a word of it, or against another build, such as that of an
 * earlier revision. Both take turns on the same core, and what counts is the median of the paired ratios.
 * `node trace_off.ts run [--against FOLDER] [--rounds N]`; FOLDER is the `test/bench/build` of another checkout.
 *
 * @module
 */

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Progress } from "../support/progress.ts";
import { drive, ServerProcess } from "./processes.ts";
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
const DURATION_MS = 1_000;
const ROUNDS = 15;

/** A call that tells who watches. Its arguments nest parentheses twice at the most. */
const HOOK = /(?:this\.)?(?:#?options\.)?#?tracer?\?\.\w+\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\);/g;

/** So many there are at the least; fewer would mean that the pattern has lost its hold. */
const MIN_HOOKS = 12;

async function main(rounds: number, against: string | undefined): Promise<void> {
  const other = against === undefined ? buildWithoutHooks() : pathToFileURL(`${against}/`);
  const progress = new Progress({ name: "bench", noun: "pairs", total: { count: WAYS.length * rounds } });
  try {
    for (const name of WAYS) {
      const ratios = await measure(ROWS[name] as Row, other, rounds, () => progress.advance());
      const sorted = [...ratios].sort((a, b) => a - b).map((ratio) => ratio.toFixed(3));
      progress.clear();
      console.log(`${name}: ${median(ratios).toFixed(3)} times as fast (${sorted[0]} to ${sorted.at(-1)})`);
    }
  } finally {
    progress.end();
    if (against === undefined) rmSync(fileURLToPath(other), { recursive: true });
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

/** Where a load cannot keep the server at work, what it does with a second of its core. */
async function rateOf({ load, task, per }: Row, server: ServerProcess): Promise<number> {
  let [cpuMs, startMs] = [server.cpuMs ?? 0, 0];
  const { perSecond } = await drive(load, server.url, { ...task, durationMs: DURATION_MS }, () => {
    [cpuMs, startMs] = [server.cpuMs ?? 0, performance.now()];
  });
  const busy = ((server.cpuMs ?? 0) - cpuMs) / (performance.now() - startMs);
  return per === undefined ? perSecond : perSecond / busy;
}

function buildWithoutHooks(): URL {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  cpSync(BUILD, folder, { recursive: true });
  const files = readdirSync(`${folder}/src`, { recursive: true, encoding: "utf8" }).filter((file) =>
    /^(?:io|session)\/.*\.js$/.test(file)
  );
  let hooks = 0;
  for (const file of files) {
    const source = readFileSync(`${folder}/src/${file}`, "utf8");
    const bare = source.replaceAll(HOOK, () => (hooks++, ";"));
    writeFileSync(`${folder}/src/${file}`, bare);
  }
  if (hooks < MIN_HOOKS) throw new Error(`There are only ${hooks} hooks.`);
  console.log(`${hooks} hooks taken out`);
  return pathToFileURL(`${folder}/`);
}

if (process.argv[2] === "run") {
  const options = { against: { type: "string" }, rounds: { type: "string" } } as const;
  const { values } = parseArgs({ args: process.argv.slice(3), options });
  await main(Number(values.rounds ?? ROUNDS), values.against);
}

/**
 * What `trace` costs when nobody watches: this build against another, such as that of the revision before it. Each has a process in which its
 * gate is alone, on sockets that are none, and the two take turns every few milliseconds: over real sockets, the noise of a shared machine is
 * more than what is looked for, and a kernel's share hides it. As what the compiler makes of a process is a matter of luck, there are several
 * pairs of them. `node trace_off.ts run --against FOLDER [--pairs N]`; FOLDER is the `test/bench/build` of another checkout, or of this
 * one, to see how much is noise.
 *
 * @module
 */

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Progress } from "../support/progress.ts";
import { inMemoryGate, type Way, WAYS } from "./in_memory_gate.ts";
import { measure, median } from "./rounds.ts";

const BUILD = new URL("build/", import.meta.url);
const PAIRS = 9;
const ROUNDS = 200;
const WARM_UP_ROUNDS = 50;
const DURATION_MS = 5;

/** How much faster this build is, in each way. */
type Ratios = Record<Way, number>;

/** Measures whenever it is asked to, in a process of its own. */
async function serve(build: URL): Promise<void> {
  const gate = await inMemoryGate(build);
  process.on("message", (way: Way) => process.send?.(measure(gate[way], DURATION_MS)));
  process.send?.("ready");
}

/** Measures a pair of processes, each way by itself. */
async function measurePair(other: URL, onRound: () => void): Promise<Ratios> {
  const lanes = [await start(BUILD), await start(other)];
  const [ours] = lanes;
  const ratios: Partial<Ratios> = {};
  for (const way of WAYS) {
    const measured: number[] = [];
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      const times = new Map<ChildProcess, number>();
      for (const lane of lanes) times.set(lane, await ask(lane, way));
      const [mine, others] = [...times].sort(([lane]) => lane === ours ? -1 : 1).map(([, time]) => time);
      if (round >= 0) measured.push((others as number) / (mine as number));
      // Who comes first has another one's garbage behind him: it is somebody else each time.
      lanes.reverse();
      onRound();
    }
    ratios[way] = median(measured);
  }
  for (const lane of lanes) lane.kill();
  return ratios as Ratios;
}

async function start(build: URL): Promise<ChildProcess> {
  const child = fork(fileURLToPath(import.meta.url), ["serve", build.href]);
  await once(child, "message");
  return child;
}

async function ask(child: ChildProcess, way: Way): Promise<number> {
  child.send(way);
  const [time] = await once(child, "message") as [number];
  return time;
}

async function main(against: string, pairs: number): Promise<void> {
  const count = pairs * WAYS.length * (WARM_UP_ROUNDS + ROUNDS);
  const progress = new Progress({ name: "bench", noun: "rounds", total: { count } });
  const all: Ratios[] = [];
  for (let i = 0; i < pairs; i++) {
    all.push(await measurePair(pathToFileURL(`${against}/`), () => progress.advance()));
  }
  progress.end();
  for (const way of WAYS) {
    const ratios = all.map((one) => one[way]).sort((a, b) => a - b);
    const [least, most] = [ratios[0], ratios.at(-1)].map((ratio) => ratio?.toFixed(3));
    console.log(`${way}: ${median(ratios).toFixed(3)} times as fast (${pairs} pairs, ${least} to ${most})`);
  }
}

const [, , command, build = ""] = process.argv;
if (command === "serve") await serve(new URL(build));
if (command === "run") {
  const options = { against: { type: "string" }, pairs: { type: "string" } } as const;
  const { values: { against, pairs = PAIRS } } = parseArgs({ args: process.argv.slice(3), options });
  if (against === undefined) throw new Error("--against names the build to compare with.");
  await main(against, Number(pairs));
}

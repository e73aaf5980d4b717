/**
 * The simulation as a program: `npm run simulate -- --seed N --steps M` runs one seed, `--seeds K` that many from it on, and `--mutants`
 * shows that broken sources are found. It exits with 1 when something was wrong; the line that it prints then runs the same again.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import process from "node:process";
import { parseArgs } from "node:util";
import { copyProject, removeCopy, whileBroken } from "../mutants/broken_copy.ts";
import { SIMULATION_MUTANTS } from "./mutants.ts";
import { type Run, simulate } from "./simulate.ts";

const PROGRESS_EVERY_MS = 3_000;
/** What happened before it went wrong. */
const SHOWN_LINES = 30;
/** Enough to find any of the mutants. */
const SEEDS_FOR_A_MUTANT = 60;

if (process.argv[2] === "run") process.exitCode = await main(process.argv.slice(3));

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: "string", default: "1" },
      seeds: { type: "string", default: "1" },
      steps: { type: "string", default: "300" },
      mutants: { type: "boolean", default: false },
    },
  });
  const [seed, seeds, steps] = [Number(values.seed), Number(values.seeds), Number(values.steps)];
  return values.mutants ? await findMutants(steps) : await runSeeds(seed, seeds, steps);
}

async function runSeeds(seed: number, seeds: number, steps: number): Promise<number> {
  const beganMs = performance.now();
  let toldMs = beganMs;
  let last: Run | undefined;
  for (let done = 0; done < seeds; done++) {
    last = await simulate(seed + done, steps);
    if (last.broken !== undefined) return tell(last, steps);
    if (performance.now() - toldMs < PROGRESS_EVERY_MS) continue;
    toldMs = performance.now();
    const perSecond = (done + 1) * 1_000 / (toldMs - beganMs);
    const leftSeconds = Math.ceil((seeds - done - 1) / perSecond);
    console.log(
      `${done + 1} of ${seeds} seeds, ${perSecond.toFixed(1)} a second, ${leftSeconds} s left, 0 broken`,
    );
  }
  const seconds = ((performance.now() - beganMs) / 1_000).toFixed(1);
  const what = seeds === 1
    ? `seed ${seed}: ${last?.clients} clients, digest ${last?.digest}`
    : `${seeds} seeds from ${seed} on`;
  console.log(`${what}, ${steps} steps each, ${seconds} s: nothing broken`);
  return 0;
}

function tell({ seed, broken, trace }: Run, steps: number): number {
  for (const line of trace.slice(-SHOWN_LINES)) console.log(`  ${line}`);
  console.log(`seed ${seed}, step ${broken?.step}: ${broken?.what}`);
  console.log(`npm run simulate -- --seed ${seed} --steps ${steps}`);
  return 1;
}

/** Breaks the sources in one place after another, in copies, and runs seeds until one finds it. */
async function findMutants(steps: number): Promise<number> {
  const left = SIMULATION_MUTANTS.values();
  const copies = Array.from({ length: availableParallelism() }, () => copyProject());
  let missed = 0;
  const work = async (copy: string) => {
    for (const mutant of left) {
      const found = await whileBroken(copy, mutant, () => finds(copy, steps));
      if (found === undefined) missed++;
      console.log(
        `${found === undefined ? "✖ MISSED" : "✔ found"}: ${mutant.file} ${mutant.wrong}: ${found ?? ""}`,
      );
    }
  };
  try {
    await Promise.all(copies.map(work));
  } finally {
    for (const copy of copies) removeCopy(copy);
  }
  console.log(
    `simulation: ${SIMULATION_MUTANTS.length - missed} of ${SIMULATION_MUTANTS.length} mutants found`,
  );
  return missed === 0 ? 0 : 1;
}

/** @returns The line that says what is wrong, if anything is found. */
async function finds(copy: string, steps: number): Promise<string | undefined> {
  const args = [
    "test/simulation/run.ts",
    "run",
    "--seeds",
    String(SEEDS_FOR_A_MUTANT),
    "--steps",
    String(steps),
  ];
  const child = spawn(process.execPath, [...process.execArgv, ...args], {
    cwd: copy,
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 120_000,
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => said += text);
  const [code] = await once(child, "close") as [number | null];
  if (code === 0) return undefined;
  return said.split("\n").find((line) => line.startsWith("seed ")) ?? "it never came to an end";
}

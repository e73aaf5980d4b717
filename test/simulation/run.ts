/**
 * The simulation as a program: `npm run simulate -- --seed N --steps M` runs one seed, `--seeds K` that many from it on, and `--mutants`
 * shows that broken sources are found. It exits with 1 when something was wrong; the line that it prints then runs the same again.
 * With `--quiet` it does not tell how far it is.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import process from "node:process";
import { copyProject, removeCopy, whileBroken } from "../mutants/broken_copy.ts";
import { readOptions, runProgram } from "../support/program_options.ts";
import { Progress } from "../support/progress.ts";
import { SIMULATION_MUTANTS } from "./mutants.ts";
import { INVARIANT_COUNT } from "./invariants.ts";
import { type Run, simulate } from "./simulate.ts";

/** What happened before it went wrong. */
const SHOWN_LINES = 30;
/** Enough to find any of the mutants. */
const SEEDS_FOR_A_MUTANT = 60;

const OPTIONS = {
  numbers: {
    seed: { default: 1, min: 0, max: 4_294_967_295 },
    seeds: { default: 1, min: 1, max: 1_000_000 },
    steps: { default: 300, min: 1, max: 1_000_000 },
  },
  flags: ["mutants", "quiet"],
} as const;

// Whoever reads just the first lines may then hang up.
process.stdout.on("error", () => undefined);
if (process.argv[2] === "run") process.exitCode = await runProgram(() => main(process.argv.slice(3)));

async function main(args: string[]): Promise<number> {
  const { seed, seeds, steps, mutants, quiet } = readOptions(args, OPTIONS);
  const progress = (noun: string, count: number) =>
    quiet ? undefined : new Progress({ name: "simulate", noun, total: { count } });
  return mutants
    ? await findMutants(steps, progress("mutants", SIMULATION_MUTANTS.length))
    : await runSeeds(seed, seeds, steps, progress("seeds", seeds));
}

async function runSeeds(
  seed: number,
  seeds: number,
  steps: number,
  progress: Progress | undefined,
): Promise<number> {
  const beganMs = performance.now();
  let clients = 0;
  let last: Run | undefined;
  for (let done = 0; done < seeds; done++) {
    last = await simulate(seed + done, steps);
    if (last.broken !== undefined) {
      progress?.end();
      return tell(last, steps);
    }
    clients += last.clients;
    progress?.advance();
  }
  progress?.end();
  const seconds = ((performance.now() - beganMs) / 1_000).toFixed(1);
  const which = seeds === 1
    ? `seed ${seed}, ${steps} steps`
    : `${seeds} seeds from ${seed} on, ${steps} steps each`;
  console.log(`${which}, ${clients} clients in all, ${seconds} s`);
  console.log(`${INVARIANT_COUNT} invariants, looked at after each step or at the end: none broken`);
  if (seeds === 1) console.log(`digest ${last?.digest}: the same wherever and whenever this seed is run`);
  return 0;
}

function tell({ seed, broken, trace }: Run, steps: number): number {
  for (const line of trace.slice(-SHOWN_LINES)) console.log(`  ${line}`);
  console.log(`seed ${seed}, step ${broken?.step}: ${broken?.what}`);
  console.log(`npm run simulate -- --seed ${seed} --steps ${steps}`);
  return 1;
}

/** Breaks the sources in one place after another, in copies, and runs seeds until one finds it. */
async function findMutants(steps: number, progress: Progress | undefined): Promise<number> {
  const left = SIMULATION_MUTANTS.values();
  const copies = Array.from({ length: availableParallelism() }, () => copyProject());
  let missed = 0;
  const work = async (copy: string) => {
    for (const mutant of left) {
      const found = await whileBroken(copy, mutant, () => finds(copy, steps));
      if (found === undefined) {
        missed++;
        progress?.failed();
      }
      progress?.clear();
      console.log(
        `${found === undefined ? "✖ MISSED" : "✔ found"}: ${mutant.file} ${mutant.wrong}: ${found ?? ""}`,
      );
      progress?.advance();
    }
  };
  try {
    await Promise.all(copies.map(work));
  } finally {
    progress?.end();
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
    "--quiet",
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

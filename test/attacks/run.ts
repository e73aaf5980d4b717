/**
 * The attack lab: `npm run attack` lists the attacks, `npm run attack -- NAME` tries one on a naive server and on the gate, and
 * `npm run attack -- all` tries them all. It exits with 1 when one does not do what it should, and with 2 for one that
 * there is not.
 *
 * @module
 */

import process from "node:process";
import { runProgram, UsageError } from "../support/program_options.ts";
import { ATTACKS } from "./all.ts";
import type { Attack } from "./attack.ts";
import { announcement, listing, readOn, verdict } from "./report.ts";

/** What came of an attack. */
type Verdict = "as it should be" | "not as it should be" | "skipped";

// Whoever reads just the first lines may then hang up.
process.stdout.on("error", () => undefined);

process.exitCode = await runProgram(() => main(process.argv.slice(2)));

async function main([wanted, ...more]: readonly string[]): Promise<number> {
  if (more.length > 0) throw new UsageError("One attack at a time, or all: give one name.");
  if (wanted !== undefined) return await attack(wanted);
  list();
  return 0;
}

function list(): void {
  console.log(listing(ATTACKS));
  console.log(
    "\nNothing was tried yet: `npm run attack -- NAME` tries one of them, `npm run attack -- all` all.",
  );
}

async function attack(wanted: string): Promise<number> {
  const chosen = ATTACKS.filter(({ name }) => wanted === "all" || wanted === name);
  if (chosen.length === 0) {
    throw new UsageError(`There is no attack ${JSON.stringify(wanted)}; without a name, all are listed.`);
  }
  const counts: Record<Verdict, number> = { "as it should be": 0, "not as it should be": 0, skipped: 0 };
  for (const one of chosen) counts[await tryOut(one)]++;
  console.log(
    `attacks: ${
      counts["as it should be"]
    } of ${chosen.length} felled the naive server and failed against the gate, ` +
      `${counts["not as it should be"]} did otherwise, ${counts.skipped} were skipped`,
  );
  return counts["not as it should be"] === 0 ? 0 : 1;
}

async function tryOut(attack: Attack): Promise<Verdict> {
  const { naive, skip } = attack;
  console.log(announcement(attack));
  if (skip !== undefined) {
    console.log(`  skipped: ${skip}\n`);
    return "skipped";
  }
  const onNaive = await attack.againstNaive();
  console.log(verdict(`the naive server (test/attacks/naive/${naive}.ts)`, onNaive));
  const onGate = await attack.againstGate();
  console.log(verdict("the gate", onGate));
  console.log(readOn(attack));
  return onNaive.succeeded && !onGate.succeeded ? "as it should be" : "not as it should be";
}

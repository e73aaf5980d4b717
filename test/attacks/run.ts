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
import type { Attack, Outcome } from "./attack.ts";

/** What came of an attack. */
type Verdict = "as it should be" | "not as it should be" | "skipped";

// Whoever reads just the first lines may then hang up.
process.stdout.on("error", () => undefined);

const [wanted] = process.argv.slice(2);
if (wanted === undefined) list();
else process.exitCode = await runProgram(() => attack(wanted));

function list(): void {
  const width = Math.max(...ATTACKS.map(({ name }) => name.length));
  console.log(ATTACKS.map(({ name, summary }) => `${name.padEnd(width)}  ${summary}`).join("\n"));
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

async function tryOut({ name, summary, clause, defence, skip, ...attack }: Attack): Promise<Verdict> {
  console.log(`${name}\n  ${summary}\n  See ${clause}.`);
  if (skip !== undefined) {
    console.log(`  skipped: ${skip}\n`);
    return "skipped";
  }
  const naive = await attack.againstNaive();
  console.log(say("a naive server", naive));
  const gate = await attack.againstGate();
  console.log(say("the gate", gate));
  console.log(`  ${defence.file}:\n    ${defence.text}\n`);
  return naive.succeeded && !gate.succeeded ? "as it should be" : "not as it should be";
}

function say(target: string, { succeeded, evidence }: Outcome): string {
  return `  ${succeeded ? "✖ fell" : "✔ held"}, ${target}: ${evidence}`;
}

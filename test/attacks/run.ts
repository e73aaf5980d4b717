/**
 * The attack lab: `npm run attack` lists the attacks, `npm run attack -- NAME` tries one on a naive server and on the gate, and
 * `npm run attack -- all` tries them all. It exits with 1 when one does not do what it should.
 *
 * @module
 */

import process from "node:process";
import { ATTACKS } from "./all.ts";
import type { Attack, Outcome } from "./attack.ts";

// Whoever reads just the first lines may then hang up.
process.stdout.on("error", () => undefined);

const [wanted] = process.argv.slice(2);
if (wanted === undefined) list();
else process.exitCode = await attack(wanted);

function list(): void {
  const width = Math.max(...ATTACKS.map(({ name }) => name.length));
  console.log(ATTACKS.map(({ name, summary }) => `${name.padEnd(width)}  ${summary}`).join("\n"));
}

async function attack(wanted: string): Promise<number> {
  const chosen = ATTACKS.filter(({ name }) => wanted === "all" || wanted === name);
  if (chosen.length === 0) {
    console.error(`There is no attack ${JSON.stringify(wanted)}; without a name, all are listed.`);
  }
  let isAsItShould = chosen.length > 0;
  for (const one of chosen) isAsItShould = await tryOut(one) && isAsItShould;
  return isAsItShould ? 0 : 1;
}

async function tryOut({ name, summary, clause, defence, skip, ...attack }: Attack): Promise<boolean> {
  console.log(`${name}\n  ${summary}\n  See ${clause}.`);
  if (skip !== undefined) {
    console.log(`  skipped: ${skip}\n`);
    return true;
  }
  const naive = await attack.againstNaive();
  console.log(say("a naive server", naive));
  const gate = await attack.againstGate();
  console.log(say("the gate", gate));
  console.log(`  ${defence.file}:\n    ${defence.text}\n`);
  return naive.succeeded && !gate.succeeded;
}

function say(target: string, { succeeded, evidence }: Outcome): string {
  return `  ${succeeded ? "✖ fell" : "✔ held"}, ${target}: ${evidence}`;
}

/**
 * Runs what the library's own tests cannot of docs/how_to: programs that import other packages, or are for Deno, and the page.
 * `node run.ts run` prints one line for each and exits with 1 when one of them failed. What is absent on this machine is skipped, and
 * said so.
 *
 * @module
 */

import { rmSync } from "node:fs";
import { pathToFileURL } from "node:url";
import process from "node:process";
import { type Fence, fencesOf, importsOthers, writePrograms } from "../docs/fences.ts";
import { CHROMIUM, DENO } from "../interop/programs.ts";
import { typeFaults } from "../support/compiler.ts";
import { filesBelow } from "../support/source_tree.ts";
import { tryPage } from "./page.ts";
import { HERE, runInDeno, runInNode } from "./programs.ts";

if (process.argv[2] === "run") process.exit(await main() ? 0 : 1);

async function main(): Promise<boolean> {
  const fences = filesBelow("docs/how_to", ".md").flatMap(fencesOf);
  const programs = fences.filter((fence) =>
    fence.language === "ts" && fence.info === "" && importsOthers(fence)
  );
  const tally = { passed: 0, failed: 0, skipped: 0 };
  const tell = async (place: string, work: (() => Promise<void>) | string) => {
    const [outcome, why] = typeof work === "string" ? ["skipped", work] as const : await outcomeOf(work);
    tally[outcome]++;
    const mark = { passed: "✔", failed: "✖", skipped: "-" }[outcome];
    console.log(`${mark} ${place}${outcome === "passed" ? "" : `: ${outcome}, ${why.trimEnd()}`}`);
  };

  const { folder, files } = writePrograms(programs, HERE);
  try {
    const forNode = files.filter((_file, index) => !isForDeno(programs[index] as Fence));
    await tell("they type-check", () => {
      const faults = typeFaults(folder, forNode, pathToFileURL(HERE));
      return faults === "" ? Promise.resolve() : Promise.reject(new Error(faults));
    });
    for (const [index, fence] of programs.entries()) {
      const file = files[index] as string;
      const isSkipped = isForDeno(fence) && DENO === undefined;
      const runs = isForDeno(fence) ? runInDeno : runInNode;
      await tell(fence.place, isSkipped ? "no Deno on this machine" : () => runs(file));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const chromium = CHROMIUM;
  for (const { place, code } of fences.filter(({ language }) => language === "html")) {
    await tell(place, chromium === undefined ? "no Chromium on this machine" : () => tryPage(chromium, code));
  }
  console.log(`how-to: ${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
  return tally.failed === 0 && tally.passed > 0;
}

async function outcomeOf(work: () => Promise<void>): Promise<readonly ["passed" | "failed", string]> {
  try {
    await work();
    return ["passed", ""];
  } catch (error) {
    return ["failed", String(error)];
  }
}

function isForDeno({ code }: Fence): boolean {
  return code.includes('from "jsr:');
}

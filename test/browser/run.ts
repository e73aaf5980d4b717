/**
 * The demo's page in a real Chromium: `node run.ts run` prints a line for each thing tried, and exits with 1 when one failed.
 * Without a Chromium on this machine it says so, and exits with 0.
 *
 * @module
 */

import process from "node:process";
import { CHROMIUM } from "../interop/programs.ts";
import { DemoPage } from "./demo_page.ts";
import { STEPS } from "./steps.ts";

async function main(): Promise<boolean> {
  if (CHROMIUM === undefined) {
    console.log("browser: skipped, no Chromium on this machine");
    return true;
  }
  const page = await DemoPage.open(CHROMIUM);
  let failed = 0;
  for (const [name, step] of Object.entries(STEPS)) {
    const problem = await step(page).then(() => undefined, (error: unknown) => error);
    console.log(
      `${problem === undefined ? "✔" : "✖"} ${name}${problem === undefined ? "" : `: ${String(problem)}`}`,
    );
    if (problem !== undefined) failed++;
  }
  const complaints = await page.close();
  for (const complaint of complaints) console.log(`✖ the console says: ${complaint}`);
  console.log(
    `browser: ${Object.keys(STEPS).length - failed} steps passed, ${failed + complaints.length} failed`,
  );
  return failed + complaints.length === 0;
}

if (process.argv[2] === "run") process.exit(await main() ? 0 : 1);

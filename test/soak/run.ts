/**
 * Servers under real load: `npm run soak -- --seconds 60` has clients come, go and misbehave, `--hold 19000 --churn 1000` holds sessions
 * while others come and go, `--drain` ends a server in the middle of its work. It exits with 1 when something was not as it should be.
 *
 * @module
 */

import process from "node:process";
import { readOptions, runProgram } from "../support/program_options.ts";
import { churn } from "./churn.ts";
import { drain } from "./drain.ts";
import { hold } from "./hold.ts";

const OPTIONS = {
  numbers: {
    seconds: { default: 60, min: 1, max: 86_400 },
    hold: { default: 19_000, min: 1, max: 1_000_000 },
    churn: { default: 1_000, min: 1, max: 100_000 },
  },
  flags: ["drain"],
} as const;

if (process.argv[2] === "run") process.exit(await runProgram(() => main(process.argv.slice(3))));

async function main(args: string[]): Promise<number> {
  const { seconds, hold: held, churn: perSecond, drain: drains, given } = readOptions(args, OPTIONS);
  const wrong = drains
    ? await drain()
    : given.has("hold")
    ? await hold(held, perSecond, seconds)
    : await churn(seconds);
  console.log(wrong === undefined ? "soak: all as it should be" : `soak: ${wrong}`);
  return wrong === undefined ? 0 : 1;
}

/**
 * Servers under real load: `npm run soak -- --seconds 60` has clients come, go and misbehave, `--hold 19000 --churn 1000` holds sessions
 * while others come and go, `--drain` ends a server in the middle of its work. It exits with 1 when something was not as it should be.
 *
 * @module
 */

import process from "node:process";
import { parseArgs } from "node:util";
import { churn } from "./churn.ts";
import { drain } from "./drain.ts";
import { hold } from "./hold.ts";

if (process.argv[2] === "run") process.exit(await main(process.argv.slice(3)));

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: "string", default: "60" },
      hold: { type: "string" },
      churn: { type: "string", default: "1000" },
      drain: { type: "boolean", default: false },
    },
  });
  const seconds = Number(values.seconds);
  const wrong = values.drain
    ? await drain()
    : values.hold !== undefined
    ? await hold(Number(values.hold), Number(values.churn), seconds)
    : await churn(seconds);
  console.log(wrong === undefined ? "soak: all as it should be" : `soak: ${wrong}`);
  return wrong === undefined ? 0 : 1;
}

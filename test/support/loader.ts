/**
 * How this process loads TypeScript, for the processes that it starts.
 *
 * @module
 */

import process from "node:process";

/** Options of this process that say how TypeScript is loaded; the others are the test runner's. */
export function loaderArguments(): string[] {
  if ("deno" in process.versions) return ["run", "-A", "--no-check"];
  const kept: string[] = [];
  process.execArgv.forEach((argument, index, all) => {
    if (argument === "--import" || argument === "--require") kept.push(argument, all[index + 1] ?? "");
    else if (/^--(?:import|require|experimental-strip-types)(?:=|$)/.test(argument)) kept.push(argument);
  });
  return kept;
}

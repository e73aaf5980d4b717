/**
 * Those who judge packages for a living.
 *
 * @module
 */

import { dirname, join } from "node:path";
import process from "node:process";
import { type Checks, expect } from "./checks.ts";
import { run, TOOLS } from "./programs.ts";

/** @param checks Where to say what was found. @param tarball The package. */
export async function checkVerdicts(checks: Checks, tarball: string): Promise<void> {
  const judge = (script: string, ...args: string[]) =>
    run(process.execPath, [join(TOOLS, script), tarball, ...args], dirname(tarball));

  await checks.check("publint --strict: nothing to say, suggestions included", async () => {
    const output = await judge("publint/src/cli.js", "--strict", "--level", "suggestion");
    // It ends with 0 when it merely has suggestions.
    expect(output.includes("All good!"), output);
  });
  // The package is of ES modules alone, and its subpaths need `exports`: resolution as in Node 10 finds no
  // subpath, and `require` works where the runtime allows it. The profile leaves out just these two.
  await checks.check("arethetypeswrong: nothing is wrong, for importers", async () => {
    await judge(
      "@arethetypeswrong/cli/dist/index.js",
      "--format",
      "table",
      "--profile",
      "esm-only",
      "--no-emoji",
    );
  });
}

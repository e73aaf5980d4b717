/**
 * A user with Deno, who has the package in a `node_modules` that npm made.
 *
 * @module
 */

import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type Checks, Skipped } from "./checks.ts";
import { packageIn, template, write } from "./installed.ts";
import { expectOutcomes } from "./node_user.ts";
import { findDeno, run, TOOLS, userEnvironment } from "./programs.ts";

/** What a server on this machine needs, and no more: reading the environment or a file would be found out. */
const PERMISSIONS = ["--no-prompt", "--allow-net=127.0.0.1"];

/** @param checks Where to say what was found. @param folder The package of the user. */
export async function checkDeno(checks: Checks, folder: string): Promise<void> {
  const program = findDeno();
  const deno = (...args: string[]): Promise<string> => {
    if (program === undefined) throw new Skipped("no Deno: .ci/run installs it into test/runtimes");
    // A cache of its own: what the user's Deno has fetched before must not help.
    const env = userEnvironment(program, { DENO_DIR: join(folder, ".deno"), DENO_NO_UPDATE_CHECK: "1" });
    return run(program, args, folder, env);
  };
  write(folder, "deno.json", { nodeModulesDir: "manual" });
  write(folder, "chat.js", template("chat.js"));
  write(folder, "chat.ts", template("chat.ts"));
  const prints = async (file: string) => expectOutcomes(await deno("run", ...PERMISSIONS, file), true);
  await checks.check("Deno: import from JavaScript", () => prints("chat.js"));
  await checks.check("Deno: import from TypeScript", () => prints("chat.ts"));
  await checks.check("Deno: deno check", async () => {
    // In a node_modules of npm's, Deno wants these for each program that imports a module of node:, whatever
    // else it imports.
    mkdirSync(join(folder, "node_modules/@types"));
    symlinkSync(join(TOOLS, "@types/node"), join(folder, "node_modules/@types/node"));
    await deno("check", "chat.ts");
  });
  await checks.check("Deno: deno doc --lint, of the sources in the package", async () => {
    const sources = ["src/mod.ts", "src/client/mod.ts"].map((name) => join(packageIn(folder), name));
    await deno("doc", "--lint", ...sources);
  });
}

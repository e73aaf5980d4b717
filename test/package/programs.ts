/**
 * The programs that a user of the package has: runtimes, npm and what judges packages. Each runs in an
 * environment as if nothing of this repository were around it.
 *
 * @module
 */

import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** How long one may take: npm packs, and a compiler reads all of Node's declarations. */
const DEADLINE_MS = 120_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** The repository. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** What `npm install` put beside this file. */
export const TOOLS = fileURLToPath(new URL("node_modules/", import.meta.url));

const RUNTIMES = join(ROOT, "test/runtimes/node_modules");

/** A Node, and what it can do by itself. */
export interface NodeRuntime {
  readonly program: string;
  readonly version: string;
  readonly stripsTypes: boolean;
  readonly requiresModules: boolean;
}

/** A program that ended otherwise than with 0. */
export class ProgramFailed extends Error {}

/**
 * The environment of a user: npm tells its scripts much about this repository, and puts its commands before
 * those of the machine.
 *
 * @param program Whose folder comes first in the path, so that `#!/usr/bin/env node` finds it.
 * @param more What is set besides.
 */
export function userEnvironment(program: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$|^NODE_/i.test(name));
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((name) =>
    !name.includes("node_modules") && !name.includes("node-gyp-bin")
  );
  return {
    ...Object.fromEntries(kept),
    PATH: [dirname(program), ...folders].join(delimiter),
    NO_COLOR: "1",
    NO_UPDATE_NOTIFIER: "1",
    ...more,
  };
}

/**
 * Runs a program to its end.
 *
 * @param program What to run, with its path or without.
 * @param args What it is told.
 * @param cwd Where.
 * @param env Its environment.
 * @returns What it printed to standard output.
 * @throws {ProgramFailed} When it does not end with 0, in time.
 */
export function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = userEnvironment(process.execPath),
): Promise<string> {
  const options = { cwd, env, timeout: DEADLINE_MS, maxBuffer: MAX_OUTPUT_BYTES };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else {
        const cause = error.killed === true ? "was ended: it took too long" : `ended with ${error.code}`;
        reject(new ProgramFailed(`${[program, ...args].join(" ")} ${cause}\n${stdout}${stderr}`));
      }
    });
  });
}

/** Asks each Node that there is what it can do: the one that runs this, and the one that .ci/run installs. */
export async function findNodes(): Promise<readonly NodeRuntime[]> {
  const programs = [process.execPath, join(RUNTIMES, "node24/bin/node")].filter((name) => existsSync(name));
  const asked = `JSON.stringify({
    version: process.version,
    stripsTypes: !!process.features.typescript,
    requiresModules: !!process.features.require_module,
  })`;
  const nodes: NodeRuntime[] = [];
  for (const program of new Set(programs.map((name) => realpathSync(name)))) {
    const can = JSON.parse(await run(program, ["-p", asked], ROOT)) as Omit<NodeRuntime, "program">;
    nodes.push({ program, ...can });
  }
  return nodes;
}

/** The Deno that .ci/run installs; `undefined` where it is absent. */
export function findDeno(): string | undefined {
  const program = join(RUNTIMES, ".bin/deno");
  return existsSync(program) ? program : undefined;
}

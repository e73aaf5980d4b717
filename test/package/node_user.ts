/**
 * A user with Node, who writes JavaScript or TypeScript.
 *
 * @module
 */

import { join } from "node:path";
import process from "node:process";
import { type Checks, expect, Skipped } from "./checks.ts";
import { template, write } from "./installed.ts";
import { type NodeRuntime, run, TOOLS, userEnvironment } from "./programs.ts";

const OUTCOME = { allowed: "hello to you", denied: "forbidden" };

/**
 * What the program of the user must print.
 *
 * @param output What it printed.
 * @param hasWebSocket Whether its runtime has what the client for pages needs.
 */
export function expectOutcomes(output: string, hasWebSocket: boolean): void {
  const expected = JSON.stringify({
    main: OUTCOME,
    client: hasWebSocket ? OUTCOME : "no global WebSocket",
  });
  expect(output.trim() === expected, `it printed ${output.trim()} instead of ${expected}`);
}

const COMPILER = join(TOOLS, "typescript/bin/tsc");
/** The last one that was written in JavaScript, which many still have. */
const OLD_COMPILER = join(TOOLS, "typescript5/bin/tsc");

/** Strict, and with the declarations of libraries checked: those of the package are what is tried here. */
const STRICT = { target: "es2022", strict: true, skipLibCheck: false };
/** A user installs `@types/node`. Here it stays outside: the folder shall hold nothing but the package. */
const NODE_TYPES = { lib: ["es2022"], types: ["node"], typeRoots: [join(TOOLS, "@types")] };

/** The compilations of a user: the entry points, and the ways in which a program finds them. */
const PROJECTS = {
  nodenext: {
    compilerOptions: { ...STRICT, ...NODE_TYPES, module: "nodenext", outDir: "built", rootDir: "." },
    files: ["chat.ts"],
  },
  bundler: {
    compilerOptions: {
      ...STRICT,
      ...NODE_TYPES,
      module: "esnext",
      moduleResolution: "bundler",
      noEmit: true,
    },
    files: ["chat.ts"],
  },
  page: {
    compilerOptions: {
      ...STRICT,
      lib: ["es2022", "dom"],
      types: [],
      module: "esnext",
      moduleResolution: "bundler",
      noEmit: true,
    },
    files: ["page.ts"],
  },
} as const;

/** @param checks Where to say what was found. @param folder The package of the user. */
export async function checkTypes(checks: Checks, folder: string): Promise<void> {
  write(folder, "chat.ts", template("chat.ts"));
  write(folder, "page.ts", template("page.ts"));
  const compiled = async (project: keyof typeof PROJECTS, compiler = COMPILER) => {
    write(folder, `${project}.json`, PROJECTS[project]);
    await run(process.execPath, [compiler, "-p", `${project}.json`], folder);
  };
  const check = (name: string, ...how: Parameters<typeof compiled>) =>
    checks.check(`TypeScript${name}`, () => compiled(...how));
  await check(", moduleResolution nodenext: strict, no skipLibCheck", "nodenext");
  await check(", moduleResolution bundler: strict, no skipLibCheck", "bundler");
  await check(', a page: "portcullis/client" without the types of Node', "page");
  await check(" 5.9, moduleResolution bundler: strict, no skipLibCheck", "bundler", OLD_COMPILER);
}

/**
 * Runs the program of the user under one Node.
 *
 * @param checks Where to say what was found.
 * @param folder The package of the user, where {@link checkTypes} was done.
 * @param node The runtime.
 */
export async function checkNode(checks: Checks, folder: string, node: NodeRuntime): Promise<void> {
  const { program, version, stripsTypes, requiresModules } = node;
  const env = userEnvironment(program);
  const hasWebSocket = (await run(program, ["-p", "typeof WebSocket"], folder, env)).trim() === "function";
  const prints = async (file: string) =>
    expectOutcomes(await run(program, [file], folder, env), hasWebSocket);

  write(folder, "chat.js", template("chat.js"));
  write(folder, "chat.cjs", required(template("chat.js")));
  await checks.check(`Node ${version}: import from JavaScript`, () => prints("chat.js"));
  await checks.check(`Node ${version}: require from JavaScript`, () => {
    if (!requiresModules) throw new Skipped("this Node requires no ES modules");
    return prints("chat.cjs");
  });
  await checks.check(`Node ${version}: import from TypeScript, compiled`, () => prints("built/chat.js"));
  await checks.check(`Node ${version}: import from TypeScript, as it is`, () => {
    if (!stripsTypes) throw new Skipped("this Node strips no types");
    return prints("chat.ts");
  });
}

/** The same program as CommonJS. */
function required(code: string): string {
  return code.replaceAll(
    /^import (\{[^}]*\}) from ("[^"]*");$/gm,
    (_, names: string, specifier: string) =>
      `const ${names.replaceAll(" as ", ": ")} = require(${specifier});`,
  );
}

/**
 * The command line from its words to its exit code, without the process around it.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { PortcullisError } from "../mod.ts";
import { type CliContext, CliError, type Command, EXIT_REFUSED, EXIT_USAGE } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { generalHelp, helpOf } from "./help.ts";
import { readGiven } from "./options.ts";

/** Faults of the library that are faults of what was given. */
const USAGE_CODES: ReadonlySet<string> = new Set(["invalid_argument", "weak_key"]);

/**
 * Runs a command line.
 *
 * @param argv The words behind the name of the program.
 * @param context The world.
 * @returns The exit code.
 */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
  const { stdout, stderr } = context;
  const found = findCommand(argv);
  try {
    if (found === undefined) return runWithout(argv, context);
    const { name, command, args } = found;
    const words = args.slice(0, args.includes("--") ? args.indexOf("--") : args.length);
    if (words.includes("--help") || words.includes("-h")) {
      stdout.write(helpOf(name, command));
      return 0;
    }
    return await command.run(readGiven(args, command), context);
  } catch (error) {
    const name = found === undefined ? "portcullis" : `portcullis ${found.name}`;
    const exitCode = exitCodeOf(error);
    const hint = exitCode === EXIT_USAGE ? ` See ${name} --help.` : "";
    stderr.write(`${name}: ${(error as Error).message}${hint}\n`);
    return exitCode;
  }
}

/** A command of one word or of two. */
function findCommand(
  argv: readonly string[],
): { readonly name: string; readonly command: Command; readonly args: readonly string[] } | undefined {
  for (const words of [2, 1]) {
    const name = argv.slice(0, words).join(" ");
    const command = COMMANDS.get(name);
    if (command !== undefined) return { name, command, args: argv.slice(words) };
  }
  return undefined;
}

function runWithout([first, ...rest]: readonly string[], context: CliContext): number {
  const { stdout } = context;
  if (first === "--version") {
    stdout.write(`${readVersion()}\n`);
    return 0;
  }
  const asked = first === "help" ? rest.join(" ") : "";
  const command = COMMANDS.get(asked);
  if (command !== undefined) {
    stdout.write(helpOf(asked, command));
    return 0;
  }
  if (first === undefined || first === "--help" || first === "-h" || (first === "help" && asked === "")) {
    stdout.write(generalHelp(COMMANDS));
    return first === undefined ? EXIT_USAGE : 0;
  }
  const known = [...COMMANDS.keys()].join(", ");
  const [second] = rest;
  // Half of a command of two words, and another word behind it.
  const isHalf = second !== undefined && [...COMMANDS.keys()].some((name) => name.startsWith(`${first} `));
  const named = first === "help" ? asked : isHalf ? `${first} ${second}` : first;
  throw new CliError(`There is no command "${named}"; there are: ${known}.`);
}

/** What the program itself got wrong is thrown on: that is worth a stack. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CliError) return error.exitCode;
  if (error instanceof PortcullisError) return USAGE_CODES.has(error.code) ? EXIT_USAGE : EXIT_REFUSED;
  throw error;
}

/** From the sources and from their build alike. */
function readVersion(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

/**
 * Where a command takes its secrets from: the environment, a file or standard input; an argument, if somebody insists.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { text as readAll } from "node:stream/consumers";
import { type CliContext, CliError, type Given, type OptionRow } from "./command.ts";

/** What kinds of secret there are, with the variable that each is looked for in when nothing is said. */
const VARIABLES = {
  secret: "PORTCULLIS_SECRET",
  token: "PORTCULLIS_TOKEN",
  ticket: "PORTCULLIS_TICKET",
} as const;

/** The name of one kind. */
export type SecretKind = keyof typeof VARIABLES;

/**
 * Makes the options by which a secret is given.
 *
 * @param kind Which.
 * @param what What it is, for the help.
 * @param without Whether it is looked for in its variable when no option says where it is.
 */
export function secretOptions(
  kind: SecretKind,
  what: string,
  without: "from its variable" | "none" = "from its variable",
): Readonly<Record<string, OptionRow>> {
  const usual = without === "none" ? "" : `; by default ${VARIABLES[kind]}`;
  return {
    [`${kind}-env`]: { value: "NAME", help: `${what}, in this variable${usual}` },
    [`${kind}-file`]: { value: "FILE", help: `${what}, in this file` },
    [`${kind}-stdin`]: { help: `${what}, from standard input` },
    [kind]: { value: "TEXT", help: `${what}, for all to see: better one of the others` },
  };
}

/**
 * Takes a secret from where it was said to be.
 *
 * @param kind Which.
 * @param given The options.
 * @param context Where variables and standard input are.
 * @returns It, without the end of its line; `undefined` when there is none anywhere.
 * @throws {CliError} For two places, a variable that is not set, and a file that cannot be read.
 */
export async function takeSecret(
  kind: SecretKind,
  given: Given,
  context: CliContext,
): Promise<string | undefined> {
  const [name, file, argument] = [given.text(`${kind}-env`), given.text(`${kind}-file`), given.text(kind)];
  const isPiped = given.flag(`${kind}-stdin`);
  const places = [name, file, argument, isPiped || undefined].filter((place) => place !== undefined);
  if (places.length > 1) throw new CliError(`The ${kind} is given twice.`);
  if (name !== undefined && context.env[name] === undefined) {
    throw new CliError(`The variable ${name} is not set.`);
  }
  if (argument !== undefined) warn(kind, context);
  const secret = argument ??
    (file !== undefined
      ? readFile(file)
      : isPiped
      ? await readAll(context.stdin)
      : context.env[name ?? VARIABLES[kind]]);
  return secret?.replace(/\r?\n$/, "");
}

/**
 * Like {@link takeSecret}, but only from where an option says: what is sent to a server that somebody just tries must not come from a
 * variable that happens to be set.
 */
export function takeNamedSecret(
  kind: SecretKind,
  given: Given,
  context: CliContext,
): Promise<string | undefined> {
  return isNamed(kind, given) ? takeSecret(kind, given, context) : Promise.resolve(undefined);
}

/** Whether an option says where a secret is. */
export function isNamed(kind: SecretKind, given: Given): boolean {
  const options = [`${kind}-env`, `${kind}-file`, kind];
  return given.flag(`${kind}-stdin`) || options.some((name) => given.text(name) !== undefined);
}

/** Like {@link takeSecret}, for a command that cannot do without. */
export async function needSecret(kind: SecretKind, given: Given, context: CliContext): Promise<string> {
  const secret = await takeSecret(kind, given, context);
  if (secret !== undefined && secret !== "") return secret;
  throw missing(kind);
}

/** Says that a secret is nowhere. @param what What it is called. */
export function missing(kind: SecretKind, what: string = kind): CliError {
  return new CliError(
    `There is no ${what}: set ${VARIABLES[kind]}, or give --${kind}-env, --${kind}-file or --${kind}-stdin.`,
  );
}

/** Tells that a secret was given where others see it. */
export function warn(kind: SecretKind, { stderr }: CliContext): void {
  stderr.write(
    `Warning: a ${kind} among the arguments is seen by everybody who lists processes, and stays in the shell's history. ` +
      `Use --${kind}-env, --${kind}-file or --${kind}-stdin.\n`,
  );
}

/** Reads a file that the user named. @throws {CliError} When it cannot be read. */
export function readFile(file: string): string {
  return readBytes(file).toString("utf8");
}

/** Reads the bytes of a file that the user named. @throws {CliError} When they cannot be read. */
export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${(error as Error).message.split(",")[0]}.`);
  }
}

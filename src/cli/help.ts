/**
 * The help, made of the table of commands.
 *
 * @module
 */

import type { Command, OptionRow } from "./command.ts";

/** Writes the help of everything. */
export function generalHelp(commands: ReadonlyMap<string, Command>): string {
  const names = [...commands.keys()];
  const width = Math.max(...names.map((name) => name.length));
  return [
    "Authenticated WebSockets, from the command line.",
    "",
    "Usage: portcullis COMMAND [OPTIONS]",
    "",
    ...[...commands].map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "  portcullis COMMAND --help   tells of its options, with examples",
    "  portcullis --version        tells the version",
    "",
    "Exit codes: 0 all is well, 1 something was refused, 2 the command line cannot be meant.",
    "",
  ].join("\n");
}

/** Writes the help of one command. */
export function helpOf(name: string, { about, usage, options, examples }: Command): string {
  const rows = Object.entries<OptionRow>({ ...options, help: { short: "h", help: "this text" } }).map(
    optionRow,
  );
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    about,
    "",
    `Usage: portcullis ${name} ${usage}`.trimEnd(),
    "",
    "Options:",
    ...rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`),
    "",
    "Examples:",
    ...examples.map((example) => `  ${example}`),
    "",
  ].join("\n");
}

function optionRow([name, { value, short, isList, help }]: [string, OptionRow]): readonly [string, string] {
  const long = `--${name}${value === undefined ? "" : ` ${value}`}`;
  return [
    short === undefined ? long : `-${short}, ${long}`,
    isList === true ? `${help}; may be repeated` : help,
  ];
}

/**
 * The command line without a process: what it is given, and what it says.
 *
 * @module
 */

import { Readable } from "node:stream";
import { runCli } from "../../src/cli/run.ts";
import { NOW_MS } from "./tokens.ts";

/** What differs from nothing at all. */
export interface CliWorld {
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly nowMs?: number;
  /** Whether standard output is a terminal. */
  readonly isTTY?: boolean;
}

/** What came of a command line. */
export interface CliOutcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line. @param argv Its words; or one text, cut at blanks. */
export async function cli(argv: string | readonly string[], world: CliWorld = {}): Promise<CliOutcome> {
  const { stdin = "", env = {}, nowMs = NOW_MS, isTTY = false } = world;
  let [out, err] = ["", ""];
  const code = await runCli(typeof argv === "string" ? argv.split(" ").filter((word) => word !== "") : argv, {
    stdin: Readable.from(stdin.length === 0 ? [] : [stdin]),
    stdout: { write: (text) => out += text, isTTY },
    stderr: { write: (text) => err += text },
    env,
    now: () => nowMs,
  });
  return { code, out, err };
}

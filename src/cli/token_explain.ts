/**
 * `portcullis token explain`: claim by claim what a token says and what is wrong with it, never trusting it.
 *
 * @module
 */

import { type CliContext, type Command, EXIT_REFUSED, type Given } from "./command.ts";
import { explainToken } from "./explain_token.ts";
import { claimsAsked, takeKey } from "./key_options.ts";
import { styleFor, type StyleName } from "./style.ts";
import { takeToken, TOKEN_OPTIONS } from "./token_verify.ts";

/** Explains a token. */
export const tokenExplainCommand: Command = {
  summary: "say claim by claim what is wrong with a token",
  usage: "[OPTIONS]",
  about:
    "Takes a token apart and says of each part what is there and whether it is good. Without a key it works too: the " +
    "signature is then not checked, and nothing in the token is to be believed.",
  options: TOKEN_OPTIONS,
  positionals: { min: 0, max: 1 },
  examples: [
    "portcullis token explain --token-file token.txt",
    "pbpaste | portcullis token explain --token-stdin --audience chat",
    "portcullis token explain --json",
  ],
  run: explain,
};

const SIGNS: Readonly<Record<string, readonly [sign: string, style: StyleName]>> = {
  "ok": ["✔", "green"],
  "wrong": ["✖", "red"],
  "not checked": ["–", "yellow"],
};

async function explain(given: Given, context: CliContext): Promise<number> {
  const key = await takeKey(given, context);
  const token = await takeToken(given, context);
  const rows = explainToken(token, {
    key,
    ...claimsAsked(given),
    nowMs: context.now(),
  });
  const { stdout } = context;
  if (given.flag("json")) {
    stdout.write(`${JSON.stringify(rows)}\n`);
  } else {
    const style = styleFor(stdout, context);
    for (const { name, outcome, says } of rows) {
      const [sign, colour] = SIGNS[outcome] as readonly [string, StyleName];
      stdout.write(`${style(colour, `${sign} ${outcome.padEnd(11)}`)} ${name.padEnd(9)} ${says}\n`);
    }
  }
  return rows.some(({ outcome }) => outcome === "wrong") ? EXIT_REFUSED : 0;
}

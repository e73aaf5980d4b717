/**
 * `portcullis token verify`: yes, and whom it names; or no, and why.
 *
 * @module
 */

import { DECISION_STEPS, printable, type TokenFault, verifyToken } from "../mod.ts";
import {
  type CliContext,
  CliError,
  type Command,
  EXIT_REFUSED,
  type Given,
  type OptionRow,
} from "./command.ts";
import { CLAIM_OPTIONS, claimsAsked, KEY_OPTIONS, needKey } from "./key_options.ts";
import { isNamed, needSecret, secretOptions, warn } from "./secrets.ts";
import { styleFor } from "./style.ts";

/** The options of a token that is looked at. */
export const TOKEN_OPTIONS: Readonly<Record<string, OptionRow>> = {
  ...secretOptions("token", "the token"),
  ...CLAIM_OPTIONS,
  leeway: { value: "TIME", help: "how far two clocks may differ; by default 0s" },
  ...KEY_OPTIONS,
  json: { help: "write JSON" },
};

/** Verifies a token. */
export const tokenVerifyCommand: Command = {
  summary: "say whether a token is good, and whom it names",
  usage: "[OPTIONS]",
  about:
    "Verifies a token as a gate with this key and audience would. Exit code 0 when it is good, 1 when it is not.",
  options: TOKEN_OPTIONS,
  positionals: { min: 0, max: 1 },
  examples: [
    "portcullis token verify --token-file token.txt",
    "portcullis token mint -s ada | portcullis token verify --token-stdin",
    "portcullis token verify --audience chat --json",
  ],
  run: verify,
};

/** Takes the token that was given; also as a word, which is told to be unwise. */
export function takeToken(given: Given, context: CliContext): string | Promise<string> {
  const [word] = given.positionals;
  if (word === undefined) return needSecret("token", given, context);
  if (isNamed("token", given)) throw new CliError("The token is given twice.");
  warn("token", context);
  return word;
}

async function verify(given: Given, context: CliContext): Promise<number> {
  const key = await needKey(given, context);
  const token = await takeToken(given, context);
  const policy = {
    keys: [key],
    ...claimsAsked(given),
  };
  const verified = verifyToken(token, policy, context.now());
  const { stdout } = context;
  if (given.flag("json")) {
    stdout.write(`${JSON.stringify(verified.ok ? { ok: true, ...verified.value } : verified)}\n`);
    return verified.ok ? 0 : EXIT_REFUSED;
  }
  const style = styleFor(stdout, context);
  if (!verified.ok) {
    stdout.write(`${style("red", `✖ refused: ${verified.fault}`)}. Not so: ${wantedBy(verified.fault)}\n`);
    return EXIT_REFUSED;
  }
  const { subject, roles, expiresAtMs } = verified.value;
  const left = Math.round((expiresAtMs - context.now()) / 1_000);
  const shown = roles.map((role) => printable(role)).join(", ") || "none";
  stdout.write(`${style("green", "✔ good")}: ${printable(subject)}, roles ${shown}, for another ${left} s\n`);
  return 0;
}

/** The sentence of the step at which a token fails. */
function wantedBy(fault: TokenFault): string {
  return Object.values(DECISION_STEPS).find(({ reasons }) => reasons.includes(fault))?.asks ??
    "The token is good.";
}

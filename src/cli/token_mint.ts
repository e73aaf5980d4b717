/**
 * `portcullis token mint`: a token for tests and tools, signed with a key that the user has.
 *
 * @module
 */

import { randomUUID } from "node:crypto";
import { DEMO_AUDIENCE } from "../demo/environment.ts";
import { signToken } from "../mod.ts";
import { type CliContext, CliError, type Command, type Given } from "./command.ts";
import { CLAIM_OPTIONS, KEY_OPTIONS, needKey } from "./key_options.ts";
import { readSeconds } from "./options.ts";

const LIFETIME_SECONDS = 15 * 60;

/** Signs a token. */
export const tokenMintCommand: Command = {
  summary: "sign a token",
  usage: "--subject NAME [OPTIONS]",
  about: "Signs a token, and writes it to standard output, alone.",
  options: {
    subject: { value: "NAME", short: "s", help: "whom the token is about" },
    role: { value: "NAME", short: "r", isList: true, help: "what its subject may do" },
    ...CLAIM_OPTIONS,
    lifetime: { value: "TIME", help: "how long it holds, as 90s, 15m or 2h; by default 15m" },
    jti: { value: "ID", help: "its own name, by which it can be revoked; by default a random one" },
    ...KEY_OPTIONS,
    json: { help: "write the token and its claims as JSON" },
  },
  positionals: { min: 0, max: 0 },
  examples: [
    "portcullis token mint --subject ada --role admin",
    "portcullis token mint -s ada -r member --lifetime 1h --secret-file key.txt",
    "portcullis token mint -s ada -r member | portcullis token explain --token-stdin",
  ],
  run: mint,
};

async function mint(given: Given, context: CliContext): Promise<number> {
  const key = await needKey(given, context);
  const [issuer, subject] = [given.text("issuer"), given.text("subject")];
  if (subject === undefined) throw new CliError("--subject is missing: whose token it is to be.");
  const now = context.now() / 1_000;
  const claims = {
    sub: subject,
    aud: given.text("audience") ?? DEMO_AUDIENCE,
    ...(issuer === undefined ? {} : { iss: issuer }),
    roles: given.list("role"),
    iat: now,
    exp: Math.floor(now) + readSeconds("lifetime", given.text("lifetime"), LIFETIME_SECONDS),
    jti: given.text("jti") ?? randomUUID(),
  };
  const token = signToken(claims, key);
  context.stdout.write(given.flag("json") ? `${JSON.stringify({ token, claims })}\n` : `${token}\n`);
  return 0;
}

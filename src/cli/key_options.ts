/**
 * The options of the commands that sign and verify: the key, and what is asked of a token.
 *
 * @module
 */

import { type Algorithm, ALGORITHMS, type HmacKey, hmacKey } from "../mod.ts";
import { DEMO_AUDIENCE } from "../demo/environment.ts";
import type { CliContext, Given, OptionRow } from "./command.ts";
import { readSeconds } from "./options.ts";
import { missing, secretOptions, takeSecret } from "./secrets.ts";

/** The options of a key. */
export const KEY_OPTIONS: Readonly<Record<string, OptionRow>> = {
  ...secretOptions("secret", "the key, at least 32 bytes of UTF-8"),
  "algorithm": { value: "NAME", help: `of the key: ${Object.keys(ALGORITHMS).join(", ")}; by default HS256` },
  "key-id": { value: "ID", help: "of the key, the kid of its tokens" },
};

/** The options of a token's audience and issuer. */
export const CLAIM_OPTIONS: Readonly<Record<"audience" | "issuer", OptionRow>> = {
  audience: { value: "NAME", help: `whom the token is for; by default ${DEMO_AUDIENCE}` },
  issuer: { value: "NAME", help: "who made it" },
};

/** What is asked of the claims of a token. */
export function claimsAsked(given: Given): {
  readonly audience: string;
  readonly issuer: string | undefined;
  readonly leewaySeconds: number;
} {
  return {
    audience: given.text("audience") ?? DEMO_AUDIENCE,
    issuer: given.text("issuer"),
    leewaySeconds: readSeconds("leeway", given.text("leeway"), 0),
  };
}

/**
 * Takes the key that was given.
 *
 * @returns It; `undefined` when there is none.
 * @throws {PortcullisError} `weak_key` for one that is none, `invalid_argument` for an id or algorithm that is none.
 */
export async function takeKey(given: Given, context: CliContext): Promise<HmacKey | undefined> {
  const secret = await takeSecret("secret", given, context);
  if (secret === undefined) return undefined;
  const [id, algorithm] = [given.text("key-id"), given.text("algorithm")];
  return hmacKey(secret, {
    ...(id === undefined ? {} : { id }),
    // A name that is none is refused there, with those that are.
    ...(algorithm === undefined ? {} : { algorithm: algorithm as Algorithm }),
  });
}

/** Like {@link takeKey}, for a command that cannot do without. */
export async function needKey(given: Given, context: CliContext): Promise<HmacKey> {
  const key = await takeKey(given, context);
  if (key !== undefined) return key;
  throw missing("secret", "key");
}

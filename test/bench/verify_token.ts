/**
 * Verifying tokens, here and with the two packages that are used most: the same tokens, the same key, the same audience.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createSecretKey, type KeyObject, randomBytes, randomUUID } from "node:crypto";
import { hmacKey } from "../../src/auth/key.ts";
import { signToken, verifyToken } from "../../src/auth/token.ts";
import type { Contestant } from "./rounds.ts";

/** The part of `jsonwebtoken` that is used here; the package brings no types. */
interface Jsonwebtoken {
  readonly default: {
    verify(token: string, key: KeyObject, options: object): object;
  };
}

/** The part of `fast-jwt` that is used here; its types are not there when these are checked. */
interface FastJwt {
  readonly default: {
    createVerifier(options: object): (token: string) => object;
  };
}

/** Who verifies. */
export type VerifierName = "portcullis" | "jsonwebtoken" | "fast-jwt";

const TOKENS = 1_000;
const AUDIENCE = "chat";

/** Makes tokens, and sets up who verifies them; each throws when he refuses a good one. */
export async function tokenVerifiers(): Promise<
  Readonly<Record<VerifierName, Contestant<string>>>
> {
  const secret = randomBytes(32);
  const key = hmacKey(secret);
  const policy = { keys: [key], audience: AUDIENCE };
  // Each package gets the key in the form in which it is fastest: jsonwebtoken would take bytes for a PEM key first.
  const keyObject = createSecretKey(secret);
  // In variables: the packages are the benchmark's, and are not there when types are checked.
  const [jsonwebtokenName, fastJwtName] = ["jsonwebtoken", "fast-jwt"];
  const { default: jsonwebtoken } = await import(
    jsonwebtokenName
  ) as Jsonwebtoken;
  const { default: fastJwt } = await import(fastJwtName) as FastJwt;
  const algorithms = ["HS256"];
  const options = { algorithms, audience: AUDIENCE };
  const verifyFast = fastJwt.createVerifier({
    key: secret,
    algorithms,
    allowedAud: AUDIENCE,
    cache: false,
  });

  const texts = Array.from({ length: TOKENS }, (_, n) => {
    const now = Math.floor(Date.now() / 1000);
    return signToken({
      sub: `user-${100_000 + n}`,
      aud: AUDIENCE,
      iss: "https://id.example",
      iat: now,
      exp: now + 3_600,
      jti: randomUUID(),
      roles: ["member", "editor"],
    }, key);
  });
  const contestant = (
    verify: (token: string) => unknown,
  ): Contestant<string> => {
    checkVerifier(verify, texts[0] as string);
    return {
      prepare: () => texts.map(received),
      work: (tokens) => tokens.forEach(verify),
    };
  };
  return {
    portcullis: contestant((token) => {
      if (!verifyToken(token, policy, Date.now()).ok) {
        throw new Error("A token was refused.");
      }
    }),
    jsonwebtoken: contestant((token) => jsonwebtoken.verify(token, keyObject, options)),
    "fast-jwt": contestant((token) => verifyFast(token)),
  };
}

/** A string as it comes out of a request: new, in one piece, and nothing known about it yet. */
function received(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}

/** Whoever is fast because he does not look is not to be in the table. */
function checkVerifier(
  verify: (token: string) => unknown,
  token: string,
): void {
  verify(token);
  const end = token.lastIndexOf(".") + 1;
  const forged = token.slice(0, end) + Buffer.alloc(32).toString("base64url");
  let refused = false;
  try {
    verify(forged);
  } catch {
    refused = true; // As it should be.
  }
  if (!refused) throw new Error("A forged token was accepted.");
}

/**
 * Tokens of the load, made here so that no server's own code makes what it will verify.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { BENCH_AUDIENCE, BENCH_SECRET } from "../servers/application.ts";

/** The header line that brings a token. @param n Each number is another subject. */
export function bearerLine(n: number, role: "guest" | "member" | "admin"): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    sub: `user-${100_000 + n}`,
    aud: BENCH_AUDIENCE,
    iat: now,
    exp: now + 3_600,
    roles: [role],
  };
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  const signature = createHmac("sha256", BENCH_SECRET).update(signed).digest(
    "base64url",
  );
  return `Authorization: Bearer ${signed}.${signature}\r\n`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

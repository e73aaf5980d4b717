/**
 * The demo's login, which believes whatever name and role it is told. A real one asks for a password or an identity
 * provider first; what it gives out is the same.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type HmacKey, signToken } from "../mod.ts";
import { DEMO_AUDIENCE } from "./environment.ts";
import { DEMO_ROLES, type DemoRole } from "./data.ts";

/** How long a demo token lives: long enough to look around. */
export const TOKEN_LIFETIME_SECONDS: number = 15 * 60;

const MAX_BODY_BYTES = 4_096;
const MAX_NAME_LENGTH = 64;

/**
 * Makes a demo token.
 *
 * @param name Becomes the subject.
 * @param role The one role that it has.
 * @param key Signs.
 * @param nowMs The time, in milliseconds since the Unix epoch.
 */
export function mintDemoToken(name: string, role: DemoRole, key: HmacKey, nowMs: number): string {
  // With its fraction, so that whoever signs in right after a revocation is not taken for somebody from before it.
  const iat = nowMs / 1000;
  const exp = Math.floor(iat) + TOKEN_LIFETIME_SECONDS;
  return signToken({ sub: name, aud: DEMO_AUDIENCE, roles: [role], iat, exp }, key);
}

/**
 * Answers `POST /token` with a token for the name and role in its JSON body.
 *
 * @param request The request.
 * @param response Its response.
 * @param key Signs.
 */
export async function answerLogin(
  request: IncomingMessage,
  response: ServerResponse,
  key: HmacKey,
): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) {
    return answer(response, 413, { error: `The body has more than ${MAX_BODY_BYTES} bytes.` });
  }
  const login = parseLogin(body);
  if (login === undefined) {
    const roles = DEMO_ROLES.join(", ");
    return answer(response, 400, {
      error: `Send JSON with a name of 1 to ${MAX_NAME_LENGTH} characters and a role: ${roles}.`,
    });
  }
  const token = mintDemoToken(login.name, login.role, key, Date.now());
  answer(response, 200, {
    token,
    subject: login.name,
    roles: [login.role],
    expiresInSeconds: TOKEN_LIFETIME_SECONDS,
  });
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseLogin(body: string): { name: string; role: DemoRole } | undefined {
  let login: unknown;
  try {
    login = JSON.parse(body);
  } catch {
    return undefined; // Not JSON: the peer's fault, and JSON.parse has no other way to say so.
  }
  const { name, role } = (login ?? {}) as { readonly name?: unknown; readonly role?: unknown };
  const known = DEMO_ROLES.find((candidate) => candidate === role);
  if (typeof name !== "string" || known === undefined) return undefined;
  const trimmed = name.trim();
  return trimmed.length > 0 && trimmed.length <= MAX_NAME_LENGTH ? { name: trimmed, role: known } : undefined;
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    // What is left of a body that was too large is not read.
    ...(status === 413 ? { Connection: "close" } : {}),
  });
  response.end(JSON.stringify(body));
}

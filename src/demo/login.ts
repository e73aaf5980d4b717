/**
 * The demo's login, which believes whatever name and role it is told. A real one asks for a password or an identity
 * provider first; what it gives out is the same.
 *
 * @module
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import { type HmacKey, signToken } from "../mod.ts";
import { answerJson } from "./answer.ts";
import { DEMO_AUDIENCE } from "./environment.ts";
import { DEMO_ROLES, type DemoRole } from "./data.ts";
import { readJson, refuseJson } from "./json_body.ts";

/** How long a demo token lives: long enough to look around. */
export const TOKEN_LIFETIME_SECONDS: number = 15 * 60;

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
  const wanted = `Send JSON with a name of 1 to ${MAX_NAME_LENGTH} characters and a role: ${
    DEMO_ROLES.join(", ")
  }.`;
  const body = await readJson(request);
  if (!body.ok) return refuseJson(response, body.fault, wanted);
  const login = readLogin(body.value);
  if (login === undefined) return refuseJson(response, "no_object", wanted);
  const token = mintDemoToken(login.name, login.role, key, Date.now());
  answerJson(response, 200, {
    token,
    subject: login.name,
    roles: [login.role],
    expiresInSeconds: TOKEN_LIFETIME_SECONDS,
  });
}

function readLogin(
  { name, role }: Readonly<Record<string, unknown>>,
): { readonly name: string; readonly role: DemoRole } | undefined {
  const known = DEMO_ROLES.find((candidate) => candidate === role);
  if (typeof name !== "string" || known === undefined) return undefined;
  const trimmed = name.trim();
  return trimmed.length > 0 && trimmed.length <= MAX_NAME_LENGTH ? { name: trimmed, role: known } : undefined;
}

/**
 * What has changed since tokens were signed, with little room and short lives.
 *
 * @module
 */

import type { Identity } from "../../src/auth/claims.ts";
import { keySourceOf } from "../../src/auth/key_ring.ts";
import { Standing, type StandingFault, type StandingLimits } from "../../src/auth/standing.ts";
import { KEY, NOW_MS } from "./tokens.ts";

/** How long the tokens of these tests may live: an hour. */
export const LIFETIME_MS = 3_600_000;

/** Makes a standing that knows the key of the tests. */
export function standing(limits: Partial<StandingLimits> = {}, leewaySeconds?: number): Standing {
  const all = { maxRevocations: 100, maxTokenLifetimeMs: LIFETIME_MS, ...limits };
  return new Standing(all, keySourceOf([KEY]), leewaySeconds);
}

/** What it says of an identity. */
export function verdict(made: Standing, identity: Identity, nowMs: number = NOW_MS): "good" | StandingFault {
  const judged = made.judge(identity, nowMs);
  return judged.ok ? "good" : judged.fault;
}

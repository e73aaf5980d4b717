/**
 * Every bound of the client in one table, as `base/limits.ts` has those of the server: a client without bounds is what
 * brings down a server that has just come back.
 *
 * @module
 */

import { resolveTable } from "../base/limit_table.ts";

/** The table. The unit is the last word of the name; a name without a unit counts things. */
export const CLIENT_LIMITS = {
  connectTimeoutMs: {
    default: 10_000,
    min: 1,
    max: 600_000,
    stops: "A server that takes the connection, or the question for a ticket, and never answers.",
  },
  tokenTimeoutMs: {
    default: 30_000,
    min: 1,
    max: 600_000,
    stops: "A `getToken` that never answers.",
  },
  requestTimeoutMs: {
    default: 30_000,
    min: 1,
    max: 86_400_000,
    stops: "A request whose reply never comes.",
  },
  backoffBaseMs: {
    default: 1_000,
    min: 1,
    max: 600_000,
    stops: "A thousand clients that all come back in the moment in which their server does.",
  },
  backoffMaxMs: {
    default: 30_000,
    min: 1,
    max: 86_400_000,
    stops: "A wait that has doubled so often that nobody lives to see its end.",
  },
  maxHintMs: {
    default: 600_000,
    min: 0,
    max: 86_400_000,
    stops: "A server, or a proxy in front of it, that sends the client away for a year.",
  },
  stableAfterMs: {
    default: 10_000,
    min: 0,
    max: 86_400_000,
    stops:
      "A server that lets in and throws out in a circle: only a session of this length makes waits short again.",
  },
  maxPendingRequests: {
    default: 1_000,
    min: 1,
    max: 1_000_000,
    stops: "Requests that pile up while there is no session, or no reply.",
  },
  maxRefusedTokens: {
    default: 100,
    min: 1,
    max: 100_000,
    stops: "A memory of refused tokens that grows for as long as the page is open.",
  },
  maxTokenBytes: {
    default: 8_192,
    min: 64,
    max: 1_048_576,
    stops: "A `getToken` that answers with the login page: no server would read that much of a header.",
  },
} as const;

/** The name of one limit. */
export type ClientLimitName = keyof typeof CLIENT_LIMITS;

/** A value for every limit. */
export type ClientLimits = { readonly [Name in ClientLimitName]: number };

/**
 * Fills a caller's choice of limits up with the defaults.
 *
 * @param chosen The limits that differ from their defaults.
 * @returns A value for every limit.
 * @throws {PortcullisError} `invalid_argument` for a name that is not in {@link CLIENT_LIMITS}, or a value out of range.
 */
export function resolveClientLimits(chosen: Partial<ClientLimits> = {}): ClientLimits {
  return resolveTable(CLIENT_LIMITS, chosen);
}

/**
 * Every bound of the library in one table: its default, and the attack that it stops. A quantity without a bound is
 * a way in.
 *
 * @module
 */

import { resolveTable } from "./limit_table.ts";

/** The table. The unit is the last word of the name; a name without a unit counts things. */
export const LIMITS = {
  handshakeTimeoutMs: {
    default: 5_000,
    min: 1,
    max: 600_000,
    stops:
      "A decision that never falls: an `approve` that does not answer, or for a client a server that does not (answered with 503; a client gives up with connect_timeout).",
  },
  maxPendingHandshakes: {
    default: 1_000,
    min: 1,
    max: 1_000_000,
    stops:
      "A storm of upgrades with good tokens that all wait for `approve` (answered with 503). Renewals in open sessions are counted apart, and answered with rate_limited.",
  },
  maxPendingPerSubject: {
    default: 500,
    min: 1,
    max: 1_000_000,
    stops:
      "One token that is shown a thousand times, and takes all places of those who wait for `approve`, even with connections that are gone again (answered with 429; a renewal with rate_limited). At most half of maxPendingHandshakes counts. A request without a token counts for its address.",
  },
  maxHeaderFields: {
    default: 100,
    min: 10,
    max: 2_000,
    stops: "Work spent on thousands of header fields before the token is looked at (answered with 431).",
  },
  maxHeaderBytes: {
    default: 16_384,
    min: 256,
    max: 1_048_576,
    stops:
      "Work spent on a few fields of megabytes (answered with 431). node:http has a bound of its own, maxHeaderSize, that it applies while it reads.",
  },
  maxTokenBytes: {
    default: 8_192,
    min: 64,
    max: 1_048_576,
    stops: "A token of megabytes that is decoded and hashed before it is refused (answered with 401).",
  },
  maxTokenLifetimeMs: {
    default: 34_560_000_000,
    min: 1_000,
    max: 3_155_760_000_000,
    stops:
      "A token that never ends, and so has to be remembered for ever once it is revoked (answered with 401). 400 days are as long as browsers keep a cookie.",
  },
  maxRevocations: {
    default: 100_000,
    min: 1,
    max: 10_000_000,
    stops:
      "Revoked tokens and changed roles that fill the memory: one revocation more refuses all tokens issued before it (answered with 401), one change of roles more those of its subject.",
  },
  ticketLifetimeMs: {
    default: 15_000,
    min: 100,
    max: 300_000,
    stops: "A ticket that is found in a log, or in a history, and used (answered with 401).",
  },
  maxTickets: {
    default: 10_000,
    min: 1,
    max: 1_000_000,
    stops: "Tickets that are asked for and never used (answered with 503).",
  },
  maxTicketsPerSubject: {
    default: 20,
    min: 1,
    max: 1_000_000,
    stops: "One subject who asks for all the tickets that there are (answered with 429).",
  },
  maxUnauthenticated: {
    default: 100,
    min: 1,
    max: 1_000_000,
    stops: "Sockets that are let in to send their token as a message, and never do (answered with 503).",
  },
  maxUnauthenticatedPerAddress: {
    default: 50,
    min: 1,
    max: 1_000_000,
    stops: "One address that takes all places of those who have not shown a token yet (answered with 429).",
  },
  authTimeoutMs: {
    default: 5_000,
    min: 1,
    max: 600_000,
    stops: "A socket that was let in to send its token as a message, and takes its time (closed with 3008).",
  },
  maxConnectionsPerAddress: {
    default: 50_000,
    min: 1,
    max: 10_000_000,
    stops:
      "One address that takes all connections (answered with 429). As many as there may be in all, because behind a proxy all clients have the proxy's address, unless trustedProxies tells whose they are; elsewhere, what one network needs is far less.",
  },
  maxSessionsPerSubject: {
    default: 10_000,
    min: 1,
    max: 10_000_000,
    stops:
      "One subject who takes all sessions (answered with 429). One person needs 10 to 100, a service more.",
  },
  presenceGraceMs: {
    default: 5_000,
    min: 0,
    max: 3_600_000,
    stops: "A page that is reloaded, and is told to all others as a leaving and a coming.",
  },
  maxConnections: {
    default: 50_000,
    min: 1,
    max: 10_000_000,
    stops:
      "More sockets than the process has descriptors for, those that are closing included (answered with 503).",
  },
  maxSessions: {
    default: 50_000,
    min: 1,
    max: 10_000_000,
    stops: "More sessions than the process has memory for (answered with 503).",
  },
  maxMessageBytes: {
    default: 1_048_576,
    min: 1,
    max: 1_073_741_824,
    stops: "A message without end, in one frame or in many (closed with 1009).",
  },
  maxMessagesPerSecond: {
    default: 20_000,
    min: 1,
    max: 10_000_000,
    stops:
      "One session that keeps the server to itself, with messages that are denied too (answered with rate_limited). More than any honest program sends; a chat needs 20. A second's worth may come at once.",
  },
  maxRateDenials: {
    default: 100,
    min: 1,
    max: 1_000_000,
    stops:
      "A client that is told rate_limited and goes on: after so many denials at once, or a hundredth of them per second in the long run (closed with 1013).",
  },
  maxEnvelopeBytes: {
    default: 65_536,
    min: 64,
    max: 1_073_741_824,
    stops: "JSON that is far larger than any row of the table needs (answered with too_large).",
  },
  maxEnvelopeDepth: {
    default: 64,
    min: 1,
    max: 10_000,
    stops:
      "Data nested so deeply that taking it in or sending it back exhausts the stack (answered with malformed).",
  },
  maxDecompressedBytes: {
    default: 1_048_576,
    min: 1,
    max: 1_073_741_824,
    stops:
      "A few compressed bytes that become a message of megabytes (closed with 1009). The smaller of this and maxMessageBytes holds.",
  },
  maxFragments: {
    default: 131_072,
    min: 1,
    max: 16_777_216,
    stops: "A message of countless tiny fragments, each of which costs time (closed with 1008).",
  },
  maxEmptyFragments: {
    default: 1_024,
    min: 0,
    max: 16_777_216,
    stops: "Fragments without a byte in them, which no limit on bytes ever sees (closed with 1008).",
  },
  maxControlFramesPerSecond: {
    default: 20_000,
    min: 1,
    max: 1_000_000_000,
    stops:
      "Pings by the thousand, each of which is answered, and pongs that nobody asked for (closed with 1008). They are no messages, and no rate of those ever counts them.",
  },
  maxQueuedBytes: {
    default: 4_194_304,
    min: 1_024,
    max: 1_073_741_824,
    stops: "A peer that does not read, while everything sent to it piles up here (closed with 1013).",
  },
  maxKeptBytes: {
    default: 1_048_576,
    min: 0,
    max: 1_073_741_824,
    stops:
      "What `keep-latest` keeps for a peer that does not read, of many types and for many rooms (closed with 1013: what is more is queued like any other message).",
  },
  handlerTimeoutMs: {
    default: 30_000,
    min: 1,
    max: 86_400_000,
    stops:
      "A handler that never answers, and holds its session up for ever (answered with internal; the session goes on).",
  },
  maxGivenUpHandlersPerSubject: {
    default: 10_000,
    min: 1,
    max: 10_000_000,
    stops:
      "Handlers that ignore their signal, and go on for nobody after their time or the end of their session, while more are called (answered with internal until one of them is done).",
  },
  maxRoomsPerSession: {
    default: 100,
    min: 0,
    max: 1_000_000,
    stops:
      "A client that joins rooms until the memory is full of their names (answered with false by groups.join).",
  },
  closeTimeoutMs: {
    default: 3_000,
    min: 1,
    max: 600_000,
    stops: "A peer that never answers a Close frame, or never ends its half of TCP (cut off).",
  },
  reconnectSpreadMs: {
    default: 10_000,
    min: 0,
    max: 3_600_000,
    stops:
      "All clients of a server that restarts, coming back at the same moment: each is told another wait up to this.",
  },
  drainNoticeMs: {
    default: 1_000,
    min: 0,
    max: 600_000,
    stops:
      "Clients that are cut off with a request on its way: between server.bye and the first close there is this time.",
  },
  drainBatchSessions: {
    default: 500,
    min: 1,
    max: 1_000_000,
    stops:
      "Twenty thousand sessions closed in one turn of the event loop, in which nobody else is served; so many are, every 20 ms.",
  },
  drainTimeoutMs: {
    default: 20_000,
    min: 0,
    max: 600_000,
    stops:
      "A handler that keeps a server from its end (closed with 1012). Orchestrators kill after 30 seconds.",
  },
  heartbeatMs: {
    default: 30_000,
    min: 10,
    max: 86_400_000,
    stops:
      "A peer that vanished without a word and is counted as present for hours (asked with a ping, once it was silent for as long, or twice as long).",
  },
  pongTimeoutMs: {
    default: 10_000,
    min: 1,
    max: 86_400_000,
    stops: "A peer that is asked and does not answer (closed with 3008). At most heartbeatMs counts.",
  },
  idleTimeoutMs: {
    default: 86_400_000,
    min: 10,
    max: 604_800_000,
    stops:
      "A connection that is held for nothing: it answers pings, and no message goes either way (closed with 3008, up to about 2 × heartbeatMs later).",
  },
} as const;

/** The name of one limit. */
export type LimitName = keyof typeof LIMITS;

/** A value for every limit. */
export type Limits = { readonly [Name in LimitName]: number };

/**
 * Fills a caller's choice of limits up with the defaults.
 *
 * @param chosen The limits that differ from their defaults.
 * @returns A value for every limit.
 * @throws {PortcullisError} `invalid_argument` for a name that is not in {@link LIMITS}, or a value out of range.
 *
 * @example
 * ```ts
 * import { resolveLimits } from "portcullis";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(resolveLimits({ maxMessageBytes: 1_000 }).maxMessageBytes, 1_000);
 * strictEqual(resolveLimits().closeTimeoutMs, 3_000);
 * ```
 */
export function resolveLimits(chosen: Partial<Limits> = {}): Limits {
  return resolveTable(LIMITS, chosen);
}

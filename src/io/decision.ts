/**
 * The record of one decision at the door.
 *
 * @module
 */

import type { Carrier } from "../auth/credential.ts";
import type { DecisionStep } from "../auth/decision.ts";
import type { Refusal } from "./refusal.ts";

/** What a request is for. */
export type Purpose = "upgrade" | "check" | "ticket";

/** What was decided about one request, in a form that may be logged: no token, ticket or key is in it. */
export interface Decision {
  /** What the request was for. */
  readonly purpose: Purpose;
  /** `deferred`: let in to show its token in the first message. */
  readonly outcome: "admitted" | "refused" | "deferred";
  /** When, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** The case of the refusal, and the finer reason that the peer is not told. */
  readonly refused: Refusal | undefined;
  /** Where the credential was. */
  readonly carrier: Carrier | undefined;
  /** Whom a good token names: printable, bounded. */
  readonly subject: string | undefined;
  /** The Origin of the request: printable, bounded. */
  readonly origin: string | undefined;
  /** The client's address, as far as it is known (`trustedProxies`): printable, bounded. */
  readonly address: string;
  /** The steps that were taken, in their order, the one that failed last. */
  readonly steps: readonly DecisionStep[];
}

/**
 * A row of the permission table, and whom it is asked about.
 *
 * @module
 */

import type { Rate } from "../base/token_bucket.ts";
import type { Validator } from "./validator.ts";

/** Who asks: the part of a session on which a decision depends. */
export interface Principal<Role extends string = string> {
  /** Whom the token named. */
  readonly subject: string;
  /** What the subject may do now; changes with the lease. */
  readonly roles: ReadonlySet<Role>;
  /** The rooms that the session is in. */
  readonly rooms: ReadonlySet<string>;
  /** When the identity ends, in milliseconds since the Unix epoch. */
  readonly expiresAtMs: number;
}

// #region row
/** What the table says of one type of message. */
export interface PermissionRow<Role extends string, Data> {
  /** Any one of these is enough. */
  readonly roles: readonly Role[];
  /** What the data must be. */
  readonly data: Validator<Data>;
  /** How often one session may send it; without this, as often as it likes. */
  readonly rate?: Rate;
  /** A condition on this very message, such as ownership: in `receive` asked of the sender, in `send` of each receiver. */
  readonly when?: (session: Principal<Role>, data: NoInfer<Data>) => boolean;
}
// #endregion

/**
 * What becomes of a message for a session that does not keep up:
 * - `close`: it is queued, and the session closed with 1013 when more than `maxQueuedBytes` wait. Nothing is lost in silence.
 * - `drop`: it is left out.
 * - `keep-latest`: the latest of its type, for the same recipients, waits until the session reads again, and replaces what waited,
 *   whatever its data. Messages of other types may overtake it.
 *
 * The last two need a `maxQueuedBytes` of 131,072 or more: below that, a queue is full before it is taken for a long one.
 */
export type SlowReaderPolicy = "close" | "drop" | "keep-latest";

/** All of them. */
export const SLOW_READER_POLICIES: readonly SlowReaderPolicy[] = ["close", "drop", "keep-latest"];

/** What the table says of one type of message that the server sends. */
export interface SendRow<Role extends string, Data> extends PermissionRow<Role, Data> {
  /** What becomes of it for a session that does not keep up; by default `close`. */
  readonly slowReaders?: SlowReaderPolicy;
}

/** The rows by type of message. A `Map`: `__proto__` and `constructor` are types like any other, and have no row. */
export type Rows = ReadonlyMap<string, PermissionRow<string, unknown>>;

/** The same, of what the server sends. */
export type SendRows = ReadonlyMap<string, SendRow<string, unknown>>;

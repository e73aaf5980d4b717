/**
 * A row of the permission table, and whom it is asked about.
 *
 * @module
 */

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

/** How often a session may send one type: a bucket of `burst` tokens, refilled by `perSecond`. */
export interface Rate {
  /** Messages per second in the long run, above 0. */
  readonly perSecond: number;
  /** Messages at once, at least 1. */
  readonly burst: number;
}

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

/** The rows by type of message. A `Map`: `__proto__` and `constructor` are types like any other, and have no row. */
export type Rows = ReadonlyMap<string, PermissionRow<string, unknown>>;

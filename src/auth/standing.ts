/**
 * What has changed since a token was signed: who is no longer welcome, and who may now do something else. A token says what
 * was true when it was made; until it ends, this says what is true now.
 *
 * Nothing is kept longer than a token could live that it speaks about.
 *
 * @module
 */

import { PortcullisError } from "../base/errors.ts";
import { ExpiringMap } from "../base/expiring_map.ts";
import type { Limits } from "../base/limits.ts";
import { fault, ok, type Result } from "../base/result.ts";
import {
  FIRST_MOMENT_MS,
  type Identity,
  LAST_MOMENT_MS,
  MAX_SUBJECT_LENGTH,
  MAX_TOKEN_ID_LENGTH,
} from "./claims.ts";
import type { KeySource } from "./key_ring.ts";

/** Which tokens are revoked; exactly one of the three. */
export type Revocation =
  | {
    /** All tokens of this subject that were issued up to now. */
    readonly subject: string;
    readonly tokenId?: never;
    readonly issuedBefore?: never;
  }
  | {
    /** The token of this `jti`. */
    readonly tokenId: string;
    readonly subject?: never;
    readonly issuedBefore?: never;
  }
  | {
    /** All tokens of everybody issued before this moment: a `Date`, or milliseconds since the Unix epoch. */
    readonly issuedBefore: Date | number;
    readonly subject?: never;
    readonly tokenId?: never;
  };

/** Why an identity that a token once proved does not hold any more. */
export type StandingFault = "expired" | "revoked" | "key_withdrawn";

/** The limits on what is remembered. */
export type StandingLimits = Pick<Limits, "maxRevocations" | "maxTokenLifetimeMs">;

interface ChangedRoles {
  readonly roles: readonly string[];
  readonly upToMs: number;
}

/** Judges identities by what has happened since their tokens were signed. */
export class Standing {
  readonly #limits: StandingLimits;
  readonly #keys: KeySource;
  readonly #leewayMs: number;
  /** The furthest that an `iat` was ahead of this clock: some issuers round up to whole seconds, some clocks are fast. */
  #aheadMs = 0;
  /** Subject → tokens up to this moment are revoked. */
  readonly #subjects: ExpiringMap<string, number>;
  readonly #tokenIds: ExpiringMap<string, true>;
  readonly #roles: ExpiringMap<string, ChangedRoles>;
  #issuedBeforeMs = -Infinity;
  #issuedBeforeUntilMs = -Infinity;

  /**
   * @param limits How much is remembered, and for how long a token may live.
   * @param keys The keys that may vouch for an identity.
   * @param leewaySeconds How far the clock that writes `iat` may be ahead: a token that exists now may say that it was issued
   * as much later.
   */
  constructor(limits: StandingLimits, keys: KeySource, leewaySeconds: number = 0) {
    this.#limits = limits;
    this.#keys = keys;
    this.#leewayMs = leewaySeconds * 1000;
    this.#subjects = new ExpiringMap(limits.maxRevocations);
    this.#tokenIds = new ExpiringMap(limits.maxRevocations);
    this.#roles = new ExpiringMap(limits.maxRevocations);
  }

  /**
   * Revokes tokens, from this moment on.
   *
   * @param target Which.
   * @param nowMs The time, in milliseconds since the Unix epoch.
   * @param inUse What is known of these tokens, from the sessions that rest on them.
   * @returns `listed`, also where no token can have the name; or `everybody` when the list was full, so that all tokens issued
   * up to now are refused from now on.
   * @throws {PortcullisError} `invalid_argument` for none or several targets, or a time in seconds.
   */
  revoke(target: Revocation, nowMs: number, inUse: readonly Identity[] = []): "listed" | "everybody" {
    checkRevocation(target);
    if (isNobodys(target) || this.#list(target, nowMs, inUse)) return "listed";
    // What cannot be remembered one by one is remembered as a whole: rather all sign in anew than one who is not to.
    this.#revokeAllBefore(nowMs + this.#leewayMs + ROUNDING_MS, nowMs);
    // It says all that the list did, which would otherwise be full at the next one too.
    this.#subjects.clear();
    this.#tokenIds.clear();
    return "everybody";
  }

  /**
   * Tells whether an identity that holds now is one of those that a revocation ends.
   *
   * @param target Of {@link Standing.revoke}.
   * @param identity What a token has proved.
   */
  static isMeant({ subject, tokenId, issuedBefore }: Revocation, identity: Identity): boolean {
    if (subject !== undefined) return identity.subject === subject;
    if (tokenId !== undefined) return identity.tokenId === tokenId;
    return (identity.issuedAtMs ?? -Infinity) < Number(issuedBefore);
  }

  /**
   * Gives a subject other roles than its present tokens say. Tokens that are issued later say again what they say.
   *
   * @param subject Whom; nothing is remembered of a name that no token can have.
   * @param roles What it may do from now on.
   * @param nowMs The time, in milliseconds since the Unix epoch.
   */
  setRoles(subject: string, roles: readonly string[], nowMs: number): void {
    if (isNobodys({ subject })) return;
    const before = this.#roles.get(subject, nowMs)?.upToMs;
    const changed = { roles: [...roles], upToMs: this.#latestIssue(nowMs, before) };
    // Where there is no room to remember other roles, the tokens that name the old ones must not come back.
    if (!this.#roles.set(subject, changed, this.#horizon(nowMs), nowMs)) this.revoke({ subject }, nowMs);
  }

  /**
   * Judges an identity as of now.
   *
   * @param identity What a token, or a ticket for it, has proved.
   * @param nowMs The time, in milliseconds since the Unix epoch.
   * @returns The identity with the roles that hold now, or why it holds no more.
   */
  judge(identity: Identity, nowMs: number): Result<Identity, StandingFault> {
    const { subject, tokenId, keyId, issuedAtMs = -Infinity } = identity;
    // No further than the door lets any be: more only means that this clock was set back since.
    const aheadMs = Math.min(issuedAtMs - nowMs, this.#leewayMs + ROUNDING_MS);
    this.#aheadMs = Math.max(this.#aheadMs, aheadMs);
    // #region judge_now
    if (identity.expiresAtMs <= nowMs) return fault("expired");
    const keyEndsAtMs = this.#keys.validUntilMs(keyId);
    if (keyEndsAtMs <= nowMs) return fault("key_withdrawn");
    if (tokenId !== undefined && this.#tokenIds.get(tokenId, nowMs) === true) return fault("revoked");
    const revokedUpToMs = this.#subjects.get(subject, nowMs);
    if (revokedUpToMs !== undefined && issuedAtMs <= revokedUpToMs) return fault("revoked");
    if (nowMs < this.#issuedBeforeUntilMs && issuedAtMs < this.#issuedBeforeMs) return fault("revoked");
    const changed = this.#roles.get(subject, nowMs);
    const rolesHold = changed === undefined || issuedAtMs > changed.upToMs;
    const held = rolesHold ? identity : { ...identity, roles: changed.roles };
    const { expiresAtMs, tokenEndsAtMs = expiresAtMs } = identity;
    // An identity ends with the key that vouches for it.
    return ok(expiresAtMs <= keyEndsAtMs ? held : { ...held, expiresAtMs: keyEndsAtMs, tokenEndsAtMs });
    // #endregion
  }

  /** @returns Whether there was room for it. */
  #list(target: Revocation, nowMs: number, inUse: readonly Identity[]): boolean {
    const { subject, tokenId } = target;
    const untilMs = this.#horizon(nowMs);
    if (subject !== undefined) {
      const before = this.#subjects.get(subject, nowMs);
      return this.#subjects.set(subject, this.#latestIssue(nowMs, before), untilMs, nowMs);
    }
    if (tokenId !== undefined) {
      return this.#tokenIds.set(tokenId, true, Math.min(latestEnd(inUse), untilMs), nowMs);
    }
    this.#revokeAllBefore(Number(target.issuedBefore), nowMs);
    return true;
  }

  #revokeAllBefore(momentMs: number, nowMs: number): void {
    this.#issuedBeforeMs = Math.max(this.#issuedBeforeMs, momentMs);
    // A moment that is still to come concerns tokens that are still to be made.
    this.#issuedBeforeUntilMs = this.#horizon(Math.max(nowMs, this.#issuedBeforeMs));
  }

  /** Up to which `iat` a token may exist by now; what was said of earlier ones still holds, also when the clock is set back. */
  #latestIssue(nowMs: number, before: number = -Infinity): number {
    return Math.max(before, nowMs + Math.max(this.#leewayMs, this.#aheadMs));
  }

  /** By when each token that exists now has ended, also one whose `iat` is as far ahead as an `iat` may be. */
  #horizon(nowMs: number): number {
    return nowMs + this.#leewayMs + ROUNDING_MS + this.#limits.maxTokenLifetimeMs;
  }
}

/**
 * Whether no token can have this name: it is longer than the claims may be. Names may come from outside; remembered, one of any length would
 * stay for as long as a token may live, and take the place of somebody's.
 */
function isNobodys({ subject = "", tokenId = "" }: Revocation): boolean {
  return subject.length > MAX_SUBJECT_LENGTH || tokenId.length > MAX_TOKEN_ID_LENGTH;
}

/** By how much a clock that writes whole seconds may be ahead. */
const ROUNDING_MS = 1_000;

/** When the last of these tokens ends; all that share a `jti` should be one and the same. */
function latestEnd(inUse: readonly Identity[]): number {
  if (inUse.length === 0) return Infinity;
  return inUse.reduce((end, { expiresAtMs, tokenEndsAtMs = expiresAtMs }) => Math.max(end, tokenEndsAtMs), 0);
}

function checkRevocation({ subject, tokenId, issuedBefore }: Revocation): void {
  const given = [subject, tokenId, issuedBefore].filter((target) => target !== undefined);
  if (given.length !== 1) {
    refuse(`it has ${given.length} targets; exactly one of subject, tokenId, issuedBefore fits`);
  }
  if (issuedBefore === undefined) {
    if (typeof (subject ?? tokenId) !== "string") refuse("its target is no text");
  } else if (!(Number(issuedBefore) >= FIRST_MOMENT_MS && Number(issuedBefore) <= LAST_MOMENT_MS)) {
    refuse(`issuedBefore is ${Number(issuedBefore)}; give a Date, or milliseconds since the Unix epoch`);
  }
}

function refuse(what: string): never {
  throw new PortcullisError("invalid_argument", `Cannot revoke: ${what}.`);
}

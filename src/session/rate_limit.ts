/**
 * How often: token buckets, which cost two numbers each and no timer. (A token is a permit for one message here, and no
 * credential.)
 *
 * @module
 */

import type { Rate } from "../auth/permission_row.ts";

/** Parts of a token add up to a little less than one: who waited as long as he was told must not be refused for that. */
const WHOLE_TOKEN = 1 - 1e-9;

/** A bucket of tokens: each message takes one, time puts them back. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #filledAtMs: number;

  /**
   * @param rate How fast and how large.
   * @param nowMs The time, in milliseconds since the Unix epoch; the bucket starts full.
   */
  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAtMs = nowMs;
  }

  /**
   * Takes a token.
   *
   * @param nowMs The time, in milliseconds since the Unix epoch.
   * @returns 0 when there was one; otherwise after how many milliseconds there will be.
   */
  take(nowMs: number): number {
    // A clock that is set back must not empty the bucket.
    const elapsedMs = Math.max(0, nowMs - this.#filledAtMs);
    this.#filledAtMs = nowMs;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + (elapsedMs / 1000) * this.#rate.perSecond);
    if (this.#tokens >= WHOLE_TOKEN) {
      this.#tokens = Math.max(0, this.#tokens - 1);
      return 0;
    }
    return Math.ceil(((WHOLE_TOKEN - this.#tokens) / this.#rate.perSecond) * 1000);
  }
}

/** What one session has sent of late. */
export class SessionRates {
  /** All its messages, whatever their type. */
  #messages: TokenBucket | undefined;
  /** Those of each type that has a rate of its own. */
  #byType: Map<string, TokenBucket> | undefined;
  /** How often it may still be told that it sends too often. */
  #patience: TokenBucket | undefined;

  /**
   * Counts a message against what a session may send in all.
   *
   * @param rate How much that is, the same for all sessions.
   * @param nowMs The time, in milliseconds since the Unix epoch.
   * @returns 0 when it may pass, otherwise after how many milliseconds it may.
   */
  countMessage(rate: Rate, nowMs: number): number {
    this.#messages ??= new TokenBucket(rate, nowMs);
    return this.#messages.take(nowMs);
  }

  /**
   * Counts a message against the rate of its type.
   *
   * @param type A row of the table.
   * @param rate Its rate.
   * @param nowMs The time, in milliseconds since the Unix epoch.
   * @returns 0 when it may pass, otherwise after how many milliseconds it may.
   */
  countOfType(type: string, rate: Rate, nowMs: number): number {
    this.#byType ??= new Map();
    let bucket = this.#byType.get(type);
    if (bucket === undefined) this.#byType.set(type, bucket = new TokenBucket(rate, nowMs));
    return bucket.take(nowMs);
  }

  /**
   * Counts a message that is denied because of a rate.
   *
   * @param rate How many there may be, the same for all sessions.
   * @param nowMs The time, in milliseconds since the Unix epoch.
   * @returns Whether there have been too many: who is told to wait, and does not.
   */
  insists(rate: Rate, nowMs: number): boolean {
    this.#patience ??= new TokenBucket(rate, nowMs);
    return this.#patience.take(nowMs) > 0;
  }
}

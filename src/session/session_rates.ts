/**
 * What one session has sent of late, against three rates: that of all its messages, that of each type which has one (in the table, or
 * `auth.refresh` here), and how often it may be told to wait before that is the end of it.
 *
 * @module
 */

import { type Rate, TokenBucket } from "../base/token_bucket.ts";

/** Three kinds of buckets of one session; each is made when it is first needed. */
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
   * @param type A row of the table, or `auth.refresh`, which has none.
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
   * @returns Whether there have been too many, so that the session is to be closed.
   */
  insists(rate: Rate, nowMs: number): boolean {
    this.#patience ??= new TokenBucket(rate, nowMs);
    return this.#patience.take(nowMs) > 0;
  }
}

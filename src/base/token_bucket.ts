/**
 * How often: token buckets, which cost two numbers each and no timer. A token is a permit for one thing here, and no credential.
 *
 * @module
 */

/** How often something may happen: a bucket of `burst` tokens, refilled by `perSecond`. */
export interface Rate {
  /** How often per second in the long run, above 0. */
  readonly perSecond: number;
  /** How often at once, at least 1. */
  readonly burst: number;
}

/** Parts of a token add up to a little less than one: who waited as long as he was told must not be refused for that. */
const WHOLE_TOKEN = 1 - 1e-9;

/** A bucket of tokens: each thing that happens takes one, time puts them back. */
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
    // #region take
    // A clock that is set back must not empty the bucket.
    const elapsedMs = Math.max(0, nowMs - this.#filledAtMs);
    this.#filledAtMs = nowMs;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + (elapsedMs / 1000) * this.#rate.perSecond);
    if (this.#tokens >= WHOLE_TOKEN) {
      this.#tokens = Math.max(0, this.#tokens - 1);
      return 0;
    }
    return Math.ceil(((WHOLE_TOKEN - this.#tokens) / this.#rate.perSecond) * 1000);
    // #endregion
  }
}

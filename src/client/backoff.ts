/**
 * How long to wait before the next attempt.
 *
 * @module
 */

/** What a backoff works with. */
export interface BackoffOptions {
  /** The longest first wait, in milliseconds. */
  readonly backoffBaseMs: number;
  /** The longest wait of all that is not asked for by the server, in milliseconds. */
  readonly backoffMaxMs: number;
  /** The longest wait that a server may ask for, in milliseconds. */
  readonly maxHintMs: number;
}

/**
 * Exponential backoff with full jitter: a wait is a random part of a span that doubles each time. A fixed part would keep
 * clients that failed together together, and they would all come back in the same moment, again and again.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #random: () => number;
  #attempts = 0;

  /**
   * @param options The spans.
   * @param random Draws a number from 0 (included) to 1 (not included).
   */
  constructor(options: BackoffOptions, random: () => number) {
    this.#options = options;
    this.#random = random;
  }

  /**
   * Tells the next wait, and doubles the span of the one after it.
   *
   * @param hintMs What the server asked for at least. The random part comes on top: whom the server sent away together must
   * not come back together.
   * @returns Milliseconds.
   */
  next(hintMs = 0): number {
    const { backoffBaseMs, backoffMaxMs, maxHintMs } = this.#options;
    const spanMs = Math.min(backoffMaxMs, backoffBaseMs * 2 ** this.#attempts);
    // Beyond 2^53 it no longer matters, and a counter without end would make the power infinite.
    this.#attempts = Math.min(this.#attempts + 1, 52);
    const delayMs = Math.min(Math.max(hintMs, 0), maxHintMs) + Math.floor(this.#random() * spanMs);
    // At least one, so that no draw makes it "at once".
    return Math.max(1, delayMs);
  }

  /** Begins with the shortest span again. */
  reset(): void {
    this.#attempts = 0;
  }
}

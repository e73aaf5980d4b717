/**
 * Whether to come back, and when.
 *
 * @module
 */

import { Backoff, type BackoffOptions } from "./backoff.ts";
import type { Verdict } from "./verdict.ts";

/** What a policy works with. */
export interface ReconnectOptions extends BackoffOptions {
  /** How long a session lasts that shows that whatever was wrong is over, in milliseconds. */
  readonly stableAfterMs: number;
}

/** Decides about coming back, for all connections of one client. */
export class ReconnectPolicy {
  readonly #options: ReconnectOptions;
  readonly #backoff: Backoff;
  /** Whether a token was refused since a session last lasted. */
  #refused = false;

  /**
   * @param options The spans.
   * @param random Draws a number from 0 (included) to 1 (not included).
   */
  constructor(options: ReconnectOptions, random: () => number) {
    this.#options = options;
    this.#backoff = new Backoff(options, random);
  }

  /**
   * Decides what happens after an end.
   *
   * @param verdict What follows from how it ended.
   * @param lastedMs How long the session lasted, in milliseconds; `undefined` when there was none.
   * @returns After how many milliseconds to connect again; `undefined` for never.
   */
  delayAfter({ action, hintMs }: Verdict, lastedMs: number | undefined): number | undefined {
    // A session that was thrown out at once is one more failure, whatever its hello promised.
    if (lastedMs !== undefined && lastedMs >= this.#options.stableAfterMs) this.#reset();
    if (action === "stop") return undefined;
    // A token that has run out is nothing to wait for. One refusal after another is a fault somewhere.
    const atOnce = action === "refresh" && !this.#refused && hintMs === 0;
    if (action === "refresh") this.#refused = true;
    return atOnce ? 0 : this.#backoff.next(hintMs);
  }

  #reset(): void {
    this.#backoff.reset();
    this.#refused = false;
  }
}

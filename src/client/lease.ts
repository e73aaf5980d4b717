/**
 * The lease of one session: it ends at a set time, and is renewed before that, on the connection that is there.
 *
 * @module
 */

import type { Clock, Timer } from "../base/clock.ts";
import { PortcullisError } from "../base/errors.ts";
import type { Backoff } from "./backoff.ts";
import type { TokenSource } from "./token_source.ts";
import { type LeaseChange, leaseIn } from "./wire.ts";

/** What a lease works with. */
export interface LeaseOptions {
  /** The token on which the session stands. */
  readonly token: string;
  /** When it ends, in milliseconds since the Unix epoch. */
  readonly expiresAt: number;
  readonly tokens: TokenSource;
  readonly clock: Clock;
  /** How long a token that the server took is left alone, in milliseconds, whatever the server says. */
  readonly minPauseMs: number;
  /** Of this lease alone: how its own failures are spaced. */
  readonly backoff: Backoff;
  /** Sends an `auth.refresh`. @returns The data of its reply. */
  readonly refresh: (token: string, signal: AbortSignal) => Promise<unknown>;
  /** The server has taken another token, and said this. */
  readonly renewed: (change: LeaseChange) => void;
  readonly reportError: (error: unknown) => void;
}

/** What is left to do about a renewal: nothing, or another attempt that is no sooner than this. */
type Outcome = "done" | { readonly againInMs: number };

const AGAIN: Outcome = { againInMs: 0 };

/** The lease of one session. */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #ended = new AbortController();
  readonly #sinceMs: number;
  #token: string;
  #expiresAt: number;
  #renewing = false;
  #renewedAtMs = -Infinity;
  #pause: Timer | undefined;

  /** @param options What to work with; the server has taken the token just now. */
  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#sinceMs = options.clock.now();
    this.#token = options.token;
    this.#expiresAt = options.expiresAt;
    options.tokens.accept(this.#token, this.#expiresAt);
  }

  /** The token on which the session stands: the one that is over when the server says that the lease is. */
  get token(): string {
    return this.#token;
  }

  /** How long the session has lasted, in milliseconds. */
  get lastedMs(): number {
    return this.#options.clock.now() - this.#sinceMs;
  }

  /** The server says that the end is near. */
  expiring(): void {
    if (this.#renewing) return;
    this.#renewing = true;
    const { clock, minPauseMs } = this.#options;
    const waitMs = this.#renewedAtMs + minPauseMs - clock.now();
    // A server that says so again at once must not make a storm at the login of it.
    if (waitMs > 0) this.#pause = clock.after(waitMs, () => this.#renew());
    else this.#renew();
  }

  /** The server says that it ends at another time. */
  changed({ expiresAt = this.#expiresAt }: LeaseChange): void {
    this.#expiresAt = expiresAt;
    this.#options.tokens.accept(this.#token, expiresAt);
  }

  /** The session is over: nothing more is asked or sent. */
  end(): void {
    this.#ended.abort();
    this.#pause?.cancel();
  }

  /**
   * Tries until the server has taken another token. There is no last attempt: by whose clock the lease is over is for the
   * server to say, and it does so by closing with 3000.
   */
  #renew(): void {
    this.#attempt().then((outcome) => {
      if (this.#ended.signal.aborted) return;
      if (outcome === "done") {
        this.#renewing = false;
        this.#renewedAtMs = this.#options.clock.now();
        return this.#options.backoff.reset();
      }
      const delayMs = this.#options.backoff.next(outcome.againInMs);
      this.#pause = this.#options.clock.after(delayMs, () => this.#renew());
    }, this.#options.reportError);
  }

  async #attempt(): Promise<Outcome> {
    const { tokens, refresh, renewed, reportError } = this.#options;
    let token: string;
    try {
      token = await tokens.renew(this.#token);
    } catch (error) {
      if (!this.#ended.signal.aborted) reportError(error);
      return AGAIN;
    }
    if (this.#ended.signal.aborted) return "done";
    try {
      const change = leaseIn(await refresh(token, this.#ended.signal));
      this.#token = token;
      this.changed(change);
      if (!this.#ended.signal.aborted) renewed(change);
      return "done";
    } catch (error) {
      return this.#failed(token, error);
    }
  }

  #failed(token: string, error: unknown): Outcome {
    const denial = error instanceof PortcullisError ? error.denial : undefined;
    // No reply: nobody has judged the token, and it is shown again.
    if (denial === undefined) return AGAIN;
    if (denial.code === "invalid_data" || denial.code === "forbidden") {
      this.#options.tokens.refuse(token);
      return AGAIN;
    }
    if (denial.retryable) return { againInMs: denial.retryAfterMs ?? 0 };
    // As from a server that knows no refresh: the same again would be answered the same.
    this.#options.reportError(error);
    return "done";
  }
}

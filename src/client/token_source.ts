/**
 * Where tokens come from, and which of them are still worth sending.
 *
 * A client that asks for a token per attempt storms the login when its server restarts; one that keeps the token it has
 * shows a refused one for ever. Here a good token is kept, a refused one never sent again, and at most one question is
 * open at a time.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { PortcullisError } from "../base/errors.ts";
import type { ClientLimits } from "./client_limits.ts";

/** Why a token is asked for: there was none yet, the one in use ends soon or has ended, the last one was refused. */
export type TokenReason = "first" | "expiring" | "refused";

/** What the application is told when a token is asked for. */
export interface TokenRequest {
  /** Why. With `refused`, a token from a cache is of no use. */
  readonly reason: TokenReason;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** How the application is asked. */
export type GetToken = (request: TokenRequest) => string | PromiseLike<string>;

/** What a source works with. */
export interface TokenSourceOptions {
  readonly getToken: GetToken;
  readonly clock: Clock;
  readonly limits: Pick<ClientLimits, "tokenTimeoutMs" | "maxRefusedTokens" | "maxTokenBytes">;
}

/** The tokens of one client. */
export class TokenSource {
  readonly #options: TokenSourceOptions;
  /** In the order in which they were refused, so that the oldest can be forgotten. */
  readonly #refused = new Set<string>();
  /** The last that the application gave; not always judged by the server yet. */
  #latest: string | undefined;
  /** The last that the server took. */
  #accepted: { readonly token: string; readonly expiresAtMs: number } | undefined;
  /**
   * A token whose upgrade failed, nobody knows why: perhaps it was refused, perhaps the server was not there. It is not shown
   * in an upgrade again before somebody has said that it is good.
   */
  suspected: string | undefined;
  /** Why the next question will be asked. */
  #reason: TokenReason = "first";
  #asking: Promise<string> | undefined;
  #asked: AbortController | undefined;

  /** @param options What to work with. */
  constructor(options: TokenSourceOptions) {
    this.#options = options;
  }

  /** The tokens that must not be seen by anybody. */
  get known(): Iterable<string> {
    return [this.#latest, this.#accepted?.token, ...this.#refused].filter((token) => token !== undefined);
  }

  /**
   * Gets a token to connect with: the one that there is, or else a new one.
   *
   * @returns A token that was never refused.
   * @throws {PortcullisError} By rejecting: `token_failed`, `token_refused`.
   */
  take(): Promise<string> {
    this.#forgetExpired();
    const held = this.#latest ?? this.#accepted?.token;
    return held === undefined ? this.#ask() : Promise.resolve(held);
  }

  /**
   * Gets a token to follow one that ends soon.
   *
   * @param current That one, which is of no use here.
   * @returns Another, that was never refused.
   * @throws {PortcullisError} By rejecting: `token_failed`, `token_refused`.
   */
  renew(current: string): Promise<string> {
    if (this.#latest !== undefined && this.#latest !== current) return Promise.resolve(this.#latest);
    return this.#ask();
  }

  /** Notes that the server took a token, and for how long, in milliseconds since the Unix epoch. */
  accept(token: string, expiresAtMs: number): void {
    if (this.#accepted?.token !== token) this.#reason = "expiring";
    this.#accepted = { token, expiresAtMs };
  }

  /** Notes that a token must not be sent again. */
  refuse(token: string): void {
    this.#refused.add(token);
    if (this.#refused.size > this.#options.limits.maxRefusedTokens) {
      for (const oldest of this.#refused) {
        this.#refused.delete(oldest);
        break;
      }
    }
    this.#drop(token, "refused");
  }

  /** Aborts the question that is open. */
  stop(): void {
    this.#asked?.abort();
  }

  #forgetExpired(): void {
    const accepted = this.#accepted;
    if (accepted !== undefined && accepted.expiresAtMs <= this.#options.clock.now()) {
      this.#drop(accepted.token, "expiring");
    }
  }

  #drop(token: string, reason: TokenReason): void {
    if (this.#latest === token) this.#latest = undefined;
    if (this.#accepted?.token === token) this.#accepted = undefined;
    this.#reason = reason;
  }

  /** Single-flight: whoever needs a token while one is on its way waits for that one. */
  #ask(): Promise<string> {
    this.#asking ??= this.#answer().then((token) => this.#check(token)).finally(() => {
      this.#asking = undefined;
      this.#asked = undefined;
    });
    return this.#asking;
  }

  #answer(): Promise<unknown> {
    const { getToken, clock, limits } = this.#options;
    const reason = this.#reason;
    const asked = this.#asked = new AbortController();
    return new Promise<unknown>((resolve, reject) => {
      const late = () => {
        reject(failed(`getToken did not answer within ${limits.tokenTimeoutMs} ms.`));
        asked.abort();
      };
      const timer = clock.after(limits.tokenTimeoutMs, late);
      asked.signal.addEventListener("abort", () => {
        timer.cancel();
        reject(failed("Nobody waits for the answer of getToken any more."));
      });
      // Called inside a promise, so that what it throws at once is no different from what it rejects with.
      const answer = new Promise((settle) => settle(getToken({ reason, signal: asked.signal })));
      answer.finally(() => timer.cancel()).then(
        resolve,
        (cause) => reject(failed("getToken failed.", cause)),
      );
    });
  }

  #check(answer: unknown): string {
    // #region never_again
    const { maxTokenBytes } = this.#options.limits;
    // Visible ASCII, as everything that can stand behind "Bearer" (RFC 6750 §2.1). The value itself must not be told.
    if (typeof answer !== "string" || answer.length > maxTokenBytes || !/^[\x21-\x7e]+$/.test(answer)) {
      throw failed(`getToken must answer with a text of 1 to ${maxTokenBytes} visible ASCII characters.`);
    }
    if (this.#refused.has(answer)) {
      this.#reason = "refused";
      throw new PortcullisError("token_refused", "getToken answered with a token that was refused already.");
    }
    return this.#latest = answer;
    // #endregion
  }
}

function failed(message: string, cause?: unknown): PortcullisError {
  return new PortcullisError("token_failed", message, { cause });
}

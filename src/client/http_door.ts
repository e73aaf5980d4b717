/**
 * What the client asks over HTTP: whether a token is good, which a page is not told when its upgrade is refused, and for a
 * ticket.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { fault, ok, type Result } from "../base/result.ts";
import { parseRetryAfter } from "./retry_after.ts";
import { judgeStatus, type Verdict, verdict } from "./verdict.ts";
import { fieldsOf, parseJson } from "./wire.ts";

/** What a door works with. */
export interface HttpDoorOptions {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly connectTimeoutMs: number;
}

/** A ticket is short text that can stand in a URL as it is. */
const TICKET = /^[A-Za-z0-9_-]{16,256}$/;

/** The HTTP side of the server. */
export class HttpDoor {
  readonly #options: HttpDoorOptions;

  /** @param options What to work with. */
  constructor(options: HttpDoorOptions) {
    this.#options = options;
  }

  /**
   * Asks whether a token is good.
   *
   * @param url The check path, which runs the decision of an upgrade.
   * @param token The token.
   * @param signal Ends the attempt.
   * @returns `good`, or what follows from its being refused. `undefined` when there was no answer, so that nobody has judged it.
   */
  check(url: URL, token: string, signal: AbortSignal): Promise<Verdict | "good" | undefined> {
    return this.#ask<Verdict | "good">(
      "GET",
      url,
      token,
      signal,
      (response) => Promise.resolve(response.ok ? "good" : this.#judge(response)),
    );
  }

  /**
   * Asks for a ticket.
   *
   * @param url Where they are given out.
   * @param token The token.
   * @param signal Ends the attempt.
   * @returns The ticket, or what follows from there being none.
   */
  async ticket(url: URL, token: string, signal: AbortSignal): Promise<Result<string, Verdict>> {
    const asked = await this.#ask<Result<string, Verdict>>("POST", url, token, signal, async (response) => {
      if (!response.ok) return fault(this.#judge(response));
      const ticket = fieldsOf(parseJson(await shortTextOf(response)))?.["ticket"];
      return typeof ticket === "string" && TICKET.test(ticket)
        ? ok(ticket)
        : fault(verdict("backoff", { kind: "no_ticket" }));
    });
    return asked ?? fault(verdict("backoff", { kind: "unreachable" }));
  }

  #judge({ status, headers }: Response): Verdict {
    return judgeStatus(status, parseRetryAfter(headers.get("retry-after"), this.#options.clock.now()));
  }

  /**
   * @param read Reads the answer, for which there is no more time than for the question.
   * @returns `undefined` when no answer could be had.
   */
  async #ask<Answer>(
    method: "GET" | "POST",
    url: URL,
    token: string,
    signal: AbortSignal,
    read: (response: Response) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    const { fetch, clock, connectTimeoutMs } = this.#options;
    if (signal.aborted) return undefined;
    const attempt = new AbortController();
    const timer = clock.after(connectTimeoutMs, () => attempt.abort());
    const abort = () => {
      timer.cancel();
      attempt.abort();
    };
    signal.addEventListener("abort", abort);
    try {
      const response = await fetch(url, {
        method,
        headers: { Authorization: `Bearer ${token}` },
        // A token goes where it was meant to go, or nowhere.
        redirect: "error",
        // Yesterday's judgement is none, and neither is a cookie's: two credentials would be one too many.
        cache: "no-store",
        credentials: "omit",
        signal: attempt.signal,
      });
      return await read(response);
    } catch {
      return undefined; // Not reached, redirected, aborted or cut off: `fetch` has no other way to say so.
    } finally {
      timer.cancel();
      signal.removeEventListener("abort", abort);
      // What is left of the answer is not waited for.
      attempt.abort();
    }
  }
}

/** Longer than any ticket: a server that sends more does not send one. */
const MAX_ANSWER_BYTES = 4_096;

/** Reads a body as far as it can be a ticket's; what is longer, or none, comes out as something else than one. */
async function shortTextOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (const reader = body?.getReader(); reader !== undefined;) {
    const { done, value } = await reader.read();
    if (done) return text;
    bytes += value.length;
    if (bytes > MAX_ANSWER_BYTES) return "";
    text += decoder.decode(value, { stream: true });
  }
  return text;
}

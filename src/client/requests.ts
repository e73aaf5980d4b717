/**
 * Requests that wait for a session, or for their reply. Each ends in exactly one way, and none is ever sent twice: whether
 * a request whose connection was lost has been carried out is for the application to find out.
 *
 * @module
 */

import { type Clock, MAX_TIMER_MS, type Timer } from "../base/clock.ts";
import { PortcullisError, type RequestDenial } from "../base/errors.ts";
import type { ClientLimits } from "./client_limits.ts";
import { encodeClientMessage } from "./wire.ts";

/** How long a request may take, and what ends it before that. */
export interface RequestOptions {
  /** How long to wait for the reply, a session that is not there yet included; in milliseconds, by default `requestTimeoutMs`. */
  readonly timeoutMs?: number;
  /** Ends the wait, with `aborted`. A request that was sent may still be carried out. */
  readonly signal?: AbortSignal;
}

/** The way out, while there is a session. */
export interface Outlet {
  /** The longest message that is worth sending, in bytes of UTF-8. */
  readonly maxMessageBytes: number;
  /** Sends a text. @returns Whether the connection was open. */
  send(text: string): boolean;
}

interface Pending {
  readonly text: string;
  sent: boolean;
  /** Ends the request: `error` is why there is no reply. */
  settle(error: PortcullisError | undefined, data?: unknown): void;
}

/** The requests of one client, whatever connection they go over. */
export class Requests {
  readonly #clock: Clock;
  readonly #limits: Pick<ClientLimits, "requestTimeoutMs" | "maxPendingRequests">;
  /** In the order in which they were made. A `Map` may lose and gain entries while it is walked through. */
  readonly #pending = new Map<string, Pending>();
  #outlet: Outlet | undefined;
  #stopped = false;
  #lastId = 0;

  /**
   * @param clock For the time that each request has.
   * @param limits That time, and how many requests there may be.
   */
  constructor(clock: Clock, limits: Pick<ClientLimits, "requestTimeoutMs" | "maxPendingRequests">) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Makes an id that no other message of this client has. */
  nextId(): string {
    return String(++this.#lastId);
  }

  /**
   * Makes a request, which is sent as soon as there is a session.
   *
   * @param type The row of the permission table.
   * @param data What JSON can hold.
   * @param options How long it may take.
   * @returns The data of the reply.
   */
  request(type: string, data: unknown, options: RequestOptions = {}): Promise<unknown> {
    const { timeoutMs = this.#limits.requestTimeoutMs, signal } = options;
    return new Promise((resolve, reject) => {
      this.#check(timeoutMs, signal);
      const id = this.nextId();
      const text = encode(type, id, data);
      let timer: Timer | undefined = undefined;
      const settle: Pending["settle"] = (error, reply) => {
        this.#pending.delete(id);
        timer?.cancel();
        signal?.removeEventListener("abort", abort);
        if (error === undefined) resolve(reply);
        else reject(error);
      };
      const abort = () => settle(aborted(signal));
      timer = this.#clock.after(
        timeoutMs,
        () => settle(new PortcullisError("request_timeout", `No reply came within ${timeoutMs} ms.`)),
      );
      signal?.addEventListener("abort", abort);
      const pending: Pending = { text, sent: false, settle };
      this.#pending.set(id, pending);
      this.#send(pending);
    });
  }

  /** A session has begun: what waited is sent, in its order. */
  attach(outlet: Outlet): void {
    this.#outlet = outlet;
    for (const pending of this.#pending.values()) this.#send(pending);
  }

  /** The session is about to end: what was sent is still answered, what is asked from now on waits for the next one. */
  hold(): void {
    this.#outlet = undefined;
  }

  /** The session has ended: what was sent has no reply to expect, what was not goes on waiting. */
  detach(): void {
    this.#outlet = undefined;
    for (const { sent, settle } of this.#pending.values()) {
      if (!sent) continue;
      const message = "The connection ended before the reply; the request may have been carried out.";
      settle(new PortcullisError("connection_lost", message));
    }
  }

  /** There will be no session any more. */
  stop(): void {
    this.#outlet = undefined;
    this.#stopped = true;
    for (const { settle } of this.#pending.values()) settle(stopped());
  }

  /** Takes a positive reply. One to a request that has ended meanwhile is of no interest any more. */
  ok(id: string | undefined, data: unknown): void {
    if (id !== undefined) this.#pending.get(id)?.settle(undefined, data);
  }

  /** Takes a negative reply. */
  denied(id: string | undefined, denial: RequestDenial): void {
    if (id === undefined) return;
    const message = `The server denied the request: ${denial.code}.`;
    this.#pending.get(id)?.settle(new PortcullisError("denied", message, { denial }));
  }

  #check(timeoutMs: number, signal: AbortSignal | undefined): void {
    if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > MAX_TIMER_MS) {
      const wanted = `a whole number from 1 to ${MAX_TIMER_MS}`;
      throw new PortcullisError("invalid_argument", `timeoutMs is ${timeoutMs}; it must be ${wanted}.`);
    }
    if (this.#stopped) throw stopped();
    if (signal?.aborted === true) throw aborted(signal);
    const { maxPendingRequests } = this.#limits;
    if (this.#pending.size >= maxPendingRequests) {
      throw new PortcullisError("too_many_requests", `${maxPendingRequests} requests are pending already.`);
    }
  }

  #send(pending: Pending): void {
    const outlet = this.#outlet;
    if (outlet === undefined || pending.sent) return;
    const { maxMessageBytes } = outlet;
    // Some servers close the connection for it, and everything else that is in flight would be lost with it.
    if (isLonger(pending.text, maxMessageBytes)) {
      const message = `The message is longer than the ${maxMessageBytes} bytes that the server takes.`;
      return pending.settle(new PortcullisError("message_too_large", message));
    }
    // Before it is sent, as the reply may come from within a transport that answers at once.
    pending.sent = true;
    if (!outlet.send(pending.text)) pending.sent = false;
  }
}

function encode(type: string, id: string, data: unknown): string {
  try {
    return encodeClientMessage(type, id, data);
  } catch (cause) {
    throw new PortcullisError("invalid_argument", "The data cannot be written as JSON.", { cause });
  }
}

function aborted(signal: AbortSignal | undefined): PortcullisError {
  return new PortcullisError("aborted", "The signal aborted the request.", { cause: signal?.reason });
}

function stopped(): PortcullisError {
  return new PortcullisError("client_stopped", "The client has stopped.");
}

/** In bytes of UTF-8, which are one to three for each unit of a string; counted only where that matters. */
function isLonger(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) return true;
  return text.length * 3 > maxBytes && new TextEncoder().encode(text).length > maxBytes;
}

/**
 * Handlers that returned a promise: each has a deadline, and is told when nobody waits for its answer any more.
 *
 * A handler whose database has gone away would otherwise hold its session up for ever, and with it whatever it has in hand. All deadlines
 * share one timer. To be told is not to stop: a handler that does not look at its signal goes on, for nobody, and is counted until it is done.
 *
 * @module
 */

import { Agenda } from "../base/agenda.ts";
import type { Clock } from "../base/clock.ts";
import { type Deadline, NOT_QUEUED } from "../base/deadline_queue.ts";
import { PortcullisError } from "../base/errors.ts";
import type { Limits } from "../base/limits.ts";
import { Tally } from "../base/tally.ts";
import type { Groups } from "./groups.ts";
import type { HandlerContext } from "./handler.ts";
import type { Leases } from "./leases.ts";
import type { Session, Work } from "./session.ts";

/** What became of a handler that took its time. */
export type Outcome =
  | { readonly kind: "answered"; readonly data: unknown }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "late"; readonly error: PortcullisError }
  /** The session ended first. */
  | { readonly kind: "unwanted" };

/** What all handlers are given. */
export interface HandlerMeans<Role extends string, Send extends object, Data> {
  readonly groups: Groups<Role, Send, Data>;
  readonly leases: Pick<Leases<Role, Data>, "revoke" | "setRoles">;
}

/** One call of a handler: its context, made for each message. */
export class HandlerCall<Role extends string, Send extends object, Data = unknown>
  implements HandlerContext<Role, Send, Data>, Deadline, Work {
  dueAtMs = 0;
  queueIndex: number = NOT_QUEUED;
  readonly session: Session<Role, Data>;
  readonly groups: Groups<Role, Send, Data>;
  readonly leases: Pick<Leases<Role, Data>, "revoke" | "setRoles">;
  /** Made when it is asked for: most handlers answer at once, and never look at their signal. */
  #controller: AbortController | undefined;
  #stopped: PortcullisError | undefined;
  #settle: ((outcome: Outcome) => void) | undefined;

  /**
   * @param session Whose message it is.
   * @param means What all handlers are given.
   */
  constructor(session: Session<Role, Data>, means: HandlerMeans<Role, Send, Data>) {
    this.session = session;
    this.groups = means.groups;
    this.leases = means.leases;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#stopped !== undefined) this.#controller.abort(this.#stopped);
    return this.#controller.signal;
  }

  /** Why nobody waits for the answer any more; `undefined` while somebody does. */
  get stopped(): PortcullisError | undefined {
    return this.#stopped;
  }

  /** @internal Waits. @param settle Told once. */
  begin(settle: (outcome: Outcome) => void): void {
    this.#settle = settle;
  }

  /** @internal The handler is done, or has been given up. */
  settle(outcome: Outcome): void {
    this.#settle?.(outcome);
    this.#settle = undefined;
  }

  /** The session is over. */
  sessionEnded(): void {
    this.stop(new PortcullisError("aborted", "The session ended while its message was being handled."), {
      kind: "unwanted",
    });
  }

  /** @internal Gives the handler up: whoever waited goes on, and the handler is told. */
  stop(reason: PortcullisError, outcome: Outcome): void {
    this.#stopped = reason;
    this.settle(outcome);
    this.#controller?.abort(reason);
  }
}

/** The calls whose handlers take their time. */
export class HandlerCalls<Role extends string, Send extends object, Data = unknown> {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #reportError: (error: unknown) => void;
  readonly #agenda: Agenda<HandlerCall<Role, Send, Data>>;
  readonly #maxGivenUp: number;
  /** Handlers that are at work for nobody any more, by the subject whose messages they had. */
  readonly #givenUp = new Tally();

  /**
   * @param clock For the deadlines.
   * @param limits How long a handler may take, and how many may go on after that.
   * @param reportError Gets what a handler threw when nobody waited for its answer any more. Must not throw.
   */
  constructor(
    clock: Clock,
    limits: Pick<Limits, "handlerTimeoutMs" | "maxGivenUpHandlersPerSubject">,
    reportError: (error: unknown) => void,
  ) {
    this.#clock = clock;
    this.#timeoutMs = limits.handlerTimeoutMs;
    this.#maxGivenUp = limits.maxGivenUpHandlersPerSubject;
    this.#reportError = reportError;
    this.#agenda = new Agenda(clock, (call) => this.#late(call));
  }

  /** How many there are. */
  get size(): number {
    return this.#agenda.size;
  }

  /** How many handlers are at work for nobody any more. */
  get givenUp(): number {
    return this.#givenUp.total;
  }

  /**
   * Tells whether a subject has as many handlers at work for nobody as it may. Counted by subject: a session can be ended and another begun in
   * a millisecond.
   */
  isFull(subject: string): boolean {
    return this.#givenUp.of(subject) >= this.#maxGivenUp;
  }

  /**
   * Waits for a handler.
   *
   * @param call The call.
   * @param result What the handler returned: any thenable.
   * @returns What became of it; never rejects.
   */
  outcome(call: HandlerCall<Role, Send, Data>, result: PromiseLike<unknown>): Promise<Outcome> {
    const { session } = call;
    return new Promise((resolve) => {
      call.begin((outcome) => {
        this.#agenda.delete(call);
        if (session.work === call) session.work = undefined;
        if (outcome.kind === "late" || outcome.kind === "unwanted") this.#givenUp.add(session.subject);
        resolve(outcome);
      });
      session.work = call;
      this.#agenda.set(call, this.#clock.now() + this.#timeoutMs);
      // It may have ended its own session before it returned.
      if (session.end !== undefined) call.sessionEnded();
      // By way of a promise of the runtime: a thenable may answer twice, or throw.
      Promise.resolve(result).then(
        (data) => this.#fulfilled(call, data),
        (error: unknown) => this.#rejected(call, error),
      );
    });
  }

  #fulfilled(call: HandlerCall<Role, Send, Data>, data: unknown): void {
    if (call.stopped === undefined) call.settle({ kind: "answered", data });
    else this.#givenUp.remove(call.session.subject);
  }

  #rejected(call: HandlerCall<Role, Send, Data>, error: unknown): void {
    if (call.stopped === undefined) return call.settle({ kind: "failed", error });
    this.#givenUp.remove(call.session.subject);
    // To give up because of the signal is what a handler is expected to do. `fetch` throws its reason; timers, streams and files of the
    // runtime throw an `AbortError` that has it as its cause.
    const isGivenUp = error === call.stopped || (error instanceof Error && error.cause === call.stopped);
    if (!isGivenUp) this.#reportError(error);
  }

  #late(call: HandlerCall<Role, Send, Data>): void {
    const error = new PortcullisError(
      "handler_timeout",
      `A handler took longer than the ${this.#timeoutMs} ms of handlerTimeoutMs.`,
    );
    call.stop(error, { kind: "late", error });
  }
}

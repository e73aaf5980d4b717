/**
 * What happens to each message of a client: the session's rate, which is counted first and told in place of the next two → size → parse →
 * known type → identity not expired → role allowed → the row's rate → data valid → the row's condition → not too many handlers at work for
 * nobody → handler → identity and role once more → the answer. The first "no" wins, is answered and audited. The connection stays, but for
 * `expired`, and for more `rate_limited` than `maxRateDenials` allows. `auth.refresh` is the one type that needs no row: everybody may show
 * another token of his own.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { authorize, type PermissionTable } from "../auth/permission.ts";
import { validate } from "../auth/validator.ts";
import type { Clock } from "../base/clock.ts";
import { PortcullisError } from "../base/errors.ts";
import type { Limits } from "../base/limits.ts";
import { isThenable } from "../base/promise.ts";
import type { Rate } from "../base/token_bucket.ts";
import { Answers, type AnswersOptions } from "./answers.ts";
import { type DenialCode, type Envelope, parseEnvelope, REFRESH_TYPE, tokenIn } from "./envelope.ts";
import type { Groups } from "./groups.ts";
import type { Handler, Handlers } from "./handler.ts";
import { HandlerCall, HandlerCalls } from "./handler_calls.ts";
import type { Leases } from "./leases.ts";
import type { MessageStepName } from "./message_steps.ts";
import type { Session } from "./session.ts";

/** What a dispatcher works with. */
export interface DispatcherOptions<Role extends string, Receive extends object, Send extends object, Data>
  extends AnswersOptions<Role, Data> {
  readonly table: PermissionTable<Role, Receive, Send>;
  readonly handlers: Handlers<Role, Receive, Send, Data>;
  readonly groups: Groups<Role, Send, Data>;
  readonly leases: Pick<Leases<Role, Data>, "revoke" | "setRoles" | "refresh">;
  readonly limits: Pick<
    Limits,
    | "maxEnvelopeBytes"
    | "maxEnvelopeDepth"
    | "handlerTimeoutMs"
    | "maxGivenUpHandlersPerSubject"
    | "maxMessagesPerSecond"
    | "maxRateDenials"
  >;
  readonly clock: Clock;
}

/** A lease is refreshed once in its life; to verify a token costs more than any other message. */
const REFRESH_RATE: Rate = { perSecond: 1, burst: 5 };

/** Takes the messages of all sessions. */
export class Dispatcher<Role extends string, Receive extends object, Send extends object, Data = unknown> {
  readonly #options: DispatcherOptions<Role, Receive, Send, Data>;
  readonly #handlers: ReadonlyMap<string, Handler<never, Role, Send, Data>>;
  readonly #calls: HandlerCalls<Role, Send, Data>;
  readonly #answers: Answers<Role, Data>;
  readonly #messageRate: Rate;

  /**
   * @param options What to work with.
   * @throws {PortcullisError} `invalid_argument` for a row without a handler, or a handler without a row.
   */
  constructor(options: DispatcherOptions<Role, Receive, Send, Data>) {
    this.#options = options;
    this.#calls = new HandlerCalls(options.clock, options.limits, options.reportError);
    this.#answers = new Answers(options);
    const { maxMessagesPerSecond } = options.limits;
    this.#messageRate = { perSecond: maxMessagesPerSecond, burst: maxMessagesPerSecond };
    this.#handlers = new Map(Object.entries<Handler<never, Role, Send, Data>>(options.handlers));
    const rows = options.table.receive;
    for (const type of rows.keys()) {
      if (typeof this.#handlers.get(type) !== "function") mismatch(`Row "${type}" has no handler.`);
    }
    for (const type of this.#handlers.keys()) {
      if (!rows.has(type)) mismatch(`Handler "${type}" has no row in the table.`);
    }
  }

  /** How many handlers are at work though nobody waits for their answer any more. */
  get givenUpHandlers(): number {
    return this.#calls.givenUp;
  }

  /**
   * Takes one message through all steps.
   *
   * @param session Who sent it.
   * @param text As it came.
   * @returns A promise, which never rejects, while the handler or an approval is at work; otherwise `undefined`: the reply is sent, or
   * the session is over.
   */
  receive(session: Session<Role, Data>, text: string): Promise<void> | undefined {
    // What was in flight when the session ended comes too late: nobody is there any more whom it could be from.
    if (session.end !== undefined) return undefined;
    const { table, limits, clock } = this.#options;
    // #region order
    const nowMs = clock.now();
    // Counted before anything is looked at, as what is denied costs as much as what is not; told after size and parsing, with the id if
    // it could be read.
    const waitMs = session.rates.countMessage(this.#messageRate, nowMs);
    if (isLonger(text, limits.maxEnvelopeBytes)) {
      return this.#denyOrWait(session, undefined, "too_large", waitMs);
    }
    const parsed = parseEnvelope(text, limits.maxEnvelopeDepth);
    if (!parsed.ok) return this.#denyOrWait(session, parsed.fault.id, "malformed", waitMs);
    const envelope = parsed.value;
    if (waitMs > 0) {
      return this.#answers.deny(session, envelope, { code: "rate_limited", retryAfterMs: waitMs });
    }
    if (envelope.type === REFRESH_TYPE) return this.#refresh(session, envelope, nowMs);
    const allowed = authorize(table.receive, envelope.type, session, nowMs);
    if (!allowed.ok) return this.#answers.deny(session, envelope, allowed.fault);
    const { rate } = allowed.value;
    const retryAfterMs = rate === undefined ? 0 : session.rates.countOfType(envelope.type, rate, nowMs);
    if (retryAfterMs > 0) {
      return this.#answers.deny(session, envelope, { code: "rate_limited", retryAfterMs }, "type_rate");
    }
    // #endregion
    // #region data_and_handler
    let step: MessageStepName = "data";
    try {
      const data = validate(allowed.value.data, envelope.data);
      if (!data.ok) return this.#answers.deny(session, envelope, data.fault);
      const { when } = allowed.value;
      step = "condition";
      if (when !== undefined && when(session, data.value) !== true) {
        return this.#answers.deny(session, envelope, "forbidden", "condition");
      }
      step = "application";
      return this.#handle(session, envelope, data.value, nowMs);
    } catch (error) {
      return this.#answers.failed(session, envelope, error, step);
    }
    // #endregion
  }

  /** Takes a binary message, which is none, as the envelope is text; but it counts as one. */
  receiveBinary(session: Session<Role, Data>): void {
    if (session.end !== undefined) return;
    const waitMs = session.rates.countMessage(this.#messageRate, this.#options.clock.now());
    this.#denyOrWait(session, undefined, "malformed", waitMs);
  }

  /** Whoever sends too many messages is told so, in place of what is wrong with this one. */
  #denyOrWait(
    session: Session<Role, Data>,
    id: string | undefined,
    code: DenialCode,
    waitMs: number,
  ): undefined {
    return this.#answers.deny(
      session,
      id,
      waitMs > 0 ? { code: "rate_limited", retryAfterMs: waitMs } : code,
    );
  }

  /** The same steps as for any other message, but for those that need a row. */
  #refresh(session: Session<Role, Data>, envelope: Envelope, nowMs: number): Promise<void> | undefined {
    if (session.expiresAtMs <= nowMs) return this.#answers.deny(session, envelope, "expired");
    const retryAfterMs = session.rates.countOfType(REFRESH_TYPE, REFRESH_RATE, nowMs);
    if (retryAfterMs > 0) {
      return this.#answers.deny(session, envelope, { code: "rate_limited", retryAfterMs }, "type_rate");
    }
    const token = tokenIn(envelope.data);
    if (token === undefined) return this.#answers.deny(session, envelope, "invalid_data");
    const refreshed = this.#options.leases.refresh(session, token);
    if (!isThenable(refreshed)) return this.#answers.refreshed(session, envelope, refreshed);
    return refreshed.then((settled) => this.#answers.refreshed(session, envelope, settled));
  }

  #handle(
    session: Session<Role, Data>,
    envelope: Envelope,
    data: unknown,
    nowMs: number,
  ): Promise<void> | undefined {
    // The constructor has made sure that every row has a handler, and the row's own validator has let the data pass.
    const handler = this.#handlers.get(envelope.type) as Handler<unknown, Role, Send, Data>;
    if (this.#calls.isFull(session.subject)) return this.#answers.cannotCall(session, envelope);
    const call = new HandlerCall(session, this.#options);
    const result = handler(data, call);
    if (isThenable(result)) return this.#settle(call, envelope, result);
    return this.#answers.found(session, envelope, result, nowMs);
  }

  async #settle(
    call: HandlerCall<Role, Send, Data>,
    envelope: Envelope,
    result: PromiseLike<unknown>,
  ): Promise<void> {
    const { session } = call;
    const outcome = await this.#calls.outcome(call, result);
    try {
      if (session.end !== undefined || outcome.kind === "unwanted") {
        if (outcome.kind === "failed") this.#options.reportError(outcome.error);
      } else if (outcome.kind !== "answered") {
        this.#answers.failed(session, envelope, outcome.error);
      } else {
        this.#answers.found(session, envelope, outcome.data, this.#options.clock.now());
      }
    } catch (error) {
      this.#answers.failed(session, envelope, error);
    }
  }
}

function mismatch(message: string): never {
  throw new PortcullisError("invalid_argument", message);
}

/** In bytes of UTF-8, which are one to three for each unit of a string; counted only where that matters. */
function isLonger(text: string, maxBytes: number): boolean {
  return text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes);
}

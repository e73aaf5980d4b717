/**
 * What happens to each message of a client: the session's rate, which is counted first and told in place of the next two → size → parse →
 * known type → identity not expired → role allowed → the row's rate → data valid → the row's condition → not too many handlers at work for
 * nobody → handler → identity and role once more → the answer. The first "no" wins, is answered and audited. The connection stays, but for `expired`, and for more `rate_limited` than `maxRateDenials` allows.
 * `auth.refresh` is the one type that needs no row: everybody may show another token of his own.
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
import { auditDenial, type AuditEvent, auditFailure, type AuditSink } from "./audit.ts";
import {
  type Denial,
  type DenialCode,
  encodeError,
  encodeOk,
  type Envelope,
  parseEnvelope,
  tokenIn,
} from "./envelope.ts";
import type { Groups } from "./groups.ts";
import type { Handler, Handlers } from "./handler.ts";
import { HandlerCall, HandlerCalls } from "./handler_calls.ts";
import type { Leases, Refreshed, RefreshFault } from "./leases.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { SessionMeter } from "./meter.ts";
import type { Session } from "./session.ts";

/** What a dispatcher works with. */
export interface DispatcherOptions<Role extends string, Receive extends object, Send extends object, Data> {
  readonly table: PermissionTable<Role, Receive, Send>;
  readonly handlers: Handlers<Role, Receive, Send, Data>;
  readonly groups: Groups<Role, Send, Data>;
  readonly leases: Pick<Leases<Role, Data>, "revoke" | "setRoles" | "refresh">;
  readonly lifecycle: Pick<Lifecycle<Role, Data>, "end">;
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
  readonly audit: AuditSink;
  readonly meter: SessionMeter;
  /** Gets what a handler or validator threw. Must not throw. */
  readonly reportError: (error: unknown) => void;
}

/** Shows another token, so that the lease lasts longer. */
const REFRESH_TYPE = "auth.refresh";

/** A lease is refreshed once in its life; to verify a token costs more than any other message. */
const REFRESH_RATE: Rate = { perSecond: 1, burst: 5 };

/** Whoever was told to wait as often as he may be, and then does, has all of that forgiven after this time. */
const PATIENCE_SECONDS = 100;

/** When to come back with a token of which nothing could be found out. */
const TRY_AGAIN_MS = 1_000;

/** What a refused token is answered, where that differs from what a refused message is. */
const REFRESH_REFUSED: Readonly<Partial<Record<RefreshFault, string>>> = {
  invalid_data: "The token is not valid.",
  forbidden: "The token is not for this session.",
  rate_limited: "Too many tokens are being looked at.",
};

/** Takes the messages of all sessions. */
export class Dispatcher<Role extends string, Receive extends object, Send extends object, Data = unknown> {
  readonly #options: DispatcherOptions<Role, Receive, Send, Data>;
  readonly #handlers: ReadonlyMap<string, Handler<never, Role, Send, Data>>;
  readonly #calls: HandlerCalls<Role, Send, Data>;
  readonly #messageRate: Rate;
  readonly #denialRate: Rate;

  /**
   * @param options What to work with.
   * @throws {PortcullisError} `invalid_argument` for a row without a handler, or a handler without a row.
   */
  constructor(options: DispatcherOptions<Role, Receive, Send, Data>) {
    this.#options = options;
    this.#calls = new HandlerCalls(options.clock, options.limits, options.reportError);
    const { maxMessagesPerSecond, maxRateDenials } = options.limits;
    this.#messageRate = { perSecond: maxMessagesPerSecond, burst: maxMessagesPerSecond };
    this.#denialRate = { perSecond: maxRateDenials / PATIENCE_SECONDS, burst: maxRateDenials };
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
   * @returns A promise while the handler is at work, which never rejects; `undefined` when the reply is sent.
   */
  receive(session: Session<Role, Data>, text: string): Promise<void> | undefined {
    // What was in flight when the session ended comes too late: nobody is there any more whom it could be from.
    if (session.end !== undefined) return undefined;
    const { table, limits, clock } = this.#options;
    const nowMs = clock.now();
    // Counted before anything is looked at, as what is denied costs as much as what is not; told once it is parsed, with its id.
    const waitMs = session.rates.countMessage(this.#messageRate, nowMs);
    if (isLonger(text, limits.maxEnvelopeBytes)) {
      return this.#denyOrWait(session, undefined, "too_large", waitMs);
    }
    const parsed = parseEnvelope(text, limits.maxEnvelopeDepth);
    if (!parsed.ok) return this.#denyOrWait(session, parsed.fault.id, "malformed", waitMs);
    const envelope = parsed.value;
    if (waitMs > 0) return this.deny(session, envelope, { code: "rate_limited", retryAfterMs: waitMs });
    if (envelope.type === REFRESH_TYPE) return this.#refresh(session, envelope, nowMs);
    const allowed = authorize(table.receive, envelope.type, session, nowMs);
    if (!allowed.ok) return this.deny(session, envelope, allowed.fault);
    const { rate } = allowed.value;
    const retryAfterMs = rate === undefined ? 0 : session.rates.countOfType(envelope.type, rate, nowMs);
    if (retryAfterMs > 0) return this.deny(session, envelope, { code: "rate_limited", retryAfterMs });
    try {
      const data = validate(allowed.value.data, envelope.data);
      if (!data.ok) return this.deny(session, envelope, data.fault);
      const { when } = allowed.value;
      if (when !== undefined && when(session, data.value) !== true) {
        return this.deny(session, envelope, "forbidden");
      }
      return this.#handle(session, envelope, data.value);
    } catch (error) {
      return this.#failed(session, envelope, error);
    }
  }

  /** Takes a binary message, which is none, as the envelope is text; but it counts as one. */
  receiveBinary(session: Session<Role, Data>): void {
    if (session.end !== undefined) return;
    const waitMs = session.rates.countMessage(this.#messageRate, this.#options.clock.now());
    this.#denyOrWait(session, undefined, "malformed", waitMs);
  }

  /**
   * Answers "no".
   *
   * @param session To whom.
   * @param request The message, or its id, as far as it could be read.
   * @param why The denial, or just its code.
   */
  deny(
    session: Session<Role, Data>,
    request: Envelope | string | undefined,
    why: Denial | Denial["code"],
  ): undefined {
    const denial = typeof why === "string" ? { code: why } : why;
    const { id, type } = typeof request === "object" ? request : { id: request, type: undefined };
    const { audit, clock, lifecycle } = this.#options;
    const nowMs = clock.now();
    session.sender.send(encodeError(id, denial));
    this.#count(type, denial.code);
    audit(auditDenial(denial.code, session, type, nowMs));
    // An identity that is over cannot become true again; staying open would only invite more of the same.
    if (denial.code === "expired") lifecycle.end(session, "expired");
    if (denial.code === "rate_limited" && session.rates.insists(this.#denialRate, nowMs)) {
      lifecycle.end(session, "insistent");
    }
  }

  /** Whoever sends too many messages is told so, in place of what is wrong with this one. */
  #denyOrWait(
    session: Session<Role, Data>,
    id: string | undefined,
    code: DenialCode,
    waitMs: number,
  ): undefined {
    return this.deny(session, id, waitMs > 0 ? { code: "rate_limited", retryAfterMs: waitMs } : code);
  }

  #count(type: string | undefined, code: DenialCode): void {
    const { table, meter } = this.#options;
    const isKnown = type !== undefined && (table.receive.has(type) || type === REFRESH_TYPE);
    meter.denied(isKnown ? type : undefined, code);
  }

  /** The same steps as for any other message, but for those that need a row. */
  #refresh(session: Session<Role, Data>, envelope: Envelope, nowMs: number): Promise<void> | undefined {
    if (session.expiresAtMs <= nowMs) return this.deny(session, envelope, "expired");
    const retryAfterMs = session.rates.countOfType(REFRESH_TYPE, REFRESH_RATE, nowMs);
    if (retryAfterMs > 0) return this.deny(session, envelope, { code: "rate_limited", retryAfterMs });
    const token = tokenIn(envelope.data);
    if (token === undefined) return this.deny(session, envelope, "invalid_data");
    const refreshed = this.#options.leases.refresh(session, token);
    if (!isThenable(refreshed)) return this.#answerRefresh(session, envelope, refreshed);
    return refreshed.then((settled) => this.#answerRefresh(session, envelope, settled));
  }

  /** The refusal of a token is written down by those who know why; the peer only hears that it is none. */
  #answerRefresh(session: Session<Role, Data>, envelope: Envelope, refreshed: Refreshed): undefined {
    const { id } = envelope;
    if (refreshed.ok) return void session.sender.send(encodeOk(id, refreshed.value));
    const code = refreshed.fault;
    this.#options.meter.denied(REFRESH_TYPE, code);
    // For whoever waits for something else than a bucket, of which nobody knows how long it takes.
    const denial = code === "rate_limited" ? { code, retryAfterMs: TRY_AGAIN_MS } : { code };
    const message = REFRESH_REFUSED[code];
    session.sender.send(encodeError(id, message === undefined ? denial : { ...denial, message }));
  }

  #handle(session: Session<Role, Data>, envelope: Envelope, data: unknown): Promise<void> | undefined {
    // The constructor has made sure that every row has a handler, and the row's own validator has let the data pass.
    const handler = this.#handlers.get(envelope.type) as Handler<unknown, Role, Send, Data>;
    if (this.#calls.isFull(session.subject)) return this.#cannotCall(session, envelope);
    const call = new HandlerCall(session, this.#options);
    const result = handler(data, call);
    if (isThenable(result)) return this.#settle(call, envelope, result);
    return this.#answer(session, envelope, result);
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
        this.#failed(session, envelope, outcome.error);
      } else {
        this.#answer(session, envelope, outcome.data);
      }
    } catch (error) {
      this.#failed(session, envelope, error);
    }
  }

  /**
   * Judged once more, like the question: what was found out for an identity that is over meanwhile, or a role that was taken away, by whomever,
   * is not for it any more. The row's condition is not asked again: a handler may change what it is about, as the room that its caller leaves.
   */
  #answer(session: Session<Role, Data>, envelope: Envelope, data: unknown): undefined {
    const { table, clock } = this.#options;
    const allowed = authorize(table.receive, envelope.type, session, clock.now());
    if (!allowed.ok) return this.deny(session, envelope, allowed.fault);
    session.sender.send(encodeOk(envelope.id, data));
  }

  /** Nothing that a client is to be closed for: handlers of its messages do not come to an end. */
  #cannotCall(session: Session<Role, Data>, envelope: Envelope): undefined {
    const denial = auditDenial("internal", session, envelope.type, this.#options.clock.now());
    this.#internal(session, envelope, { ...denial, reason: "given_up_handlers" });
  }

  #failed(session: Session<Role, Data>, envelope: Envelope, error: unknown): undefined {
    this.#options.reportError(error);
    const { clock } = this.#options;
    this.#internal(session, envelope, auditFailure(error, session, envelope.type, clock.now()));
  }

  /** The peer hears no more than that it is not his fault; the rest is written down here. */
  #internal(session: Session<Role, Data>, { id, type }: Envelope, event: AuditEvent): undefined {
    this.#count(type, "internal");
    session.sender.send(encodeError(id, { code: "internal" }));
    this.#options.audit(event);
  }
}

function mismatch(message: string): never {
  throw new PortcullisError("invalid_argument", message);
}

/** In bytes of UTF-8, which are one to three for each unit of a string; counted only where that matters. */
function isLonger(text: string, maxBytes: number): boolean {
  return text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes);
}

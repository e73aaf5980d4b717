/**
 * What happens to each message of a client: the session's rate, which is counted first and told in place of the next two → size → parse →
 * known type → identity not expired → role allowed → the row's rate → data valid → the row's condition → handler. The first "no" wins, is
 * answered and audited. The connection stays, but for `expired`, and for more `rate_limited` than `maxRateDenials` allows.
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
import { auditDenial, auditFailure, type AuditSink } from "./audit.ts";
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
import type { Leases, Refreshed } from "./leases.ts";
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

/** As long does it take until nothing is held any more against whoever was told to wait as often as he may be. */
const PATIENCE_SECONDS = 100;

/** For whoever waits for something else than a bucket, of which nobody knows how long it takes. */
const TRY_AGAIN_MS = 1_000;

const REFRESH_REFUSED = {
  invalid_data: "The token is not valid.",
  forbidden: "The token is not for this session.",
} as const;

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
    const retryAfterMs = rate === undefined ? 0 : session.countAgainstRate(envelope.type, rate, nowMs);
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

  /** What is wrong with a message is only said to whom does not send too many. */
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
    const retryAfterMs = session.countAgainstRate(REFRESH_TYPE, REFRESH_RATE, nowMs);
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
    if (refreshed.fault === "rate_limited") {
      return this.deny(session, envelope, { code: "rate_limited", retryAfterMs: TRY_AGAIN_MS });
    }
    this.#options.meter.denied(REFRESH_TYPE, refreshed.fault);
    const message = REFRESH_REFUSED[refreshed.fault];
    session.sender.send(encodeError(id, { code: refreshed.fault, message }));
  }

  #handle(session: Session<Role, Data>, envelope: Envelope, data: unknown): Promise<void> | undefined {
    // The constructor has made sure that every row has a handler, and the row's own validator has let the data pass.
    const handler = this.#handlers.get(envelope.type) as Handler<unknown, Role, Send, Data>;
    if (this.#calls.isFull(session.subject)) {
      return this.deny(session, envelope, { code: "rate_limited", retryAfterMs: TRY_AGAIN_MS });
    }
    const call = new HandlerCall(session, this.#options);
    const result = handler(data, call);
    if (isThenable(result)) return this.#settle(call, envelope, result);
    session.sender.send(encodeOk(envelope.id, result));
    return undefined;
  }

  async #settle(
    call: HandlerCall<Role, Send, Data>,
    envelope: Envelope,
    result: PromiseLike<unknown>,
  ): Promise<void> {
    const { session } = call;
    const { table, clock } = this.#options;
    const outcome = await this.#calls.outcome(call, result);
    try {
      if (session.end !== undefined || outcome.kind === "unwanted") {
        if (outcome.kind === "failed") this.#options.reportError(outcome.error);
      } else if (outcome.kind !== "answered") {
        this.#failed(session, envelope, outcome.error);
      } else {
        // Judged once more: what was found out for an identity that is over meanwhile, or a role that is taken away, is not for it any more.
        const allowed = authorize(table.receive, envelope.type, session, clock.now());
        if (allowed.ok) session.sender.send(encodeOk(envelope.id, outcome.data));
        else this.deny(session, envelope, allowed.fault);
      }
    } catch (error) {
      this.#failed(session, envelope, error);
    }
  }

  /** The peer hears no more than that it is not his fault; the stack is written down here. */
  #failed(session: Session<Role, Data>, { id, type }: Envelope, error: unknown): undefined {
    const { reportError, audit, clock } = this.#options;
    reportError(error);
    this.#count(type, "internal");
    session.sender.send(encodeError(id, { code: "internal" }));
    audit(auditFailure(error, session, type, clock.now()));
  }
}

function mismatch(message: string): never {
  throw new PortcullisError("invalid_argument", message);
}

/** In bytes of UTF-8, which are one to three for each unit of a string; counted only where that matters. */
function isLonger(text: string, maxBytes: number): boolean {
  return text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes);
}

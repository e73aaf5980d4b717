/**
 * What clients are answered, and what is written down and counted of it: each message once, with `ok` or with an error.
 *
 * @module
 */

import { authorize, type PermissionTable } from "../auth/permission.ts";
import { hidden, mayHoldSecret } from "../auth/seen_text.ts";
import type { Clock } from "../base/clock.ts";
import type { Limits } from "../base/limits.ts";
import type { Rate } from "../base/token_bucket.ts";
import { auditDenial, type AuditEvent, auditFailure, type AuditSink } from "./audit.ts";
import {
  type Denial,
  type DenialCode,
  encodeError,
  encodeOk,
  type Envelope,
  REFRESH_TYPE,
} from "./envelope.ts";
import type { Refreshed, RefreshFault } from "./leases.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { type MessageStepName, usualStepOf } from "./message_steps.ts";
import type { SessionMeter } from "./meter.ts";
import type { Session } from "./session.ts";
import type { SessionTrace } from "./trace.ts";

/** What answers are made with. */
export interface AnswersOptions<Role extends string, Data> {
  readonly table: PermissionTable<Role, object, object>;
  readonly lifecycle: Pick<Lifecycle<Role, Data>, "end">;
  readonly limits: Pick<Limits, "maxRateDenials">;
  readonly clock: Pick<Clock, "now">;
  readonly audit: AuditSink;
  readonly meter: SessionMeter;
  /** Told of each answer, where somebody observes. */
  readonly trace?: SessionTrace | undefined;
  /** Gets what a handler or validator threw. Must not throw. */
  readonly reportError: (error: unknown) => void;
}

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

/** The longest type without a row that is looked at and written down, in characters; a row's own may have any length. */
const MAX_TYPE_LENGTH = 64;

/** Answers the messages of all sessions. */
export class Answers<Role extends string = string, Data = unknown> {
  readonly #options: AnswersOptions<Role, Data>;
  readonly #denialRate: Rate;

  /** @param options What to work with. */
  constructor(options: AnswersOptions<Role, Data>) {
    this.#options = options;
    const { maxRateDenials } = options.limits;
    this.#denialRate = { perSecond: maxRateDenials / PATIENCE_SECONDS, burst: maxRateDenials };
  }

  /**
   * Answers what a handler found out, if it is still for the session. Judged once more, like the question: an identity that is over meanwhile,
   * or whose role was taken away, by whomever, is denied it. The row's condition is not asked again: a handler may change what it is about, as
   * the room that its caller leaves.
   *
   * @param session To whom.
   * @param envelope The message.
   * @param data What the handler returned.
   * @param nowMs The time, in milliseconds since the Unix epoch.
   * @throws Whatever `JSON.stringify` does.
   */
  found(session: Session<Role, Data>, envelope: Envelope, data: unknown, nowMs: number): undefined {
    // The handler has ended the session itself: nobody is there any more.
    if (session.end !== undefined) return;
    const allowed = authorize(this.#options.table.receive, envelope.type, session, nowMs);
    if (!allowed.ok) return this.deny(session, envelope, allowed.fault, "still");
    session.sender.send(encodeOk(envelope.id, data));
    this.#options.trace?.message(session, envelope.type, "ok", undefined);
  }

  /**
   * Answers "no".
   *
   * @param session To whom.
   * @param request The message, or its id, as far as it could be read.
   * @param why The denial, or just its code.
   * @param step The step at which it fell, where that is not the usual one of the code.
   */
  deny(
    session: Session<Role, Data>,
    request: Envelope | string | undefined,
    why: Denial | DenialCode,
    step?: MessageStepName,
  ): undefined {
    // #region deny
    const denial = typeof why === "string" ? { code: why } : why;
    const { id, type } = typeof request === "object" ? request : { id: request, type: undefined };
    const { audit, clock, lifecycle, trace } = this.#options;
    const nowMs = clock.now();
    session.sender.send(encodeError(id, denial));
    this.#count(type, denial.code);
    audit(auditDenial(denial.code, session, this.#shown(type), nowMs));
    trace?.message(session, type, denial.code, step ?? usualStepOf(denial.code));
    // An identity that is over cannot become true again; staying open would only invite more of the same.
    if (denial.code === "expired") lifecycle.end(session, "expired");
    if (denial.code === "rate_limited" && session.rates.insists(this.#denialRate, nowMs)) {
      lifecycle.end(session, "insistent");
    }
    // #endregion
  }

  /**
   * Answers what came of another token. Why exactly it was refused is written down by those who know; the peer gets a code and a sentence.
   *
   * @param session To whom.
   * @param envelope The message that brought the token.
   * @param refreshed What came of it.
   */
  refreshed(session: Session<Role, Data>, { id }: Envelope, refreshed: Refreshed): undefined {
    this.#options.trace?.message(
      session,
      REFRESH_TYPE,
      refreshed.ok ? "ok" : refreshed.fault,
      refreshed.ok ? undefined : "token",
    );
    if (refreshed.ok) return void session.sender.send(encodeOk(id, refreshed.value));
    const code = refreshed.fault;
    this.#options.meter.denied(REFRESH_TYPE, code);
    const denial = code === "rate_limited" ? { code, retryAfterMs: TRY_AGAIN_MS } : { code };
    const message = REFRESH_REFUSED[code];
    session.sender.send(encodeError(id, message === undefined ? denial : { ...denial, message }));
  }

  /** Answers that handlers do not come to an end: nothing that a client is to be closed for. */
  cannotCall(session: Session<Role, Data>, envelope: Envelope): undefined {
    const denial = auditDenial("internal", session, envelope.type, this.#options.clock.now());
    this.#internal(session, envelope, { ...denial, reason: "given_up_handlers" }, "capacity");
  }

  /**
   * Answers that a handler, validator or condition has failed.
   *
   * @param session To whom.
   * @param envelope The message.
   * @param error What it threw.
   * @param step At which step.
   */
  failed(
    session: Session<Role, Data>,
    envelope: Envelope,
    error: unknown,
    step: MessageStepName = "application",
  ): undefined {
    const { reportError, clock } = this.#options;
    reportError(error);
    const event = auditFailure(error, session, envelope.type, clock.now());
    this.#internal(session, envelope, event, step);
  }

  /** The peer hears no more than that it is not his fault; the rest is written down here. */
  #internal(
    session: Session<Role, Data>,
    { id, type }: Envelope,
    event: AuditEvent,
    step: MessageStepName,
  ): undefined {
    this.#count(type, "internal");
    session.sender.send(encodeError(id, { code: "internal" }));
    this.#options.audit(event);
    this.#options.trace?.message(session, type, "internal", step);
  }

  #count(type: string | undefined, code: DenialCode): void {
    this.#options.meter.denied(this.#isKnown(type) ? type : undefined, code);
  }

  #isKnown(type: string | undefined): boolean {
    return type !== undefined && (this.#options.table.receive.has(type) || type === REFRESH_TYPE);
  }

  /** A type without a row is any text of a stranger, also a token that stands in the wrong place. */
  #shown(type: string | undefined): string | undefined {
    if (type === undefined || this.#isKnown(type)) return type;
    return type.length > MAX_TYPE_LENGTH || mayHoldSecret(type) ? hidden(type) : type;
  }
}

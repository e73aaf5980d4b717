/**
 * What happens to each message of a client: size → parse → known type → identity not expired → role allowed → rate →
 * data valid → the row's condition → handler. The first "no" wins, is answered and audited, and the connection stays.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { authorize, type PermissionTable } from "../auth/permission.ts";
import { validate } from "../auth/validator.ts";
import { PortcullisError } from "../base/errors.ts";
import type { Limits } from "../base/limits.ts";
import { isThenable } from "../base/promise.ts";
import { CLOSE } from "../protocol/close.ts";
import { auditDenial, type AuditSink } from "./audit.ts";
import { type Denial, DENIALS, encodeError, encodeOk, type Envelope, parseEnvelope } from "./envelope.ts";
import type { Groups } from "./groups.ts";
import type { Session } from "./session.ts";

/** What a handler gets besides the data. */
export interface HandlerContext<Role extends string, Send extends object> {
  /** Who sent the message. */
  readonly session: Session<Role>;
  /** The way to everybody else. */
  readonly groups: Groups<Role, Send>;
}

/**
 * Handles one type of message. What it returns, or what its promise resolves to, is the `data` of the `ok` reply; what it
 * throws becomes an `internal` error for the peer, without details. The next message of the session waits for it.
 */
export type Handler<Data, Role extends string, Send extends object> = (
  data: Data,
  context: HandlerContext<Role, Send>,
) => unknown;

/** A handler for each row of `receive`: none missing, none besides. */
export type Handlers<Role extends string, Receive extends object, Send extends object> = {
  readonly [Type in keyof Receive]: Handler<Receive[Type], Role, Send>;
};

/**
 * Handlers of which each has a row. TypeScript looks for properties too many only where an object is written down in
 * place; a handler in a variable whose row is gone would pass in silence.
 */
export type ExactHandlers<Given, Receive extends object> = {
  readonly [Type in keyof Given]: Type extends keyof Receive ? Given[Type] : never;
};

/** What a dispatcher works with. */
export interface DispatcherOptions<Role extends string, Receive extends object, Send extends object> {
  readonly table: PermissionTable<Role, Receive, Send>;
  readonly handlers: Handlers<Role, Receive, Send>;
  readonly groups: Groups<Role, Send>;
  readonly limits: Pick<Limits, "maxEnvelopeBytes" | "maxEnvelopeDepth">;
  /** The time, in milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly audit: AuditSink;
  /** Gets what a handler or validator threw. Must not throw. */
  readonly reportError: (error: unknown) => void;
}

/** Takes the messages of all sessions. */
export class Dispatcher<Role extends string, Receive extends object, Send extends object> {
  readonly #options: DispatcherOptions<Role, Receive, Send>;
  readonly #handlers: ReadonlyMap<string, Handler<never, Role, Send>>;

  /**
   * @param options What to work with.
   * @throws {PortcullisError} `invalid_argument` for a row without a handler, or a handler without a row.
   */
  constructor(options: DispatcherOptions<Role, Receive, Send>) {
    this.#options = options;
    this.#handlers = new Map(Object.entries<Handler<never, Role, Send>>(options.handlers));
    const rows = options.table.receive;
    for (const type of rows.keys()) {
      if (typeof this.#handlers.get(type) !== "function") mismatch(`Row "${type}" has no handler.`);
    }
    for (const type of this.#handlers.keys()) {
      if (!rows.has(type)) mismatch(`Handler "${type}" has no row in the table.`);
    }
  }

  /**
   * Takes one message through all steps.
   *
   * @param session Who sent it.
   * @param text As it came.
   * @returns A promise while the handler is at work, which never rejects; `undefined` when the reply is sent.
   */
  receive(session: Session<Role>, text: string): Promise<void> | undefined {
    if (isLonger(text, this.#options.limits.maxEnvelopeBytes)) {
      return this.deny(session, undefined, "too_large");
    }
    const parsed = parseEnvelope(text, this.#options.limits.maxEnvelopeDepth);
    if (!parsed.ok) return this.deny(session, parsed.fault.id, "malformed");
    const { table, now } = this.#options;
    const envelope = parsed.value;
    const nowMs = now();
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

  /**
   * Answers "no".
   *
   * @param session To whom.
   * @param request The message, or its id, as far as it could be read.
   * @param why The denial, or just its code.
   */
  deny(
    session: Session<Role>,
    request: Envelope | string | undefined,
    why: Denial | Denial["code"],
  ): undefined {
    const denial = typeof why === "string" ? { code: why } : why;
    const { id, type } = typeof request === "object" ? request : { id: request, type: undefined };
    session.sender.send(encodeError(id, denial));
    this.#options.audit(auditDenial(denial.code, session, type, this.#options.now()));
    // An identity that is over cannot become true again; staying open would only invite more of the same.
    if (denial.code === "expired") session.sender.close(CLOSE.unauthenticated.code, DENIALS.expired.message);
  }

  #handle(session: Session<Role>, envelope: Envelope, data: unknown): Promise<void> | undefined {
    // The constructor has made sure that every row has a handler, and the row's own validator has let the data pass.
    const handler = this.#handlers.get(envelope.type) as Handler<unknown, Role, Send>;
    const result = handler(data, { session, groups: this.#options.groups });
    if (isThenable(result)) return this.#settle(session, envelope, result);
    session.sender.send(encodeOk(envelope.id, result));
    return undefined;
  }

  async #settle(session: Session<Role>, envelope: Envelope, result: PromiseLike<unknown>): Promise<void> {
    try {
      session.sender.send(encodeOk(envelope.id, await result));
    } catch (error) {
      this.#failed(session, envelope, error);
    }
  }

  #failed(session: Session<Role>, envelope: Envelope, error: unknown): undefined {
    this.#options.reportError(error);
    return this.deny(session, envelope, "internal");
  }
}

function mismatch(message: string): never {
  throw new PortcullisError("invalid_argument", message);
}

/** In bytes of UTF-8, which are one to three for each unit of a string; counted only where that matters. */
function isLonger(text: string, maxBytes: number): boolean {
  return text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes);
}

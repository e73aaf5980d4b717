/**
 * The gate: an acceptor, a registry of sessions and a permission table, put together.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import type { Identity } from "../auth/claims.ts";
import { SUBPROTOCOL } from "../auth/credential.ts";
import type { Clock, Timer } from "../base/clock.ts";
import { type Limits, resolveLimits } from "../base/limits.ts";
import { callGuarded } from "../base/promise.ts";
import { printable } from "../base/text.ts";
import { CLOSE } from "../protocol/close.ts";
import type { AuditName, AuditSink } from "../session/audit.ts";
import { Dispatcher, type ExactHandlers, type Handlers } from "../session/dispatch.ts";
import { DENIALS, encodeDelivery } from "../session/envelope.ts";
import { Groups } from "../session/groups.ts";
import { Registry } from "../session/registry.ts";
import { Session } from "../session/session.ts";
import { Acceptor } from "./acceptor.ts";
import type { AcceptedRequest } from "./acceptor_options.ts";
import type { Connection, ConnectionEvents } from "./connection.ts";
import type { GateOptions } from "./gate_options.ts";
import type { RefusalName } from "./refusal.ts";
import { systemClock } from "./system_clock.ts";

/** How often the gate looks for identities that are over; each message and delivery is checked besides. */
const EXPIRY_CHECK_MS = 1_000;

/** How a refusal at the door is written down. */
const EVENT_OF_REFUSAL: { readonly [Name in RefusalName]: AuditName } = {
  malformed: "input_validation_fail",
  method: "input_validation_fail",
  version: "input_validation_fail",
  too_many_fields: "input_validation_fail",
  not_found: "input_validation_fail",
  two_carriers: "authn_login_fail",
  no_credential: "authn_login_fail",
  invalid_token: "authn_login_fail",
  origin: "authz_fail",
  not_allowed: "authz_fail",
  busy: "excess_rate_limit_exceeded",
  server_fault: "sys_crash",
};

/** 128 bits: nobody finds a session by guessing. */
const SESSION_ID_BYTES = 16;

/** Authenticated sessions, and the messages that the table allows them. */
export class Gate<Role extends string, Receive extends object, Send extends object> {
  /** The way to the sessions: sends to groups, lists, closes, joins rooms. */
  readonly groups: Groups<Role, Send>;

  readonly #options: GateOptions<Role, Receive, Send>;
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #registry: Registry<Role>;
  readonly #dispatcher: Dispatcher<Role, Receive, Send>;
  readonly #acceptor: Acceptor;
  readonly #reportError: (error: unknown) => void;
  #expiryCheck: Timer | undefined;

  /**
   * Makes a gate; with {@link createGate} the compiler also refuses handlers without a row.
   *
   * @param options What the gate is told.
   * @throws {PortcullisError} `invalid_argument` for options out of bounds, a row without handler, a handler without row.
   */
  constructor(options: GateOptions<Role, Receive, Send>) {
    this.#options = options;
    this.#limits = resolveLimits(options.limits);
    this.#clock = options.clock ?? systemClock;
    this.#reportError = options.reportError ?? console.error;
    this.#registry = new Registry(this.#limits);
    const now = () => this.#clock.now();
    const { permissions: table, handlers } = options;
    this.groups = new Groups(table, this.#registry, now);
    const { groups } = this;
    const limits = this.#limits;
    const audit: AuditSink = (event) => this.#guard(() => options.audit?.(event));
    this.#dispatcher = new Dispatcher({
      table,
      handlers,
      groups,
      limits,
      now,
      audit,
      reportError: this.#reportError,
    });
    this.#acceptor = new Acceptor({
      ...options,
      subprotocols: [SUBPROTOCOL],
      admit: () => (this.#registry.full ? "busy" : undefined),
      connected: (connection, request) => this.#open(connection, request),
      refused: (name, reason, address) =>
        audit({ event: EVENT_OF_REFUSAL[name], atMs: now(), reason, address: printable(address) }),
    });
  }

  /** How many sessions are open. */
  get size(): number {
    return this.#registry.size;
  }

  /** Answers all upgrades of a server. @see {@link Acceptor.attach} */
  attach(...args: Parameters<Acceptor["attach"]>): this {
    this.#acceptor.attach(...args);
    return this;
  }

  /** Answers one upgrade. @see {@link Acceptor.handleUpgrade} */
  handleUpgrade(...args: Parameters<Acceptor["handleUpgrade"]>): void {
    this.#acceptor.handleUpgrade(...args);
  }

  /** Refuses new upgrades and closes all sessions with 1001. */
  close(): void {
    this.#acceptor.close();
  }

  #open(connection: Connection, { identity, address }: AcceptedRequest): ConnectionEvents {
    const nowMs = this.#clock.now();
    // A gate has no open door, so there is an identity behind each 101.
    const { permissions, audit } = this.#options;
    const id = randomBytes(SESSION_ID_BYTES).toString("base64url");
    const session = new Session(id, identity as Identity, permissions.roles, connection, nowMs);
    this.#registry.add(session);
    connection.send(encodeDelivery("hello", this.#hello(session)));
    const about = { subject: printable(session.subject), sessionId: id, address: printable(address) };
    this.#guard(() => audit?.({ event: "authn_login_success", atMs: nowMs, reason: "token", ...about }));
    this.#expiryCheck ??= this.#clock.after(EXPIRY_CHECK_MS, () => this.#checkExpiry());
    this.#guard(() => this.#options.opened?.(session, this.groups));
    return new SessionEvents(this.#dispatcher, session, () => this.#forget(session));
  }

  #hello(session: Session<Role>): object {
    const { id: sessionId, subject, roles, expiresAtMs: expiresAt } = session;
    const { heartbeatMs } = this.#limits;
    // Whichever of the two limits a message would meet first.
    const maxMessageBytes = Math.min(this.#limits.maxEnvelopeBytes, this.#limits.maxMessageBytes);
    return { sessionId, subject, roles: [...roles], expiresAt, heartbeatMs, maxMessageBytes };
  }

  #forget(session: Session<Role>): void {
    this.#registry.remove(session);
    this.#guard(() => this.#options.closed?.(session, this.groups));
  }

  #checkExpiry(): void {
    this.#expiryCheck = undefined;
    const nowMs = this.#clock.now();
    for (const session of this.#registry.all()) {
      if (session.expiresAtMs > nowMs) continue;
      session.sender.close(CLOSE.unauthenticated.code, DENIALS.expired.message);
    }
    if (this.size > 0) this.#expiryCheck = this.#clock.after(EXPIRY_CHECK_MS, () => this.#checkExpiry());
  }

  /** Tells the application, whose faults are not the peer's. */
  #guard(call: () => unknown): void {
    callGuarded(call, this.#reportError);
  }
}

type MessageSink<Role extends string> = Pick<Dispatcher<Role, object, object>, "receive" | "deny">;

/** Hands the messages of one session on. */
class SessionEvents<Role extends string> implements ConnectionEvents {
  readonly #dispatcher: MessageSink<Role>;
  readonly #session: Session<Role>;
  readonly #forget: () => void;

  constructor(dispatcher: MessageSink<Role>, session: Session<Role>, forget: () => void) {
    this.#dispatcher = dispatcher;
    this.#session = session;
    this.#forget = forget;
  }

  text(text: string): Promise<void> | undefined {
    return this.#dispatcher.receive(this.#session, text);
  }

  /** Only binary messages come here; the envelope is text. */
  message(): void {
    this.#dispatcher.deny(this.#session, undefined, "malformed");
  }

  closed(): void {
    this.#forget();
  }
}

/**
 * Creates a gate.
 *
 * @param options The keys and audience of the tokens, the allowed origins, the permission table and its handlers.
 * @returns The gate; {@link Gate.attach} puts it on a server.
 * @throws {PortcullisError} `invalid_argument` for options out of bounds, a row without handler, a handler without row.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { randomBytes } from "node:crypto";
 * import { createGate, definePermissions, hmacKey } from "portcullis";
 *
 * const isText = (value: unknown): value is string => typeof value === "string";
 * const gate = createGate({
 *   keys: [hmacKey(randomBytes(32))],
 *   audience: "chat",
 *   permissions: definePermissions({
 *     roles: ["member"],
 *     receive: { say: { roles: ["member"], data: isText } },
 *     send: { said: { roles: ["member"], data: isText } },
 *   }),
 *   handlers: { say: (text, { groups }) => groups.send("everyone", "said", text) },
 * });
 * gate.attach(createServer());
 * ```
 */
export function createGate<
  Role extends string,
  Receive extends object,
  Send extends object,
  Given extends Handlers<Role, Receive, Send>,
>(
  options: GateOptions<Role, Receive, Send> & { readonly handlers: Given & ExactHandlers<Given, Receive> },
): Gate<Role, Receive, Send> {
  return new Gate(options);
}

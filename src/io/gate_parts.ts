/**
 * How a gate is put together: who knows whom among the acceptor, the sessions with their leases, the table and its handlers.
 *
 * @module
 */

import { SUBPROTOCOL } from "../auth/credential.ts";
import type { Clock } from "../base/clock.ts";
import { PortcullisError } from "../base/errors.ts";
import { type Limits, resolveLimits } from "../base/limits.ts";
import { callGuarded } from "../base/promise.ts";
import type { AuditSink } from "../session/audit.ts";
import { Dispatcher } from "../session/dispatch.ts";
import { Drain } from "../session/drain.ts";
import { Groups } from "../session/groups.ts";
import { Leases } from "../session/leases.ts";
import { Lifecycle } from "../session/lifecycle.ts";
import { Presence } from "../session/presence.ts";
import { Registry } from "../session/registry.ts";
import type { SessionTrace } from "../session/trace.ts";
import { Acceptor } from "./acceptor.ts";
import { Admission } from "./admission.ts";
import type { AcceptedRequest } from "./acceptor_options.ts";
import type { Decision } from "./decision.ts";
import { auditDecision } from "./door_audit.ts";
import { FirstMessages } from "./first_message.ts";
import type { GateOptions } from "./gate_options.ts";
import { Health } from "./health.ts";
import { GateMetrics } from "./metrics.ts";
import type { Refusal } from "./refusal.ts";
import { systemClock } from "./system_clock.ts";
import { type Tracer, tracerOf } from "./tracer.ts";

/** All parts of one gate. */
export class GateParts<Role extends string, Receive extends object, Send extends object, Data = unknown> {
  readonly registry: Registry<Role, Data>;
  readonly groups: Groups<Role, Send, Data>;
  readonly presence: Presence;
  readonly leases: Leases<Role, Data>;
  readonly acceptor: Acceptor;
  readonly metrics: GateMetrics;
  readonly health: Health;
  readonly drain: Drain<Role, Data>;

  readonly #options: GateOptions<Role, Receive, Send, Data>;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly #lifecycle: Lifecycle<Role, Data>;
  readonly #dispatcher: Dispatcher<Role, Receive, Send, Data>;
  readonly #admission: Admission<Role, Receive, Send, Data>;
  readonly #reportError: (error: unknown) => void;
  /** There when somebody watches. */
  readonly #tracer: Tracer | undefined;
  readonly #trace: SessionTrace | undefined;
  #unwatchKeys: () => void = () => undefined;
  readonly #audit: AuditSink = (event) => this.#guard(() => this.#options.audit?.(event));

  /**
   * @param options What the gate is told.
   * @throws {PortcullisError} `invalid_argument` for options out of bounds, a row without handler, a handler without row.
   */
  constructor(options: GateOptions<Role, Receive, Send, Data>) {
    this.#options = options;
    checkPolicy(options.whenSubjectIsFull);
    const limits = this.limits = resolveLimits(options.limits);
    const clock = this.clock = options.clock ?? systemClock;
    this.#reportError = options.reportError ?? console.error;
    this.#tracer = tracerOf(options.trace, clock, this.#reportError, [SUBPROTOCOL]);
    this.#trace = this.#tracer?.sessions(options.permissions);
    const registry = this.registry = new Registry<Role, Data>(limits);
    this.metrics = new GateMetrics({
      connections: () => this.acceptor.size,
      sessions: () => registry.size,
      queuedBytes: () => this.acceptor.queuedBytes,
      givenUpHandlers: () => this.#dispatcher.givenUpHandlers,
    });
    this.groups = this.#makeGroups();
    this.presence = new Presence(registry, {
      clock,
      limits,
      changed: (subject, state) => this.#guard(() => options.presenceChanged?.(subject, state, this.groups)),
    });
    const lifecycle = this.#lifecycle = this.#makeLifecycle();
    this.acceptor = this.#makeAcceptor();
    this.leases = this.#makeLeases();
    this.#dispatcher = this.#makeDispatcher();
    this.#admission = this.#makeAdmission();
    this.drain = new Drain({ registry, lifecycle, clock, limits, random: () => this.#random() });
    const readings = { isReady: () => this.acceptor.entrance.isOpen, metrics: () => this.metrics.text() };
    this.health = new Health(options, readings, [options.path, options.checkPath, options.ticketPath]);
  }

  /** Ends all sessions that there still are, as the server stops, and lets go of the keys. */
  endAll(): void {
    this.#lifecycle.endAll([...this.registry.all()], "stopped");
    this.#unwatchKeys();
  }

  #makeGroups(): Groups<Role, Send, Data> {
    return new Groups({
      table: this.#options.permissions,
      registry: this.registry,
      now: () => this.clock.now(),
      endSession: (session, code, reason) => this.#lifecycle.end(session, "removed", code, reason),
      limits: this.limits,
      meter: this.metrics,
      trace: this.#trace,
      reportError: this.#reportError,
    });
  }

  #makeLifecycle(): Lifecycle<Role, Data> {
    return new Lifecycle({
      registry: this.registry,
      presence: this.presence,
      clock: this.clock,
      audit: this.#audit,
      trace: this.#trace,
      ended: (session, end) => {
        this.metrics.sessionEnded(end);
        this.#guard(() => this.#options.closed?.(session, this.groups, end));
      },
    });
  }

  #makeAcceptor(): Acceptor {
    const options = this.#options;
    const firstMessages = new FirstMessages({
      clock: this.clock,
      limits: this.limits,
      entrance: () => this.acceptor.entrance,
      asksForApproval: options.approve !== undefined,
      admitted: (connection, request) => this.#admission.open(connection, request),
    });
    return new Acceptor({
      ...options,
      subprotocols: [SUBPROTOCOL],
      meter: this.metrics,
      tracer: this.#tracer,
      admit: (request) => this.#noRoomFor(request),
      connected: (connection, request) => this.#admission.open(connection, request),
      unauthenticated: (connection, request) => firstMessages.await(connection, request),
      // Where nobody reads it, it is not even put together.
      ...(options.decided === undefined && options.audit === undefined ? {} : {
        decided: (decision: Decision) => this.#decided(decision),
      }),
    });
  }

  #makeLeases(): Leases<Role, Data> {
    const { permissions, approve } = this.#options;
    const { door } = this.acceptor.entrance;
    const leases = new Leases<Role, Data>({
      roles: permissions.roles,
      registry: this.registry,
      lifecycle: this.#lifecycle,
      standing: door.standing,
      judgeToken: (token, nowMs) => door.judgeToken(token, nowMs),
      ...(approve === undefined ? {} : {
        approve: (session, identity) => this.#admission.approveAgain(session, identity),
      }),
      clock: this.clock,
      audit: this.#audit,
      meter: this.metrics,
      trace: this.#trace,
    });
    this.#unwatchKeys = door.keys.watch(() => leases.keysChanged());
    return leases;
  }

  #makeDispatcher(): Dispatcher<Role, Receive, Send, Data> {
    const { permissions: table, handlers } = this.#options;
    return new Dispatcher({
      ...this.#common(),
      table,
      handlers,
      meter: this.metrics,
      reportError: this.#reportError,
    });
  }

  #makeAdmission(): Admission<Role, Receive, Send, Data> {
    return new Admission({
      ...this.#common(),
      options: this.#options,
      registry: this.registry,
      dispatcher: this.#dispatcher,
      entrance: this.acceptor.entrance,
      guard: (call) => this.#guard(call),
    });
  }

  /** What both of those who deal with sessions work with. */
  #common() {
    const { groups, leases, limits, clock } = this;
    return {
      groups,
      leases,
      lifecycle: this.#lifecycle,
      limits,
      clock,
      audit: this.#audit,
      trace: this.#trace,
    };
  }

  /** What the application draws must not be able to break off a drain. */
  #random(): number {
    const { random = Math.random } = this.#options;
    let drawn = NaN;
    this.#guard(() => {
      drawn = random();
    });
    return drawn >= 0 && drawn < 1 ? drawn : Math.random();
  }

  #noRoomFor({ identity, carrier }: AcceptedRequest): Refusal | undefined {
    // Whoever shows a token later is asked about when he has.
    if (identity === undefined) return undefined;
    const reason = this.registry.noRoomFor(identity.subject);
    if (reason === undefined) return undefined;
    if (reason === "sessions") return { name: "busy", reason, carrier };
    return this.#options.whenSubjectIsFull === "replace-oldest"
      ? undefined
      : { name: "too_many", reason, carrier };
  }

  #decided(decision: Decision): void {
    this.#guard(() => this.#options.decided?.(decision));
    // Who is let in is written down with the session that begins; who may show a token later, when he has.
    if (decision.refused !== undefined || decision.purpose === "ticket") this.#audit(auditDecision(decision));
  }

  /** Tells the application, whose faults are not the peer's. */
  #guard(call: () => unknown): void {
    callGuarded(call, this.#reportError);
  }
}

function checkPolicy(policy: string | undefined): void {
  if (policy === undefined || policy === "refuse" || policy === "replace-oldest") return;
  throw new PortcullisError(
    "invalid_argument",
    `whenSubjectIsFull is "${policy}"; it must be refuse or replace-oldest.`,
  );
}

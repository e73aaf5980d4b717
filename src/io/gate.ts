/**
 * The gate: an acceptor, a registry of sessions with their leases, and a permission table, put together.
 *
 * @module
 */

import { SUBPROTOCOL } from "../auth/credential.ts";
import type { Revocation } from "../auth/standing.ts";
import { PortcullisError } from "../base/errors.ts";
import { resolveLimits } from "../base/limits.ts";
import { callGuarded } from "../base/promise.ts";
import type { AuditSink } from "../session/audit.ts";
import { CLOSE } from "../protocol/close_codes.ts";
import { Dispatcher } from "../session/dispatch.ts";
import { Drain } from "../session/drain.ts";
import { Groups } from "../session/groups.ts";
import { Leases } from "../session/leases.ts";
import { Lifecycle } from "../session/lifecycle.ts";
import { Presence } from "../session/presence.ts";
import { Registry } from "../session/registry.ts";
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
import { answerFirst, type UpgradeServer } from "./upgrade_server.ts";

/** Authenticated sessions, and the messages that the table allows them. */
export class Gate<Role extends string, Receive extends object, Send extends object, Data = unknown> {
  /** The way to the sessions: sends to groups, lists, closes, joins rooms. */
  readonly groups: Groups<Role, Send, Data>;
  /** Who is here: subjects with at least one session, or without one for a moment. */
  readonly presence: Presence;

  readonly #options: GateOptions<Role, Receive, Send, Data>;
  readonly #registry: Registry<Role, Data>;
  readonly #lifecycle: Lifecycle<Role, Data>;
  readonly #leases: Leases<Role, Data>;
  readonly #admission: Admission<Role, Receive, Send, Data>;
  readonly #firstMessages: FirstMessages;
  readonly #acceptor: Acceptor;
  readonly #metrics: GateMetrics;
  readonly #health: Health;
  readonly #drain: Drain<Role, Data>;
  #drained: Promise<void> | undefined;
  readonly #reportError: (error: unknown) => void;
  readonly #audit: AuditSink = (event) => this.#guard(() => this.#options.audit?.(event));

  /**
   * Makes a gate; with `createGate` the compiler also refuses handlers without a row.
   *
   * @param options What the gate is told.
   * @throws {PortcullisError} `invalid_argument` for options out of bounds, a row without handler, a handler without row.
   */
  constructor(options: GateOptions<Role, Receive, Send, Data>) {
    this.#options = options;
    const limits = resolveLimits(options.limits);
    const clock = options.clock ?? systemClock;
    const reportError = this.#reportError = options.reportError ?? console.error;
    const registry = this.#registry = new Registry<Role, Data>(limits);
    const audit = this.#audit;
    const metrics = this.#metrics = new GateMetrics({
      connections: () => this.#acceptor.size,
      sessions: () => registry.size,
      queuedBytes: () => this.#acceptor.queuedBytes,
    });
    const { permissions: table, handlers, whenSubjectIsFull = "refuse" } = options;
    if (whenSubjectIsFull !== "refuse" && whenSubjectIsFull !== "replace-oldest") {
      const wanted = `whenSubjectIsFull is "${
        String(whenSubjectIsFull)
      }"; it must be refuse or replace-oldest.`;
      throw new PortcullisError("invalid_argument", wanted);
    }
    this.groups = new Groups<Role, Send, Data>({
      table,
      registry,
      now: () => clock.now(),
      endSession: (session, code, reason) => this.#lifecycle.end(session, "removed", code, reason),
      meter: metrics,
      reportError,
    });
    const { groups } = this;
    this.presence = new Presence(registry, {
      clock,
      limits,
      changed: (subject, state) => this.#guard(() => options.presenceChanged?.(subject, state, groups)),
    });
    this.#firstMessages = new FirstMessages({
      clock,
      limits,
      entrance: () => this.#acceptor.entrance,
      asksForApproval: options.approve !== undefined,
      admitted: (connection, request) => this.#admission.open(connection, request),
    });
    this.#acceptor = new Acceptor({
      ...options,
      subprotocols: [SUBPROTOCOL],
      meter: metrics,
      admit: (request) => this.#noRoomFor(request),
      connected: (connection, request) => this.#admission.open(connection, request),
      unauthenticated: (connection, request) => this.#firstMessages.await(connection, request),
      // Where nobody reads it, it is not even put together.
      ...(options.decided === undefined && options.audit === undefined ? {} : {
        decided: (decision: Decision) => this.#decided(decision),
      }),
    });
    const { door } = this.#acceptor.entrance;
    const lifecycle = this.#lifecycle = new Lifecycle<Role, Data>({
      registry,
      presence: this.presence,
      clock,
      audit,
      ended: (session, end) => {
        metrics.sessionEnded(end);
        this.#guard(() => options.closed?.(session, groups, end));
      },
    });
    const leases = this.#leases = new Leases<Role, Data>({
      roles: table.roles,
      registry,
      lifecycle,
      standing: door.standing,
      judgeToken: (token, nowMs) => door.judgeToken(token, nowMs),
      ...(options.approve === undefined ? {} : {
        approve: (session, identity) => this.#admission.approveAgain(session, identity),
      }),
      clock,
      audit,
      meter: metrics,
    });
    door.keys.watch(() => leases.keysChanged());
    const parts = {
      table,
      handlers,
      groups,
      leases,
      lifecycle,
      limits,
      clock,
      audit,
      meter: metrics,
      reportError,
    };
    this.#admission = new Admission({
      options,
      limits,
      clock,
      registry,
      lifecycle,
      leases,
      groups,
      dispatcher: new Dispatcher(parts),
      entrance: this.#acceptor.entrance,
      audit,
      guard: (call) => this.#guard(call),
    });
    this.#drain = new Drain({ registry, lifecycle, clock, limits, random: options.random ?? Math.random });
    const readings = { isReady: () => this.#acceptor.entrance.isOpen, metrics: () => this.metrics() };
    this.#health = new Health(options, readings, [options.path, options.checkPath, options.ticketPath]);
  }

  /** How many sessions are open. */
  get size(): number {
    return this.#registry.size;
  }

  /** Answers all upgrades of a server, and the paths that are the gate's own. @see {@link Acceptor.attach} */
  attach(server: UpgradeServer): this {
    if (this.#health.any) answerFirst(server, (request, response) => this.#health.handle(request, response));
    this.#acceptor.attach(server);
    return this;
  }

  /** Answers one upgrade. @see {@link Acceptor.handleUpgrade} */
  handleUpgrade(...args: Parameters<Acceptor["handleUpgrade"]>): void {
    this.#acceptor.handleUpgrade(...args);
  }

  /** Answers one ordinary request for one of the gate's own paths. @see {@link Acceptor.handleRequest} */
  handleRequest(...args: Parameters<Acceptor["handleRequest"]>): boolean {
    return this.#health.handle(...args) || this.#acceptor.handleRequest(...args);
  }

  /** Writes the figures of the gate, in the text format of OpenMetrics. */
  metrics(): string {
    return this.#metrics.text();
  }

  /** Revokes tokens, and ends the sessions that rest on them. @see {@link Leases.revoke} */
  revoke(target: Revocation): number {
    return this.#leases.revoke(target);
  }

  /** Gives a subject other roles, from its next message on. @see {@link Leases.setRoles} */
  setRoles(subject: string, roles: readonly Role[]): number {
    return this.#leases.setRoles(subject, roles);
  }

  /**
   * Stops without losing anything: `readyPath` answers 503, new upgrades get 503, each client is sent `server.bye` with a wait of its own,
   * requests that are being handled are answered, then all are closed with 1012, some at a time.
   *
   * @returns Resolves when no connection is left, some time after `drainTimeoutMs` at the latest. Only then should the server be closed:
   * until then it tells who comes where things stand.
   */
  drain(): Promise<void> {
    return this.#drained ??= this.#drainOnce();
  }

  /** Refuses new upgrades and closes all connections with 1001, now. */
  close(): void {
    this.#acceptor.close();
  }

  async #drainOnce(): Promise<void> {
    this.#acceptor.drain();
    await this.#drain.begin();
    // Those that have no session yet, or are only told why they get none.
    this.#acceptor.close(CLOSE.restart.code);
    await this.#acceptor.emptied();
  }

  #noRoomFor({ identity, carrier }: AcceptedRequest): Refusal | undefined {
    // Whoever shows a token later is asked about when he has.
    if (identity === undefined) return undefined;
    const reason = this.#registry.noRoomFor(identity.subject);
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

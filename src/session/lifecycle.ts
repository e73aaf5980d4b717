/**
 * The beginning and the end of each session, and the time in between: one timer tells all clients when their leases are about
 * to end, and ends them.
 *
 * @module
 */

import type { Identity } from "../auth/claims.ts";
import { Agenda } from "../base/agenda.ts";
import type { Clock } from "../base/clock.ts";
import { printable } from "../base/text.ts";
import type { AuditSink } from "./audit.ts";
import { encodeDelivery } from "./envelope.ts";
import type { Presence } from "./presence.ts";
import type { Registry } from "./registry.ts";
import type { Session } from "./session.ts";
import { SESSION_ENDS, type SessionEnd, type SessionEndRow } from "./session_end.ts";
import type { SessionTrace } from "./trace.ts";

/** When the client is told that its lease ends: at this part of the lease's life. */
const EXPIRING_AT = 0.8;

/** The ends that are not written down one by one. */
const UNWRITTEN: ReadonlySet<SessionEnd> = new Set<SessionEnd>(["left", "restart", "revoked", "stopped"]);

/** What a lifecycle works with. */
export interface LifecycleOptions<Role extends string, Data> {
  readonly registry: Registry<Role, Data>;
  readonly presence: Presence;
  readonly clock: Clock;
  readonly audit: AuditSink;
  /** Told when a lease is about to end, and when it does, where somebody observes. */
  readonly trace?: SessionTrace | undefined;
  /** Told of each session that is over, when no group contains it any more. Must not throw. */
  readonly ended: (session: Session<Role, Data>, end: SessionEnd) => void;
}

/** Begins and ends sessions. */
export class Lifecycle<Role extends string = string, Data = unknown> {
  readonly #options: LifecycleOptions<Role, Data>;
  readonly #agenda: Agenda<Session<Role, Data>>;

  /** @param options What to work with. */
  constructor(options: LifecycleOptions<Role, Data>) {
    this.#options = options;
    this.#agenda = new Agenda(options.clock, (session, nowMs) => this.#due(session, nowMs));
  }

  /**
   * Begins a session. There must be room for it.
   *
   * @param session Not in the registry yet.
   */
  admit(session: Session<Role, Data>): void {
    this.#options.registry.add(session);
    this.#scheduleNotice(session);
    this.#options.presence.arrived(session.subject);
  }

  /**
   * Gives a session another lease.
   *
   * @param session In the registry.
   * @param identity What the lease rests on; of the same subject.
   * @param roles What it may do from now on.
   * @param leasedAtMs When the lease began.
   */
  lease(
    session: Session<Role, Data>,
    identity: Identity,
    roles: ReadonlySet<Role>,
    leasedAtMs: number,
  ): void {
    // What is over stays out of every index.
    if (session.end !== undefined) return;
    const isOtherTime = identity.expiresAtMs !== session.expiresAtMs || leasedAtMs !== session.leasedAtMs;
    this.#options.registry.setLease(session, identity, roles, leasedAtMs);
    // Whoever has been told of this very end is not told again.
    if (isOtherTime) this.#scheduleNotice(session);
  }

  /**
   * Ends a session, if it is not over yet.
   *
   * @param session Which.
   * @param end Why.
   * @param code The status code, where it is not that of the reason.
   * @param tells What the peer is told, at most 123 bytes of UTF-8.
   */
  end(session: Session<Role, Data>, end: SessionEnd, code?: number, tells?: string): void {
    if (!this.#detach(session, end, code, tells)) return;
    this.#options.presence.left(session.subject);
    this.#tell(session, end);
  }

  /** Ends several sessions: all are over before the application is told of the first. */
  endAll(sessions: readonly Session<Role, Data>[], end: SessionEnd): void {
    const ended = sessions.filter((session) => this.#detach(session, end));
    for (const subject of new Set(ended.map((session) => session.subject))) {
      this.#options.presence.left(subject);
    }
    for (const session of ended) this.#tell(session, end);
  }

  /** @returns Whether the session was not over before. */
  #detach(session: Session<Role, Data>, end: SessionEnd, code?: number, tells?: string): boolean {
    if (!session.markEnded(end)) return false;
    this.#agenda.delete(session);
    this.#options.registry.remove(session);
    const row: SessionEndRow = SESSION_ENDS[end];
    const closeCode = code ?? row.close?.code;
    if (closeCode !== undefined) session.sender.close(closeCode, tells ?? row.tells);
    return true;
  }

  #tell(session: Session<Role, Data>, end: SessionEnd): void {
    session.work?.sessionEnded();
    this.#audit(session, end);
    this.#options.trace?.lease(session, "ended", end);
    this.#options.ended(session, end);
  }

  /** To leave is no decision, nor is a restart or a stop; and a revocation is written down as one, however many sessions it ends. */
  #audit({ subject, id: sessionId }: Session<Role, Data>, reason: SessionEnd): void {
    if (UNWRITTEN.has(reason)) return;
    const { audit, clock } = this.#options;
    audit({ event: "session_expired", atMs: clock.now(), reason, subject: printable(subject), sessionId });
  }

  // #region notice_then_end
  #scheduleNotice(session: Session<Role, Data>): void {
    const { leasedAtMs, expiresAtMs } = session;
    this.#agenda.set(session, leasedAtMs + (expiresAtMs - leasedAtMs) * EXPIRING_AT);
  }

  /** First the notice, then the end. */
  #due(session: Session<Role, Data>, nowMs: number): void {
    const { expiresAtMs: expiresAt } = session;
    if (expiresAt <= nowMs) return this.end(session, "expired");
    session.sender.send(encodeDelivery("auth.expiring", { expiresAt }));
    this.#options.trace?.lease(session, "expiring");
    this.#agenda.set(session, expiresAt);
  }
  // #endregion
}

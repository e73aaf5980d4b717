/**
 * What sessions tell an observer: each authorization with its outcome, in both directions, and each change of a lease. Put together only
 * where somebody observes.
 *
 * @module
 */

import type { PermissionTable } from "../auth/permission.ts";
import { printable } from "../base/text.ts";
import type { Delivered, Undelivered } from "./delivery.ts";
import { type DenialCode, REFRESH_TYPE } from "./envelope.ts";
import { type MessageStep, type MessageStepName, messageSteps } from "./message_steps.ts";
import type { Session } from "./session.ts";
import type { SessionEnd } from "./session_end.ts";

/** What is told of whoever a message or a lease is about. */
export interface TracedSession {
  /** When, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Random, and derived from nothing. */
  readonly sessionId: string;
  /** Printable, bounded. */
  readonly subject: string;
  /** What it may do now. */
  readonly roles: readonly string[];
}

/** A message of a client, and what became of it. */
export interface MessageTrace extends TracedSession {
  /** Which event it is. */
  readonly kind: "message";
  /** The type, as far as it could be read: printable, bounded. */
  readonly type: string | undefined;
  /** The roles that the row names, if there is one. */
  readonly allowed: readonly string[] | undefined;
  /** `ok`, or the code of the denial. */
  readonly outcome: "ok" | DenialCode;
  /** The steps that were taken, the one that failed last. */
  readonly steps: readonly MessageStep[];
}

/** A message of the server, and whether a session got it. */
export interface DeliveryTrace extends TracedSession {
  /** Which event it is. */
  readonly kind: "delivery";
  /** A row of `send`. */
  readonly type: string;
  /** The roles that the row names. */
  readonly allowed: readonly string[];
  /** What became of it: sent; kept or dropped for a slow reader; closed, as nobody is there; or why the session may not read it. */
  readonly outcome: Delivered | Undelivered;
}

/** What happened to a lease. */
export interface LeaseTrace extends TracedSession {
  /** Which event it is. */
  readonly kind: "lease";
  /** What. */
  readonly change: "opened" | "expiring" | "refreshed" | "refused" | "changed" | "ended";
  /** When the lease began, in milliseconds since the Unix epoch. */
  readonly leasedAtMs: number;
  /** When the identity ends, in milliseconds since the Unix epoch. */
  readonly expiresAtMs: number;
  /** Why a refresh was refused, or the session ended, in a stable word. */
  readonly reason: string | undefined;
  /** The number of the connection, where a session opens. */
  readonly connection: number | undefined;
}

/** What sessions tell. */
export type SessionTraceEvent = MessageTrace | DeliveryTrace | LeaseTrace;

/** What a trace works with. */
export interface SessionTraceOptions {
  readonly table: PermissionTable<string, object, object>;
  /** The time, in milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Must not throw. */
  readonly tell: (event: SessionTraceEvent) => void;
}

/** Puts together what an observer is told of sessions. */
export class SessionTrace {
  readonly #options: SessionTraceOptions;

  /** @param options What to work with. */
  constructor(options: SessionTraceOptions) {
    this.#options = options;
  }

  /**
   * A message was answered.
   *
   * @param session Whose it is.
   * @param type Its type, as far as it could be read.
   * @param outcome The answer.
   * @param failed The step at which it was denied.
   */
  message(
    session: Session,
    type: string | undefined,
    outcome: "ok" | DenialCode,
    failed: MessageStepName | undefined,
  ): void {
    const { table, tell } = this.#options;
    tell({
      kind: "message",
      ...this.#about(session),
      type: type === undefined ? undefined : printable(type),
      allowed: type === undefined ? undefined : table.receive.get(type)?.roles,
      outcome,
      steps: messageSteps(type === REFRESH_TYPE ? "refresh" : "rows", failed),
    });
  }

  /**
   * A session was looked at that a message is for.
   *
   * @param session Which.
   * @param type A row of `send`.
   * @param outcome What became of it.
   */
  delivery(session: Session, type: string, outcome: Delivered | Undelivered): void {
    const { table, tell } = this.#options;
    const allowed = table.send.get(type)?.roles ?? [];
    tell({ kind: "delivery", ...this.#about(session), type, allowed, outcome });
  }

  /**
   * Something happened to a lease.
   *
   * @param session Whose it is, as it is now.
   * @param change What.
   * @param reason Why, in a stable word.
   * @param connection Its number, where a session opens.
   */
  lease(
    session: Session,
    change: LeaseTrace["change"],
    reason?: SessionEnd | string,
    connection?: number,
  ): void {
    const { leasedAtMs, expiresAtMs } = session;
    const about = this.#about(session);
    this.#options.tell({ kind: "lease", ...about, change, leasedAtMs, expiresAtMs, reason, connection });
  }

  #about({ id: sessionId, subject, roles }: Session): TracedSession {
    return { atMs: this.#options.now(), sessionId, subject: printable(subject), roles: [...roles] };
  }
}

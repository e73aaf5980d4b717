/**
 * What sessions tell an observer: each authorization with its outcome, in both directions, and each change of a lease. Put together only
 * where somebody observes.
 *
 * @module
 */

import type { PermissionTable } from "../auth/permission.ts";
import { seeText } from "../auth/seen_text.ts";
import { printable } from "../base/text.ts";
import type { DeliveryOutcome, Undelivered } from "./delivery.ts";
import { type DenialCode, REFRESH_TYPE } from "./envelope.ts";
import { type MessageStep, type MessageStepName, messageSteps } from "./message_steps.ts";
import type { Session } from "./session.ts";
import type { SessionEnd } from "./session_end.ts";

/** What is told of whoever a message or a lease is about. */
export interface TracedSession {
  /** When, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** The number of its connection, as the events of that have it. */
  readonly connection: number;
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
  /** The type, as far as it could be read: printable, bounded, and hidden where it may be a secret. */
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
  readonly outcome: DeliveryOutcome | Undelivered;
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

/** Puts together what an observer is told of sessions, of those whose connections are observed. */
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
    const about = this.#about(session);
    if (about === undefined) return;
    const { table, tell } = this.#options;
    const row = type === undefined ? undefined : table.receive.get(type);
    tell({
      kind: "message",
      ...about,
      // Without a row it is any text of a stranger.
      type: type === undefined ? undefined : row === undefined ? seeText(type) : type,
      allowed: row?.roles,
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
  delivery(session: Session, type: string, outcome: DeliveryOutcome | Undelivered): void {
    const about = this.#about(session);
    if (about === undefined) return;
    const { table, tell } = this.#options;
    tell({ kind: "delivery", ...about, type, allowed: table.send.get(type)?.roles ?? [], outcome });
  }

  /**
   * Something happened to a lease.
   *
   * @param session Whose it is, as it is now.
   * @param change What.
   * @param reason Why, in a stable word.
   */
  lease(session: Session, change: LeaseTrace["change"], reason?: SessionEnd | string): void {
    const about = this.#about(session);
    if (about === undefined) return;
    const { leasedAtMs, expiresAtMs } = session;
    this.#options.tell({ kind: "lease", ...about, change, leasedAtMs, expiresAtMs, reason });
  }

  #about({ traceNumber: connection, id: sessionId, subject, roles }: Session): TracedSession | undefined {
    if (connection === undefined) return undefined;
    return {
      atMs: this.#options.now(),
      connection,
      sessionId,
      subject: printable(subject),
      roles: [...roles],
    };
  }
}

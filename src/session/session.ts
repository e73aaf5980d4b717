/**
 * A session: one connection of one subject. Not a token's, of which two tabs have the same, and not a subject's, who may
 * be here many times. Its identity is a lease: true for a time, and ended or changed while the connection lives.
 *
 * @module
 */

import type { Identity } from "../auth/claims.ts";
import type { Principal } from "../auth/permission_row.ts";
import { NOT_QUEUED } from "../base/deadline_queue.ts";
import type { SharedMessage } from "../protocol/shared_message.ts";
import { SessionRates } from "./session_rates.ts";
import type { Delivery } from "./delivery.ts";
import { KeptDeliveries } from "./kept_deliveries.ts";
import type { SessionEnd } from "./session_end.ts";

/** What a session needs of its connection. The only thing between sessions and sockets. */
export interface Sender {
  /** Sends a text message. @returns Whether the connection was still open. */
  send(text: string): boolean;
  /** Sends a message that goes to others too. @returns Whether the connection was still open. */
  sendShared(message: SharedMessage): boolean;
  /** Starts the closing handshake. */
  close(code: number, reason: string): void;
  /** Whether the peer does not keep up with what is sent to it, so that it is kept back. */
  readonly congested: boolean;
  /** Whether a message of the peer is being handled, behind which others may wait. */
  readonly waitsForHandler: boolean;
  /** How many bytes wait for the peer to read them. */
  readonly queuedBytes: number;
}

/** A message that is being handled. */
export interface Work {
  /** The session is over: nobody waits for the answer any more. Must not throw. */
  sessionEnded(): void;
}

/**
 * What is known of one connection and whoever is behind it.
 *
 * @typeParam Role The names of the roles.
 * @typeParam Data What the application keeps with the session.
 */
export class Session<Role extends string = string, Data = unknown> implements Principal<Role> {
  /** Random, and derived from nothing: it may be logged and shown. */
  readonly id: string;
  /** Whom the token named. The same for as long as the session lasts. */
  readonly subject: string;
  /** When the session began, in milliseconds since the Unix epoch. */
  readonly openedAtMs: number;
  /** What the application keeps with the session, made by the option `sessionData`. */
  readonly data: Data;
  /** @internal When its lease needs attention: it is a `Deadline`, one of the agenda of all leases. */
  dueAtMs = 0;
  /** @internal Its place in that agenda. */
  queueIndex: number = NOT_QUEUED;
  /** @internal The number of its connection, where that is observed. */
  traceNumber: number | undefined;
  /** @internal The message of the session that is being handled, if that takes its time. */
  work: Work | undefined;
  #sender: Sender;
  #identity: Identity;
  #roles: ReadonlySet<Role>;
  #leasedAtMs: number;
  #end: SessionEnd | undefined;
  #rooms: Set<string> | undefined;
  #kept: KeptDeliveries | undefined;
  #rates: SessionRates | undefined;

  /**
   * Made by a gate, right after the 101.
   *
   * @param id Random text, from outside.
   * @param identity Who the token says it is.
   * @param roles Those of the identity's roles that the permission table knows.
   * @param sender The way to the peer.
   * @param nowMs The time, in milliseconds since the Unix epoch.
   * @param data What the application keeps with it.
   */
  constructor(
    id: string,
    identity: Identity,
    roles: ReadonlySet<Role>,
    sender: Sender,
    nowMs: number,
    data: Data,
  ) {
    this.id = id;
    this.subject = identity.subject;
    this.openedAtMs = nowMs;
    this.data = data;
    this.#sender = sender;
    this.#identity = identity;
    this.#roles = roles;
    this.#leasedAtMs = nowMs;
  }

  /**
   * What the subject may do now; roles that the table does not know are left out. Changes with the lease, and by nobody else: in
   * JavaScript, where the compiler does not say so, the set throws `invalid_state`.
   */
  get roles(): ReadonlySet<Role> {
    return this.#roles;
  }

  /** When the identity ends, in milliseconds since the Unix epoch. Changes with the lease. */
  get expiresAtMs(): number {
    return this.#identity.expiresAtMs;
  }

  /** When the lease began, at the start of the session or when it was last refreshed, in milliseconds since the Unix epoch. */
  get leasedAtMs(): number {
    return this.#leasedAtMs;
  }

  /** The name of the token that the lease rests on, its claim `jti`, if it has one. */
  get tokenId(): string | undefined {
    return this.#identity.tokenId;
  }

  /** Why the session is over; `undefined` while it is not. What its handlers still do, they do for nobody. */
  get end(): SessionEnd | undefined {
    return this.#end;
  }

  /** The rooms that the session is in; changed by {@link Groups.join} and {@link Groups.leave}. */
  get rooms(): ReadonlySet<string> {
    return this.#rooms ?? NO_ROOMS;
  }

  /** How many bytes wait for the peer to read them; 0 once it is gone. */
  get queuedBytes(): number {
    return this.#sender.queuedBytes;
  }

  /** @internal The way to the peer. */
  get sender(): Sender {
    return this.#sender;
  }

  /**
   * @internal The connection is gone: forgets it. What an index of sessions still holds on to until the collector has gone through the
   * whole heap is then no more than the session.
   */
  forgetConnection(): void {
    this.#sender = GONE;
    this.#kept = undefined;
  }

  /** @internal What waits until the peer reads again. Made for the first of it: most sessions keep up. */
  get kept(): KeptDeliveries {
    return this.#kept ??= new KeptDeliveries();
  }

  /** @internal Gives out what was kept, the oldest first. */
  takeKept(): Iterable<Delivery> {
    const kept = this.#kept?.list() ?? NO_DELIVERIES;
    this.#kept = undefined;
    return kept;
  }

  /** @internal What the lease rests on. */
  get identity(): Identity {
    return this.#identity;
  }

  /** @internal For the registry, which keeps its indexes in step. */
  setLease(identity: Identity, roles: ReadonlySet<Role>, leasedAtMs: number): void {
    this.#identity = identity;
    this.#roles = roles;
    this.#leasedAtMs = leasedAtMs;
  }

  /** @internal For {@link Lifecycle.end}. @returns Whether it was not over before. */
  markEnded(end: SessionEnd): boolean {
    if (this.#end !== undefined) return false;
    this.#end = end;
    return true;
  }

  /** @internal For the registry, which keeps the index of rooms in step. */
  enter(room: string): void {
    (this.#rooms ??= new Set()).add(room);
  }

  /** @internal For the registry, which keeps the index of rooms in step. */
  exit(room: string): void {
    this.#rooms?.delete(room);
    this.#kept?.leave(room);
  }

  /** @internal What it has sent of late, and how often it was told to wait. Made for the first message: an idle session has none. */
  get rates(): SessionRates {
    return this.#rates ??= new SessionRates();
  }
}

/** Takes nothing, as a connection that has closed. */
const GONE: Sender = {
  send: () => false,
  sendShared: () => false,
  close: () => undefined,
  congested: false,
  waitsForHandler: false,
  queuedBytes: 0,
};

const NO_DELIVERIES: Iterable<never> = [];

const NO_ROOMS: ReadonlySet<string> = new Set();

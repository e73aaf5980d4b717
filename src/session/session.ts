/**
 * A session: one connection of one subject. Not a token's, of which two tabs have the same, and not a subject's, who may
 * be here many times.
 *
 * @module
 */

import type { Identity } from "../auth/claims.ts";
import type { Principal, Rate } from "../auth/permission_row.ts";
import type { SharedMessage } from "../protocol/shared_message.ts";
import { TokenBucket } from "./rate_limit.ts";

/** What a session needs of its connection. The only thing between sessions and sockets. */
export interface Sender {
  /** Sends a text message. @returns Whether the connection was still open. */
  send(text: string): boolean;
  /** Sends a message that goes to others too. @returns Whether the connection was still open. */
  sendShared(message: SharedMessage): boolean;
  /** Starts the closing handshake. */
  close(code: number, reason: string): void;
}

/** What is known of one connection and whoever is behind it. */
export class Session<Role extends string = string> implements Principal<Role> {
  /** Random, and derived from nothing: it may be logged and shown. */
  readonly id: string;
  /** Whom the token named. */
  readonly subject: string;
  /** What the subject may do; roles that the table does not know are left out. */
  readonly roles: ReadonlySet<Role>;
  /** When the identity ends, in milliseconds since the Unix epoch. */
  readonly expiresAtMs: number;
  /** When the session began, in milliseconds since the Unix epoch. */
  readonly openedAtMs: number;
  /** @internal The way to the peer. */
  readonly sender: Sender;
  #rooms: Set<string> | undefined;
  #buckets: Map<string, TokenBucket> | undefined;

  /**
   * Made by a gate, right behind the 101.
   *
   * @param id Random text, from outside.
   * @param identity Who the token says it is.
   * @param knownRoles The roles of the permission table.
   * @param sender The way to the peer.
   * @param nowMs The time, in milliseconds since the Unix epoch.
   */
  constructor(id: string, identity: Identity, knownRoles: readonly Role[], sender: Sender, nowMs: number) {
    this.id = id;
    this.subject = identity.subject;
    this.roles = new Set(knownRoles.filter((role) => identity.roles.includes(role)));
    this.expiresAtMs = identity.expiresAtMs;
    this.openedAtMs = nowMs;
    this.sender = sender;
  }

  /** The rooms that the session is in; changed by {@link Registry.join} and {@link Registry.leave}. */
  get rooms(): ReadonlySet<string> {
    return this.#rooms ?? NO_ROOMS;
  }

  /** @internal For the registry, which keeps the index of rooms in step. */
  enter(room: string): void {
    (this.#rooms ??= new Set()).add(room);
  }

  /** @internal For the registry, which keeps the index of rooms in step. */
  exit(room: string): void {
    this.#rooms?.delete(room);
  }

  /**
   * Counts a message against the rate of its row.
   *
   * @param type The row.
   * @param rate Its rate.
   * @param nowMs The time, in milliseconds since the Unix epoch.
   * @returns 0 when it may pass, otherwise after how many milliseconds it may.
   */
  countAgainstRate(type: string, rate: Rate, nowMs: number): number {
    this.#buckets ??= new Map();
    let bucket = this.#buckets.get(type);
    if (bucket === undefined) this.#buckets.set(type, bucket = new TokenBucket(rate, nowMs));
    return bucket.take(nowMs);
  }
}

const NO_ROOMS: ReadonlySet<string> = new Set();

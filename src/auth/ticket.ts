/**
 * One-time tickets: what may stand in a URL. A page that can give nothing but a URL asks for a ticket first, with its
 * token in a header, and connects with the ticket. URLs end up in logs and histories; by then the ticket is used
 * up, or, where the request was refused before it was looked at, is dead within seconds.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { decodeBase64url, encodeBase64url } from "../base/bytes.ts";
import { ExpiringMap } from "../base/expiring_map.ts";
import type { Limits } from "../base/limits.ts";
import { fault, ok, type Result } from "../base/result.ts";
import type { Identity } from "./claims.ts";

/** 256 random bits: nobody finds a ticket by guessing. */
export const TICKET_BYTES = 32;

/** Why a ticket is refused. For the log: a peer only ever hears "invalid token". */
export type TicketFault = "ticket_malformed" | "ticket_unknown" | "ticket_reused" | "ticket_origin";

/** Why none is given out. */
export type IssueFault = "too_many_tickets" | "too_many_tickets_of_subject";

/** The limits on tickets. */
export type TicketLimits = Pick<Limits, "ticketLifetimeMs" | "maxTickets" | "maxTicketsPerSubject">;

interface Ticket {
  readonly identity: Identity;
  readonly origin: string | undefined;
  readonly untilMs: number;
  state: "fresh" | "used";
}

/**
 * The tickets that have been given out. Only their hashes are kept: whoever gets to see the memory, or a dump of it, holds no
 * ticket. One that was used stays until its time is over, so that a second use is known for what it is.
 */
export class TicketBook {
  readonly #limits: TicketLimits;
  readonly #tickets: ExpiringMap<string, Ticket>;
  /** As many subjects as tickets at most: each has one whose time is not over, or is forgotten. */
  readonly #bySubject: ExpiringMap<string, readonly Ticket[]>;

  /** @param limits How many, and for how long. */
  constructor(limits: TicketLimits) {
    this.#limits = limits;
    this.#tickets = new ExpiringMap(limits.maxTickets);
    this.#bySubject = new ExpiringMap(limits.maxTickets);
  }

  /**
   * Gives a ticket out.
   *
   * @param identity Whom it stands for, from a token that was good a moment ago.
   * @param origin The Origin of the request for it, if it had one: only the same one may use it.
   * @param random {@link TICKET_BYTES} random bytes, which nobody else has seen.
   * @param nowMs The time, in milliseconds since the Unix epoch.
   * @returns The ticket: 43 characters of base64url.
   */
  issue(
    identity: Identity,
    origin: string | undefined,
    random: Uint8Array,
    nowMs: number,
  ): Result<string, IssueFault> {
    const { ticketLifetimeMs, maxTicketsPerSubject } = this.#limits;
    const given = this.#bySubject.get(identity.subject, nowMs) ?? [];
    const ofSubject = given.filter(({ untilMs }) => untilMs > nowMs);
    if (ofSubject.length >= maxTicketsPerSubject) return fault("too_many_tickets_of_subject");
    const untilMs = nowMs + ticketLifetimeMs;
    const ticket: Ticket = { identity, origin, untilMs, state: "fresh" };
    const text = encodeBase64url(random);
    if (!this.#tickets.set(hashOf(random), ticket, untilMs, nowMs)) return fault("too_many_tickets");
    this.#bySubject.set(identity.subject, [...ofSubject, ticket], untilMs, nowMs);
    return ok(text);
  }

  /**
   * Uses a ticket up. There is nothing to wait for between the look and the mark, so that no other request can come in
   * between with the same ticket.
   *
   * @param text What the peer sent.
   * @param origin The Origin of the request.
   * @param nowMs The time, in milliseconds since the Unix epoch.
   * @returns Whom it stands for; whether that identity is still good is another question.
   */
  redeem(text: string, origin: string | undefined, nowMs: number): Result<Identity, TicketFault> {
    // #region use_up
    const found = this.#find(text, nowMs);
    if (!found.ok) return found;
    // Also for the wrong Origin: whoever has found a ticket must not try one Origin after another.
    found.value.state = "used";
    return identityFor(found.value, origin);
    // #endregion
  }

  /** Tells what {@link TicketBook.redeem} would say, and leaves the ticket as it is. */
  look(text: string, origin: string | undefined, nowMs: number): Result<Identity, TicketFault> {
    const found = this.#find(text, nowMs);
    return found.ok ? identityFor(found.value, origin) : found;
  }

  #find(text: string, nowMs: number): Result<Ticket, TicketFault> {
    const bytes = text.length === TEXT_LENGTH ? decodeBase64url(text) : undefined;
    if (bytes === undefined) return fault("ticket_malformed");
    // Looked up by its hash: how long a comparison takes tells nothing about the ticket itself.
    const ticket = this.#tickets.get(hashOf(bytes), nowMs);
    if (ticket === undefined) return fault("ticket_unknown");
    return ticket.state === "used" ? fault("ticket_reused") : ok(ticket);
  }
}

function identityFor(
  { identity, origin }: Ticket,
  asking: string | undefined,
): Result<Identity, TicketFault> {
  return origin === asking ? ok(identity) : fault("ticket_origin");
}

const TEXT_LENGTH = Math.ceil((TICKET_BYTES * 4) / 3);

function hashOf(ticket: Uint8Array): string {
  return createHash("sha256").update(ticket).digest("base64url");
}

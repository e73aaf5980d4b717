/**
 * What operators have said of subjects, for the gate that comes after this one: a gate forgets with its end whom it has revoked.
 *
 * @module
 */

import type { DemoRole } from "./data.ts";

/** What a gate is asked to do about a subject. */
export interface OrderedGate {
  revoke(target: { readonly subject: string } | { readonly issuedBefore: number }): number;
  setRoles(subject: string, roles: readonly DemoRole[]): number;
}

/** To kick a subject, or to give it a role. */
export type Order = { readonly kind: "kick" } | { readonly kind: "role"; readonly role: DemoRole };

interface Standing {
  readonly subject: string;
  readonly order: Order;
  readonly untilMs: number;
}

/** So many orders are remembered, each for as long as a token can live that it is about. */
const MAX_ORDERS = 1_000;

/** The orders that still matter. */
export class Orders {
  /** The last of each kind for each subject, the oldest first. */
  readonly #standing = new Map<string, Standing>();
  readonly #tokensLiveMs: number;
  /** Until when there is an order that there was no room for. */
  #forgotUntilMs = -Infinity;

  /** @param tokensLiveMs How long tokens live. */
  constructor(tokensLiveMs: number) {
    this.#tokensLiveMs = tokensLiveMs;
  }

  /**
   * Carries an order out, and remembers it.
   *
   * @param gate The present one.
   * @param subject Whom it is about.
   * @param order What.
   * @param nowMs The time.
   * @returns How many sessions it was about.
   */
  give(gate: OrderedGate, subject: string, order: Order, nowMs: number): number {
    const untilMs = nowMs + this.#tokensLiveMs;
    const key = `${order.kind} ${subject}`;
    this.#standing.delete(key);
    for (const [old, standing] of this.#standing) if (standing.untilMs <= nowMs) this.#standing.delete(old);
    if (this.#standing.size < MAX_ORDERS) this.#standing.set(key, { subject, order, untilMs });
    else this.#forgotUntilMs = untilMs;
    return carryOut(gate, subject, order);
  }

  /**
   * Gives a new gate all orders that still matter. They hold for tokens that were made until now: whoever has signed in anew since an
   * order has to do so once more, which is better than that somebody need not.
   *
   * @param gate A new one, in which there is nobody yet.
   * @param nowMs The time.
   */
  giveAll(gate: OrderedGate, nowMs: number): void {
    // As the gate itself does when its list is full.
    if (nowMs < this.#forgotUntilMs) gate.revoke({ issuedBefore: nowMs });
    for (const { subject, order, untilMs } of this.#standing.values()) {
      if (nowMs < untilMs) carryOut(gate, subject, order);
    }
  }
}

function carryOut(gate: OrderedGate, subject: string, order: Order): number {
  return order.kind === "kick" ? gate.revoke({ subject }) : gate.setRoles(subject, [order.role]);
}

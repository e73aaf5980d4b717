/**
 * The last word of the application on a request that has passed all else, or on another token of a session, which may take its time, but
 * not for ever.
 *
 * @module
 */

import { addressBlock } from "../base/address_block.ts";
import type { Clock } from "../base/clock.ts";
import type { Limits } from "../base/limits.ts";
import { Tally } from "../base/tally.ts";
import type { AcceptedRequest, AcceptorSettings } from "./acceptor_options.ts";
import type { Refusal } from "./refusal.ts";

/** Who asks: a request from outside, whatever token it shows, or a session, for another token. */
export type Asking = "stranger" | "session";

/** How long the application has, and for how many at once. */
export type ApprovalLimits = Pick<
  Limits,
  "handshakeTimeoutMs" | "maxPendingHandshakes" | "maxPendingPerSubject" | "maxConnectionsPerAddress"
>;

/** Asks the application, and waits for it. */
export class Approvals {
  readonly #options: Pick<AcceptorSettings, "approve">;
  readonly #limits: ApprovalLimits;
  readonly #clock: Clock;
  readonly #reportError: (error: unknown) => void;
  /** Those who wait, and need not any more once nobody is let in. */
  readonly #waiting = new Set<(reason: string) => void>();
  /** Those whom the application is being asked about, by who they are. */
  readonly #pending: Readonly<Record<Asking, Tally>> = { stranger: new Tally(), session: new Tally() };
  readonly #addresses = new Tally();

  /**
   * @param options Of the acceptor.
   * @param limits How long the application has, and for how many at once.
   * @param clock The time.
   * @param reportError Gets what the application throws.
   */
  constructor(
    options: Pick<AcceptorSettings, "approve">,
    limits: ApprovalLimits,
    clock: Clock,
    reportError: (error: unknown) => void,
  ) {
    this.#options = options;
    this.#limits = limits;
    this.#clock = clock;
    this.#reportError = reportError;
  }

  /**
   * Tells whether the application is at work for as many as it may be, those included for which nobody waits any more. Sessions and strangers
   * are counted apart: whoever is in must not be able to shut the door.
   */
  isBusy(whose: Asking): boolean {
    return this.#pending[whose].total >= this.#limits.maxPendingHandshakes;
  }

  /**
   * Asks the application.
   *
   * @param request What has passed so far.
   * @param abandon Aborted when nobody waits for the answer any more: by the caller, whose peer is gone, or in here, when the
   * time is up or nobody is let in any more.
   * @param whose A request of a stranger; or one of a session, which is answered while the gate drains.
   * @returns Why not, or `undefined`.
   */
  ask(
    request: AcceptedRequest,
    abandon: AbortController,
    whose: Asking = "stranger",
  ): Promise<Refusal | undefined> {
    const full = this.#noPlaceFor(request, whose);
    if (full !== undefined) return Promise.resolve(full);
    return new Promise((resolve) => {
      const settle = (verdict: Refusal | undefined) => {
        deadline.cancel();
        this.#waiting.delete(giveUp);
        resolve(verdict);
      };
      const giveUp = (reason: string) => {
        settle({ name: "busy", reason });
        abandon.abort();
      };
      const deadline = this.#clock.after(this.#limits.handshakeTimeoutMs, () => giveUp("approval_timeout"));
      if (whose === "stranger") this.#waiting.add(giveUp);
      void this.#verdict(request, abandon.signal, whose).then(settle);
    });
  }

  /** Refuses all strangers who still wait. @param reason Why, in a stable word. */
  giveUp(reason: string): void {
    for (const giveUp of [...this.#waiting]) giveUp(reason);
  }

  /**
   * One token can be shown a thousand times, and each of those connections reset at once: for the application, which need not look at its
   * signal, they are all still there. So they are counted before it is asked, and not only when it has answered.
   */
  #noPlaceFor(request: AcceptedRequest, whose: Asking): Refusal | undefined {
    const { maxPendingHandshakes, maxPendingPerSubject, maxConnectionsPerAddress } = this.#limits;
    if (this.isBusy(whose)) return { name: "busy", reason: "pending" };
    // Whatever is set, one alone must not shut the door, unless there is only one place in all.
    const most = Math.max(1, Math.min(maxPendingPerSubject, Math.floor(maxPendingHandshakes / 2)));
    if (this.#pending[whose].of(whoAsks(request)) >= most) {
      return { name: "too_many", reason: "pending_of_subject" };
    }
    // Each of those who wait may become a connection.
    return whose === "stranger" &&
        this.#addresses.of(addressBlock(request.address)) >= maxConnectionsPerAddress
      ? { name: "too_many", reason: "pending_of_address" }
      : undefined;
  }

  /** A place among the pending is taken for as long as the application is at work, also after the deadline. */
  async #verdict(request: AcceptedRequest, signal: AbortSignal, whose: Asking): Promise<Refusal | undefined> {
    const leave = this.#takePlace(request, whose);
    try {
      const approved = await this.#options.approve?.(request, signal);
      return approved === true ? undefined : { name: "not_allowed", reason: "not_approved" };
    } catch (error) {
      this.#reportError(error);
      return { name: "server_fault", reason: "approval_failed" };
    } finally {
      leave();
    }
  }

  #takePlace(request: AcceptedRequest, whose: Asking): () => void {
    const who = whoAsks(request);
    const block = addressBlock(request.address);
    this.#pending[whose].add(who);
    if (whose === "stranger") this.#addresses.add(block);
    return () => {
      this.#pending[whose].remove(who);
      if (whose === "stranger") this.#addresses.remove(block);
    };
  }
}

/** The subject; where no token is asked for, all that is known of somebody is the address. */
function whoAsks({ identity, address }: AcceptedRequest): string {
  return identity === undefined ? `address ${addressBlock(address)}` : `subject ${identity.subject}`;
}

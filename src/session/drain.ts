/**
 * The end of all sessions, when a server is about to stop: nothing that was acknowledged is lost, everybody is told when to come back,
 * each at a moment of its own.
 *
 * First each client gets `server.bye`, with a wait that is drawn for it. Then sessions are closed with 1012, some at a time; one whose
 * message is being handled is answered first. Who is still at work when the time is up is closed all the same, and at once.
 *
 * @module
 */

import type { Clock, Timer } from "../base/clock.ts";
import type { Limits } from "../base/limits.ts";
import { encodeDelivery } from "./envelope.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Registry } from "./registry.ts";
import type { Session } from "./session.ts";

/** Between two batches the event loop belongs to the others, whose messages are still being handled. */
const BATCH_EVERY_MS = 20;

/** What a drain works with. */
export interface DrainOptions<Role extends string, Data> {
  readonly registry: Pick<Registry<Role, Data>, "all" | "size">;
  readonly lifecycle: Pick<Lifecycle<Role, Data>, "endAll">;
  readonly clock: Pick<Clock, "after">;
  /** Draws a number from 0 (included) to 1 (not included). */
  readonly random: () => number;
  readonly limits: Pick<
    Limits,
    "reconnectSpreadMs" | "drainNoticeMs" | "drainTimeoutMs" | "drainBatchSessions"
  >;
}

/** Ends the sessions of one gate, once. Nobody may be let in any more. */
export class Drain<Role extends string = string, Data = unknown> {
  readonly #options: DrainOptions<Role, Data>;
  #untold: Session<Role, Data>[] = [];
  #isLate = false;
  #deadline: Timer | undefined;
  #next: Timer | undefined;
  #resolve: () => void = () => undefined;

  /** @param options What to work with. */
  constructor(options: DrainOptions<Role, Data>) {
    this.#options = options;
  }

  /** Begins. @returns Resolves when no session is left. */
  begin(): Promise<void> {
    const { registry, clock, limits } = this.#options;
    if (registry.size === 0) return Promise.resolve();
    this.#untold = [...registry.all()];
    // A timer, and no moment to compare with: a machine that stops is not to wait an hour because its clock was set back.
    this.#deadline = clock.after(limits.drainTimeoutMs, () => this.#hurry());
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#tellSome();
    });
  }

  /** The time is up. */
  #hurry(): void {
    this.#isLate = true;
    this.#next?.cancel();
    this.#tellSome();
  }

  // #region tell_and_end
  #tellSome(): void {
    const { random, limits } = this.#options;
    for (const session of this.#untold.splice(0, this.#isLate ? Infinity : limits.drainBatchSessions)) {
      const reconnectInMs = Math.floor(random() * limits.reconnectSpreadMs);
      session.sender.send(encodeDelivery("server.bye", { reconnectInMs }));
    }
    if (this.#isLate) this.#endSome();
    else if (this.#untold.length > 0) this.#after(BATCH_EVERY_MS, () => this.#tellSome());
    else this.#after(limits.drainNoticeMs, () => this.#endSome());
  }

  #endSome(): void {
    const { registry, lifecycle, limits } = this.#options;
    const batch: Session<Role, Data>[] = [];
    for (const session of registry.all()) {
      if (!this.#isLate && batch.length === limits.drainBatchSessions) break;
      if (this.#isLate || !session.sender.waitsForHandler) batch.push(session);
    }
    lifecycle.endAll(batch, "restart");
    if (registry.size > 0) return this.#after(BATCH_EVERY_MS, () => this.#endSome());
    this.#deadline?.cancel();
    this.#resolve();
  }
  // #endregion

  #after(delayMs: number, step: () => void): void {
    this.#next = this.#options.clock.after(delayMs, step);
  }
}

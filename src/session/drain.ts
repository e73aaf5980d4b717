/**
 * The end of all sessions, when a server is about to stop: nothing that was acknowledged is lost, everybody is told when to come back,
 * and not everybody at the same moment.
 *
 * First each client gets `server.bye`, with a wait that is drawn for it. Then sessions are closed with 1012, some at a time; one whose
 * message is being handled is answered first. Who is still at work when the time is up is closed all the same, and at once.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Limits } from "../base/limits.ts";
import { encodeDelivery } from "./envelope.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Registry } from "./registry.ts";
import type { Session } from "./session.ts";

/** Between two batches the event loop belongs to the others: whose messages are still being handled. */
const BATCH_EVERY_MS = 20;

/** What a drain works with. */
export interface DrainOptions<Role extends string, Data> {
  readonly registry: Pick<Registry<Role, Data>, "all" | "size">;
  readonly lifecycle: Pick<Lifecycle<Role, Data>, "endAll">;
  readonly clock: Clock;
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
  #endsAtMs = 0;
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
    this.#endsAtMs = clock.now() + limits.drainTimeoutMs;
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#tellSome();
    });
  }

  #tellSome(): void {
    const { random, clock, limits } = this.#options;
    const leftMs = Math.max(0, this.#endsAtMs - clock.now());
    const count = leftMs > 0 ? limits.drainBatchSessions : this.#untold.length;
    for (const session of this.#untold.splice(0, count)) {
      const reconnectInMs = Math.floor(random() * limits.reconnectSpreadMs);
      session.sender.send(encodeDelivery("server.bye", { reconnectInMs }));
    }
    const more = this.#untold.length > 0;
    clock.after(
      more ? BATCH_EVERY_MS : Math.min(limits.drainNoticeMs, leftMs),
      () => more ? this.#tellSome() : this.#endSome(),
    );
  }

  #endSome(): void {
    const { registry, lifecycle, clock, limits } = this.#options;
    const isLate = clock.now() >= this.#endsAtMs;
    const batch: Session<Role, Data>[] = [];
    for (const session of registry.all()) {
      if (!isLate && batch.length === limits.drainBatchSessions) break;
      if (isLate || !session.sender.waitsForHandler) batch.push(session);
    }
    lifecycle.endAll(batch, "restart");
    if (registry.size === 0) return this.#resolve();
    clock.after(BATCH_EVERY_MS, () => this.#endSome());
  }
}

/**
 * Finds peers that vanished without a word. TCP alone would count them as present for hours.
 *
 * A peer that falls silent is asked after one to two intervals, is told 3008 after two to three, and is gone `closeTimeoutMs`
 * later at the latest.
 *
 * @module
 */

import type { Clock, Timer } from "../base/clock.ts";
import { Roster } from "../base/roster.ts";
import { CLOSE } from "../protocol/close_codes.ts";
import type { SocketConnection } from "./socket_connection.ts";

/** Looks after all connections of a server with one timer, which runs only while there are any. */
export class Heartbeat {
  readonly #connections = new Roster<SocketConnection>();
  readonly #clock: Clock;
  readonly #intervalMs: number;
  #timer: Timer | undefined;

  /**
   * @param clock For the timer.
   * @param intervalMs How long a peer may be silent before it is asked, and again before it is given up.
   */
  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  /** The connections that are looked after. */
  get connections(): Pick<Roster<SocketConnection>, "size" | "list"> {
    return this.#connections;
  }

  /** Begins to look after a connection. */
  add(connection: SocketConnection): void {
    this.#connections.add(connection);
    this.#timer ??= this.#clock.after(this.#intervalMs, () => this.#beat());
  }

  /** Stops looking after a connection. */
  remove(connection: SocketConnection): void {
    this.#connections.delete(connection);
    if (this.#connections.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #beat(): void {
    this.#timer = this.#clock.after(this.#intervalMs, () => this.#beat());
    for (const connection of this.#connections.list()) {
      // While its handler is at work nothing is read, so its silence says nothing. But a ping to a peer that is gone
      // draws a reset, which is noticed.
      if (connection.waitsForHandler) {
        connection.ping();
        continue;
      }
      switch (connection.pulse) {
        case "heard":
          connection.pulse = "silent";
          break;
        case "silent":
          connection.pulse = "asked";
          connection.ping();
          break;
        case "asked":
          connection.close(CLOSE.deadline.code, "No answer to a ping");
      }
    }
  }
}

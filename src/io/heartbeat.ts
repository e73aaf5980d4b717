/**
 * Finds peers that vanished without a word, and connections on which nothing is said. TCP alone would count the first as present for
 * hours.
 *
 * A peer that falls silent is asked after one to two times `heartbeatMs`. It is told 3008 when it has not answered within
 * `pongTimeoutMs`, and is gone `closeTimeoutMs` later at the latest. So it is found within 2 × `heartbeatMs` + `pongTimeoutMs`, about
 * 70 seconds by default; each of the three waits may be a tick of the wheel longer, and while its handler is at work, silence is not counted.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Limits } from "../base/limits.ts";
import { TimerWheel } from "../base/timer_wheel.ts";
import { CLOSE } from "../protocol/close_codes.ts";
import type { SocketConnection } from "./socket_connection.ts";

/** The limits on silence. */
export type HeartbeatLimits = Pick<Limits, "heartbeatMs" | "pongTimeoutMs" | "idleTimeoutMs">;

/** Looks after all connections of a server with one timer, which runs only while there are any. */
export class Heartbeat {
  readonly #wheel: TimerWheel<SocketConnection>;
  readonly #intervalMs: number;
  readonly #pongTimeoutMs: number;
  readonly #idleTimeoutMs: number;

  /**
   * @param clock For the timer.
   * @param limits How long a peer may be silent before it is asked, how long it has for the answer, and how long it may do nothing else.
   */
  constructor(clock: Clock, { heartbeatMs, pongTimeoutMs, idleTimeoutMs }: HeartbeatLimits) {
    this.#intervalMs = Math.min(heartbeatMs, idleTimeoutMs);
    this.#pongTimeoutMs = Math.min(pongTimeoutMs, this.#intervalMs);
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#wheel = new TimerWheel(clock, this.#intervalMs, (connection) => this.#look(connection));
  }

  /** The connections that are looked after. */
  get connections(): Pick<TimerWheel<SocketConnection>, "size" | "list"> {
    return this.#wheel;
  }

  /** Begins to look after a connection. */
  add(connection: SocketConnection): void {
    this.#wheel.set(connection, this.#intervalMs);
  }

  /** Stops looking after a connection. */
  remove(connection: SocketConnection): void {
    this.#wheel.delete(connection);
  }

  // #region look
  #look(connection: SocketConnection): void {
    // First of all, as whatever follows may take it off again.
    let nextInMs = this.#wheel.set(connection, this.#intervalMs);
    // While its handler is at work nothing is read, so its silence says nothing. But a ping to a peer that has
    // closed its socket draws a reset from its system, which is noticed.
    if (connection.waitsForHandler) return void connection.ping();
    // One that is still taking a long message cannot have come to the ping after it.
    if (connection.takes) connection.pulse = "heard";
    switch (connection.pulse) {
      case "heard":
      case "answered":
        connection.pulse = "silent";
        break;
      case "silent":
        connection.pulse = "asked";
        connection.ping();
        nextInMs = this.#wheel.set(connection, this.#pongTimeoutMs);
        break;
      case "asked":
        return connection.close(CLOSE.deadline.code, "No answer to a ping");
    }
    // The time from the last message to the next look is not counted. Intervals are added up, as a clock that is set
    // forward by a day must not end everything that is quiet.
    if (connection.quietMs >= this.#idleTimeoutMs) {
      return connection.close(CLOSE.deadline.code, "Nothing was said for too long");
    }
    connection.quietMs += nextInMs;
  }
  // #endregion
}

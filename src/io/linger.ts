/**
 * How a TCP connection ends without cutting off what was said last.
 *
 * @module
 */

import type { Duplex } from "node:stream";
import type { Clock, Timer } from "../base/clock.ts";
import { isPlainSocket } from "./plain_socket.ts";
import { Progress } from "./progress.ts";

/**
 * Ends this side of TCP, then waits for the peer's end.
 *
 * Closing a socket whose receive buffer still holds data makes the system send a reset, which may destroy the last words
 * (a Close frame, a refusal) in the peer's buffers. So what still comes is read and dropped. And since sockets of
 * `node:http` are half-open, the descriptor lives until the peer's FIN; a peer that never sends one is cut off.
 *
 * @param socket Where nobody else listens for data any more, or drops it. Must have a listener for errors.
 * @param clock For the deadline.
 * @param timeoutMs How long the peer has.
 */
export function endAndLinger(socket: Duplex, clock: Clock, timeoutMs: number): void {
  // #region end_and_linger
  if (socket.destroyed) return;
  // Nothing is left to wait for when the peer has ended its side, and the system has all of ours: it sends the end of this side behind
  // that when the descriptor is closed, and to say so first would be a call of its own.
  if (socket.readableEnded && socket.writableLength === 0 && isPlainSocket(socket)) {
    return void socket.destroy();
  }
  const deadline = cutOffWhenStalled(clock, timeoutMs, socket, () => socket.destroy());
  socket.once("close", () => deadline.cancel());
  socket.end();
  socket.resume();
  // #endregion
}

/** Less than this is no queue that a peer could be slow with, but a last word, such as a Close frame. */
const QUEUE_FROM_BYTES = 1_024;

/**
 * Waits for a peer, but not for ever: it is cut off when the time is up and it has taken next to nothing of what is queued for it
 * meanwhile. A peer that reads slowly is not late, up to 64 times the time.
 *
 * @param clock For the deadline.
 * @param timeoutMs How long the peer has, and again as long whenever it has taken some of it.
 * @param socket Its socket.
 * @param cutOff Called at the end of the wait.
 * @returns The pending end.
 */
export function cutOffWhenStalled(
  clock: Clock,
  timeoutMs: number,
  socket: Duplex,
  cutOff: () => void,
): Timer {
  const progress = new Progress(socket);
  const look = () => {
    const isQueue = progress.queuedBytes >= QUEUE_FROM_BYTES;
    if (!progress.sinceLast() || !isQueue) return cutOff();
    timer = clock.after(timeoutMs, look);
  };
  let timer = clock.after(timeoutMs, look);
  return { cancel: () => timer.cancel() };
}

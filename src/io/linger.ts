/**
 * How a TCP connection ends without cutting off what was said last.
 *
 * @module
 */

import type { Duplex } from "node:stream";
import type { Clock } from "../base/clock.ts";

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
  if (socket.destroyed) return;
  const deadline = clock.after(timeoutMs, () => socket.destroy());
  socket.once("close", () => deadline.cancel());
  socket.end();
  socket.resume();
}

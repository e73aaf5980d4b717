/**
 * The load for echoes: as many messages under way on each connection as the task says; replies are counted by their bytes.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { connectTo, type Peer } from "./bun_socket.ts";
import { maskedFrame, serverHeaderBytes } from "./frames.ts";
import { type Measured, perSecond, type Task } from "./task.ts";

/** Drives an echo server. */
export async function echo(target: URL, task: Task): Promise<Measured> {
  const { connections, depth, payloadBytes, kind, durationMs } = task;
  const frame = maskedFrame(
    kind === "text" ? 1 : 2,
    Buffer.alloc(payloadBytes, "a"),
  );
  // Where nobody looks at what comes, the mask comes back, too.
  const replyBytes = target.protocol === "tcp:"
    ? frame.length
    : serverHeaderBytes(payloadBytes) + payloadBytes;
  const batch = Buffer.concat(Array.from({ length: depth }, () => frame));
  let messages = 0;
  const received = ({ length }: Buffer, peer: Peer) => {
    const complete = peer.complete(length, replyBytes);
    messages += complete;
    if (complete > 0) peer.send(complete * frame.length);
  };
  const opened = (peer: Peer) => {
    peer.repeat(batch);
    peer.send(batch.length);
  };
  for (let n = 0; n < connections; n++) {
    await connectTo(target, { received, opened });
  }
  return { perSecond: await perSecond(() => messages, durationMs) };
}

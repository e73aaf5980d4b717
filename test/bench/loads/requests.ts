/**
 * The load for the full gate: requests in JSON under a token, so many under way on each connection. All replies have the same length.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { connectTo, type Peer } from "./bun_socket.ts";
import { maskedText, serverHeaderBytes } from "./frames.ts";
import { type Measured, perSecond, type Task } from "./task.ts";
import { bearerLine } from "./tokens.ts";

const DATA = { room: "lobby", text: "Does anybody know when the bus leaves?" };

/** Drives a gate. */
export async function requests(
  target: URL,
  { connections, depth, durationMs }: Task,
): Promise<Measured> {
  const frames = Array.from({ length: depth }, (_, n) => {
    return maskedText(
      JSON.stringify({
        type: "post.create",
        id: String(1_000 + n),
        data: DATA,
      }),
    );
  });
  const batch = Buffer.concat(frames);
  const frameBytes = batch.length / depth;
  const reply = JSON.stringify({
    type: "ok",
    re: "1000",
    data: { room: "lobby", length: DATA.text.length },
  });
  const replyBytes = serverHeaderBytes(reply.length) + reply.length;
  let replies = 0;
  const isGreeted = new WeakSet<Peer>();
  const received = ({ length }: Buffer, peer: Peer) => {
    // The first that comes is the server's hello, which has the wire for itself.
    if (!isGreeted.has(peer)) {
      isGreeted.add(peer);
      peer.repeat(batch);
      return peer.send(batch.length);
    }
    const complete = peer.complete(length, replyBytes);
    replies += complete;
    if (complete > 0) peer.send(complete * frameBytes);
  };
  for (let n = 0; n < connections; n++) {
    await connectTo(target, { received }, bearerLine(n, "member"));
  }
  return { perSecond: await perSecond(() => replies, durationMs) };
}

/**
 * The load for groups: one member speaks, a thousand hear it. When all have heard everything, it speaks again. Receivers count bytes.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { GROUP_BYTES } from "../servers/group_text.ts";
import { connectTo, type Peer } from "./bun_socket.ts";
import { maskedText, serverHeaderBytes } from "./frames.ts";
import { type Measured, perSecond, sleep, type Task } from "./task.ts";
import { bearerLine } from "./tokens.ts";

/** How the members of a group talk to a server: a gate knows them by their tokens, others are told. */
interface Dialect {
  readonly receiver: Buffer | undefined;
  readonly speak: Buffer;
}

/** Drives a server with a group; `depth` messages in a burst. Counts deliveries. */
export async function group(
  target: URL,
  { connections, depth, durationMs }: Task,
): Promise<Measured> {
  const { receiver, speak } = dialectOf(target, depth);
  const burstBytes = connections * depth *
    (serverHeaderBytes(GROUP_BYTES) + GROUP_BYTES);
  let [deliveries, pendingBytes, isMeasured] = [0, 0, false];
  const speaker = await connectTo(target, {}, bearerLine(connections, "admin"));
  // A receiver is in the group when the gate has greeted it, or, where it has to say so, when it has.
  const joined = new Set<Peer>();
  const received = ({ length }: Buffer, peer: Peer) => {
    if (!isMeasured) return void joined.add(peer);
    pendingBytes += length;
    if (pendingBytes < burstBytes) return;
    pendingBytes -= burstBytes;
    deliveries += connections * depth;
    speaker.send(speak.length);
  };
  const opened = (peer: Peer) => {
    if (receiver === undefined) return;
    joined.add(peer);
    peer.repeat(receiver);
    peer.send(receiver.length);
  };
  for (let n = 0; n < connections; n++) {
    await connectTo(target, { received, opened }, bearerLine(n, "member"));
  }
  while (joined.size < connections) await sleep(10);
  // What was said last must have been heard.
  await sleep(300);
  isMeasured = true;
  speaker.repeat(speak);
  speaker.send(speak.length);
  return { perSecond: await perSecond(() => deliveries, durationMs) };
}

function dialectOf({ protocol, pathname }: URL, depth: number): Dialect {
  if (protocol === "tcp:") {
    return { receiver: Buffer.from("r"), speak: Buffer.from(String(depth)) };
  }
  if (pathname === "/group") {
    return {
      receiver: maskedText("receive"),
      speak: maskedText(String(depth)),
    };
  }
  return {
    receiver: undefined,
    speak: maskedText(
      JSON.stringify({ type: "group.say", data: { count: depth } }),
    ),
  };
}

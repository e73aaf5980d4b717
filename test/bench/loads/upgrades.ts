/**
 * The load for the door: connections that come with a token and leave again, so many at once.
 *
 * @module
 */

import { connectTo, type Peer } from "./bun_socket.ts";
import { type Measured, perSecond, type Task } from "./task.ts";
import { bearerLine } from "./tokens.ts";

/** As many tokens as that, each of another subject. */
const TOKENS = 1_000;

/** Drives a door. Counts completed handshakes. */
export async function upgrades(
  target: URL,
  { depth, durationMs }: Task,
): Promise<Measured> {
  const lines = Array.from(
    { length: TOKENS },
    (_, n) => bearerLine(n, "member"),
  );
  let [started, completed, isOver] = [0, 0, false];
  const open = () => {
    // A connection that fails ends the load, and with it the benchmark.
    if (!isOver) void connectTo(target, { opened, closed: open }, lines[started++ % TOKENS] as string);
  };
  const opened = (peer: Peer) => {
    completed++;
    peer.end();
  };
  for (let n = 0; n < depth; n++) open();
  const rate = await perSecond(() => completed, durationMs);
  isOver = true;
  return { perSecond: rate };
}

/**
 * The load for memory: connections that come with a token and then say nothing. They stay until this process is ended.
 *
 * @module
 */

import { connectTo } from "./bun_socket.ts";
import { type Measured, sleep, type Task } from "./task.ts";
import { bearerLine } from "./tokens.ts";

/** So many handshakes are under way at once, as a server's backlog is bounded. */
const AT_ONCE = 100;

/** Opens connections, and prints `held` when all are open. */
export async function idle(
  target: URL,
  { connections }: Task,
): Promise<Measured> {
  let opened = 0;
  for (let n = 0; n < connections; n += AT_ONCE) {
    await Promise.all(
      Array.from(
        { length: Math.min(AT_ONCE, connections - n) },
        (_, i) =>
          new Promise<void>((resolve) => {
            void connectTo(
              target,
              {
                opened: () => {
                  opened++;
                  resolve();
                },
              },
              bearerLine(n + i, "guest"),
            );
          }),
      ),
    );
  }
  console.log(`held ${opened}`);
  await sleep(60_000);
  return { perSecond: 0 };
}

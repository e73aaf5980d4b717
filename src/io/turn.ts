/**
 * The end of a turn of the event loop, when what was gathered is written.
 *
 * Sending to a thousand sessions sixteen times in a turn would be sixteen thousand system calls; at the end of the turn it
 * is one for each session.
 *
 * @module
 */

import { setImmediate } from "node:timers";

/** Something that has output. */
export interface Flushable {
  /** Writes the output. Must not throw. */
  flush(): void;
}

let waiting: Flushable[] = [];

/**
 * Has `flush` called once at the end of this turn.
 *
 * @param flushable Must see to it that it is not put here twice.
 */
export function flushAtEndOfTurn(flushable: Flushable): void {
  if (waiting.push(flushable) === 1) setImmediate(flushAll);
}

function flushAll(): void {
  const flushables = waiting;
  waiting = [];
  for (const flushable of flushables) flushable.flush();
}

/**
 * The real time: the one place of the library that reads it, so that everything else takes a {@link Clock}.
 *
 * @module
 */

import { clearTimeout, setTimeout } from "node:timers";
import { type Clock, MAX_TIMER_MS, type Timer } from "../base/clock.ts";

/** The clock of the machine. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs: number, run: () => void): Timer {
    const handle = setTimeout(run, Math.min(delayMs, MAX_TIMER_MS));
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};

/**
 * Mutants of what identity over time rests on: deadlines, entries that end, and the text of JSON.
 *
 * @module
 */

import type { Mutant } from "./mutants.ts";

/** In base/agenda.ts, base/deadline_queue.ts, base/expiring_map.ts, base/json_text.ts, base/timer_wheel.ts and base/token_bucket.ts. */
export const BASE_MUTANTS: readonly Mutant[] = [
  {
    file: "base/timer_wheel.ts",
    from: "Math.ceil((fromTickMs + delayMs) / this.#tickMs)",
    to: "Math.ceil(delayMs / this.#tickMs)",
    wrong: "gives a peer up before its time",
  },
  {
    file: "base/timer_wheel.ts",
    from: "if (item.rosterIndex < 0 || item.wheelSlot !== this.#position) continue;",
    to: "",
    wrong: "looks at a connection that has gone during the tick",
  },
  {
    file: "base/timer_wheel.ts",
    from: "this.delete(item);\n    const nowMs",
    to: "const nowMs",
    wrong: "has an item in two slots",
  },
  {
    file: "base/agenda.ts",
    from: "if (atMs < this.#wakesAtMs) this.#arm();",
    to: "",
    wrong: "sleeps through what was added later and is due sooner",
  },
  {
    file: "base/agenda.ts",
    from: "Math.max(Math.ceil(first.dueAtMs - nowMs), 1)",
    to: "Math.ceil(first.dueAtMs - nowMs)",
    wrong: "spins when a timer fires early",
  },
  {
    file: "base/agenda.ts",
    from: "Math.min(Math.max(Math.ceil(first.dueAtMs - nowMs), 1), MAX_WAIT_MS)",
    to: "Math.max(Math.ceil(first.dueAtMs - nowMs), 1)",
    wrong: "sets a timer that overflows, and fires at once",
  },
  {
    file: "base/agenda.ts",
    from:
      "      // Also after a fault: nothing that is still to come may be lost for it.\n      this.#arm();",
    to: "",
    wrong: "runs once and never again",
  },
  {
    file: "base/deadline_queue.ts",
    from: "this.#settle(last);",
    to: "",
    wrong: "puts the last item in the place of one that is taken out, wherever it belongs",
  },
  {
    file: "base/deadline_queue.ts",
    from: "right.dueAtMs < left.dueAtMs ? right",
    to: "right.dueAtMs > left.dueAtMs ? right",
    wrong: "takes the later of two children up",
  },
  {
    file: "base/deadline_queue.ts",
    from: "if (item.queueIndex === NOT_QUEUED) item.queueIndex",
    to: "item.queueIndex",
    wrong: "adds an item twice that is moved",
  },
  {
    file: "base/expiring_map.ts",
    from: "entry.untilMs > nowMs ? entry.value",
    to: "entry.untilMs >= nowMs ? entry.value",
    wrong: "finds an entry in the moment in which it ends",
  },
  {
    file: "base/expiring_map.ts",
    from: "if (isNew && this.#entries.size >= this.#maxEntries) return false;",
    to: "",
    wrong: "takes any number of entries",
  },
  {
    file: "base/expiring_map.ts",
    from:
      "if (isNew && this.#entries.size >= Math.min(this.#sweepAtSize, this.#maxEntries)) this.#sweep(nowMs);",
    to: "",
    wrong: "stays full of what is over",
  },
  {
    file: "base/json_text.ts",
    from: 'for (const bracket of ["{", "["]) {',
    to: 'for (const bracket of ["{"]) {',
    wrong: "looks for nesting in objects only",
  },
  {
    file: "base/json_text.ts",
    from: "if (++found > limit) return true;",
    to: "if (found++ > limit) return true;",
    wrong: "does not look at a text that opens one bracket too many",
  },
  {
    file: "base/json_text.ts",
    from: "code === COLON && depth === 1",
    to: "code === COLON",
    wrong: "counts the members of inner objects",
  },
  {
    file: "base/json_text.ts",
    from: "if (code === BACKSLASH) at++;",
    to: "if (code === BACKSLASH) continue;",
    wrong: "takes an escaped quote for the end of a string",
  },
  {
    file: "base/json_text.ts",
    from: "      at = endOfString(text, at);\n    } else if (code === OPEN_BRACE",
    to: "    } else if (code === OPEN_BRACE",
    wrong: "counts brackets inside strings",
  },
  {
    file: "base/token_bucket.ts",
    from: "Math.max(0, nowMs - this.#filledAtMs)",
    to: "nowMs - this.#filledAtMs",
    wrong: "empties a bucket when the clock is set back",
  },
  {
    file: "base/token_bucket.ts",
    from: "Math.min(this.#rate.burst, this.#tokens + (elapsedMs / 1000) * this.#rate.perSecond)",
    to: "this.#tokens + (elapsedMs / 1000) * this.#rate.perSecond",
    wrong: "lets who was silent for an hour send an hour's messages at once",
  },
  {
    file: "base/token_bucket.ts",
    from: "const WHOLE_TOKEN = 1 - 1e-9;",
    to: "const WHOLE_TOKEN = 1;",
    wrong: "refuses who waited as long as he was told",
  },
];

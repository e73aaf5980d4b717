/**
 * Measuring what only computes: all contestants in one process, taking turns, while the clock stands still for what has to
 * be prepared.
 *
 * @module
 */

import { performance } from "node:perf_hooks";

/** Rounds before those that count. */
export const WARM_UP_ROUNDS = 2;

/** One of those that are measured. */
export interface Contestant<Item> {
  /** Makes the items of the next batch, none of which has been seen before; not measured. */
  readonly prepare: () => readonly Item[];
  /** Works on a batch. */
  readonly work: (items: readonly Item[]) => void;
}

/** How long is measured. */
export interface Rounds {
  readonly rounds: number;
  /** Of each contestant in each round, its preparations not counted. */
  readonly durationMs: number;
  /** Called behind each round, those of the warm-up too. */
  readonly onRound?: () => void;
}

/**
 * Measures, behind a warm-up.
 *
 * @param contestants Who takes part, by name.
 * @param rounds How long.
 * @returns For each contestant, the nanoseconds per item in each round. What stands at the same place was measured at the
 * same time, so that the ratios of pairs are worth more than the figures.
 */
export function race<Name extends string, Item>(
  contestants: Readonly<Record<Name, Contestant<Item>>>,
  { rounds, durationMs, onRound }: Rounds,
): Record<Name, readonly number[]> {
  const lanes = Object.entries<Contestant<Item>>(contestants).map(
    ([name, contestant]) => {
      return { name, contestant, measured: [] as number[] };
    },
  );
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const { contestant, measured } of lanes) {
      const nanoseconds = measure(contestant, durationMs);
      if (round >= 0) measured.push(nanoseconds);
    }
    // Who comes first has the garbage of another one behind him: it is somebody else each time.
    lanes.push(...lanes.splice(0, 1));
    onRound?.();
  }
  return Object.fromEntries(
    lanes.map(({ name, measured }) => [name, measured]),
  ) as Record<Name, number[]>;
}

/**
 * Measures one contestant.
 *
 * @param contestant Who.
 * @param durationMs How long, its preparations not counted.
 * @returns Nanoseconds for each item.
 */
export function measure<Item>(
  { prepare, work }: Contestant<Item>,
  durationMs: number,
): number {
  let elapsedMs = 0;
  let items = 0;
  while (elapsedMs < durationMs) {
    const batch = prepare();
    const startMs = performance.now();
    work(batch);
    elapsedMs += performance.now() - startMs;
    items += batch.length;
  }
  return (elapsedMs * 1_000_000) / items;
}

/** @returns The value in the middle. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

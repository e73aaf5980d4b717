/**
 * What a load is told, and what it finds out.
 *
 * @module
 */

/** What a load does. Each load reads the part that concerns it. */
export interface Task {
  readonly connections: number;
  /** Messages under way on each connection, or handshakes at once. */
  readonly depth: number;
  readonly payloadBytes: number;
  readonly kind: "text" | "binary";
  /** How long is measured, behind a warm-up of a quarter of it. */
  readonly durationMs: number;
}

/** What came of it. */
export interface Measured {
  readonly perSecond: number;
  /** Of compressed replies: their length, of that of the plain text. */
  readonly size?: number;
}

/** A load: drives a server at a URL. */
export type Load = (target: URL, task: Task) => Promise<Measured>;

/** Counts what happens behind a warm-up. @param count Tells how often it has happened until now. */
export async function perSecond(
  count: () => number,
  durationMs: number,
): Promise<number> {
  await sleep(durationMs / 4);
  // Who drives this takes the server's time from here on.
  console.log("measuring");
  const [before, startMs] = [count(), performance.now()];
  await sleep(durationMs);
  return ((count() - before) * 1_000) / (performance.now() - startMs);
}

/** Waits. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

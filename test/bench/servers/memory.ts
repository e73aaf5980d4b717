/**
 * Lets a server be asked how much memory it has, without what only waits for the collector.
 *
 * @module
 */

import process from "node:process";

/** Prints the resident set in bytes on SIGUSR2, behind two collections, where the runtime was started with `--expose-gc`. */
export function reportMemoryOnSignal(): void {
  process.on("SIGUSR2", () => {
    const { gc } = globalThis as { readonly gc?: () => void };
    gc?.();
    gc?.();
    console.log(`memory ${process.memoryUsage.rss()}`);
  });
}

/**
 * How far a long run is: on a terminal one line that changes, elsewhere a line every few seconds.
 *
 * @module
 */

import process from "node:process";

const EVERY_MS = 5_000;
const EVERY_MS_ON_A_TERMINAL = 250;

/** Makes what is told how much is done. @param forMs How long the run takes. */
export function progress(name: string, forMs: number): (done: number) => void {
  const began = performance.now();
  const isTerminal = process.stdout.isTTY === true;
  let toldMs = began;
  return (done) => {
    const nowMs = performance.now();
    if (nowMs - toldMs < (isTerminal ? EVERY_MS_ON_A_TERMINAL : EVERY_MS)) return;
    toldMs = nowMs;
    const seconds = (nowMs - began) / 1_000;
    const left = Math.max(0, Math.ceil(forMs / 1_000 - seconds));
    const line = `${name}: ${done} done, ${Math.round(done / seconds)} a second, ${left} s left`;
    if (isTerminal) process.stdout.write(`\r${line}   `);
    else console.log(line);
  };
}

/**
 * How far a long run is: on a terminal one line that changes, elsewhere a line every few seconds. It goes to
 * standard error, so that there are only results on standard output, which can be piped.
 *
 * @module
 */

import process from "node:process";

const EVERY_MS_ON_A_TERMINAL = 100;
const EVERY_MS = 5_000;
/** Of a terminal that does not know how wide it is. */
const USUAL_COLUMNS = 80;
/** From the cursor to the end of its line. */
const ERASE = "\x1b[K";
const RATE_DIGITS = 3;

/** Where the line goes. */
export interface ProgressSink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** When all is done: when so many are, or when the time is over. */
export type ProgressTotal = { readonly count: number } | { readonly seconds: number };

/** What is told, and where. */
export interface ProgressOptions {
  /** What runs. */
  readonly name: string;
  /** What is counted, in the plural. */
  readonly noun: string;
  /** Without it, nothing is said about the time that is left. */
  readonly total?: ProgressTotal;
  readonly sink?: ProgressSink;
  /** Milliseconds, from whenever. */
  readonly now?: () => number;
}

/**
 * Tells how far a run is that begins now. It has no timer, which would keep the program alive and disturb
 * what is measured: it looks at the clock whenever it is told something.
 */
export class Progress {
  readonly #name: string;
  readonly #noun: string;
  /** So many, or so many milliseconds. */
  readonly #total: number | undefined;
  readonly #isTimed: boolean;
  readonly #sink: ProgressSink;
  readonly #now: () => number;
  readonly #beganMs: number;
  #dueMs: number;
  #done = 0;
  #failed = 0;
  #isShown = false;
  #isOver = false;

  /** @throws {RangeError} For a total of nothing, or of what is no number. */
  constructor({ name, noun, total, sink = process.stderr, now = () => performance.now() }: ProgressOptions) {
    this.#name = name;
    this.#noun = noun;
    this.#total = total === undefined ? undefined : checked(name, noun, total);
    this.#isTimed = total !== undefined && "seconds" in total;
    this.#sink = sink;
    this.#now = now;
    this.#beganMs = this.#dueMs = now();
    // Whoever watches sees at once that it runs; a log needs no line about nothing.
    if (sink.isTTY === true) this.#update();
    else this.#dueMs += EVERY_MS;
  }

  /** Tells that more are done. @param count How many; 0 when only time has passed. */
  advance(count = 1): void {
    this.#done += count;
    this.#update();
  }

  /** Tells that some have failed; that they are done is told apart. @param count How many. */
  failed(count = 1): void {
    this.#failed += count;
    this.#update();
  }

  /** Makes room for what the program itself prints. What it is told next brings the line back. */
  clear(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#dueMs = this.#now();
    this.#sink.write(`\r${ERASE}`);
  }

  /** Tells that the run is over: the line goes, and does not come back. */
  end(): void {
    this.clear();
    this.#isOver = true;
  }

  #update(): void {
    if (this.#isOver) return;
    const nowMs = this.#now();
    if (nowMs < this.#dueMs) return;
    const line = this.#line(nowMs - this.#beganMs);
    this.#isShown = this.#sink.isTTY === true;
    this.#dueMs = nowMs + (this.#isShown ? EVERY_MS_ON_A_TERMINAL : EVERY_MS);
    // One column stays free: behind the last one, some terminals are on the next line already.
    const width = (this.#sink.columns || USUAL_COLUMNS) - 1;
    this.#sink.write(this.#isShown ? `\r${line.slice(0, width)}${ERASE}` : `${line}\n`);
  }

  #line(elapsedMs: number): string {
    const [done, total] = [this.#done, this.#total];
    const isKnown = done > 0 && elapsedMs > 0;
    const rate = `${isKnown ? grouped(done * 1_000 / elapsedMs, RATE_DIGITS) : "-"}/s`;
    const failed = `${grouped(this.#failed)} failed`;
    if (total === undefined) return `${this.#name}: ${grouped(done)} ${this.#noun}, ${rate}, ${failed}`;
    const counted = this.#isTimed ? grouped(done) : `${grouped(done)} of ${grouped(total)}`;
    const percent = Math.min(100, Math.floor((this.#isTimed ? elapsedMs : done) * 100 / total));
    const leftMs = this.#isTimed ? total - elapsedMs : (total - done) * elapsedMs / done;
    const left = this.#isTimed || isKnown ? duration(leftMs) : "-";
    return `${this.#name}: ${counted} ${this.#noun}, ${percent}%, ${rate}, ${left} left, ${failed}`;
  }
}

/** @returns So many, or so many milliseconds. */
function checked(name: string, noun: string, total: ProgressTotal): number {
  if ("seconds" in total) {
    if (total.seconds > 0 && total.seconds < Infinity) return total.seconds * 1_000;
    throw new RangeError(`${name} must take a number of seconds above 0, and not ${total.seconds}.`);
  }
  if (Number.isSafeInteger(total.count) && total.count > 0) return total.count;
  throw new RangeError(`${name} must have a whole number of ${noun} above 0, and not ${total.count}.`);
}

/** Writes a number, with commas between its thousands. */
function grouped(value: number, digits = 21): string {
  return value.toLocaleString("en", { maximumSignificantDigits: digits });
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}

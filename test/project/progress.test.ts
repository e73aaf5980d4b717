import assert from "node:assert/strict";
import { test } from "node:test";
import { Progress, type ProgressTotal } from "../support/progress.ts";

const SEEDS = { name: "simulate", noun: "seeds", total: { count: 1_000 } } as const;
const CLEARED = "\r\x1b[K";

/** What is written to a terminal, or elsewhere, at a time that is moved by hand. */
class Screen {
  readonly isTTY: boolean | undefined;
  columns: number | undefined;
  nowMs: number;
  #written: string[] = [];

  constructor({ isTTY, columns, nowMs = 7_000 }: { isTTY?: boolean; columns?: number; nowMs?: number } = {}) {
    this.isTTY = isTTY;
    this.columns = columns;
    this.nowMs = nowMs;
  }

  readonly now = (): number => this.nowMs;

  write(text: string): void {
    this.#written.push(text);
  }

  /** What was written since it was taken last. */
  take(): string[] {
    return this.#written.splice(0);
  }
}

function terminal(columns = 120): Screen {
  return new Screen({ isTTY: true, columns });
}

function begin(screen: Screen, total?: ProgressTotal): Progress {
  const of = total === undefined ? {} : { total };
  return new Progress({ name: "run", noun: "cases", ...of, sink: screen, now: screen.now });
}

/** The line, without what moves the cursor. */
function shown(screen: Screen): string | undefined {
  return screen.take().at(-1)?.replace(/^\r/, "").replace("\x1b[K", "").trimEnd();
}

test("Progress writes a line every 5 seconds when it is no terminal, and none before and at the end", () => {
  const screen = new Screen();
  const progress = new Progress({ ...SEEDS, sink: screen, now: screen.now });
  screen.nowMs += 4_999;
  progress.advance(300);
  assert.deepEqual(screen.take(), []);
  screen.nowMs += 1;
  progress.advance(100);
  assert.deepEqual(screen.take(), ["simulate: 400 of 1,000 seeds, 40%, 80/s, 8 s left, 0 failed\n"]);
  screen.nowMs += 4_999;
  progress.advance(200);
  assert.deepEqual(screen.take(), []);
  screen.nowMs += 1;
  progress.advance(400);
  assert.deepEqual(screen.take(), ["simulate: 1,000 of 1,000 seeds, 100%, 100/s, 0 s left, 0 failed\n"]);
  screen.nowMs += 60_000;
  progress.clear();
  progress.end();
  progress.advance();
  progress.failed();
  assert.deepEqual(screen.take(), []);
});

test("Progress leaves 5 seconds between two lines when it was told nothing for longer", () => {
  const screen = new Screen();
  const progress = begin(screen);
  screen.nowMs += 9_000;
  progress.advance(9);
  assert.deepEqual(screen.take(), ["run: 9 cases, 1/s, 0 failed\n"]);
  screen.nowMs += 4_999;
  progress.advance();
  assert.deepEqual(screen.take(), []);
});

test("Progress shows one line at once, and rewrites it 10 times a second at most, when it is a terminal", () => {
  const screen = terminal();
  const progress = new Progress({ ...SEEDS, sink: screen, now: screen.now });
  assert.deepEqual(screen.take(), ["\rsimulate: 0 of 1,000 seeds, 0%, -/s, - left, 0 failed\x1b[K"]);
  screen.nowMs += 99;
  progress.advance();
  assert.deepEqual(screen.take(), []);
  screen.nowMs += 1;
  progress.advance();
  assert.deepEqual(screen.take(), ["\rsimulate: 2 of 1,000 seeds, 0%, 20/s, 50 s left, 0 failed\x1b[K"]);
  screen.nowMs += 99;
  progress.advance();
  assert.deepEqual(screen.take(), []);
});

test("Progress clears its line for other output, and is back with the next that is done", () => {
  const screen = terminal();
  const progress = begin(screen);
  screen.take();
  progress.clear();
  assert.deepEqual(screen.take(), [CLEARED]);
  progress.clear();
  assert.deepEqual(screen.take(), []);
  progress.advance();
  assert.deepEqual(screen.take(), ["\rrun: 1 cases, -/s, 0 failed\x1b[K"]);
});

test("Progress clears its line and stays silent when it is over", () => {
  const screen = terminal();
  const progress = begin(screen);
  screen.take();
  progress.end();
  assert.deepEqual(screen.take(), [CLEARED]);
  screen.nowMs += 60_000;
  progress.advance();
  progress.failed();
  progress.end();
  assert.deepEqual(screen.take(), []);
});

test("Progress cuts its line to a column less than the terminal has, also when that was made wider", () => {
  const screen = terminal(11);
  const progress = begin(screen);
  assert.deepEqual(screen.take(), ["\rrun: 0 cas\x1b[K"]);
  screen.columns = 21;
  screen.nowMs += 100;
  progress.advance();
  assert.deepEqual(screen.take(), ["\rrun: 1 cases, 10/s, \x1b[K"]);
});

for (const columns of [undefined, 0]) {
  test(`Progress takes a terminal for 80 columns wide when it says ${columns}`, () => {
    const screen = new Screen({ isTTY: true, ...(columns === undefined ? {} : { columns }) });
    new Progress({ name: "x".repeat(100), noun: "cases", sink: screen, now: screen.now });
    assert.deepEqual(screen.take(), [`\r${"x".repeat(79)}\x1b[K`]);
  });
}

test("Progress cuts nothing when it is no terminal", () => {
  const screen = new Screen({ isTTY: false, columns: 11 });
  const progress = begin(screen);
  screen.nowMs += 5_000;
  progress.advance(0);
  assert.deepEqual(screen.take(), ["run: 0 cases, -/s, 0 failed\n"]);
});

test("Progress tells how many have failed, and does not take them for done, when some have", () => {
  const screen = terminal();
  const progress = begin(screen, { count: 10 });
  screen.nowMs += 1_000;
  progress.failed();
  assert.equal(shown(screen), "run: 0 of 10 cases, 0%, -/s, - left, 1 failed");
  screen.nowMs += 1_000;
  progress.advance();
  assert.equal(shown(screen), "run: 1 of 10 cases, 10%, 0.5/s, 18 s left, 1 failed");
  screen.nowMs += 1_000;
  progress.failed(1_233);
  assert.equal(shown(screen), "run: 1 of 10 cases, 10%, 0.333/s, 27 s left, 1,234 failed");
});

test("Progress takes share and time left from the clock when the total is a time", () => {
  const screen = terminal();
  const progress = begin(screen, { seconds: 60 });
  assert.equal(shown(screen), "run: 0 cases, 0%, -/s, 60 s left, 0 failed");
  screen.nowMs += 14_500;
  progress.advance(0);
  assert.equal(shown(screen), "run: 0 cases, 24%, -/s, 46 s left, 0 failed");
  screen.nowMs += 500;
  progress.advance(18_515);
  assert.equal(shown(screen), "run: 18,515 cases, 25%, 1,230/s, 45 s left, 0 failed");
  screen.nowMs += 60_000;
  progress.advance();
  assert.equal(shown(screen), "run: 18,516 cases, 100%, 247/s, 0 s left, 0 failed");
});

test("Progress stays at 100% and no time left when more are done than there were to be", () => {
  const screen = terminal();
  const progress = begin(screen, { count: 2 });
  screen.nowMs += 1_000;
  progress.advance(3);
  assert.equal(shown(screen), "run: 3 of 2 cases, 100%, 3/s, 0 s left, 0 failed");
});

test("Progress does not say 100% when one is still to be done", () => {
  const screen = terminal();
  const progress = begin(screen, { count: 1_000 });
  screen.nowMs += 999_000;
  progress.advance(999);
  assert.equal(shown(screen), "run: 999 of 1,000 cases, 99%, 1/s, 1 s left, 0 failed");
});

for (
  const [seconds, left] of [
    [0.001, "1 s"],
    [119, "119 s"],
    [119.001, "2 min"],
    [149, "2 min"],
    [150, "3 min"],
    [7_199, "120 min"],
    [7_200, "2.0 h"],
    [86_400, "24.0 h"],
  ] as const
) {
  test(`Progress says "${left} left" when ${seconds} s are left`, () => {
    const screen = terminal();
    begin(screen, { seconds });
    assert.equal(shown(screen), `run: 0 cases, 0%, -/s, ${left} left, 0 failed`);
  });
}

for (const count of [0, -1, 1.5, NaN, Infinity]) {
  test(`Progress throws when the total is ${count} cases`, () => {
    const message = `run must have a whole number of cases above 0, and not ${count}.`;
    assert.throws(() => begin(terminal(), { count }), new RangeError(message));
  });
}

for (const seconds of [0, -1, NaN, Infinity]) {
  test(`Progress throws when the total is ${seconds} seconds`, () => {
    const message = `run must take a number of seconds above 0, and not ${seconds}.`;
    assert.throws(() => begin(terminal(), { seconds }), new RangeError(message));
  });
}

test("Progress writes nothing to a terminal when its total is refused", () => {
  const screen = terminal();
  assert.throws(() => begin(screen, { count: 0 }), RangeError);
  assert.deepEqual(screen.take(), []);
});

import assert from "node:assert/strict";
import type { Duplex } from "node:stream";
import { test } from "node:test";
import { Progress } from "../../src/io/progress.ts";

interface Queue {
  writableLength: number;
  _handle?: { writeQueueSize?: unknown } | null;
}

function watch(queue: Queue): Progress {
  // No more of a socket is looked at.
  return new Progress(queue as unknown as Duplex);
}

test("Progress.sinceLast() sees that a write is over, and that none is", () => {
  const queue: Queue = { writableLength: 10 };
  const progress = watch(queue);
  assert.equal(progress.sinceLast(), false);
  queue.writableLength = 7;
  assert.deepEqual([progress.sinceLast(), progress.queuedBytes], [true, 7]);
  queue.writableLength = 9;
  assert.equal(progress.sinceLast(), false);
});

test("Progress.sinceLast() sees how much of one long write the system has taken, where the handle says", () => {
  const handle = { writeQueueSize: 10 };
  const queue: Queue = { writableLength: 10, _handle: handle };
  const progress = watch(queue);
  handle.writeQueueSize = 9;
  assert.equal(progress.sinceLast(), true);
  assert.equal(progress.sinceLast(), false);
  // The next write is under way.
  queue.writableLength = 5;
  handle.writeQueueSize = 5;
  assert.equal(progress.sinceLast(), true);
  // More was queued behind it: what is under way tells nothing of what was there before.
  queue.writableLength = 8;
  handle.writeQueueSize = 4;
  assert.equal(progress.sinceLast(), false);
});

test("Progress.sinceLast() asks for a 64th of what waited at first, so that nobody holds it for ever", () => {
  const handle = { writeQueueSize: 6_400 };
  const queue: Queue = { writableLength: 6_400, _handle: handle };
  const progress = watch(queue);
  handle.writeQueueSize -= 99;
  assert.equal(progress.sinceLast(), false);
  handle.writeQueueSize -= 100;
  assert.equal(progress.sinceLast(), true);
  queue.writableLength = 50;
  assert.equal(progress.sinceLast(), true);
  // The rest is less than that, and all that there is.
  queue.writableLength = 0;
  assert.equal(progress.sinceLast(), true);
  assert.equal(progress.sinceLast(), false);
});

test("Progress.sinceLast() does without a handle that is gone, or does not say", () => {
  for (const handle of [null, {}, { writeQueueSize: "many" }]) {
    const queue: Queue = { writableLength: 10, _handle: handle };
    const progress = watch(queue);
    assert.equal(progress.sinceLast(), false);
    queue.writableLength = 0;
    assert.equal(progress.sinceLast(), true);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { flushAtEndOfTurn } from "../../src/io/turn.ts";

test("flushAtEndOfTurn() flushes each once, in order, behind this turn", async () => {
  const flushed: string[] = [];
  const named = (name: string) => ({ flush: () => void flushed.push(name) });
  flushAtEndOfTurn(named("a"));
  flushAtEndOfTurn(named("b"));
  await Promise.resolve();
  assert.deepEqual(flushed, []);
  await setImmediate();
  assert.deepEqual(flushed, ["a", "b"]);
  await setImmediate();
  assert.deepEqual(flushed, ["a", "b"]);
});

test("flushAtEndOfTurn() flushes what joins during a flush in the turn after it", async () => {
  const flushed: string[] = [];
  flushAtEndOfTurn({
    flush() {
      flushed.push("first");
      flushAtEndOfTurn({ flush: () => void flushed.push("second") });
    },
  });
  await setImmediate();
  assert.deepEqual(flushed, ["first"]);
  await setImmediate();
  assert.deepEqual(flushed, ["first", "second"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Listeners } from "../../src/client/listeners.ts";
import { settle } from "../support/client_bench.ts";

function made(): { readonly listeners: Listeners; readonly errors: unknown[] } {
  const errors: unknown[] = [];
  return { listeners: new Listeners((error) => void errors.push(error)), errors };
}

test("Listeners.tell() calls those of the name, in the order in which they came, and no others", () => {
  const { listeners } = made();
  const calls: unknown[] = [];
  listeners.add("a", (value) => calls.push(["first", value]));
  listeners.add("a", (value) => calls.push(["second", value]));
  listeners.add("b", (value) => calls.push(["other", value]));
  listeners.tell("a", 7);
  assert.deepEqual(calls, [["first", 7], ["second", 7]]);
});

test("Listeners.tell() reports what a listener throws or rejects with, and calls the next", async () => {
  const { listeners, errors } = made();
  const calls: unknown[] = [];
  listeners.add("a", () => {
    throw new Error("thrown");
  });
  listeners.add("a", () => Promise.reject(new Error("rejected")));
  listeners.add("a", (value) => calls.push(value));
  listeners.tell("a", 7);
  await settle();
  assert.deepEqual(calls, [7]);
  assert.deepEqual(errors.map((error) => (error as Error).message), ["thrown", "rejected"]);
});

test("Listeners.add() answers with what takes exactly this listener away, once", () => {
  const { listeners } = made();
  let count = 0;
  const twice = () => void count++;
  const remove = listeners.add("a", twice);
  listeners.add("a", twice);
  remove();
  remove();
  listeners.tell("a", 0);
  assert.equal(count, 1);
});

test("Listeners.add() works for a name whose last listener was taken away", () => {
  const { listeners } = made();
  const calls: unknown[] = [];
  const remove = listeners.add("a", () => calls.push("old"));
  remove();
  listeners.add("a", () => calls.push("new"));
  remove();
  listeners.tell("a", 0);
  assert.deepEqual(calls, ["new"]);
});

test("Listeners.tell() calls those that were there when it began", () => {
  const { listeners } = made();
  const calls: unknown[] = [];
  listeners.add("a", () => listeners.add("a", () => calls.push("late")));
  listeners.tell("a", 0);
  assert.deepEqual(calls, []);
  listeners.tell("a", 0);
  assert.deepEqual(calls, ["late"]);
});

test("Listeners.tell() stops when what it tells is no longer true", () => {
  const { listeners } = made();
  let current = true;
  const calls: unknown[] = [];
  listeners.add("a", () => current = false);
  listeners.add("a", () => calls.push("stale"));
  listeners.tell("a", 0, () => current);
  assert.deepEqual(calls, []);
});

test("Listeners.tell() takes names of an object's own members for names like any other", () => {
  const { listeners } = made();
  for (const name of ["__proto__", "constructor", "toString"]) listeners.tell(name, 0);
  let count = 0;
  listeners.add("__proto__", () => void count++);
  listeners.tell("__proto__", 0);
  assert.equal(count, 1);
});

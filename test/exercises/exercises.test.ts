import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { after, describe, test } from "node:test";
import { copyProject, removeCopy } from "../mutants/broken_copy.ts";
import { EXERCISES } from "./all.ts";
import { judge } from "./judge.ts";

const concurrency = Math.min(availableParallelism(), 4);
const copies: string[] = [];
const free: string[] = [];
after(() => copies.forEach(removeCopy));

/** A copy that nobody uses. */
function takeCopy(): string {
  const copy = free.pop() ?? copyProject();
  if (!copies.includes(copy)) copies.push(copy);
  return copy;
}

describe("each exercise is caught", { concurrency }, () => {
  for (const exercise of EXERCISES) {
    const { number, file, noticedBy } = exercise;
    test(`exercise ${number}: ${file}, by ${noticedBy}`, async () => {
      const copy = takeCopy();
      try {
        const { passed, failed } = await judge(copy, exercise);
        assert.ok(failed.includes(noticedBy), `these failed: ${failed.join(", ")}`);
        // A patch after which nothing works teaches nothing about the line.
        assert.ok(passed.length > 0, "all of its tests failed");
      } finally {
        free.push(copy);
      }
    });
  }
});

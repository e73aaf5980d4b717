import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { SharedRun } from "../../src/protocol/shared_run.ts";

const run = (text: string) => new SharedRun(Buffer.from(text));

test("SharedRun.bytes is the frame itself when it is alone", () => {
  const frame = Buffer.from("alone");
  assert.equal(new SharedRun(frame).bytes, frame);
});

test("SharedRun.followedBy() joins frames in their order, once for all who come the same way", () => {
  const [a, b, c] = [run("a"), run("bb"), run("ccc")];
  const abc = a.followedBy(b).followedBy(c);
  assert.equal(abc.length, 6);
  assert.equal(abc.bytes.toString(), "abbccc");
  assert.equal(a.followedBy(b).followedBy(c), abc);
  assert.equal(a.followedBy(b).followedBy(c).bytes, abc.bytes);
});

test("SharedRun.followedBy() goes another way for those who were sent something else", () => {
  const [a, b, c] = [run("a"), run("b"), run("c")];
  const [ab, ac] = [a.followedBy(b), a.followedBy(c)];
  assert.deepEqual([ab.bytes.toString(), ac.bytes.toString(), b.followedBy(c).bytes.toString()], [
    "ab",
    "ac",
    "bc",
  ]);
  assert.equal(a.followedBy(a).followedBy(a).bytes.toString(), "aaa");
  assert.deepEqual([a.bytes.toString(), a.length], ["a", 1]);
});

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { SlidingWindow } from "../../src/protocol/sliding_window.ts";
import { seededRandom } from "../support/chunkers.ts";
import { bytesOf } from "../support/frames.ts";

test("SlidingWindow remembers nothing before anything was appended", () => {
  assert.equal(new SlidingWindow(8).contents.length, 0);
});

test("SlidingWindow remembers the last bytes when more was appended, and all when it was not", () => {
  const window = new SlidingWindow(4);
  for (
    const [added, contents] of [["ab", "ab"], ["cd", "abcd"], ["e", "bcde"], ["", "bcde"], ["fghijk", "hijk"]]
  ) {
    window.append(Buffer.from(added as string));
    assert.equal(window.contents.toString(), contents);
  }
});

test("SlidingWindow remembers the end of what was appended, in pieces of any size", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = seededRandom(seed);
    const size = 1 + Math.floor(random() * 300);
    const all = bytesOf(5_000);
    const window = new SlidingWindow(size);
    for (let at = 0; at < all.length;) {
      const next = Math.min(all.length, at + Math.floor(random() * 2 * size));
      window.append(all.subarray(at, next));
      at = next;
      assert.deepEqual(window.contents, all.subarray(Math.max(0, at - size), at), `seed ${seed} at ${at}`);
    }
  }
});

test("SlidingWindow keeps what it was given when the source changes", () => {
  const source = Buffer.from("abc");
  const window = new SlidingWindow(8);
  window.append(source);
  source.fill(0);
  assert.equal(window.contents.toString(), "abc");
});

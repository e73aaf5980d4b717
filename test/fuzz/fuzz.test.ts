import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { WIDE } from "../support/frames_endpoint.ts";
import { type Allocations, watchAllocations } from "./allocations.ts";
import { caseSeed, Draw } from "./draw.ts";
import { savedCases } from "./found.ts";
import { shrink } from "./shrink.ts";
import type { StreamCase } from "./stream_case.ts";
import { rerunCase, runCase, type SubjectName } from "./subjects.ts";

const RUNS: readonly {
  readonly subject: SubjectName;
  readonly seed: number;
  readonly cases: number;
}[] = [
  { subject: "streams", seed: 1, cases: 400 },
  { subject: "streams", seed: 2, cases: 400 },
  { subject: "handshakes", seed: 3, cases: 1_000 },
];

for (const { subject, seed, cases } of RUNS) {
  test(`nothing is wrong with ${cases} ${subject} of seed ${seed}`, async () => {
    for (let i = 0; i < cases; i++) {
      const { finding } = await runCase(subject, caseSeed(seed, i));
      assert.equal(finding, "same", `case ${i}, seed ${caseSeed(seed, i)}`);
    }
  });
}

for (const { subject, seed, input } of savedCases()) {
  test(`nothing is wrong any more with ${subject} of seed ${seed}`, async () => {
    assert.equal(await rerunCase(subject, input), "same");
  });
}

test("Draw draws the same from a seed on every runtime", () => {
  const draw = new Draw(1);
  assert.deepEqual(Array.from({ length: 6 }, () => draw.below(1_000)), [482, 388, 902, 923, 935, 939]);
});

test("watchAllocations() sees what is asked for while it watches, and nothing else", () => {
  const seen: Allocations = { largest: 0, total: 0 };
  watchAllocations(seen, () => [Buffer.alloc(10), Buffer.allocUnsafe(20), Buffer.allocUnsafeSlow(30)]);
  Buffer.allocUnsafe(40);
  assert.deepEqual(seen, { largest: 30, total: 60 });
});

test("shrink() leaves the bytes and the cuts that the failure needs", async () => {
  const bytes = Buffer.from("abcdefghijklmnopqrstuvwxyz");
  const sample: StreamCase = {
    role: "server",
    limits: WIDE,
    agreed: undefined,
    bytes,
    intact: true,
    cuts: [3, 9, 20],
  };
  const fails = ({ bytes: left, cuts }: StreamCase) => Promise.resolve(left.includes("j") && cuts.length > 0);
  const smallest = await shrink(sample, fails);
  assert.deepEqual({
    text: smallest.bytes.toString(),
    cuts: smallest.cuts.length,
  }, { text: "ij", cuts: 1 });
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { loaderArguments } from "../support/loader.ts";
import { readOptions, UsageError } from "../support/program_options.ts";

const OPTIONS = {
  numbers: { seed: { default: 1, min: 0, max: 10 }, steps: { default: 300, min: 1, max: 500 } },
  flags: ["mutants"],
} as const;

test("readOptions() reads numbers and flags, takes the defaults, and tells what was given", () => {
  assert.deepEqual(readOptions(["--seed", "0", "--mutants"], OPTIONS), {
    seed: 0,
    steps: 300,
    mutants: true,
    given: new Set(["seed", "mutants"]),
  });
  const { steps, mutants } = readOptions(["--steps=500"], OPTIONS);
  assert.deepEqual([steps, mutants], [500, false]);
});

for (
  const [args, message] of [
    [["--seed", "foo"], '--seed is "foo", and must be a whole number from 0 to 10.'],
    [["--seed", ""], '--seed is "", and must be a whole number from 0 to 10.'],
    [["--seed", "1e1"], '--seed is "1e1", and must be a whole number from 0 to 10.'],
    [["--seed=-1"], '--seed is "-1", and must be a whole number from 0 to 10.'],
    [["--steps", "0"], '--steps is "0", and must be a whole number from 1 to 500.'],
    [["--steps", "501"], '--steps is "501", and must be a whole number from 1 to 500.'],
  ] as const
) {
  test(`readOptions() refuses ${args.join(" ")}`, () => {
    assert.throws(() => readOptions(args, OPTIONS), new UsageError(message));
  });
}

test("readOptions() refuses in one line what it does not know", () => {
  for (const args of [["--sed", "1"], ["seed"], ["--mutants=no"], ["--seed", "-1"]]) {
    assert.throws(
      () => readOptions(args, OPTIONS),
      (error) => error instanceof UsageError && !error.message.includes("\n"),
    );
  }
});

for (
  const [program, ...args] of [
    ["simulation/run.ts", "run", "--seeds", "0"],
    ["soak/run.ts", "run", "--seconds", "x"],
    ["attacks/run.ts", "no_such_attack"],
    ["exercises/run.ts", "99"],
  ] as const
) {
  test(`${program} says in one line what is wrong with ${args.at(-1)}, and exits with 2`, () => {
    const file = fileURLToPath(new URL(`../${program}`, import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [...loaderArguments(), file, ...args], {
      encoding: "utf8",
      timeout: 20_000,
    });
    assert.deepEqual([status, stdout, stderr.trimEnd().split("\n").length], [2, "", 1], stderr);
  });
}

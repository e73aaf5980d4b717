/**
 * Runs the tests of a copy of the project, all in one process: `--test` would start one for each file, which takes most of its time.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { loaderArguments } from "../support/loader.ts";

/** A mutant that makes a test wait or run for ever is noticed, too. The longest of the tests takes half a second. */
const TEST_TIMEOUT = "--test-timeout=5000";
const TIMEOUT_MS = 30_000;

/** A result in the words of TAP. Tests within another are indented, and stand before it. */
const RESULT = /^( *)(ok|not ok) \d+ - (.*)$/gm;
const FAILURE = /^ *not ok /m;

/** What tests said. */
export interface TestReport {
  /** Whether all passed, and the process came to its end. */
  readonly allPassed: boolean;
  /** The names of those that did, and of those that did not. */
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

/**
 * Runs tests.
 *
 * @param copy The folder of the copy.
 * @param tests Their files, from there.
 * @param until Whether to stop at the first that fails.
 * @throws {Error} When not even a first test began: a mutant that is no program shows nothing about the tests.
 */
export async function runTests(
  copy: string,
  tests: readonly string[],
  until: "the first failure" | "the end",
): Promise<TestReport> {
  const script = tests.map((test) => `import ${JSON.stringify(`./${test}`)};`).join("\n");
  const options = ["--test-reporter=tap", TEST_TIMEOUT, "--input-type=module", "--eval", script];
  const child = spawn(process.execPath, [...loaderArguments(), ...options], {
    cwd: copy,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
    // A runner of tests tells its children that they are run by it; this one is a program.
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  let [report, errors] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors += text);
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    report += text;
    if (until === "the first failure" && report.search(FAILURE) !== -1) child.kill("SIGKILL");
  });
  // Without a code it was killed: for a failure, or because it did not come to an end.
  const [code] = await once(child, "close") as [number | null];
  if (code !== 0 && code !== null && !report.startsWith("TAP")) throw new Error(errors);
  return { allPassed: code === 0, ...resultsIn(report) };
}

/**
 * Reads a report. A test that consists of others is told by those, unless it fails by itself; one that was skipped has not passed.
 *
 * @param report In the words of TAP.
 */
export function resultsIn(report: string): Pick<TestReport, "passed" | "failed"> {
  const [passed, failed]: [string[], string[]] = [[], []];
  // By depth: whether there was a result, and one that failed, since the last result that is less deep.
  const within: { readonly failed: boolean }[] = [];
  for (const [, indent = "", result, text = ""] of report.matchAll(RESULT)) {
    const depth = indent.length / 4;
    const others = within[depth + 1];
    within.length = Math.min(within.length, depth + 1);
    within[depth] = { failed: result === "not ok" || within[depth]?.failed === true };
    const name = text.replace(/ # .*$/, "").replaceAll(/\\([\\#])/g, "$1");
    if (result === "not ok") {
      if (others?.failed !== true) failed.push(name);
    } else if (others === undefined && !/ # (?:SKIP|TODO)\b/.test(text)) passed.push(name);
  }
  return { passed, failed };
}

/**
 * The long run: `node run.ts run [seconds] [seed]` draws case after case until the time is over, keeps what fails as a
 * file, says how often we differ from npm `ws` and why, and exits with 1 when something is wrong.
 *
 * @module
 */

import process from "node:process";
import { readNumber, runProgram } from "../support/program_options.ts";
import { Progress } from "../support/progress.ts";
import { caseSeed } from "./draw.ts";
import { saveCase } from "./found.ts";
import { runCase, type SubjectName } from "./subjects.ts";
import { DIFFERENCES } from "./ws_differences.ts";
import { HANDSHAKE_DIFFERENCES } from "./ws_handshake.ts";
import { loadWs } from "./ws_peer.ts";

const SECONDS = 60;
const MOST = 999_999_999;
/** A fault is seldom alone; the first few say enough. */
const MAX_FOUND = 5;
/** Which case comes when; one of a stream takes four times as long. */
const ORDER: readonly SubjectName[] = ["streams", "handshakes", "streams"];

if (process.argv[2] === "run") {
  process.exitCode = await runProgram(() => {
    const [seconds, seed] = process.argv.slice(3);
    return main(
      readNumber("The time in seconds", seconds, { default: SECONDS, min: 1, max: MOST }),
      readNumber("The seed", seed, { default: Date.now() % 1_000_000, min: 0, max: MOST }),
    );
  });
}

async function main(seconds: number, seed: number): Promise<number> {
  const ws = await loadWs();
  console.log(`seed ${seed}, ${seconds} s, ${ws === undefined ? "without" : "compared with"} ws`);
  const counts = new Map<string, number>();
  const progress = new Progress({ name: "fuzz", noun: "cases", total: { seconds } });
  const [began, end] = [performance.now(), performance.now() + seconds * 1_000];
  let found = 0;
  let cases = 0;
  for (; performance.now() < end && found < MAX_FOUND; cases++) {
    const subject = ORDER[cases % ORDER.length] as SubjectName;
    const ofCase = caseSeed(seed, cases);
    const { finding, written } = await runCase(subject, ofCase, ws);
    const name = typeof finding === "string" ? finding : "wrong";
    counts.set(name, (counts.get(name) ?? 0) + 1);
    progress.advance();
    if (typeof finding === "string" || written === undefined) continue;
    found++;
    const file = saveCase({ subject, seed: ofCase, differed: finding.complaint, input: written });
    progress.failed();
    progress.clear();
    console.log(`\n${finding.complaint}\nseed ${ofCase}, kept as ${file}\n`);
  }
  progress.end();
  const perSecond = Math.round(cases * 1_000 / (performance.now() - began));
  console.log(`${cases} cases, ${perSecond} a second, ${found} wrong`);
  report(counts);
  return found === 0 ? 0 : 1;
}

function report(counts: ReadonlyMap<string, number>): void {
  const reasons: Readonly<Record<string, { readonly why: string }>> = {
    ...DIFFERENCES,
    ...HANDSHAKE_DIFFERENCES,
  };
  for (const [name, count] of [...counts].sort(([, a], [, b]) => b - a)) {
    console.log(
      `${String(count).padStart(9)}  ${name}${reasons[name] === undefined ? "" : `: ${reasons[name].why}`}`,
    );
  }
}

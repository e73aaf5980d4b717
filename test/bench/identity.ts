/**
 * The benchmark of what only computes: what a token costs at the door, beside others, and what each message costs behind it, step by
 * step. It needs no server, so that one process does for all. `node identity.ts run [--quick] [words of a row]` prints a table and a line of
 * JSON.
 *
 * @module
 */

import process from "node:process";
import { Progress } from "../support/progress.ts";
import { messageAuthorizer } from "./authorize_message.ts";
import { requestSteps } from "./request_steps.ts";
import { median, race, type Rounds, WARM_UP_ROUNDS } from "./rounds.ts";
import { tokenVerifiers, type VerifierName } from "./verify_token.ts";

/** What was measured of one contestant, medians. */
interface Figure {
  readonly nanoseconds: number;
  readonly operationsPerSecond: number;
  /** Of a peer: how many times as fast as it we are. */
  readonly ratio?: number;
}

type Figures = Readonly<Partial<Record<VerifierName, Figure>>>;

/** A row: measures, and returns a figure for each contestant. */
type Row = (rounds: Rounds) => Figures | Promise<Figures>;

const ROWS: Readonly<Record<string, Row>> = {
  "verify HS256, 300 B token": async (rounds) => {
    const times = race(await tokenVerifiers(), rounds);
    return {
      portcullis: figureOf(times.portcullis),
      jsonwebtoken: figureOf(times.jsonwebtoken, times.portcullis),
      "fast-jwt": figureOf(times["fast-jwt"], times.portcullis),
    };
  },
  ...Object.fromEntries(
    Object.entries(requestSteps()).map(([step, contestant]) => [`request: ${step}`, (rounds: Rounds) => {
      const times = race({ portcullis: contestant }, rounds);
      return { portcullis: figureOf(times.portcullis) };
    }]),
  ),
  "authorize a message": (rounds) => {
    const times = race({ portcullis: messageAuthorizer() }, rounds);
    return { portcullis: figureOf(times.portcullis) };
  },
};

if (process.argv[2] === "run") {
  await main(
    process.argv.includes("--quick"),
    process.argv.slice(3).find((word) => !word.startsWith("--")) ?? "",
  );
}

/** @param named Only the rows whose names contain this. */
async function main(quick: boolean, named: string): Promise<void> {
  const rounds = quick ? { rounds: 5, durationMs: 100 } : { rounds: 21, durationMs: 200 };
  const selected = Object.entries(ROWS).filter(([name]) => name.includes(named));
  if (selected.length > 0) {
    console.log(
      `${process.version}, one process, ${rounds.rounds} rounds of ${rounds.durationMs} ms, interleaved`,
    );
    console.log(
      "| identity | portcullis | jsonwebtoken | ratio | fast-jwt | ratio |\n|---|---|---|---|---|---|",
    );
  }
  const count = selected.length * (WARM_UP_ROUNDS + rounds.rounds);
  const progress = count === 0
    ? undefined
    : new Progress({ name: "bench, identity", noun: "rounds", total: { count } });
  const results: Record<string, object> = {};
  for (const [name, measure] of selected) {
    const figures = await measure({ ...rounds, onRound: () => progress?.advance() });
    results[name] = figures;
    const { portcullis, jsonwebtoken, "fast-jwt": fastJwt } = figures;
    const cells = [
      show(portcullis),
      show(jsonwebtoken),
      ratioOf(jsonwebtoken),
      show(fastJwt),
      ratioOf(fastJwt),
    ];
    progress?.clear();
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  }
  progress?.end();
  console.log(JSON.stringify(results));
}

/** @param ours Given for a peer, our times in the same rounds. */
function figureOf(times: readonly number[], ours?: readonly number[]): Figure {
  const nanoseconds = Math.round(median(times));
  const operationsPerSecond = Math.round(1_000_000_000 / median(times));
  if (ours === undefined) return { nanoseconds, operationsPerSecond };
  const ratio = median(
    times.map((time, round) => time / (ours[round] as number)),
  );
  return { nanoseconds, operationsPerSecond, ratio };
}

function show(figure: Figure | undefined): string {
  if (figure === undefined) return "";
  const [rate, time] = [figure.operationsPerSecond, figure.nanoseconds].map((
    value,
  ) => value.toLocaleString("en"));
  return `${rate}/s (${time} ns)`;
}

function ratioOf(figure: Figure | undefined): string {
  return figure?.ratio?.toFixed(2) ?? "";
}

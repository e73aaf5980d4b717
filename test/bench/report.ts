/**
 * The tables that the benchmark prints.
 *
 * @module
 */

import type { PeerName } from "./peers.ts";
import { median } from "./rounds.ts";
import type { Rival, Row } from "./rows.ts";

/** What one server came to in one round. */
export interface Figure {
  /** Per second, or per second of the core; in the row of memory KiB for each session. */
  readonly value: number;
  /** Of compressed replies: their length, of that of the plain text. */
  readonly size?: number;
  /** The share of its core that the server used: below 0.9, a figure per second is not the server's. */
  readonly busy?: number;
}

/** What everybody came to, we first. Figures at the same place are of the same round. */
export type Contest = Map<PeerName, Figure[]>;

const RIVALS: readonly Rival[] = ["ws", "floor", "native", "deno"];

/** Begins the table. */
export function printHead(
  runtime: string,
  { rounds, durationMs }: { rounds: number; durationMs: number },
): void {
  console.log(
    `${runtime}, ${rounds} rounds of ${durationMs} ms, interleaved; medians; in brackets what is aimed at`,
  );
  console.log(
    "| row | portcullis | against ws | against the floor | against Bun | against Deno |",
  );
  console.log("|---|---|---|---|---|---|");
}

/** Prints a row. @returns What stands in the line of JSON. */
export function printRow(name: string, row: Row, contest: Contest): object {
  const ours = contest.get(row.ours) ?? [];
  const ratios: Partial<Record<Rival, number>> = {};
  const cells = RIVALS.map((rival) => {
    const peer = row.rivals[rival];
    const theirs = peer === undefined ? undefined : contest.get(peer);
    if (theirs === undefined) return "";
    const ratio = median(
      ours.map(({ value }, round) => value / (theirs[round] as Figure).value),
    );
    ratios[rival] = Number(ratio.toFixed(3));
    const aim = row.aims[rival];
    return `${ratio.toFixed(2)}${aim === undefined ? "" : ` (${aim})`}: ${show(theirs)}`;
  });
  const unit = row.per === undefined ? "" : `, per ${row.per}`;
  console.log(`| ${name}${unit} | ${show(ours)} | ${cells.join(" | ")} |`);
  return {
    ratios,
    figures: Object.fromEntries(
      [...contest].map(([peer, figures]) => [peer, sumUp(figures)]),
    ),
  };
}

function sumUp(figures: readonly Figure[]): Figure {
  const middle = (name: keyof Figure) => {
    const values = figures.flatMap((figure) => figure[name] === undefined ? [] : [figure[name]]);
    return values.length === 0 ? undefined : Number(median(values).toPrecision(4));
  };
  const [value = 0, size, busy] = [
    middle("value"),
    middle("size"),
    middle("busy"),
  ];
  return {
    value,
    ...(size === undefined ? {} : { size }),
    ...(busy === undefined ? {} : { busy }),
  };
}

function show(figures: readonly Figure[]): string {
  const { value, size, busy } = sumUp(figures);
  const notes = [
    ...(size === undefined ? [] : [`${size.toFixed(3)} of the size`]),
    ...(busy === undefined || busy >= 0.9 ? [] : [`${Math.round(busy * 100)} % of its core`]),
  ];
  const shown = value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString("en");
  return shown + (notes.length === 0 ? "" : ` (${notes.join(", ")})`);
}

/**
 * Figures in the prose of pages that follow from the sources: each stands before a comment that names it, as
 * `131,072<!-- figure: limits.maxFragments -->`, and perhaps its unit, as `3<!-- figure: limits.closeTimeoutMs s -->`.
 *
 * @module
 */

import { CLIENT_LIMITS } from "../../src/client/client_limits.ts";
import { ATTACKS as PAGE_ATTACKS } from "../../src/demo/attack_shelf.ts";
import { FRAME_RULES, HANDSHAKE_RULES, LIMITS } from "../../src/mod.ts";
import { DEFLATE_DEFAULTS } from "../../src/protocol/deflate_options.ts";
import { ATTACKS } from "../attacks/all.ts";
import { EXERCISES } from "../exercises/all.ts";
import { MUTANTS } from "../mutants/mutants.ts";
import { CLAUSES } from "../support/conformance_rows.ts";
import { readProjectFile } from "../support/source_tree.ts";
import { type Chapter, chapterNames, readChapter, type Vector } from "../support/vectors.ts";
import { CHAPTERS } from "./course.ts";

const FIGURE = /([\d.,]*)(<!-- *figure\b([^>]*)-->)/g;
const NAME = /^: (\w+)\.(\w+)(?: (\w+))? $/;

/** By what a figure is divided that is given in another unit. */
const DIVISORS = { s: 1_000, d: 86_400_000, KiB: 1_024, MiB: 1_048_576 } as const;

type Figures = Readonly<Record<string, number>>;

const TABLES: Readonly<Record<string, Figures>> = {
  limits: defaultsOf(LIMITS),
  client: defaultsOf(CLIENT_LIMITS),
  deflate: {
    maxWindowBits: DEFLATE_DEFAULTS.maxWindowBits,
    minBytes: DEFLATE_DEFAULTS.minBytes,
    windowBytes: 2 ** DEFLATE_DEFAULTS.maxWindowBits,
  },
  count: {
    attacks: ATTACKS.length,
    chapters: CHAPTERS.length,
    clauses: Object.keys(CLAUSES).length,
    exercises: EXERCISES.length,
    frameRules: Object.keys(FRAME_RULES).length,
    handshakeRules: Object.keys(HANDSHAKE_RULES).length,
    mutants: MUTANTS.length,
    pageAttacks: Object.keys(PAGE_ATTACKS).length,
    questions: headings("docs/questions.md", /^### \d+\. /gm),
    specimens: headings("docs/specimens.md", /^## \d+\. /gm),
    vectors: chapterNames().flatMap((name) => readChapter<Chapter<Vector>>(name).vectors).length,
  },
  sum: {
    // Within which a silent peer is asked, by a timer that looks once in each interval.
    askedWithinMs: 2 * LIMITS.heartbeatMs.default,
    // What passes until a peer that vanished without a word is found.
    silentPeerMs: 2 * LIMITS.heartbeatMs.default + LIMITS.pongTimeoutMs.default,
    // What a server takes to stop, at the most.
    stopMs: LIMITS.drainTimeoutMs.default + LIMITS.closeTimeoutMs.default,
  },
};

/** The page with each figure as it is now. @throws {Error} For a figure, or a unit, that there is not. */
export function withFigures(page: string): string {
  return page.replaceAll(FIGURE, (_whole, _figure: string, comment: string, name: string) => {
    return figure(name).toLocaleString("en") + comment;
  });
}

function figure(text: string): number {
  const [, table = "", row = "", unit] = NAME.exec(text) ?? [];
  const value = own(own(TABLES, table) ?? {}, row);
  const divisor = unit === undefined ? 1 : own<number>(DIVISORS, unit);
  if (value === undefined || divisor === undefined) throw new Error(`There is no figure ${text.trim()}.`);
  return value / divisor;
}

function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function defaultsOf(limits: Readonly<Record<string, { readonly default: number }>>): Figures {
  return Object.fromEntries(Object.entries(limits).map(([name, row]) => [name, row.default]));
}

function headings(page: string, pattern: RegExp): number {
  return (readProjectFile(page).match(pattern) ?? []).length;
}

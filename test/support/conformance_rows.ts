/**
 * The rules and clauses of src/protocol with where the sources keep them and what proves it.
 *
 * @module
 */

import type { Clause } from "../../src/protocol/clauses/clause.ts";
import { CLIENT_OPENING_CLAUSES } from "../../src/protocol/clauses/client_opening.ts";
import { CLOSING_CLAUSES } from "../../src/protocol/clauses/closing.ts";
import { DEFLATE_CLAUSES } from "../../src/protocol/clauses/deflate.ts";
import { FRAMING_CLAUSES } from "../../src/protocol/clauses/framing.ts";
import { SECURITY_CLAUSES } from "../../src/protocol/clauses/security.ts";
import { SERVER_OPENING_CLAUSES } from "../../src/protocol/clauses/server_opening.ts";
import { HANDSHAKE_RULES, type HandshakeRule, RESPONSE_RULES } from "../../src/protocol/handshake_rules.ts";
import { FRAME_RULES, type FrameRule, type Rule } from "../../src/protocol/rules.ts";
import { PROOFS } from "./conformance_proofs.ts";
import { readProjectFile, sourceFiles } from "./source_tree.ts";
import { type Chapter, chapterNames, readChapter, type Vector } from "./vectors.ts";

/** The tables of clauses. */
export const CLAUSES: Readonly<Record<string, Clause>> = {
  ...CLIENT_OPENING_CLAUSES,
  ...SERVER_OPENING_CLAUSES,
  ...FRAMING_CLAUSES,
  ...CLOSING_CLAUSES,
  ...SECURITY_CLAUSES,
  ...DEFLATE_CLAUSES,
};

/** A line of the page. */
export interface Row extends Rule {
  /** `FRAME_RULES.reserved_bits`, or the name of a clause. */
  readonly name: string;
  /** Whom it binds. */
  readonly binds: string;
  /** What a breach by the peer leads to; nothing for what binds only us. */
  readonly breach: string;
  /** Where it is kept: `src/path/file.ts#symbol`. */
  readonly keptIn: readonly string[];
  /** The vectors that break it, come near to it, and show it to be kept; how many of each file. */
  readonly breaks: ReadonlyMap<string, number>;
  readonly near: ReadonlyMap<string, number>;
  readonly shows: ReadonlyMap<string, number>;
  /** The tests that show it to be kept: `file: words of the name`. */
  readonly tests: readonly string[];
}

const TABLES = { FRAME_RULES, HANDSHAKE_RULES, RESPONSE_RULES } as const;
type TableName = keyof typeof TABLES;

/** The side that judges by a table judges the other. */
const BOUND: Readonly<Record<TableName, string>> = {
  FRAME_RULES: "both",
  HANDSHAKE_RULES: "client",
  RESPONSE_RULES: "server",
};

const chapters = chapterNames().map((name) => ({ name, ...readChapter<Chapter<Vector>>(name) }));

/** All rows, in the order of the tables. */
export function conformanceRows(): Row[] {
  const rules = Object.entries(TABLES).flatMap(([table, rows]) =>
    Object.entries<Rule>(rows).map(([name, rule]) => ruleRow(table as TableName, name, rule))
  );
  return [...rules, ...Object.entries(CLAUSES).map(([name, clause]) => clauseRow(name, clause))];
}

function ruleRow(table: TableName, name: string, rule: Rule): Row {
  const isOfTable = tableOf(table);
  return {
    ...rule,
    name: `${table}.${name}`,
    binds: name === "mask_required" ? "client" : name === "mask_forbidden" ? "server" : BOUND[table],
    breach: breachOf(table, rule),
    keptIn: placesThatName(table, name),
    breaks: countVectors((vector, chapter) => isOfTable(chapter) && vector.breaks === name),
    near: countVectors((vector, chapter) => isOfTable(chapter) && (vector.near ?? []).includes(name)),
    shows: new Map(),
    tests: [],
  };
}

function clauseRow(name: string, clause: Clause): Row {
  const judgedBy = clause.judgedBy ?? [];
  return {
    ...clause,
    name,
    breach: judgedBy.map((rule) => `\`${rule.split(".")[1]}\``).join(", "),
    keptIn: clause.keptIn ?? [],
    breaks: new Map(),
    near: new Map(),
    shows: countVectors((vector) => (vector.shows ?? []).includes(name)),
    tests: PROOFS[name] ?? [],
  };
}

function breachOf(table: TableName, rule: Rule): string {
  if (table === "FRAME_RULES") return `Close ${(rule as FrameRule).closeCode}`;
  return table === "HANDSHAKE_RULES" ? `HTTP ${(rule as HandshakeRule).status}` : "fails the attempt";
}

/** The names of rules on requests and on answers are the same here and there; the file of a vector tells which is meant. */
function tableOf(table: TableName): (chapter: string) => boolean {
  if (table === "HANDSHAKE_RULES") return (chapter) => chapter === "handshake_requests";
  if (table === "RESPONSE_RULES") return (chapter) => chapter === "handshake_responses";
  return (chapter) => !chapter.startsWith("handshake_");
}

function countVectors(counts: (vector: Vector, chapter: string) => boolean): ReadonlyMap<string, number> {
  const numbers = chapters.map(({ name, vectors }) =>
    [name, vectors.filter((vector) => counts(vector, name)).length] as const
  );
  return new Map(numbers.filter(([, number]) => number > 0));
}

/** The type of a table's names, by which the files are known that judge by it. */
const NAME_TYPE: Readonly<Record<TableName, RegExp>> = {
  FRAME_RULES: /\bFrameRuleName\b/,
  HANDSHAKE_RULES: /\bHandshakeRuleName\b/,
  RESPONSE_RULES: /\bResponseRuleName\b/,
};

/** Finds where the sources say that a rule is broken. */
function placesThatName(table: TableName, rule: string): string[] {
  const judges = sourceFiles().filter((file) =>
    /^src\/protocol\/[a-z0-9_]+\.ts$/.test(file) && !file.endsWith("rules.ts") &&
    NAME_TYPE[table].test(readProjectFile(file))
  );
  // "upgrade" is the name of a field too; only in a fault is it that of a rule.
  const pattern = new RegExp(table === "FRAME_RULES" ? `"${rule}"` : `fault\\("${rule}"\\)`, "g");
  const places = judges.flatMap((file) => {
    const code = readProjectFile(file);
    return [...code.matchAll(pattern)].map(({ index }) => `${file}#${symbolAround(code, index)}`);
  });
  return [...new Set(places)];
}

/** The function or method in which a place of the code lies. */
function symbolAround(code: string, index: number): string {
  const before = code.slice(0, index).split("\n").reverse();
  const match = before.map((line) => /^(?:export )?(?:async )?function (\w+)|^ {2}(#?\w+)\(.*\{$/.exec(line))
    .find((found) => found !== null);
  if (match?.[1] !== undefined) return match[1];
  const owner = before.map((line) => /^export class (\w+)/.exec(line)?.[1]).find((name) =>
    name !== undefined
  );
  return `${owner}.${match?.[2]}`;
}

/** Tells whether `file: words of the name` is there. */
export function testExists(proof: string): boolean {
  const at = proof.indexOf(": ");
  return readProjectFile(proof.slice(0, at)).includes(proof.slice(at + 2));
}

/**
 * The specimens of docs/specimens.md, the vectors that each of them names, and the tests that try its mistakes
 * on these.
 *
 * @module
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Chapter, readChapter, type Vector } from "../support/vectors.ts";
import { readProjectFile } from "../support/source_tree.ts";

/** One mistake of real code. */
export interface Specimen {
  readonly number: number;
  /** `7. A length below zero`. */
  readonly title: string;
  readonly text: string;
  /** `framing: 65535 bytes`. */
  readonly vectors: readonly string[];
}

/** The one section that is no specimen. */
const CLOSING = "What they have in common\n";

/** All of them, in the order of the page. @throws {Error} For a heading without the number that is next. */
export function specimens(page: string = readProjectFile("docs/specimens.md")): Specimen[] {
  const sections = page.split(/^## /m).slice(1).filter((text) => !text.startsWith(CLOSING));
  return sections.map((text, index) => specimenOf(text, index + 1));
}

function specimenOf(text: string, number: number): Specimen {
  const [title = ""] = text.split("\n", 1);
  if (!title.startsWith(`${number}. `)) throw new Error(`"## ${title}" should be specimen ${number}.`);
  const named = text.matchAll(/`test\/vectors\/(\w+)\.json:\s([^`]+)`/g);
  const vectors = [...named].map(([, file, name = ""]) => `${file}: ${name.replaceAll(/\s+/g, " ")}`);
  return { number, title, text, vectors };
}

/** Finds a vector by its file and name. @throws {Error} When there is none. */
export function vectorOf<V extends Vector>(file: string, name: string): V {
  const found = readChapter<Chapter<V>>(file).vectors.find((vector) => vector.name === name);
  if (found === undefined) throw new Error(`test/vectors/${file}.json has no vector "${name}".`);
  return found;
}

/** What a mistake is about: bytes, or who somebody is. A part has a test file, as specimens_wire.test.ts. */
export type Part = "wire" | "identity";

/** Tells the part of a specimen by its number. */
export function partOf(number: number): Part {
  return number < 10 ? "wire" : "identity";
}

/** Finds a vector, and writes down that it was used. */
export type Use = <V extends Vector>(file: string, name: string) => V;

/** Runs a mistake, and shows that vectors catch it. */
export type Trial = (use: Use) => void | Promise<void>;

/** The trials of one specimen, by the mistakes that they run. */
export type Trials = Readonly<Record<string, Trial>>;

/** Tests a part, which must have trials for each of its specimens, by their numbers, and no others. */
export function trySpecimens(part: Part, trials: Readonly<Record<number, Trials>>): void {
  const tried = specimens().filter(({ number }) => partOf(number) === part);
  test(`${part}: every specimen has a test, and every test a specimen`, () => {
    assert.deepEqual(Object.keys(trials).map(Number), tried.map(({ number }) => number));
  });
  for (const specimen of tried) trySpecimen(specimen, trials[specimen.number] ?? {});
}

function trySpecimen({ title, vectors }: Specimen, trials: Trials): void {
  const used = new Set<string>();
  const use: Use = (file, name) => {
    used.add(`${file}: ${name}`);
    return vectorOf(file, name);
  };
  describe(`A vector of "${title}" catches`, () => {
    for (const [mistake, trial] of Object.entries(trials)) test(mistake, () => trial(use));
  });
  test(`every vector that "${title}" names is one that catches its mistake, and the other way round`, () => {
    assert.deepEqual(used, new Set(vectors));
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { HANDSHAKE_RULES, RESPONSE_RULES } from "../../src/protocol/handshake_rules.ts";
import { FRAME_RULES } from "../../src/protocol/rules.ts";
import { rowsWithoutChapter } from "../support/conformance_page.ts";
import { PROOFS } from "../support/conformance_proofs.ts";
import { CLAUSES, conformanceRows, testExists } from "../support/conformance_rows.ts";
import { filesBelow, readProjectFile } from "../support/source_tree.ts";
import { symbolExists } from "../support/symbols.ts";
import { type Chapter, chapterNames, readChapter, type Vector } from "../support/vectors.ts";

const rows = conformanceRows();

for (const { name, breaks, near, keptIn } of rows.filter((row) => row.name.includes("."))) {
  test(`${name} has a vector that breaks it, one that comes near, and a place that judges it`, () => {
    assert.notEqual(breaks.size, 0);
    assert.notEqual(near.size, 0);
    assert.notEqual(keptIn.length, 0);
  });
}

for (const [name, clause] of Object.entries(CLAUSES)) {
  const { section, sentence, reading, note, keptIn = [] } = clause;

  test(`${name} (${section}) is kept somewhere and proven, or says why not`, () => {
    const row = rows.find((candidate) => candidate.name === name);
    if (reading === "looser" || reading === "not applicable") return assert.match(note ?? "", /\.$/);
    assert.notEqual(keptIn.length, 0, "no place keeps it");
    assert.ok((row?.shows.size ?? 0) + (row?.tests.length ?? 0) > 0, "nothing shows it");
    if (reading !== undefined) assert.match(note ?? "", /\.$/);
  });

  test(`${name} (${section}) quotes a sentence`, () => {
    assert.match(section, /^(?:RFC \d+ )?§\d+(?:\.\d+)*$/);
    assert.match(sentence, /\b(?:MUST|must|requirements)\b/);
  });
}

test("every place at which a rule or clause is kept exists", () => {
  for (const { name, keptIn } of rows) {
    for (const place of keptIn) assert.ok(symbolExists(place), `${name}: ${place}`);
  }
});

test("every test that is named as a proof exists, and so does the clause that it proves", () => {
  for (const [name, proofs] of Object.entries(PROOFS)) {
    assert.ok(name in CLAUSES, name);
    for (const proof of proofs) assert.ok(testExists(proof), `${name}: ${proof}`);
  }
});

test("symbolExists() and testExists() find what is there, and nothing else", () => {
  assert.ok(symbolExists("src/protocol/protocol.ts#Protocol.#send"));
  assert.ok(symbolExists("src/io/refusal.ts#REFUSALS"));
  assert.ok(!symbolExists("src/protocol/protocol.ts#Protocol.#sent"));
  assert.ok(!symbolExists("src/protocol/protocol.ts#Protocols"));
  assert.ok(!symbolExists("src/protocol/missing.ts#Protocol"));
  assert.ok(testExists("test/project/conformance.test.ts: find what is there"));
  assert.ok(!testExists("test/project/imports.test.ts: find what is there"));
});

test("every vector names rules and clauses that exist", () => {
  const rules = Object.keys({ ...FRAME_RULES, ...HANDSHAKE_RULES, ...RESPONSE_RULES });
  for (const chapter of chapterNames()) {
    const { vectors } = readChapter<Chapter<Vector>>(chapter);
    for (const { name, section, why, breaks, near = [], shows = [] } of vectors) {
      assert.match(section, /^(?:RFC \d+ )?§\d/, name);
      assert.ok(why.length > 3, name);
      for (const rule of [...near, ...(breaks === undefined ? [] : [breaks])]) {
        assert.ok(rules.includes(rule), `${name}: ${rule}`);
      }
      for (const clause of shows) assert.ok(clause in CLAUSES, `${name}: ${clause}`);
    }
    const names = vectors.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)], chapter);
  }
});

test("every sentence in the sources that says it is stricter than an RFC on the wire is in the tables", () => {
  const stricter = rows.filter(({ reading }) => reading === "stricter").flatMap(({ keptIn }) => keptIn);
  for (const file of filesBelow("src/protocol", ".ts")) {
    if (!/\/\/ Stricter than §/.test(readProjectFile(file))) continue;
    assert.ok(stricter.some((place) => place.startsWith(`${file}#`)), file);
  }
});

test("every row is in a chapter of docs/conformance.md", () => {
  assert.deepEqual(rowsWithoutChapter().map(({ name }) => name), []);
});

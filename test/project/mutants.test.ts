import assert from "node:assert/strict";
import { test } from "node:test";
import { MUTANTS } from "../mutants/mutants.ts";
import { readProjectFile } from "../support/source_tree.ts";

test("each mutant changes one place of the sources, and says what would go wrong", () => {
  const seen = new Set<string>();
  for (const { file, from, to, wrong } of MUTANTS) {
    const places = readProjectFile(`src/protocol/${file}`).split(from).length - 1;
    assert.equal(places, 1, `"${from}" is in ${file} ${places} times`);
    assert.notEqual(from, to);
    assert.ok(!seen.has(wrong), wrong);
    seen.add(wrong);
  }
});

test("there are mutants of each file of src/protocol that judges bytes", () => {
  const files = new Set(MUTANTS.map(({ file }) => file));
  for (
    const file of [
      "frame_decoder.ts",
      "message.ts",
      "utf8.ts",
      "close.ts",
      "protocol.ts",
      "handshake.ts",
      "client_handshake.ts",
      "header_field.ts",
      "mask.ts",
      "send_buffer.ts",
      "deflate.ts",
    ]
  ) {
    assert.ok(files.has(file), file);
  }
});

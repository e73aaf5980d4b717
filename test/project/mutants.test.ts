import assert from "node:assert/strict";
import { test } from "node:test";
import { MUTANTS } from "../mutants/mutants.ts";
import { readProjectFile, sourceFiles } from "../support/source_tree.ts";

test("each mutant changes one place of the sources, and says what would go wrong", () => {
  const seen = new Set<string>();
  for (const { file, from, to, wrong } of MUTANTS) {
    const places = readProjectFile(`src/${file}`).split(from).length - 1;
    assert.equal(places, 1, `"${from}" is in ${file} ${places} times`);
    assert.notEqual(from, to);
    assert.ok(!seen.has(wrong), wrong);
    seen.add(wrong);
  }
});

/** Files of which there are none: types, tables, and what hands on to others. */
const WITHOUT: ReadonlySet<string> = new Set([
  "auth/permission_row.ts",
  "client/client_limits.ts",
  "client/client_options.ts",
  "client/client_state.ts",
  "client/message_table.ts",
  "client/mod.ts",
  "client/page_clock.ts",
  "client/transport.ts",
  "protocol/deflate_options.ts",
  "protocol/handshake_rules.ts",
  "protocol/rules.ts",
  "session/handler.ts",
  "session/meter.ts",
]);

test("there are mutants of each file of protocol, auth, session and client that decides something", () => {
  const files = new Set(MUTANTS.map(({ file }) => file));
  const layers = /^src\/((?:protocol|auth|session|client)\/[^/]+)$/;
  for (const file of sourceFiles().flatMap((name) => layers.exec(name)?.[1] ?? [])) {
    assert.equal(files.has(file), !WITHOUT.has(file), file);
  }
});

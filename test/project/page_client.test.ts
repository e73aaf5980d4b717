import assert from "node:assert/strict";
import { test } from "node:test";
import { makePageClient, noBundler, PAGE_CLIENT } from "../support/page_client.ts";
import { readProjectFile } from "../support/source_tree.ts";

test("the client that the demo's page loads is the one in src/client", { skip: noBundler }, () => {
  assert.ok(readProjectFile(PAGE_CLIENT) === makePageClient(), "run `npm run page`");
});

test("the client that the demo's page loads imports nothing", () => {
  assert.doesNotMatch(readProjectFile(PAGE_CLIENT), /^\s*import\b|\bimport\(|\brequire\(|node:/m);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { PAGE_COLUMNS } from "../support/wrapped.ts";
import { traceParts } from "./made_trace.ts";
import { recordTrace, spansOf } from "./traced_session.ts";

test("traceParts() gives the same text each time", async () => {
  assert.deepEqual(await traceParts(), await traceParts());
});

test("traceParts() shows a session from its request to the end of TCP, in fences that a page can hold", async () => {
  const parts = await traceParts();
  const whole = Object.values(parts).join("\n");
  assert.match(
    parts["request"] ?? "",
    /^```text\nclient → server, .*\n0000 {2}47 45 54 20 .* GET \/ws HTTP\/1\.1/,
  );
  const inOrder = ["GET /ws", "admitted: ada", "101 Swi", `"hello",`, "answered: ok", "answered: forbidden"];
  const further = ["ping: masked", "pong: unmasked", "ping: unmasked", "pong: masked", "Status code 1000"];
  let at = 0;
  for (const text of [...inOrder, ...further, "FIN: the server", "FIN: nor does the client"]) {
    at = whole.indexOf(text, at);
    assert.ok(at >= 0, text);
  }
  for (const [name, part] of Object.entries(parts)) {
    assert.match(part, /^```text\n[^`]+\n```$/, name);
    for (const line of part.split("\n")) assert.ok(line.length <= PAGE_COLUMNS, `${name}: ${line}`);
  }
});

test("recordTrace() leaves out no byte of either direction", async () => {
  const spans = spansOf(await recordTrace());
  for (const from of ["client", "server"]) {
    let next = 0;
    for (const span of spans.filter((span) => span.from === from)) {
      assert.equal(span.at, next);
      next += span.bytes.length;
    }
    assert.ok(next > 500, from);
  }
});

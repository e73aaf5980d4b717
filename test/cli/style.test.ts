import assert from "node:assert/strict";
import { test } from "node:test";
import { terminalSafe } from "../../src/cli/style.ts";
import { cli } from "../support/cli.ts";

const FRAME = { stdin: "8100" };
const COLOURED = "\x1b[";

test("colours are for a terminal alone, and for none whose user wants none", async () => {
  const seen = async (isTTY: boolean, env = {}) =>
    (await cli("inspect", { ...FRAME, isTTY, env })).out.includes(COLOURED);
  assert.equal(await seen(true), true);
  assert.equal(await seen(false), false);
  assert.equal(await seen(true, { NO_COLOR: "1" }), false);
  assert.equal(await seen(true, { TERM: "dumb" }), false);
  // no-color.org: "when present and not an empty string".
  assert.equal(await seen(true, { NO_COLOR: "" }), true);
});

test("without its colours, a text says the same", async () => {
  const coloured = await cli("inspect", { ...FRAME, isTTY: true });
  const plain = await cli("inspect", FRAME);
  // deno-lint-ignore no-control-regex
  assert.equal(coloured.out.replaceAll(/\x1b\[\d+m/g, ""), plain.out);
});

test("terminalSafe() shows what a terminal would take for an order, and leaves the letters of all languages", () => {
  assert.equal(
    terminalSafe("\x1b[2J\r\n\x9b\u202e\ufeff\ud800"),
    "\\u{1b}[2J\\u{d}\\u{a}\\u{9b}\\u{202e}\\u{feff}\\u{d800}",
  );
  assert.equal(terminalSafe("Grüße, 世界 🏰"), "Grüße, 世界 🏰");
});

test("terminalSafe() cuts what is too long, and says how much is left", () => {
  assert.equal(terminalSafe("abcdef", 4), "abcd… and 2 more characters");
  assert.equal(terminalSafe("abcd", 4), "abcd");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { printable } from "../../src/base/text.ts";

const CASES: readonly (readonly [what: string, text: string, printed: string])[] = [
  ["nothing", "", ""],
  ["visible ASCII", " !az09AZ~", " !az09AZ~"],
  ["a line's end", "ada\r\nroot", "ada\\u{d}\\u{a}root"],
  ["the controls on both sides of ASCII", "\x00\x1f\x7f", "\\u{0}\\u{1f}\\u{7f}"],
  ["a terminal's escape", "\x1b[2J", "\\u{1b}[2J"],
  ["C1 controls and Latin-1", "\x85\x9bé", "\\u{85}\\u{9b}\\u{e9}"],
  ["line separators of Unicode", "\u2028\u2029", "\\u{2028}\\u{2029}"],
  ["a reversed direction of writing", "\u202egpj", "\\u{202e}gpj"],
  ["a character beyond 16 bits", "\u{1f600}", "\\u{1f600}"],
  ["half a character", "\ud83d!", "\\u{d83d}!"],
  ["what looks escaped already", "\\u{a}", "\\u{5c}u{a}"],
];

for (const [what, text, printed] of CASES) {
  test(`printable() makes ${what} safe`, () => assert.equal(printable(text), printed));
}

test("printable() keeps 64 characters, and shows that there were more", () => {
  assert.equal(printable("x".repeat(64)), "x".repeat(64));
  assert.equal(printable("x".repeat(65)), `${"x".repeat(64)}…`);
});

test("printable() escapes the half that is left when the cut goes through a character", () => {
  assert.equal(printable(`${"x".repeat(63)}\u{1f600}`), `${"x".repeat(63)}\\u{d83d}…`);
});

test("printable() stays bounded when every character must be escaped", () => {
  assert.equal(printable("\u{10ffff}".repeat(10_000)).length, 32 * "\\u{10ffff}".length + 1);
});

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { isAscii, isCompleteUtf8, Utf8Validator } from "../../src/protocol/utf8.ts";
import { cutEvery } from "../support/chunkers.ts";
import { hex, textOf } from "../support/frames.ts";

/** RFC 3629 §4: lead bytes, the second bytes that may follow them, and how many bytes follow that. */
const SYNTAX: readonly (readonly [first: number, last: number, low: number, high: number, more: number])[] = [
  [0xc2, 0xdf, 0x80, 0xbf, 0],
  [0xe0, 0xe0, 0xa0, 0xbf, 1],
  [0xe1, 0xec, 0x80, 0xbf, 1],
  [0xed, 0xed, 0x80, 0x9f, 1],
  [0xee, 0xef, 0x80, 0xbf, 1],
  [0xf0, 0xf0, 0x90, 0xbf, 2],
  [0xf1, 0xf3, 0x80, 0xbf, 2],
  [0xf4, 0xf4, 0x80, 0x8f, 2],
];

/** How many bytes can stand at the beginning of a text, and whether they end between two characters. */
function push(bytes: Buffer, size = 1): { readonly taken: number; readonly complete: boolean } {
  const validator = new Utf8Validator();
  let taken = 0;
  for (const piece of cutEvery(bytes, size)) {
    if (!validator.push(piece, 0, piece.length)) break;
    taken += piece.length;
  }
  return { taken, complete: validator.complete };
}

test("Utf8Validator follows the syntax of RFC 3629 for every pair of bytes, and fails at the byte at fault", () => {
  for (let first = 0x80; first <= 0xff; first++) {
    const row = SYNTAX.find(([from, to]) => first >= from && first <= to);
    for (let second = 0; second <= 0xff; second++) {
      const fits = row !== undefined && second >= row[2] && second <= row[3];
      const wanted = row === undefined ? 0 : fits ? 2 : 1;
      assert.equal(push(Buffer.of(first, second)).taken, wanted, `${first} ${second}`);
      if (!fits) continue;
      const character = Buffer.concat([Buffer.of(first, second), Buffer.alloc(row[4], 0xbf)]);
      assert.deepEqual(push(character), { taken: character.length, complete: true });
    }
  }
});

test("Utf8Validator judges a character in one piece as it does byte by byte", () => {
  for (let first = 0x80; first <= 0xff; first++) {
    for (let second = 0; second <= 0xff; second++) {
      for (const bytes of [Buffer.of(first, second), Buffer.of(first, second, 0xbf, 0xbf, 0x41)]) {
        const byByte = push(bytes).taken === bytes.length;
        assert.equal(push(bytes, bytes.length).taken === bytes.length, byByte, bytes.toString("hex"));
      }
    }
  }
});

const BAD: readonly (readonly [what: string, digits: string, taken: number])[] = [
  ["a continuation byte alone", "80", 0],
  ["an overlong NUL", "c0 80", 0],
  ["an overlong slash in 2 bytes", "c1 af", 0],
  ["an overlong slash in 3 bytes", "e0 80 af", 1],
  ["an overlong slash in 4 bytes", "f0 80 80 af", 1],
  ["the longest overlong form of 3 bytes", "e0 9f bf", 1],
  ["the longest overlong form of 4 bytes", "f0 8f bf bf", 1],
  ["the first surrogate", "ed a0 80", 1],
  ["the last surrogate", "ed bf bf", 1],
  ["a pair of surrogates (CESU-8)", "ed a0 bd ed b8 80", 1],
  ["the first code point beyond Unicode", "f4 90 80 80", 1],
  ["a lead byte beyond Unicode", "f5 80 80 80", 0],
  ["a lead byte of 5", "f8 88 80 80 80", 0],
  ["a byte that is never used", "ff", 0],
  ["a character cut short by ASCII", "e2 82 41", 2],
  ["a character cut short by another", "f0 9f 98 c3 a9", 3],
  ["one continuation byte too many", "c3 a9 80", 2],
];

for (const [what, digits, taken] of BAD) {
  test(`Utf8Validator stops at once when there is ${what}`, () => {
    // In front of it text of any length, so that it falls on each of the ways to look at bytes.
    for (const before of [0, 1, 2, 3, 31, 32, 33, 200]) {
      const bytes = Buffer.concat([Buffer.from(textOf(before)), hex(digits)]);
      assert.equal(push(bytes).taken, before + taken, `${before} in front`);
      for (const size of [3, 64, bytes.length]) {
        assert.equal(
          push(bytes, size).taken,
          Math.floor((before + taken) / size) * size,
          `pieces of ${size}`,
        );
      }
      assert.equal(isCompleteUtf8(bytes, 0, bytes.length), false);
    }
  });
}

const CHARACTERS = [
  "\0",
  "\x7f",
  "\x80",
  "é",
  "\u07ff",
  "\u0800",
  "€",
  "\ud7ff",
  "\ue000",
  "\ufeff",
  "\uffff",
]
  .concat(["\u{10000}", "😀", "\u{10ffff}"]);

test("Utf8Validator is complete behind each character, and at none of its truncations", () => {
  for (const character of CHARACTERS) {
    const bytes = Buffer.from(`x${character}`);
    for (let end = 1; end <= bytes.length; end++) {
      const complete = end === 1 || end === bytes.length;
      const cut = bytes.subarray(0, end);
      assert.deepEqual(push(cut), { taken: end, complete });
      assert.deepEqual(push(cut, end), { taken: end, complete });
      assert.equal(isCompleteUtf8(bytes, 0, end), complete);
    }
  }
});

test("Utf8Validator takes a text in pieces of any size", () => {
  const bytes = Buffer.from(CHARACTERS.join("") + textOf(100) + CHARACTERS.join(textOf(40)));
  for (let size = 1; size <= bytes.length; size++) {
    assert.deepEqual(push(bytes, size), { taken: bytes.length, complete: true }, `pieces of ${size}`);
  }
});

test("Utf8Validator looks at nothing but the part it is given", () => {
  const bytes = hex("ff e2 82 ac ff");
  const validator = new Utf8Validator();
  assert.ok(validator.push(bytes, 1, 1) && validator.push(bytes, 1, 3) && validator.push(bytes, 3, 4));
  assert.ok(validator.complete);
  assert.ok(isCompleteUtf8(bytes, 1, 4));
});

test("isAscii() ends at 7f", () => {
  assert.ok(isAscii(hex("80 00 7f 80"), 1, 3));
  assert.ok(!isAscii(hex("80 00 7f 80"), 1, 4));
});

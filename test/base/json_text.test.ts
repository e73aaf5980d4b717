import assert from "node:assert/strict";
import { test } from "node:test";
import { countMembers, isDeeper, membersOf } from "../../src/base/json_text.ts";
import { seededRandom } from "../support/chunkers.ts";

const nested = (depth: number, [open, close]: readonly [string, string]) =>
  `${open.repeat(depth)}1${close.repeat(depth)}`;

for (const kind of [["[", "]"], ['{"a":', "}"], ['[{"a":[', "]}]"]] as const) {
  test(`isDeeper() finds the one level too many in ${kind[0]}, and none up to there`, () => {
    const levels = kind[0].replaceAll(/[^[{]/g, "").length;
    for (const depth of [1, 2, 8, 64]) {
      const text = nested(depth, kind);
      assert.equal(isDeeper(text, depth * levels), false);
      assert.equal(isDeeper(text, depth * levels - 1), true);
      assert.equal(isDeeper(` ${text} `, depth * levels), false);
    }
  });
}

test("isDeeper() counts no bracket in a string, none that is closed again, and no colon or quote", () => {
  const flat = [
    JSON.stringify(["[[[[[[[[{{{{{{{{"]),
    JSON.stringify({ "[[[[{{{{": "]]]]}}}}" }),
    JSON.stringify(['\\"[[[[[[[[', '"[[[[[[[[', "\\\\[[[["]),
    JSON.stringify(Array(100).fill(1)),
  ];
  for (const text of flat) assert.equal(isDeeper(text, 1), false, text);
  assert.equal(isDeeper(JSON.stringify(Array(100).fill([])), 2), false);
  assert.equal(isDeeper(JSON.stringify(Array(100).fill([])), 1), true);
});

test("isDeeper() is not led astray by a backslash in front of a quote", () => {
  // The string ends behind two backslashes, and does not behind one.
  assert.equal(isDeeper(String.raw`["\\",[[[[1]]]]]`, 4), true);
  assert.equal(isDeeper(String.raw`["\",[[[[1]]]]"]`, 4), false);
});

test("isDeeper() answers in one pass for text that is no JSON", () => {
  for (const text of ["", '"', '"\\', "]]]]]]]]", "}{}{}{}{", "[".repeat(100)]) {
    assert.equal(typeof isDeeper(text, 2), "boolean");
  }
  assert.equal(isDeeper("[".repeat(5), 2), true);
});

const MEMBERS: readonly (readonly [number, string])[] = [
  [0, "{}"],
  [0, " { } "],
  [1, '{"a":1}'],
  [2, '{"a":1,"a":2}'],
  [2, String.raw`{"a":1,"\u0061":2}`],
  [3, '{ "a" : 1 ,\r\n\t"b" : 2 , "c" : null }'],
  [2, '{"a":{"b":1,"c":{"d":2}},"e":[{"f":1},{"g":2}]}'],
  [1, '{"a":[[{"b":{"c":1}}]]}'],
  [2, '{":":":",":::":"a:b"}'],
  [2, '{"{":"}","[":"]"}'],
  [1, '{"a":"}:{"}'],
  [1, String.raw`{"a\":":"\":{}"}`],
  [2, String.raw`{"a\\":1,"b":"\\"}`],
  [2, String.raw`{"\\\"":"\"","\\":":"}`],
  [1, '{"__proto__":{"a":1}}'],
  [2, '{"":1,"":2}'],
];

for (const [members, text] of MEMBERS) {
  test(`countMembers() counts ${members} in ${JSON.stringify(text)}`, () => {
    assert.equal(typeof JSON.parse(text), "object");
    assert.equal(countMembers(text), members);
  });
}

const PIECES = [":", "{", "}", "[", "]", ",", '"', "\\", "a", " ", "\u0000", "é", "\u2028", "😀"];

for (const seed of [1, 2, 3]) {
  test(`countMembers() counts what JSON.stringify() has written, whatever the strings hold (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const upTo = (count: number) => Math.floor(random() * count);
    const word = (): string => Array.from({ length: upTo(6) }, () => PIECES[upTo(PIECES.length)]).join("");
    const value = (depth: number): unknown => {
      const kind = depth > 3 ? 0 : upTo(3);
      if (kind === 0) return random() < 0.5 ? word() : upTo(9);
      if (kind === 1) return Array.from({ length: upTo(4) }, () => value(depth + 1));
      return Object.fromEntries(Array.from({ length: upTo(4) }, () => [word(), value(depth + 1)]));
    };
    for (let round = 0; round < 500; round++) {
      const object = Object.fromEntries(Array.from({ length: upTo(5) }, () => [word(), value(0)]));
      const text = JSON.stringify(object, undefined, upTo(3));
      assert.equal(countMembers(text), Object.keys(object).length, text);
    }
  });
}

test("membersOf() reads an object, and nothing that is not JSON or no object", () => {
  assert.deepEqual(membersOf('{"a":1}'), { a: 1 });
  for (const text of ["", "{", "null", "7", '"text"', "undefined"]) {
    assert.equal(membersOf(text), undefined, text);
  }
});

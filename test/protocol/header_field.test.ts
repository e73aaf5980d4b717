import assert from "node:assert/strict";
import { test } from "node:test";
import {
  collectFields,
  hasToken,
  isFieldValue,
  isToken,
  parseExtensions,
  parseUniqueTokens,
} from "../../src/protocol/header_field.ts";

/** Long enough that anything but linear time would be felt: a quadratic step would take minutes. */
const LONG = 1_000_000;

test("collectFields() keeps repetitions apart and in order, whatever their case", () => {
  const fields = collectFields(["Host", "a", "X-Y", "1", "host", "b", "x-y", "2, 3"]);
  assert.deepEqual([...fields], [["host", ["a", "b"]], ["x-y", ["1", "2, 3"]]]);
});

test("collectFields() takes names that objects inherit for names like any other", () => {
  const fields = collectFields(["__proto__", "a", "constructor", "b"]);
  assert.deepEqual(fields.get("__proto__"), ["a"]);
  assert.deepEqual(fields.get("constructor"), ["b"]);
  assert.equal(fields.get("tostring"), undefined);
});

test("collectFields() leaves out a name without a value", () => {
  assert.deepEqual([...collectFields(["a", "1", "b"])], [["a", ["1"]]]);
  assert.equal(collectFields([]).size, 0);
});

const TOKEN_IN: readonly (readonly [values: string[] | undefined, has: boolean])[] = [
  [["upgrade"], true],
  [["UpGrade"], true],
  [["keep-alive, Upgrade"], true],
  [["keep-alive,\t upgrade \t,x"], true],
  [["keep-alive", "upgrade"], true],
  [[",,upgrade,"], true],
  [undefined, false],
  [[], false],
  [[""], false],
  [["upgraded"], false],
  [["up grade"], false],
  [["upgrade;x"], false],
  [["\u00a0upgrade"], false],
  [['"upgrade"'], false],
];

for (const [values, has] of TOKEN_IN) {
  test(`hasToken() is ${has} when the field is ${JSON.stringify(values)}`, () => {
    assert.equal(hasToken(values, "upgrade"), has);
  });
}

test("isToken() takes the characters of RFC 9110 §5.6.2, and no other", () => {
  const separators = '"(),/:;<=>?@[\\]{}';
  for (let code = 0; code <= 0x17f; code++) {
    const character = String.fromCharCode(code);
    const wanted = code > 0x20 && code < 0x7f && !separators.includes(character);
    assert.equal(isToken(character), wanted, `code ${code}`);
    assert.equal(isToken(`a${character}`), wanted, `code ${code}`);
  }
  assert.equal(isToken(""), false);
});

test("isFieldValue() refuses what ends a line or a string, and what has more than 8 bits", () => {
  for (let code = 0; code <= 0x17f; code++) {
    const wanted = code === 9 || (code >= 0x20 && code !== 0x7f && code <= 0xff);
    assert.equal(isFieldValue(`a${String.fromCharCode(code)}b`), wanted, `code ${code}`);
  }
  assert.ok(isFieldValue(""));
});

const UNIQUE: readonly (readonly [values: string[] | undefined, wanted: string[] | undefined])[] = [
  [undefined, []],
  [["chat"], ["chat"]],
  [["b, a"], ["b", "a"]],
  [["b", " a\t,c "], ["b", "a", "c"]],
  [["chat, Chat"], ["chat", "Chat"]],
  [["constructor, __proto__"], ["constructor", "__proto__"]],
  [[""], undefined],
  [["a,,b"], undefined],
  [["a,"], undefined],
  [["a b"], undefined],
  [["a;b"], undefined],
  [["ch\u00e4t"], undefined],
  [["a, a"], undefined],
  [["a", "a"], undefined],
];

for (const [values, wanted] of UNIQUE) {
  test(`parseUniqueTokens() ${wanted === undefined ? "refuses" : "reads"} ${JSON.stringify(values)}`, () => {
    assert.deepEqual(parseUniqueTokens(values), wanted);
  });
}

const EXTENSIONS:
  readonly (readonly [value: string, wanted: [string, ...(string | undefined)[][]][] | undefined])[] = [
    ["x", [["x"]]],
    ["x, y", [["x"], ["y"]]],
    ["x;a", [["x", ["a", undefined]]]],
    ["x ;\ta = 1 ; b", [["x", ["a", "1"], ["b", undefined]]]],
    ["x;a;a=1", [["x", ["a", undefined], ["a", "1"]]]],
    ['x;a="1"', [["x", ["a", "1"]]]],
    ['x;a="\\1\\0"', [["x", ["a", "10"]]]],
    ["constructor;__proto__=toString", [["constructor", ["__proto__", "toString"]]]],
    ["permessage-deflate; client_max_window_bits, permessage-deflate", [
      ["permessage-deflate", ["client_max_window_bits", undefined]],
      ["permessage-deflate"],
    ]],
    ["", undefined],
    [",", undefined],
    ["x,", undefined],
    ["x;", undefined],
    [";a", undefined],
    ["x y", undefined],
    ["x;a b", undefined],
    ["x;=1", undefined],
    ["x;a=", undefined],
    ["x;a=1=2", undefined],
    ["x;a=b c", undefined],
    ['x;a=""', undefined],
    ['x;a="', undefined],
    ['x;a="1', undefined],
    ['x;a="1\\"', undefined],
    ['x;a=1"', undefined],
    ['x;a="b,c"', undefined],
    ['x;a="b;c"', undefined],
    ['x;a="b"c"d"', undefined],
    ['x;a=\\"b"c"', undefined],
    ['"x"', undefined],
    ['x;"a"=1', undefined],
    ["x;a=\u00e9", undefined],
  ];

for (const [value, wanted] of EXTENSIONS) {
  test(`parseExtensions() ${wanted === undefined ? "refuses" : "reads"} ${JSON.stringify(value)}`, () => {
    assert.deepEqual(
      parseExtensions([value]),
      wanted?.map(([name, ...parameters]) => ({ name, parameters })),
    );
  });
}

test("parseExtensions() reads several fields as one list, and refuses all when one is malformed", () => {
  assert.deepEqual(parseExtensions(["x", "y"])?.map(({ name }) => name), ["x", "y"]);
  assert.equal(parseExtensions(["x", "y;"]), undefined);
  assert.deepEqual(parseExtensions(undefined), []);
});

test("header fields are read in linear time, whatever they are filled with", () => {
  for (const filling of [" ", "\t", ",", ";", '"', "\\", "=", "a ", "a,", 'x;a="b",']) {
    const value = filling.repeat(LONG / filling.length);
    assert.equal(hasToken([`x${value}x`], "upgrade"), false);
    assert.equal(parseUniqueTokens([`x${value}x`]), undefined);
    assert.equal(parseExtensions([`x${value}"`]), undefined);
  }
});

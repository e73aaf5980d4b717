import assert from "node:assert/strict";
import { test } from "node:test";
import { RESERVED_TYPES } from "../../src/auth/permission_check.ts";
import {
  CONTROL_TYPES,
  type DenialCode,
  DENIALS,
  encodeDelivery,
  encodeError,
  encodeOk,
  MAX_ID_LENGTH,
  parseEnvelope,
  tokenIn,
} from "../../src/session/envelope.ts";

const parse = (text: string, maxDepth = 64) => parseEnvelope(text, maxDepth);

function idOfFault(text: string): string | undefined {
  const parsed = parse(text);
  assert.equal(parsed.ok, false, text.slice(0, 80));
  return parsed.ok ? undefined : parsed.fault.id;
}

test("parseEnvelope() reads type, id and data, and nothing else", () => {
  const text = '{"type":"say","id":"7","data":{"text":"hi"},"role":"admin"}';
  assert.deepEqual(parse(text), { ok: true, value: { type: "say", id: "7", data: { text: "hi" } } });
});

test("parseEnvelope() takes a message without id or data", () => {
  assert.deepEqual(parse('{"type":"say"}'), {
    ok: true,
    value: { type: "say", id: undefined, data: undefined },
  });
  assert.deepEqual(parse('{"type":"","data":null}'), {
    ok: true,
    value: { type: "", id: undefined, data: null },
  });
});

test("parseEnvelope() refuses what is not JSON", () => {
  for (
    const text of [
      "",
      " ",
      "hi",
      "{",
      '{"type":"say"}x',
      "{'type':'say'}",
      '\ufeff{"type":"say"}',
      '{"type":say}',
    ]
  ) {
    assert.equal(idOfFault(text), undefined);
  }
});

test("parseEnvelope() refuses JSON that is no object", () => {
  for (const text of ["null", "7", "true", '"say"', "[]", '[{"type":"say"}]']) {
    assert.equal(idOfFault(text), undefined);
  }
});

test("parseEnvelope() refuses a type that is no string, and salvages the id", () => {
  for (const type of ["null", "7", "true", "{}", '["say"]', '{"toString":"say"}']) {
    assert.equal(idOfFault(`{"type":${type},"id":"7"}`), "7");
  }
  assert.equal(idOfFault('{"id":"7","data":{}}'), "7");
  assert.equal(idOfFault("{}"), undefined);
});

test("parseEnvelope() takes ids of 1 to 128 characters", () => {
  for (const id of ["7", "x".repeat(MAX_ID_LENGTH), "\u2028", "__proto__"]) {
    const parsed = parse(JSON.stringify({ type: "say", id }));
    assert.equal(parsed.ok && parsed.value.id, id);
  }
  for (const id of ["", "x".repeat(MAX_ID_LENGTH + 1), 7, null, true, {}, ["7"]]) {
    assert.equal(idOfFault(JSON.stringify({ type: "say", id })), undefined);
  }
});

test("parseEnvelope() takes the last of two fields with the same name, never the first", () => {
  const parsed = parse('{"type":"kick","type":"say","id":"1","id":"2","data":1,"data":2}');
  assert.deepEqual(parsed, { ok: true, value: { type: "say", id: "2", data: 2 } });
});

test("parseEnvelope() does not take __proto__ for the envelope", () => {
  assert.equal(idOfFault('{"__proto__":{"type":"say","id":"7"}}'), undefined);
  const parsed = parse('{"type":"__proto__","data":{"__proto__":{"admin":true}}}');
  assert.equal(parsed.ok && parsed.value.type, "__proto__");
  assert.equal(Object.hasOwn({}, "admin") || "admin" in {}, false);
});

test("parseEnvelope() refuses nesting beyond the limit, and takes it up to there", () => {
  for (const [open, close] of [["[", "]"], ['{"a":', "}"]] as const) {
    const nested = (depth: number) =>
      `{"type":"say","data":${open.repeat(depth - 1)}1${close.repeat(depth - 1)}}`;
    assert.equal(parse(nested(64)).ok, true);
    assert.deepEqual(parse(nested(65)), { ok: false, fault: { id: undefined } });
    assert.deepEqual(parse(nested(30_000)), { ok: false, fault: { id: undefined } });
  }
});

test("parseEnvelope() does not count brackets in strings, nor those that stand side by side", () => {
  const text = JSON.stringify({
    type: "say",
    data: { text: `${"[{".repeat(100)}\\"`, list: Array(100).fill([]) },
  });
  assert.equal(parse(text).ok, true);
  assert.equal(parse(text, 2).ok, false);
});

test("encodeOk() leaves out what there is not", () => {
  assert.equal(encodeOk("7", { a: 1 }), '{"type":"ok","re":"7","data":{"a":1}}');
  assert.equal(encodeOk(undefined, null), '{"type":"ok","data":null}');
  assert.equal(encodeOk("7", undefined), '{"type":"ok","re":"7"}');
  assert.equal(encodeOk(undefined, undefined), '{"type":"ok"}');
  for (const unwritable of [() => 1, Symbol("x")]) {
    assert.equal(encodeOk("7", unwritable), '{"type":"ok","re":"7"}');
  }
});

test("encodeOk() and encodeError() escape an id that would break out of its place", () => {
  for (const id of ['7","type":"error', "\\", "\n", "\ud800", '"']) {
    assert.deepEqual(JSON.parse(encodeOk(id, 1)), { type: "ok", re: id, data: 1 });
    const error = JSON.parse(encodeError(id, { code: "internal" })) as {
      readonly re: string;
      readonly type: string;
    };
    assert.deepEqual([error.type, error.re], ["error", id]);
  }
});

for (const code of Object.keys(DENIALS) as DenialCode[]) {
  test(`encodeError() writes ${code} with the sentence of its row and whether to try again`, () => {
    const { message, retryable } = DENIALS[code];
    assert.deepEqual(JSON.parse(encodeError("7", { code })), {
      type: "error",
      re: "7",
      code,
      message,
      retryable,
    });
  });
}

test("encodeError() writes another sentence and a time when it is told them, and no re without an id", () => {
  const text = encodeError(undefined, { code: "rate_limited", message: "Slowly.", retryAfterMs: 200 });
  assert.deepEqual(JSON.parse(text), {
    type: "error",
    code: "rate_limited",
    message: "Slowly.",
    retryable: true,
    retryAfterMs: 200,
  });
});

test("encodeDelivery() writes type and data, without data when there is none", () => {
  assert.equal(encodeDelivery("said", { a: 1 }), '{"type":"said","data":{"a":1}}');
  assert.equal(encodeDelivery("said", undefined), '{"type":"said"}');
  assert.deepEqual(JSON.parse(encodeDelivery('a","b', '"\n')), { type: 'a","b', data: '"\n' });
});

test("tokenIn() finds the token, and nothing that is only like one", () => {
  for (const token of ["a.b.c", "", "x".repeat(100_000), "__proto__"]) {
    assert.equal(tokenIn({ token }), token);
  }
  assert.equal(tokenIn({ token: "a.b.c", more: 1 }), "a.b.c");
  const wrong: readonly unknown[] = [
    undefined,
    null,
    "a.b.c",
    7,
    ["a.b.c"],
    {},
    { Token: "a.b.c" },
    { token: null },
    { token: 7 },
    { token: ["a.b.c"] },
    { token: { token: "a.b.c" } },
    JSON.parse('{"__proto__":{"token":"a.b.c"}}'),
    Object.create({ token: "a.b.c" }),
  ];
  for (const data of wrong) assert.equal(tokenIn(data), undefined, JSON.stringify(data));
});

test("CONTROL_TYPES are the types that no permission table can have, and each says who sends it", () => {
  assert.deepEqual(Object.keys(CONTROL_TYPES).sort(), [...RESERVED_TYPES].sort());
  for (const { from, meaning } of Object.values(CONTROL_TYPES)) {
    assert.match(from, /^(?:client|server)$/);
    assert.match(meaning, /^[A-Z].*\.$/);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  encodeClientMessage,
  fieldsOf,
  leaseIn,
  parseJson,
  parseServerMessage,
} from "../../src/client/wire.ts";
import { encodeDelivery, encodeError, encodeOk } from "../../src/session/envelope.ts";
import { SESSION } from "../support/fake_transport.ts";

const hello = (change: object) => JSON.stringify({ type: "hello", data: { ...SESSION, ...change } });

test("parseServerMessage() reads what the server writes", () => {
  assert.deepEqual(parseServerMessage(encodeOk("7", [1])), { kind: "ok", re: "7", data: [1] });
  assert.deepEqual(parseServerMessage(encodeOk(undefined, undefined)), {
    kind: "ok",
    re: undefined,
    data: undefined,
  });
  assert.deepEqual(parseServerMessage(encodeDelivery("chat.said", "hi")), {
    kind: "delivery",
    type: "chat.said",
    data: "hi",
  });
  assert.deepEqual(parseServerMessage(encodeError("7", { code: "rate_limited", retryAfterMs: 200 })), {
    kind: "error",
    re: "7",
    denial: {
      code: "rate_limited",
      message: "You send too often for now.",
      retryable: true,
      retryAfterMs: 200,
    },
  });
});

const PROTOCOL: readonly (readonly [text: string, wanted: unknown])[] = [
  [hello({ added: "later" }), { kind: "hello", session: SESSION }],
  ['{"type":"auth.expiring","data":{"expiresAt":5}}', { kind: "expiring" }],
  ['{"type":"auth.expiring"}', { kind: "expiring" }],
  [
    '{"type":"auth.changed","data":{"roles":["a"],"expiresAt":5}}',
    { kind: "changed", change: { roles: ["a"], expiresAt: 5 } },
  ],
  ['{"type":"auth.changed","data":{"roles":[7],"expiresAt":"5"}}', { kind: "changed", change: {} }],
  ['{"type":"server.bye","data":{"reconnectInMs":2000}}', { kind: "bye", reconnectInMs: 2_000 }],
  ['{"type":"server.bye","data":{"reconnectInMs":-1}}', { kind: "bye", reconnectInMs: 0 }],
  ['{"type":"server.bye"}', { kind: "bye", reconnectInMs: 0 }],
  ['{"type":"__proto__","data":1}', { kind: "delivery", type: "__proto__", data: 1 }],
  ['{"type":"constructor"}', { kind: "delivery", type: "constructor", data: undefined }],
  ['{"type":"ok","re":7}', { kind: "ok", re: undefined, data: undefined }],
  ['{"type":"error"}', {
    kind: "error",
    re: undefined,
    denial: { code: "internal", message: "", retryable: false, retryAfterMs: undefined },
  }],
  ['{"type":"error","code":"new\\n","retryAfterMs":"5","retryable":1,"message":7}', {
    kind: "error",
    re: undefined,
    denial: { code: "new\\u{a}", message: "", retryable: false, retryAfterMs: undefined },
  }],
];

for (const [text, wanted] of PROTOCOL) {
  test(`parseServerMessage() reads ${text}`, () => assert.deepEqual(parseServerMessage(text), wanted));
}

const NO_MESSAGES: Readonly<Record<string, string>> = {
  "nothing": "",
  "what is not JSON": "{",
  "a number": "7",
  "null": "null",
  "an array": '[{"type":"ok"}]',
  "an object without a type": '{"data":1}',
  "a type that is no text": '{"type":7}',
  "JSON beyond the stack": "[".repeat(100_000),
  "a hello without data": '{"type":"hello"}',
  "a hello whose data is an array": '{"type":"hello","data":[]}',
  "a hello with a role that is no text": hello({ roles: ["a", 7] }),
  "a hello whose roles are no list": hello({ roles: "admin" }),
  "a hello without a subject": hello({ subject: undefined }),
  "a hello without an id": hello({ sessionId: null }),
  "a hello whose end is no number": hello({ expiresAt: "soon" }),
  "a hello whose end is infinite": hello({}).replace("1800000060000", "1e999"),
  "a hello without a heartbeat": hello({ heartbeatMs: undefined }),
  "a hello without a size": hello({ maxMessageBytes: null }),
};

for (const [what, text] of Object.entries(NO_MESSAGES)) {
  test(`parseServerMessage() takes ${what} for no message`, () => {
    assert.equal(parseServerMessage(text), undefined);
  });
}

test("leaseIn() answers with what has its form, and freezes it", () => {
  assert.deepEqual(leaseIn({ roles: ["a"], expiresAt: 5, more: 1 }), { roles: ["a"], expiresAt: 5 });
  for (const data of [undefined, null, 7, [], { roles: {}, expiresAt: NaN }]) {
    assert.deepEqual(leaseIn(data), {});
  }
  assert.ok(Object.isFrozen(leaseIn({ roles: ["a"] }).roles));
});

test("encodeClientMessage() leaves data out that is undefined", () => {
  assert.equal(encodeClientMessage("a", "1", { b: 2 }), '{"type":"a","id":"1","data":{"b":2}}');
  assert.equal(encodeClientMessage("a", "1", undefined), '{"type":"a","id":"1"}');
});

test("parseJson() and fieldsOf() never throw", () => {
  assert.equal(parseJson("nope"), undefined);
  assert.deepEqual(parseJson("[1]"), [1]);
  assert.deepEqual(fieldsOf({ a: 1 }), { a: 1 });
  for (const value of [[], null, 7, "a", undefined]) assert.equal(fieldsOf(value), undefined);
});

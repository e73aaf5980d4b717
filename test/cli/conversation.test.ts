import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { readLine, Requests } from "../../src/cli/conversation.ts";

test("readLine() takes a type and its JSON for a request, where the server speaks envelopes", () => {
  assert.deepEqual(readLine('chat.say {"text": "hi"}', "envelope"), {
    kind: "request",
    type: "chat.say",
    data: { text: "hi" },
  });
  assert.deepEqual(readLine(" user.list ", "envelope"), {
    kind: "request",
    type: "user.list",
    data: undefined,
  });
  assert.deepEqual(readLine('{"type":"x"}', "envelope"), { kind: "text", text: '{"type":"x"}' });
  assert.equal(readLine("chat.say {nope", "envelope").kind, "wrong");
});

test("readLine() takes a line for a message as it is, where the server speaks something else", () => {
  assert.deepEqual(readLine('chat.say {"text": "hi"} ', "plain"), {
    kind: "text",
    text: 'chat.say {"text": "hi"} ',
  });
  assert.deepEqual(readLine("   ", "plain"), { kind: "nothing" });
});

test("readLine() takes what begins with a slash for a command, on every server", () => {
  for (const speech of ["plain", "envelope"] as const) {
    assert.deepEqual(readLine("/raw a b", speech), { kind: "text", text: "a b" });
    assert.deepEqual(readLine("/binary 00 ff", speech), { kind: "binary", bytes: Buffer.from([0, 255]) });
    assert.equal(readLine("/binary 0", speech).kind, "wrong");
    assert.deepEqual(readLine("/ping x", speech), { kind: "ping", payload: "x" });
    assert.deepEqual(readLine("/close", speech), { kind: "close", code: 1000, reason: "" });
    assert.deepEqual(readLine("/close 4001 so long", speech), {
      kind: "close",
      code: 4001,
      reason: "so long",
    });
    assert.deepEqual(readLine("/quit", speech), { kind: "close", code: 1000, reason: "" });
    assert.deepEqual(readLine("/help", speech), { kind: "help" });
    for (const line of ["/nope", "/__proto__", "/toString x"]) {
      assert.equal(readLine(line, speech).kind, "wrong", line);
    }
  }
});

test("Requests tells which request a reply answers, once, and what a delivery brings", () => {
  const requests = new Requests();
  assert.deepEqual(requests.write("echo", 1), { id: "1", text: '{"type":"echo","id":"1","data":1}' });
  assert.equal(requests.write("user.list", undefined).text, '{"type":"user.list","id":"2"}');
  assert.equal(requests.pending, 2);
  assert.equal(requests.describe('{"type":"ok","re":"1","data":1}'), "ok #1 echo 1");
  assert.equal(
    requests.describe('{"type":"error","re":"2","code":"forbidden","message":"No."}'),
    "error #2 user.list forbidden: No.",
  );
  assert.equal(requests.pending, 0);
  assert.equal(requests.describe('{"type":"ok","re":"1"}'), "ok");
  assert.equal(requests.describe('{"type":"chat.said","data":{"a":1}}'), 'chat.said {"a":1}');
  for (const text of ["no JSON", "7", "null", '{"type":7}']) assert.equal(requests.describe(text), text);
});

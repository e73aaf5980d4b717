import assert from "node:assert/strict";
import { test } from "node:test";
import { GuardedTap, withoutToken } from "../../src/client/tap.ts";

const fail = (error: unknown) => assert.fail(String(error));

for (const type of ["auth", "auth.refresh"]) {
  test(`withoutToken() hides all data of ${type}`, () => {
    const text = JSON.stringify({ type, id: "7", data: { token: "a.b.c", tokne: "d.e.f" }, token: "g.h.i" });
    assert.equal(withoutToken(text), `{"type":"${type}","id":"7","data":{"token":"…"}}`);
    assert.equal(withoutToken(`{"type":"${type}"}`), `{"type":"${type}","data":{"token":"…"}}`);
  });
}

test("withoutToken() leaves everything else as it is", () => {
  for (const text of ['{ "type":"auth.expiring" }', '{"type":"chat.say","data":"auth"}', "auth", "", "[]"]) {
    assert.equal(withoutToken(text), text);
  }
});

test("GuardedTap shows what crosses the wire, both ways", () => {
  const seen: string[] = [];
  const tap = new GuardedTap(
    { sent: (text) => void seen.push(`> ${text}`), received: (text) => void seen.push(`< ${text}`) },
    () => [],
    fail,
  );
  tap.sent("a");
  tap.received("b");
  assert.deepEqual(seen, ["> a", "< b"]);
});

test("GuardedTap hides a known token wherever it stands", () => {
  const seen: string[] = [];
  const take = (text: string) => void seen.push(text);
  const tap = new GuardedTap({ sent: take, received: take }, () => ["a.b.c", "d.e.f"], fail);
  tap.sent('{"type":"echo","data":"a.b.c and d.e.f"}');
  tap.received("a.b.ca.b.c");
  tap.sent("not JSON, a.b.c");
  assert.deepEqual(seen, ['{"type":"echo","data":"… and …"}', "……", "not JSON, …"]);
});

test("GuardedTap reports what a tap throws, and does without one", () => {
  const errors: unknown[] = [];
  const broken = () => {
    throw new Error("broken");
  };
  const tap = new GuardedTap(
    { sent: broken, received: broken },
    () => [],
    (error) => void errors.push(error),
  );
  tap.sent("a");
  tap.received("b");
  assert.equal(errors.length, 2);
  const none = new GuardedTap({}, () => fail("nobody looks"), fail);
  none.sent("a");
  none.received("b");
});

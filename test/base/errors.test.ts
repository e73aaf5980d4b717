import assert from "node:assert/strict";
import { test } from "node:test";
import { ERROR_CODES, PortcullisError } from "../../src/base/errors.ts";

test("PortcullisError carries its code, message, cause and status", () => {
  const cause = new TypeError("why");
  const error = new PortcullisError("handshake_refused", "The server answered 403.", { cause, status: 403 });
  assert.ok(error instanceof Error);
  assert.equal(error.code, "handshake_refused");
  assert.equal(error.cause, cause);
  assert.equal(error.status, 403);
  assert.equal(String(error), "PortcullisError: The server answered 403.");
});

test("PortcullisError has no cause and no status when it is given none", () => {
  const error = new PortcullisError("weak_key", "The key is short.");
  // `cause: undefined` would be printed as a cause.
  assert.equal(Object.hasOwn(error, "cause"), false);
  assert.equal(error.status, undefined);
});

for (const [code, meaning] of Object.entries(ERROR_CODES)) {
  test(`ERROR_CODES says in a sentence what ${code} means`, () => {
    assert.match(code, /^[a-z]+(?:_[a-z]+)*$/);
    assert.match(meaning, /^[A-Z].*\.$/);
  });
}

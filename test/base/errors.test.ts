import assert from "node:assert/strict";
import { test } from "node:test";
import { ERROR_CODES, PortcullisError } from "../../src/base/errors.ts";

test("PortcullisError carries what a server said: when to try again, and why not", () => {
  const refused = new PortcullisError("handshake_refused", "The server answered 503.", {
    retryAfterMs: 5_000,
  });
  assert.equal(refused.retryAfterMs, 5_000);
  assert.equal(refused.denial, undefined);
  const denial = { code: "forbidden", message: "No.", retryable: false, retryAfterMs: undefined };
  const denied = new PortcullisError("denied", "The server denied the request.", { denial });
  assert.equal(denied.denial, denial);
  assert.equal(denied.retryAfterMs, undefined);
});

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

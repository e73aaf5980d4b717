import assert from "node:assert/strict";
import { test } from "node:test";
import { hidden, mayHoldSecret, mayHoldToken, seeText } from "../../src/auth/seen_text.ts";

const JWS = "abcdefghijkl.mnopqrstuvwx.yzABCDEFGHIJ";

test("mayHoldToken() finds the form of a token, the beginning of one, and messages that have one", () => {
  for (
    const text of [
      JWS,
      `x ${JWS} y`,
      `{"type":"auth","data":1}`,
      `{"type":"auth.refresh"}`,
      "\\u0061uth",
      "eyJhbGciOiJI",
    ]
  ) {
    assert.equal(mayHoldToken(text), true, text);
  }
});

test("mayHoldToken() takes no ordinary message for one", () => {
  for (
    const text of ["", "hello", `{"type":"authority"}`, "a.b.c", "www.example.org", "eyJhbGc", "x".repeat(50)]
  ) {
    assert.equal(mayHoldToken(text), false, text);
  }
});

test("mayHoldSecret() finds long words, too, and lets sentences pass", () => {
  for (const text of ["x".repeat(20), `ticket ${"aB3-_".repeat(4)}`, "c2Vjc+/0LXRva2VuLTEy", JWS]) {
    assert.equal(mayHoldSecret(text), true, text);
  }
  for (const text of ["", "x".repeat(19), "Frames from a client must be masked.", "chat.say"]) {
    assert.equal(mayHoldSecret(text), false, text);
  }
});

test("seeText() shows what is no secret, printable and bounded, and the length of what may be one", () => {
  assert.equal(seeText("bye\u202e"), "bye\\u{202e}");
  assert.equal(seeText("a b ".repeat(40), 8), "a b a b …");
  assert.equal(seeText(JWS), `[hidden, ${JWS.length} characters]`);
  assert.equal(hidden(""), "");
});

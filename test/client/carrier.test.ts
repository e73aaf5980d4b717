import assert from "node:assert/strict";
import { test } from "node:test";
import { BEARER_SUBPROTOCOL_PREFIX, bearerSubprotocols, SUBPROTOCOL } from "../../src/auth/credential.ts";
import {
  CLIENT_BEARER_PREFIX,
  CLIENT_SUBPROTOCOL,
  isShownInUpgrade,
  requestWithTicket,
  requestWithToken,
} from "../../src/client/carrier.ts";

const URL_WITH_QUERY = new URL("wss://chat.example/ws?room=a%20b");

test("the client's names of subprotocols are those of the server", () => {
  assert.equal(CLIENT_SUBPROTOCOL, SUBPROTOCOL);
  assert.equal(CLIENT_BEARER_PREFIX, BEARER_SUBPROTOCOL_PREFIX);
});

test("requestWithToken() puts the token into the header, and nowhere else", () => {
  assert.deepEqual(requestWithToken(URL_WITH_QUERY, "authorization", "a.b.c"), {
    url: "wss://chat.example/ws?room=a%20b",
    subprotocols: ["portcullis.v1"],
    token: "a.b.c",
  });
});

test("requestWithToken() offers the same subprotocols as bearerSubprotocols(), whatever the length", () => {
  for (const token of ["a.b.c", "a", "ab", "abc", "~?>~?>", "x".repeat(1_000)]) {
    const { subprotocols, token: header } = requestWithToken(URL_WITH_QUERY, "subprotocol", token);
    assert.deepEqual(subprotocols, bearerSubprotocols(token));
    assert.equal(header, undefined);
  }
});

test("requestWithToken() shows nothing when the token follows as a message", () => {
  const request = requestWithToken(URL_WITH_QUERY, "message", "a.b.c");
  assert.doesNotMatch(JSON.stringify(request), /a\.b\.c|YS5iLmM/);
  assert.deepEqual(request.subprotocols, ["portcullis.v1"]);
});

test("requestWithTicket() appends the ticket to the query, and leaves the URL as it was", () => {
  assert.deepEqual(requestWithTicket(URL_WITH_QUERY, "AbC-_9"), {
    url: "wss://chat.example/ws?room=a+b&ticket=AbC-_9",
    subprotocols: ["portcullis.v1"],
    token: undefined,
  });
  assert.equal(URL_WITH_QUERY.search, "?room=a%20b");
  assert.equal(requestWithTicket(new URL("ws://chat.example"), "T").url, "ws://chat.example/?ticket=T");
});

test("isShownInUpgrade() tells whose answer to the upgrade judges the token", () => {
  assert.deepEqual(
    (["authorization", "subprotocol", "ticket", "message"] as const).map(isShownInUpgrade),
    [true, true, false, false],
  );
});

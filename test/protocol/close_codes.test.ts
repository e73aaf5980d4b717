import assert from "node:assert/strict";
import { test } from "node:test";
import { isWireCode } from "../../src/protocol/close.ts";
import { type ClientAction, clientActionFor, CLOSE, meaningOfCode } from "../../src/protocol/close_codes.ts";

for (const [name, row] of Object.entries(CLOSE)) {
  test(`CLOSE.${name} (${row.code}) may be sent unless it stands for what was not`, () => {
    assert.equal(isWireCode(row.code), !row.meaning.endsWith("never on the wire."));
    assert.match(row.meaning, /^[A-Z].*\.$/);
  });

  test(`clientActionFor() answers ${row.client} for ${row.code}`, () => {
    assert.equal(clientActionFor(row.code), row.client);
  });
}

test("meaningOfCode() gives the sentence of a row, and says of every other code whose it is", () => {
  for (const { code, meaning } of Object.values(CLOSE)) assert.equal(meaningOfCode(code), meaning);
  for (const code of [4000, 4999]) assert.equal(meaningOfCode(code), "A code of the application.");
  for (const code of [3001, 3999]) assert.match(meaningOfCode(code), /registered with IANA/);
  assert.match(meaningOfCode(1010), /extension/);
  assert.match(meaningOfCode(1014), /gateway/);
  for (const code of [0, 999, 1004, 1015, 1016, 2999, 5000]) {
    assert.equal(meaningOfCode(code), "No code that a Close frame may carry.");
  }
});

test("clientActionFor() answers backoff when the code has no row", () => {
  for (const code of [0, 1004, 1010, 2999, 4000]) assert.equal(clientActionFor(code), "backoff");
});

test("CLOSE has the codes of §7.4.1, of the registry of IANA, and the three of our own", () => {
  const codes = Object.fromEntries(Object.entries(CLOSE).map(([name, { code }]) => [name, code]));
  assert.deepEqual(codes, {
    ...{ normal: 1000, goingAway: 1001, protocolError: 1002, unsupportedData: 1003 },
    ...{ noStatus: 1005, abnormal: 1006, invalidPayload: 1007, policy: 1008, tooBig: 1009 },
    ...{ serverFault: 1011, restart: 1012, tryLater: 1013 },
    ...{ unauthenticated: 3000, forbidden: 3003, deadline: 3008 },
  });
});

test("CLOSE has one row for each code", () => {
  const codes = Object.values(CLOSE).map((row) => row.code);
  assert.equal(new Set(codes).size, codes.length);
});

test("CLOSE tells a client to come back by itself only where coming back helps", () => {
  const codesOf = (action: ClientAction) =>
    Object.values(CLOSE).filter(({ client }) => client === action).map(({ code }) => code);
  assert.deepEqual(codesOf("stop"), [1000, 1002, 1003, 1007, 1008, 1009, 3003]);
  assert.deepEqual(codesOf("refresh"), [3000]);
  assert.deepEqual(codesOf("backoff"), [1005, 1006, 1011, 1013]);
  assert.deepEqual(codesOf("reconnect"), [1001, 1012, 3008]);
});

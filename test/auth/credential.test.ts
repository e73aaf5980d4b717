import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BEARER_SUBPROTOCOL_PREFIX,
  bearerSubprotocols,
  type Carrier,
  findCredential,
  isBearerSubprotocol,
  SUBPROTOCOL,
} from "../../src/auth/credential.ts";
import { collectFields, isToken } from "../../src/protocol/header_field.ts";
import { jws, withSurplusBit } from "../support/tokens.ts";

const TOKEN = jws();
const [, ENTRY] = bearerSubprotocols(TOKEN);
const BOTH: readonly Carrier[] = ["authorization", "subprotocol"];

function find(authorizations: readonly string[], subprotocols: readonly string[], carriers = BOTH) {
  const fields = collectFields(authorizations.flatMap((value) => ["Authorization", value]));
  return findCredential({ fields, subprotocols, query: "" }, carriers);
}

function token(authorization: string): string | undefined {
  const found = find([authorization], []);
  return found.ok ? found.value?.secret : "two carriers";
}

test("findCredential() finds the one credential and says where it was", () => {
  assert.deepEqual(find([`Bearer ${TOKEN}`], []), {
    ok: true,
    value: { carrier: "authorization", secret: TOKEN },
  });
  assert.deepEqual(find([], [SUBPROTOCOL, ENTRY]), {
    ok: true,
    value: { carrier: "subprotocol", secret: TOKEN },
  });
  assert.deepEqual(find([], [ENTRY, SUBPROTOCOL]), {
    ok: true,
    value: { carrier: "subprotocol", secret: TOKEN },
  });
});

test("findCredential() finds nothing where nothing is", () => {
  for (const subprotocols of [[], [SUBPROTOCOL], ["chat"]]) {
    assert.deepEqual(find([], subprotocols), { ok: true, value: undefined });
  }
});

const TWICE: readonly (readonly [readonly string[], readonly string[]])[] = [
  [[`Bearer ${TOKEN}`], [ENTRY]],
  [[`Bearer ${TOKEN}`], [SUBPROTOCOL, ENTRY]],
  [["Bearer"], [ENTRY]],
  [[""], [ENTRY]],
  [["Basic YTpi"], [ENTRY]],
  [[`Bearer ${TOKEN}`, `Bearer ${TOKEN}`], []],
  [["Basic YTpi", `Bearer ${TOKEN}`], []],
  [[`Bearer ${TOKEN}`, ""], []],
  [[], [ENTRY, ENTRY]],
  [[], [ENTRY, SUBPROTOCOL, BEARER_SUBPROTOCOL_PREFIX]],
  [[`Bearer ${TOKEN}`], [`${BEARER_SUBPROTOCOL_PREFIX}!`]],
];

test("findCredential() refuses two carriers, the same or different, also when only one of them is usable", () => {
  for (const [authorizations, subprotocols] of TWICE) {
    assert.deepEqual(find(authorizations, subprotocols), { ok: false, fault: "two_carriers" });
  }
});

test("findCredential() looks nowhere but in the carriers that it is told", () => {
  const request = [[`Bearer ${TOKEN}`], [ENTRY]] as const;
  assert.deepEqual(find(...request, ["authorization"]), {
    ok: true,
    value: { carrier: "authorization", secret: TOKEN },
  });
  assert.deepEqual(find(...request, ["subprotocol"]), {
    ok: true,
    value: { carrier: "subprotocol", secret: TOKEN },
  });
  assert.deepEqual(find(...request, []), { ok: true, value: undefined });
});

test("findCredential() takes the name of the scheme in any case", () => {
  for (const scheme of ["Bearer", "bearer", "BEARER", "bEaReR"]) {
    assert.equal(token(`${scheme} ${TOKEN}`), TOKEN);
  }
  assert.equal(token(`Bearer   ${TOKEN}`), TOKEN);
});

test("findCredential() takes another scheme for no credential", () => {
  for (
    const value of [
      "",
      "Basic YTpi",
      "Digest",
      `Bearer2 ${TOKEN}`,
      `Bear ${TOKEN}`,
      TOKEN,
      `Bearer\t${TOKEN}`,
    ]
  ) {
    assert.equal(token(value), undefined, value);
  }
});

test("findCredential() takes a Bearer without a token for an invalid one, not for none", () => {
  for (const value of ["Bearer", "bearer ", "Bearer    "]) assert.equal(token(value), "");
});

test("findCredential() hands the token on as it stands: only the spaces in front of it belong to the scheme", () => {
  for (
    const odd of [`\u00a0${TOKEN}`, `${TOKEN} `, `${TOKEN}\t`, `\ufeff${TOKEN}`, `"${TOKEN}"`, `${TOKEN}, x`]
  ) {
    assert.equal(token(`Bearer ${odd}`), odd);
  }
});

test("findCredential() makes an empty token, which no verifier takes, of an entry that is not base64url", () => {
  const encoded = ENTRY.slice(BEARER_SUBPROTOCOL_PREFIX.length);
  const uneven = bearerSubprotocols("ab")[1].slice(BEARER_SUBPROTOCOL_PREFIX.length);
  for (const wrong of ["", "!", "A", `${encoded}=`, `${encoded} `, `${encoded}+`, withSurplusBit(uneven)]) {
    const found = find([], [BEARER_SUBPROTOCOL_PREFIX + wrong]);
    assert.deepEqual(found, { ok: true, value: { carrier: "subprotocol", secret: "" } }, wrong);
  }
  assert.deepEqual(find([], [BEARER_SUBPROTOCOL_PREFIX + uneven]), {
    ok: true,
    value: { carrier: "subprotocol", secret: "ab" },
  });
});

test("isBearerSubprotocol() tells the entry with the token from every protocol that may be echoed", () => {
  assert.equal(isBearerSubprotocol(ENTRY), true);
  assert.equal(isBearerSubprotocol(BEARER_SUBPROTOCOL_PREFIX), true);
  for (const name of [SUBPROTOCOL, "chat", "", ` ${ENTRY}`, BEARER_SUBPROTOCOL_PREFIX.slice(0, -1)]) {
    assert.equal(isBearerSubprotocol(name), false);
  }
});

test("bearerSubprotocols() puts the protocol that is echoed first, and the token where none can read it by eye", () => {
  const [first, second] = bearerSubprotocols(TOKEN);
  assert.equal(first, "portcullis.v1");
  assert.equal(second.includes(TOKEN), false);
  // RFC 6455 §4.1: each must be a token, or the browser throws.
  for (const name of [first, second]) assert.equal(isToken(name), true);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { bearerSubprotocols, SUBPROTOCOL } from "../../src/auth/credential.ts";
import { Door, type DoorPolicy, type DoorRequest } from "../../src/auth/door.ts";
import { hmacKey } from "../../src/auth/key.ts";
import { PortcullisError } from "../../src/base/errors.ts";
import { CLAIMS, jws, KEY, NOW, NOW_MS, POLICY, SECRET } from "../support/tokens.ts";

const TOKEN = jws();
const PAGE = "https://chat.example";
const POLICY_WITH_PAGE: DoorPolicy = { ...POLICY, allowedOrigins: [PAGE] };

function request({ authorization, subprotocols = [], origin }: {
  readonly authorization?: string;
  readonly subprotocols?: readonly string[];
  readonly origin?: string;
} = {}): DoorRequest {
  const fields = new Map(authorization === undefined ? [] : [["authorization", [authorization]]]);
  return { fields, subprotocols, origin, query: "" };
}

function refusal(asked: DoorRequest, policy: DoorPolicy = POLICY_WITH_PAGE): string {
  const result = new Door(policy).judge(asked, NOW_MS);
  return result.ok
    ? `let in ${result.value.identity?.subject}`
    : `${result.fault.refusal}: ${result.fault.reason}`;
}

const GOOD = { authorization: `Bearer ${TOKEN}` };

test("Door.judge() lets in who brings a valid token, with an allowed Origin or none", () => {
  assert.equal(refusal(request(GOOD)), "let in ada");
  assert.equal(refusal(request({ ...GOOD, origin: PAGE })), "let in ada");
  assert.equal(refusal(request({ subprotocols: bearerSubprotocols(TOKEN), origin: PAGE })), "let in ada");
});

test("Door.judge() judges the Origin before the credential, and the credential before the token", () => {
  const bad = { authorization: "Bearer x" };
  assert.equal(refusal(request({ ...GOOD, origin: "https://attacker.example" })), "origin: foreign_origin");
  assert.equal(refusal(request({ ...bad, origin: "null" })), "origin: foreign_origin");
  assert.equal(
    refusal(request({ ...bad, subprotocols: bearerSubprotocols(TOKEN) })),
    "two_carriers: two_carriers",
  );
  assert.equal(refusal(request({ origin: PAGE })), "no_credential: no_credential");
  assert.equal(refusal(request({ subprotocols: [SUBPROTOCOL] })), "no_credential: no_credential");
  assert.equal(refusal(request({ authorization: "Basic YTpi" })), "no_credential: no_credential");
  assert.equal(refusal(request({ ...bad, origin: PAGE })), "invalid_token: malformed");
});

test("Door.judge() gives one refusal for every bad token, and the reason only beside it", () => {
  const bearer = (token: string) => refusal(request({ authorization: `Bearer ${token}` }));
  assert.equal(bearer(""), "invalid_token: malformed");
  assert.equal(bearer("x".repeat(8_193)), "invalid_token: too_long");
  assert.equal(bearer(`${TOKEN}=`), "invalid_token: malformed");
  assert.equal(bearer(jws({ secret: SECRET.subarray(1) })), "invalid_token: signature");
  assert.equal(bearer(jws({ header: { alg: "none" } })), "invalid_token: algorithm");
  assert.equal(bearer(jws({ header: { alg: "HS256", kid: "x" } })), "invalid_token: unknown_key");
  assert.equal(bearer(jws({ payload: { ...CLAIMS, exp: NOW } })), "invalid_token: expired");
  assert.equal(bearer(jws({ payload: { ...CLAIMS, nbf: NOW + 9 } })), "invalid_token: not_yet_valid");
  assert.equal(bearer(jws({ payload: { ...CLAIMS, aud: "other" } })), "invalid_token: audience");
  assert.equal(bearer(jws({ payload: [] })), "invalid_token: claims");
  assert.equal(
    refusal(request({ subprotocols: [`${bearerSubprotocols(TOKEN)[1]}=`] })),
    "invalid_token: malformed",
  );
});

test("Door.judge() looks only into the carriers of its policy", () => {
  const policy: DoorPolicy = { ...POLICY, carriers: ["subprotocol"] };
  assert.equal(refusal(request(GOOD), policy), "no_credential: no_credential");
  assert.equal(refusal(request({ ...GOOD, subprotocols: bearerSubprotocols(TOKEN) }), policy), "let in ada");
});

test("Door.judge() asks for no token behind an open door, but still for the Origin", () => {
  const open: DoorPolicy = { insecureAllowAnonymous: true };
  assert.equal(refusal(request(), open), "let in undefined");
  assert.equal(refusal(request({ authorization: "Bearer x" }), open), "let in undefined");
  assert.equal(refusal(request({ origin: PAGE }), open), "origin: foreign_origin");
});

const IMPOSSIBLE: Readonly<Record<string, object>> = {
  "no keys": { ...POLICY, keys: [] },
  "keys that were forgotten": { audience: "chat" },
  "two keys without an id": { ...POLICY, keys: [KEY, hmacKey(SECRET)] },
  "two keys of one id": { ...POLICY, keys: ["a", "b", "a"].map((id) => hmacKey(SECRET, { id })) },
  "no audience": { keys: [KEY] },
  "an empty audience": { keys: [KEY], audience: "" },
  "a list of audiences": { keys: [KEY], audience: ["chat"] },
  "a leeway that is no number": { ...POLICY, leewaySeconds: NaN },
  "a leeway below 0": { ...POLICY, leewaySeconds: -1 },
  "a leeway without end": { ...POLICY, leewaySeconds: Infinity },
  "a carrier that is not known": { ...POLICY, carriers: ["authorization", "url"] },
  "a carrier in another case": { ...POLICY, carriers: ["Cookie"] },
  "a carrier named twice": { ...POLICY, carriers: ["cookie", "cookie"] },
  "no carrier": { ...POLICY, carriers: [] },
  "a cookie without the prefix": { ...POLICY, carriers: ["cookie"], cookieName: "session" },
  "a cookie without the prefix that nobody looks for": { ...POLICY, cookieName: "session" },
  "a cookie with any Origin": { ...POLICY, carriers: ["cookie"], insecureAllowAnyOrigin: true },
  "any Origin as a star": { ...POLICY, allowedOrigins: ["*"] },
  "an anonymous door that is only said to be one": { insecureAllowAnonymous: "yes" },
};

for (const [name, policy] of Object.entries(IMPOSSIBLE)) {
  test(`Door() throws for ${name}`, () => {
    assert.throws(
      () => new Door(policy as DoorPolicy), // Most of these the compiler refuses as well; JavaScript would not.
      (error) => error instanceof PortcullisError && error.code === "invalid_argument",
    );
  });
}

test("Door() takes several keys with ids, one without, and a leeway", () => {
  const keys = [KEY, hmacKey(SECRET, { id: "a" }), hmacKey(SECRET, { id: "b" })];
  const policy: DoorPolicy = { ...POLICY, keys, leewaySeconds: 5 };
  const late = jws({ header: { alg: "HS256", kid: "b" }, payload: { ...CLAIMS, exp: NOW - 4 } });
  assert.equal(refusal(request({ authorization: `Bearer ${late}` }), policy), "let in ada");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { explainToken } from "../../src/cli/explain_token.ts";
import type { HmacKey, TokenFault } from "../../src/mod.ts";
import { cli } from "../support/cli.ts";
import { policyOf, TOKEN_VECTORS, tokenOf, VECTORS_NOW_MS } from "../support/token_vectors.ts";
import { NOW_MS } from "../support/tokens.ts";

const SECRET = "a secret of at least 32 bytes, for tests";
const env = { PORTCULLIS_SECRET: SECRET };

async function mint(options = "", nowMs = NOW_MS): Promise<string> {
  const { code, out } = await cli(`token mint --subject ada --role admin ${options}`, { env, nowMs });
  assert.equal(code, 0);
  return out.trim();
}

test("token mint writes a token that token verify takes, and whom it names", async () => {
  const token = await mint("--role member --lifetime 90s");
  const { code, out } = await cli("token verify --token-stdin", { env, stdin: `${token}\n` });
  assert.deepEqual([code, out], [0, "✔ good: ada, roles admin, member, for another 90 s\n"]);
});

test("token mint signs what it is told, and writes it as JSON", async () => {
  const { out } = await cli(
    "token mint -s ada -r x --audience chat --issuer me --jti 7 --lifetime 1m --json",
    { env },
  );
  const { claims } = JSON.parse(out) as { readonly claims: object };
  const iat = NOW_MS / 1_000;
  assert.deepEqual(claims, {
    sub: "ada",
    aud: "chat",
    iss: "me",
    roles: ["x"],
    iat,
    exp: Math.floor(iat) + 60,
    jti: "7",
  });
});

test("token mint refuses what no verifier would take", async () => {
  const { code, out, err } = await cli("token mint", { env });
  assert.deepEqual([code, out], [2, ""]);
  assert.match(err, /--subject is missing: whose token it is to be\./);
  assert.match((await cli(["token", "mint", "-s", ""], { env })).err, /A token needs sub/);
});

test("token verify takes a token as a word or by an option, and not by both", async () => {
  const { code, err } = await cli(["token", "verify", "x", "--token-env", "NOPE"], { env });
  assert.deepEqual([code, err], [
    2,
    "portcullis token verify: The token is given twice. See portcullis token verify --help.\n",
  ]);
});

test("token verify says no with the stable word of the fault, what is not so, and 1", async () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [await mint("--audience chat"), "audience", "It is for this audience."],
    [await mint("", NOW_MS - 3_600_000), "expired", "It holds now."],
    [`${await mint()}x`, "malformed", "The token has the form of one."],
    [(await mint()).replace(/.....$/, "AAAAA"), "malformed", "The token has the form of one."],
  ];
  for (const [token, fault, asks] of cases) {
    const { code, out } = await cli("token verify --token-stdin", { env, stdin: token });
    assert.equal(code, 1);
    if (fault !== "malformed") assert.equal(out, `✖ refused: ${fault}. Not so: ${asks}\n`);
    const json = await cli("token verify --token-stdin --json", { env, stdin: token });
    assert.equal((JSON.parse(json.out) as { readonly ok: boolean }).ok, false);
  }
});

/** Under which name each fault is explained. */
const ROW_OF_FAULT: Readonly<Record<TokenFault, readonly string[]>> = {
  too_long: ["length"],
  malformed: ["form", "claims"],
  unknown_key: ["key"],
  algorithm: ["algorithm"],
  signature: ["signature"],
  claims: ["sub", "exp", "iat", "nbf", "roles", "jti", "claims"],
  expired: ["exp"],
  lifetime: ["iat", "exp"],
  not_yet_valid: ["nbf", "iat"],
  audience: ["aud"],
  issuer: ["iss"],
};

for (const vector of TOKEN_VECTORS) {
  const { keys, audience, issuer, leewaySeconds = 0 } = policyOf(vector);
  // The command line has one key; a ring of several is a server's.
  const [key, ...others] = keys as readonly HmacKey[];
  if (others.length > 0) continue;

  test(`explainToken() finds nothing wrong, or what verifyToken does, with ${vector.name}`, () => {
    const rows = explainToken(tokenOf(vector), {
      key,
      audience,
      issuer,
      leewaySeconds,
      nowMs: VECTORS_NOW_MS,
    });
    const wrong = rows.filter(({ outcome }) => outcome === "wrong").map(({ name }) => name);
    if (vector.fault === undefined) assert.deepEqual(wrong, []);
    else {assert.ok(
        ROW_OF_FAULT[vector.fault].some((name) => wrong.includes(name)),
        `${vector.fault}: ${wrong.join(", ")}`,
      );}
  });
}

test("token explain says claim by claim what is wrong, also of a token that nobody would believe", async () => {
  const token = await mint("--audience chat", NOW_MS - 3_600_000);
  const forged = `${token.slice(0, -5)}AAAAA`;
  const { code, out } = await cli("token explain --token-stdin", { env, stdin: forged });
  assert.equal(code, 1);
  assert.match(out, /✖ wrong +signature not by the key that was given/);
  assert.match(out, /✔ ok +sub +"ada"/);
  assert.match(out, /✖ wrong +exp +\d+ \(.*Z, 45 min ago\); wanted: a time in seconds, still to come/);
  assert.match(out, /✖ wrong +aud +"chat"; wanted: "portcullis", or a list with it/);
});

test("token explain works without a key, and says that the signature was not checked", async () => {
  const { code, out } = await cli("token explain --token-stdin", { stdin: await mint() });
  assert.equal(code, 0);
  assert.match(out, /– not checked +signature no key was given/);
});

test("token explain never fails on what is no token, and shows nothing that a terminal would obey", async () => {
  for (
    const stdin of ["x", "...", "a.b.c", "\x1b[2J", "e30.e30.e30", "x".repeat(100_000), "bnVsbA.bnVsbA.x"]
  ) {
    const { code, out, err } = await cli("token explain --token-stdin", { stdin });
    assert.deepEqual([code, err], [1, ""], stdin.slice(0, 20));
    assert.equal(out.includes("\x1b"), false);
    const rows = JSON.parse(
      (await cli("token explain --token-stdin --json", { stdin })).out,
    ) as readonly object[];
    assert.ok(rows.length > 0);
  }
});

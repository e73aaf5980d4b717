/** The token in a cookie: believed only from a page that may connect, as a browser sends it for every page. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bearerSubprotocols } from "../../src/auth/credential.ts";
import { bearer, mint } from "../support/minted.ts";
import { hostSmallGate, type SmallGateOptions } from "../support/gate_small.ts";
import { ask } from "../support/plain_http.ts";
import type { HandshakeShape } from "../support/raw_http.ts";
import { startAcceptor, TEST_KEY } from "../support/server.ts";

const ORIGIN = "https://app.example";
const NAME = "__Host-portcullis";
const OPTIONS: SmallGateOptions = { carriers: ["cookie"], allowedOrigins: [ORIGIN, "https://other.example"] };

type Fields = Required<HandshakeShape>["fields"];

/** What is asked, with which answer; `TOKEN` stands for a good token. */
const CASES: Readonly<Record<string, readonly [Fields, number, string]>> = {
  "with an allowed Origin": [{ Cookie: `${NAME}=TOKEN`, Origin: ORIGIN }, 101, "admitted"],
  "among other cookies": [{ Cookie: `a=b; ${NAME}=TOKEN; c`, Origin: ORIGIN }, 101, "admitted"],
  "without the space that should be there": [
    { Cookie: `a=b;${NAME}=TOKEN`, Origin: ORIGIN },
    101,
    "admitted",
  ],
  "in a second Cookie field": [{ Cookie: ["a=b", `${NAME}=TOKEN`], Origin: ORIGIN }, 101, "admitted"],
  "from a page of the same origin, as the browser says": [
    { Cookie: `${NAME}=TOKEN`, Origin: ORIGIN, "Sec-Fetch-Site": "same-origin" },
    101,
    "admitted",
  ],
  "from a page of the same site, as the browser says": [
    { Cookie: `${NAME}=TOKEN`, Origin: ORIGIN, "Sec-Fetch-Site": "same-site" },
    101,
    "admitted",
  ],
  "without an Origin": [{ Cookie: `${NAME}=TOKEN` }, 403, "cookie_without_origin"],
  "without an Origin, whatever Sec-Fetch-Site says": [
    { Cookie: `${NAME}=TOKEN`, "Sec-Fetch-Site": "same-origin", Host: "app.example" },
    403,
    "cookie_without_origin",
  ],
  "with another Origin": [{ Cookie: `${NAME}=TOKEN`, Origin: "https://evil.example" }, 403, "foreign_origin"],
  "with the Origin null": [{ Cookie: `${NAME}=TOKEN`, Origin: "null" }, 403, "foreign_origin"],
  "from a page of another site, as the browser says": [
    { Cookie: `${NAME}=TOKEN`, Origin: ORIGIN, "Sec-Fetch-Site": "cross-site" },
    403,
    "cross_site",
  ],
  "from no page at all, as the browser says": [
    { Cookie: `${NAME}=TOKEN`, Origin: ORIGIN, "Sec-Fetch-Site": "none" },
    403,
    "cross_site",
  ],
  "where the browser says two things": [
    { Cookie: `${NAME}=TOKEN`, Origin: ORIGIN, "Sec-Fetch-Site": ["same-origin", "cross-site"] },
    403,
    "cross_site",
  ],
  "where the browser says something else": [
    { Cookie: `${NAME}=TOKEN`, Origin: ORIGIN, "Sec-Fetch-Site": "" },
    403,
    "cross_site",
  ],
  "twice in one field": [{ Cookie: `${NAME}=TOKEN; ${NAME}=TOKEN`, Origin: ORIGIN }, 400, "two_carriers"],
  "twice in two fields": [{ Cookie: [`${NAME}=x`, `${NAME}=TOKEN`], Origin: ORIGIN }, 400, "two_carriers"],
  "under a name in other letters": [
    { Cookie: `__host-portcullis=TOKEN`, Origin: ORIGIN },
    401,
    "no_credential",
  ],
  "under a longer name": [{ Cookie: `x${NAME}=TOKEN`, Origin: ORIGIN }, 401, "no_credential"],
  "in quotes": [{ Cookie: `${NAME}="TOKEN"`, Origin: ORIGIN }, 401, "malformed"],
  "empty": [{ Cookie: `${NAME}=`, Origin: ORIGIN }, 401, "malformed"],
  "with more behind it": [{ Cookie: `${NAME}=TOKEN=`, Origin: ORIGIN }, 401, "malformed"],
};

describe("Gate takes or refuses a token in a cookie", () => {
  for (const [name, [shape, status, outcome]] of Object.entries(CASES)) {
    test(`${name}: ${status} ${outcome}`, async () => {
      const target = await hostSmallGate(OPTIONS);
      const token = mint(target.clock);
      const fields = Object.fromEntries(
        Object.entries(shape).map(([field, value]) => [
          field,
          Array.isArray(value)
            ? value.map((one: string) => one.replaceAll("TOKEN", token))
            : String(value).replaceAll("TOKEN", token),
        ]),
      );
      const { answer, client } = await target.knock({ fields });
      assert.equal(answer.status, status);
      assert.equal(target.gate.size, status === 101 ? 1 : 0);
      if (status !== 101) await client.finished;
      const decision = target.decisions.at(-1);
      assert.equal(decision?.refused?.reason ?? decision?.outcome, outcome);
      const isLookedAt = outcome !== "foreign_origin" && outcome !== "no_credential" &&
        outcome !== "two_carriers";
      assert.equal(decision?.carrier, isLookedAt ? "cookie" : undefined);
      await target.stop();
    });
  }

  test("named otherwise, when the policy says so", async () => {
    const target = await hostSmallGate({ ...OPTIONS, cookieName: "__Host-session" });
    const token = mint(target.clock);
    for (const [name, status] of [["__Host-session", 101], [NAME, 401]] as const) {
      const { answer } = await target.knock({ fields: { Cookie: `${name}=${token}`, Origin: ORIGIN } });
      assert.equal(answer.status, status);
    }
    await target.stop();
  });

  test("not at all, when cookies are not among the carriers: by default", async () => {
    const target = await hostSmallGate({ allowedOrigins: [ORIGIN] });
    const fields = { Cookie: `${NAME}=${mint(target.clock)}`, Origin: ORIGIN };
    assert.equal((await target.knock({ fields })).answer.status, 401);
    // A browser adds the cookie to every request: it must not make a second credential of the one that counts.
    const both = { ...fields, ...bearer(mint(target.clock)) };
    assert.equal((await target.knock({ fields: both })).answer.status, 101);
    await target.stop();
  });

  for (
    const [other, more] of [
      ["authorization", (token: string) => bearer(token)],
      [
        "subprotocol",
        (token: string) => ({ "Sec-WebSocket-Protocol": bearerSubprotocols(token).join(", ") }),
      ],
    ] as const
  ) {
    test(`beside one in ${other}, not at all: 400`, async () => {
      const target = await hostSmallGate({ ...OPTIONS, carriers: ["cookie", other] });
      const token = mint(target.clock);
      const fields = { Cookie: `${NAME}=${token}`, Origin: ORIGIN, ...more(token) };
      const { answer } = await target.knock({ fields });
      assert.equal(answer.status, 400);
      assert.equal(
        answer.fields["www-authenticate"],
        'Bearer realm="portcullis", error="invalid_request"',
      );
      await target.stop();
    });
  }
});

test("The check path judges a cookie as the upgrade does, and takes the browser's word for its own page", async () => {
  const target = await hostSmallGate({ ...OPTIONS, checkPath: "/check" });
  const Cookie = `${NAME}=${mint(target.clock)}`;
  const statusOf = async (fields: Fields) => (await ask(target.port, { fields })).status;
  assert.equal(await statusOf({ Cookie, Origin: ORIGIN }), 200);
  assert.equal(await statusOf({ Cookie, Host: "app.example", "Sec-Fetch-Site": "same-origin" }), 200);
  assert.equal(await statusOf({ Cookie, Host: "app.example" }), 403);
  assert.equal(await statusOf({ Cookie, Host: "evil.example", "Sec-Fetch-Site": "same-origin" }), 403);
  assert.equal(await statusOf({ Cookie, Host: "app.example", "Sec-Fetch-Site": "same-site" }), 403);
  assert.equal(await statusOf({ Cookie, Origin: ORIGIN, "Sec-Fetch-Site": "cross-site" }), 403);
  await target.stop();
});

test("new Acceptor() refuses a cookie that any page could use, or a neighbour could plant", async () => {
  const door = { keys: [TEST_KEY], audience: "a", carriers: ["cookie"] } as const;
  for (
    const bad of [
      { insecureAllowAnyOrigin: true as const },
      { cookieName: "portcullis" },
      { cookieName: "__Secure-portcullis" },
      { cookieName: "__Host-a;b" },
      { cookieName: "__Host-" },
    ]
  ) {
    await assert.rejects(startAcceptor({ ...door, ...bad }), { code: "invalid_argument" });
  }
  await (await startAcceptor({ ...door, cookieName: "__Host-a" })).stop();
});

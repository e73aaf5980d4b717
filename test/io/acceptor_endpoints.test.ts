/** The check path: the decision of the upgrade, in an answer that a page can read. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bearer, mint } from "../support/minted.ts";
import { hostSmallGate, type SmallGate, type SmallGateOptions } from "../support/gate_small.ts";
import { ask } from "../support/plain_http.ts";
import type { HandshakeShape } from "../support/raw_http.ts";

const ORIGIN = "https://app.example";
const COOKIE = "__Host-portcullis";
const OPTIONS: SmallGateOptions = {
  carriers: ["authorization", "cookie", "ticket"],
  checkPath: "/check",
  ticketPath: "/ticket",
  allowedOrigins: [ORIGIN],
};

type Fields = Required<HandshakeShape>["fields"];
interface Credential {
  readonly fields?: Fields;
  readonly query?: string;
}

/** Credentials, good and bad, for a gate at a moment; each is judged twice. */
const CREDENTIALS: Readonly<Record<string, (target: SmallGate) => Credential>> = {
  "a good token": ({ clock }) => ({ fields: bearer(mint(clock)) }),
  "a good token from an allowed page": ({ clock }) => ({
    fields: { ...bearer(mint(clock)), Origin: ORIGIN },
  }),
  "a good cookie": ({ clock }) => ({ fields: { Cookie: `${COOKIE}=${mint(clock)}`, Origin: ORIGIN } }),
  "no credential": () => ({}),
  "an expired token": ({ clock }) => ({ fields: bearer(mint(clock, { lifetimeMs: 0, issuedInMs: -1 })) }),
  "another audience": ({ clock }) => ({ fields: bearer(mint(clock, { aud: "others" })) }),
  "nonsense": () => ({ fields: bearer("nonsense") }),
  "a revoked token": ({ clock, gate }) => (gate.revoke({ subject: "eve" }), {
    fields: bearer(mint(clock, { sub: "eve" })),
  }),
  "two tokens": ({ clock }) => ({
    fields: { Authorization: [mint(clock), mint(clock)].map((t) => `Bearer ${t}`) },
  }),
  "a token and a cookie": ({ clock }) => ({
    fields: { ...bearer(mint(clock)), Cookie: `${COOKIE}=${mint(clock)}`, Origin: ORIGIN },
  }),
  "a cookie without a page": ({ clock }) => ({ fields: { Cookie: `${COOKIE}=${mint(clock)}` } }),
  "a cookie across sites": ({ clock }) => ({
    fields: { Cookie: `${COOKIE}=${mint(clock)}`, Origin: ORIGIN, "Sec-Fetch-Site": "cross-site" },
  }),
  "a foreign page": ({ clock }) => ({ fields: { ...bearer(mint(clock)), Origin: "https://evil.example" } }),
  "two Origins": ({ clock }) => ({ fields: { ...bearer(mint(clock)), Origin: [ORIGIN, ORIGIN] } }),
  "a ticket that is none": () => ({ query: `?ticket=${"A".repeat(43)}` }),
  "a subject with too many sessions": ({ clock }) => ({ fields: bearer(mint(clock, { sub: "full" })) }),
  "somebody who is not approved": ({ clock }) => ({ fields: bearer(mint(clock, { sub: "banned" })) }),
  "a failing approval": ({ clock }) => ({ fields: bearer(mint(clock, { sub: "broken" })) }),
};

/** What both answers must have in common. */
const SHARED = ["www-authenticate", "retry-after", "content-type", "cache-control"];

async function hostCheck(): Promise<SmallGate> {
  const target = await hostSmallGate({
    ...OPTIONS,
    limits: { maxSessionsPerSubject: 1 },
    approve: ({ identity }) => {
      if (identity?.subject === "broken") throw new Error("broken");
      return identity?.subject !== "banned";
    },
  });
  await target.enter(mint(target.clock, { sub: "full" }));
  return target;
}

describe("The check path answers what the upgrade would be answered:", () => {
  for (const [name, make] of Object.entries(CREDENTIALS)) {
    test(name, async () => {
      const target = await hostCheck();
      const { fields = {}, query = "" } = make(target);
      const checked = await ask(target.port, { target: `/check${query}`, fields });
      const checkedReason = target.decisions.at(-1)?.refused?.reason;
      assert.deepEqual([target.decisions.at(-1)?.purpose, target.gate.size], ["check", 1]);
      const { client, answer } = await target.knock({ line: `GET /ws${query} HTTP/1.1`, fields });
      assert.equal(checked.status === 200 ? 101 : checked.status, answer.status);
      assert.equal(target.decisions.at(-1)?.purpose, "upgrade");
      assert.equal(checkedReason, target.decisions.at(-1)?.refused?.reason);
      if (answer.status !== 101) {
        assert.equal(checked.body, (await client.finished).rest.toString());
        for (const field of SHARED) assert.equal(checked.fields[field], answer.fields[field], field);
        assert.equal(checked.fields["content-type"], "application/problem+json");
      } else {
        const expiresAt = target.clock.now() + 60_000;
        assert.deepEqual(JSON.parse(checked.body), { subject: "ada", roles: ["member"], expiresAt });
      }
      await target.stop();
    });
  }

  test("a server that is shut", async () => {
    const target = await hostCheck();
    target.gate.close();
    assert.equal((await ask(target.port, { fields: bearer(mint(target.clock)) })).status, 503);
    await target.stop();
  });

  test("a good ticket, which it does not use up", async () => {
    const target = await hostCheck();
    const fields = bearer(mint(target.clock));
    const { body } = await ask(target.port, { method: "POST", target: "/ticket", fields });
    const { ticket } = JSON.parse(body) as { readonly ticket: string };
    for (let times = 0; times < 2; times++) {
      assert.equal((await ask(target.port, { target: `/check?ticket=${ticket}` })).status, 200);
    }
    await target.enter({ line: `GET /?ticket=${ticket} HTTP/1.1` });
    assert.equal((await ask(target.port, { target: `/check?ticket=${ticket}` })).status, 401);
    await target.stop();
  });
});

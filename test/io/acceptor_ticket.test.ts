/** One-time tickets over the wire: asked for with a token, used once, in a URL, by the same page. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bearer, mint, type MintedClaims } from "../support/minted.ts";
import { hostSmallGate, type SmallGate, type SmallGateOptions } from "../support/gate_small.ts";
import { ask } from "../support/plain_http.ts";
import type { HandshakeShape } from "../support/raw_http.ts";
import { signal } from "../support/server.ts";

const ORIGIN = "https://app.example";
const OPTIONS: SmallGateOptions = {
  carriers: ["authorization", "ticket"],
  ticketPath: "/ticket",
  checkPath: "/check",
  allowedOrigins: [ORIGIN, "https://other.example"],
};

/** Asks for a ticket. */
async function ticketFor(target: SmallGate, claims: MintedClaims = {}, origin?: string): Promise<string> {
  const fields = { ...bearer(mint(target.clock, claims)), Origin: origin };
  const { status, body } = await ask(target.port, { method: "POST", target: "/ticket", fields });
  assert.equal(status, 200, body);
  return (JSON.parse(body) as { readonly ticket: string }).ticket;
}

/** The handshake with a ticket. */
function withTicket(ticket: string, origin?: string): HandshakeShape {
  return { line: `GET /ws?room=1&ticket=${ticket} HTTP/1.1`, fields: { Origin: origin } };
}

/** Knocks with a ticket. @returns The status, and the reason that the log has. */
async function use(target: SmallGate, ticket: string, origin?: string): Promise<string> {
  const { client, answer } = await target.knock(withTicket(ticket, origin));
  if (answer.status !== 101) await client.finished;
  return `${answer.status} ${target.decisions.at(-1)?.refused?.reason ?? "admitted"}`;
}

describe("A ticket", () => {
  test("is 256 random bits, names its life, and opens the door once for the subject of its token", async () => {
    const target = await hostSmallGate(OPTIONS);
    const fields = bearer(mint(target.clock, { sub: "mia", roles: ["admin"] }));
    const answer = await ask(target.port, { method: "POST", target: "/ticket", fields });
    const { ticket, ...rest } = JSON.parse(answer.body) as { readonly ticket: string };
    assert.match(ticket, /^[\w-]{43}$/);
    assert.deepEqual(rest, { expiresInMs: 15_000 });
    assert.equal(answer.fields["cache-control"], "no-store");
    assert.equal(target.audit.at(-1)?.event, "authn_token_created");
    assert.notEqual(ticket, await ticketFor(target));
    const { hello } = await target.enter(withTicket(ticket));
    assert.deepEqual([hello["subject"], hello["roles"]], ["mia", ["admin"]]);
    assert.equal(hello["expiresAt"], target.clock.now() + 60_000, "the session lives as long as the token");
    assert.equal(await use(target, ticket), "401 ticket_reused");
    const { event, carrier } = target.audit.at(-1) ?? {};
    assert.deepEqual([event, carrier], ["authn_token_reuse", "ticket"]);
    assert.ok(!JSON.stringify([target.audit, target.decisions]).includes(ticket));
    await target.stop();
  });

  test("is dead when its token is: it does not lengthen a life", async () => {
    const target = await hostSmallGate(OPTIONS);
    const ticket = await ticketFor(target, { lifetimeMs: 1_000 });
    target.clock.jump(1_000);
    assert.equal(await use(target, ticket), "401 expired");
    await target.stop();
  });

  const elsewhere = [
    [ORIGIN, "https://other.example", "401 ticket_origin"],
    [ORIGIN, undefined, "401 ticket_origin"],
    [undefined, ORIGIN, "401 ticket_origin"],
    [ORIGIN, "https://evil.example", "403 foreign_origin"],
    [ORIGIN, ORIGIN, "101 admitted"],
    [undefined, undefined, "101 admitted"],
  ] as const;
  for (const [asked, used, outcome] of elsewhere) {
    test(`asked for by ${asked ?? "no page"} and used by ${used ?? "no page"} is answered ${outcome}`, async () => {
      const target = await hostSmallGate(OPTIONS);
      const ticket = await ticketFor(target, {}, asked);
      assert.equal(await use(target, ticket, used), outcome);
      // A page that may not be here does not get as far as a ticket; any other uses it up, and cannot try on.
      if (outcome.startsWith("403")) assert.equal(await use(target, ticket, asked), "101 admitted");
      else assert.equal(await use(target, ticket, asked), "401 ticket_reused");
      await target.stop();
    });
  }

  test("is worth nothing once its subject or its token is revoked", async () => {
    const target = await hostSmallGate(OPTIONS);
    const bySubject = await ticketFor(target);
    const byId = await ticketFor(target, { sub: "mia", jti: "t1" });
    const stays = await ticketFor(target, { sub: "mia", jti: "t2" });
    target.gate.revoke({ subject: "ada" });
    target.gate.revoke({ tokenId: "t1" });
    assert.equal(await use(target, bySubject), "401 revoked");
    assert.equal(target.audit.at(-1)?.event, "authn_token_reuse");
    assert.equal(await use(target, byId), "401 revoked");
    assert.equal(await use(target, stays), "101 admitted");
    await target.stop();
  });

  test("used in two sockets at once, while the approval is awaited, lets exactly one in", async () => {
    const [asked, answer] = [signal(), signal()];
    let questions = 0;
    const target = await hostSmallGate({
      ...OPTIONS,
      approve: async ({ carrier }) => {
        if (carrier !== "ticket") return true;
        questions++;
        asked.resolve();
        await answer.promise;
        return true;
      },
    });
    const ticket = await ticketFor(target);
    const knocks = [target.knock(withTicket(ticket)), target.knock(withTicket(ticket))];
    await asked.promise;
    const loser = await Promise.race(knocks);
    assert.equal(loser.answer.status, 401, "before the other has been decided about");
    answer.resolve();
    const statuses = await Promise.all(knocks.map(async (knock) => (await knock).answer.status));
    assert.deepEqual(statuses.sort(), [101, 401]);
    assert.deepEqual([questions, target.gate.size], [1, 1]);
    await target.stop();
  });

  for (
    const [name, query, outcome] of [
      ["made up", `ticket=${"A".repeat(43)}`, "401 ticket_unknown"],
      ["too short", `ticket=${"A".repeat(42)}`, "401 ticket_malformed"],
      [
        "of a megabyte's worth of letters, as far as HTTP lets it",
        `ticket=${"A".repeat(9_000)}`,
        "401 ticket_malformed",
      ],
      ["with a bit too many", `ticket=${"A".repeat(42)}B`, "401 ticket_malformed"],
      ["empty", "ticket=", "401 ticket_malformed"],
      ["twice", `ticket=${"A".repeat(43)}&ticket=`, "400 two_carriers"],
      ["in capitals", `TICKET=${"A".repeat(43)}`, "401 no_credential"],
      ["called __proto__", "__proto__=1", "401 no_credential"],
    ] as const
  ) {
    test(`${name} is answered ${outcome}`, async () => {
      const target = await hostSmallGate(OPTIONS);
      const { answer } = await target.knock({ line: `GET /ws?${query} HTTP/1.1` });
      assert.equal(`${answer.status} ${target.decisions.at(-1)?.refused?.reason}`, outcome);
      await target.stop();
    });
  }

  test("beside a token is one credential too many, and is not used up", async () => {
    const target = await hostSmallGate(OPTIONS);
    const ticket = await ticketFor(target);
    const { answer } = await target.knock({ ...withTicket(ticket), fields: bearer(mint(target.clock)) });
    assert.equal(answer.status, 400);
    assert.equal(await use(target, ticket), "101 admitted");
    await target.stop();
  });

  test("means nothing where tickets are not among the carriers", async () => {
    const target = await hostSmallGate();
    assert.equal(await use(target, "A".repeat(43)), "401 no_credential");
    await target.stop();
    const rejected = hostSmallGate({ ticketPath: "/ticket" });
    await assert.rejects(rejected, { code: "invalid_argument" });
  });
});

describe("The ticket path", () => {
  test("gives none for a token that is no good, for a ticket, or for nothing", async () => {
    const target = await hostSmallGate(OPTIONS);
    const post = (target_: string, fields: Record<string, string> = {}) =>
      ask(target.port, { method: "POST", target: target_, fields });
    const ticket = await ticketFor(target);
    const answers = [
      await post("/ticket"),
      await post(`/ticket?ticket=${ticket}`),
      await post("/ticket", bearer(mint(target.clock, { aud: "others" }))),
      await post("/ticket", { ...bearer(mint(target.clock)), Origin: "https://evil.example" }),
    ];
    assert.deepEqual(answers.map(({ status }) => status), [401, 401, 401, 403]);
    assert.ok(answers.every(({ body }) => !body.includes("ticket")));
    assert.equal(await use(target, ticket), "101 admitted", "asking with it does not use it up");
    await target.stop();
  });
});

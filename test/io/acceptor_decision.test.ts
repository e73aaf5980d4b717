/** The record of each decision: the steps that were taken, the one that failed last, and no secret. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { bearerSubprotocols, type Carrier } from "../../src/auth/credential.ts";
import { DECISION_STEPS, type DecisionStepName } from "../../src/auth/decision.ts";
import { KeyRing } from "../../src/auth/key_ring.ts";
import { hmacKey } from "../../src/auth/key.ts";
import type { Decision } from "../../src/io/decision.ts";
import { bearer } from "../support/minted.ts";
import { untilClose, untilReply } from "../support/conversation.ts";
import { hostSmallGate, type SmallGate, type SmallGateOptions } from "../support/gate_small.ts";
import { BAD_TOKENS, ISSUER, SECRET, tokenWith } from "../support/gate_tokens.ts";
import { ask } from "../support/plain_http.ts";
import type { HandshakeShape } from "../support/raw_http.ts";
import { envelope } from "../support/server_gate.ts";

const ORIGIN = "https://app.example";
const OPTIONS: SmallGateOptions = {
  allowedOrigins: [ORIGIN],
  carriers: ["authorization", "subprotocol", "cookie", "ticket", "message"],
  ticketPath: "/ticket",
  issuer: ISSUER,
  path: "/ws",
};

/** How each carrier brings a token, up to the decision about it. */
const BRING: Readonly<
  Record<Exclude<Carrier, "ticket">, (target: SmallGate, token: string) => Promise<unknown>>
> = {
  authorization: (target, token) => knock(target, { fields: bearer(token) }),
  subprotocol: (target, token) =>
    knock(target, { fields: { "Sec-WebSocket-Protocol": bearerSubprotocols(token).join(", ") } }),
  cookie: (target, token) =>
    knock(target, { fields: { Cookie: `__Host-portcullis=${token}`, Origin: ORIGIN } }),
  message: async (target, token) => {
    const client = await knock(target, {});
    client.write(envelope("auth", "a", { token }));
    // Either the reply, or an error with the same id in front of the Close frame.
    await untilReply(client, "a");
  },
};

async function knock(target: SmallGate, shape: HandshakeShape) {
  return (await target.knock(shape)).client;
}

/** The steps up to the one that fails, as the table has them for a carrier; none fails without a reason. */
function expectedSteps(carrier: Carrier | undefined, reason: string | undefined): string[] {
  const steps: string[] = [];
  for (const [step, { reasons, carriers }] of Object.entries(DECISION_STEPS)) {
    if (reason !== undefined && reasons.includes(reason)) return [...steps, `${step}: ${reason}`];
    if (carriers === undefined || (carrier !== undefined && carriers.includes(carrier))) steps.push(step);
  }
  return steps;
}

function stepsOf(decision: Decision | undefined): string[] | undefined {
  return decision?.steps.map(({ step, outcome, reason }) =>
    outcome === "passed" ? step : `${step}: ${reason}`
  );
}

async function host(more: SmallGateOptions = {}): Promise<SmallGate> {
  return await hostSmallGate({
    ...OPTIONS,
    limits: { maxTokenBytes: 1_000, maxTokenLifetimeMs: 80_000_000, maxSessionsPerSubject: 1 },
    approve: ({ identity }) => identity?.subject !== "banned",
    ...more,
  });
}

for (
  const [carrier, bring] of Object.entries(BRING) as [Exclude<Carrier, "ticket">, typeof BRING["cookie"]][]
) {
  describe(`The decision about a token in ${carrier} lists its steps`, () => {
    test("when all pass", async () => {
      const target = await host();
      await bring(target, tokenWith(target));
      const decision = target.decisions.at(-1);
      assert.deepEqual(stepsOf(decision), expectedSteps(carrier, undefined));
      assert.deepEqual([decision?.outcome, decision?.carrier, decision?.subject], [
        "admitted",
        carrier,
        "ada",
      ]);
      await target.stop();
    });
    for (const [reason, make] of Object.entries(BAD_TOKENS)) {
      test(`up to ${reason}`, async () => {
        const target = await host();
        if (reason === "sessions_of_subject") await target.enter(tokenWith(target, { sub: "full" }));
        const token = make(target);
        await bring(target, token);
        const decision = target.decisions.at(-1);
        assert.deepEqual(stepsOf(decision), expectedSteps(carrier, reason));
        assert.deepEqual([decision?.outcome, decision?.carrier], ["refused", carrier]);
        const written = JSON.stringify([target.decisions, target.audit]);
        for (const part of [token, ...token.split(".").filter(({ length }) => length > 8)]) {
          assert.ok(!written.includes(part), "no part of the token");
        }
        await target.stop();
      });
    }
  });
}

describe("The decision about a request lists its steps up to", () => {
  const evil = "https://evil.example";
  const cookie = (target: SmallGate) => ({ Cookie: `__Host-portcullis=${tokenWith(target)}` });
  const ticket = async (target: SmallGate, fields: Record<string, string> = {}) => {
    const { body } = await ask(target.port, {
      method: "POST",
      target: "/ticket",
      fields: { ...bearer(tokenWith(target)), ...fields },
    });
    return { line: `GET /ws?ticket=${(JSON.parse(body) as { ticket: string }).ticket} HTTP/1.1` };
  };
  const cases: Readonly<
    Record<
      string,
      readonly [Carrier | undefined, (target: SmallGate) => HandshakeShape | Promise<HandshakeShape>]
    >
  > = {
    // As long as somebody is still here.
    draining: [undefined, async (target) => {
      await target.enter(tokenWith(target));
      void target.gate.drain();
      return {};
    }],
    closed: [undefined, ({ gate }) => (gate.close(), {})],
    path: [undefined, () => ({ line: "GET /else HTTP/1.1" })],
    foreign_origin: [undefined, (target) => ({ fields: { ...bearer(tokenWith(target)), Origin: evil } })],
    two_carriers: [undefined, (target) => ({ fields: { ...bearer(tokenWith(target)), ...cookie(target) } })],
    unauthenticated: ["message", async (target) => (await knock(target, {}), {})],
    cookie_without_origin: ["cookie", (target) => ({ fields: cookie(target) })],
    cross_site: [
      "cookie",
      (target) => ({ fields: { ...cookie(target), Origin: ORIGIN, "Sec-Fetch-Site": "cross-site" } }),
    ],
    ticket_malformed: ["ticket", () => ({ line: "GET /ws?ticket=x HTTP/1.1" })],
    ticket_unknown: ["ticket", () => ({ line: `GET /ws?ticket=${"A".repeat(43)} HTTP/1.1` })],
    ticket_origin: ["ticket", (target) => ticket(target, { Origin: ORIGIN })],
    ticket_reused: ["ticket", async (target) => {
      const shape = await ticket(target);
      await knock(target, shape);
      return shape;
    }],
    revoked: ["ticket", async (target) => {
      const shape = await ticket(target);
      target.gate.revoke({ subject: "ada" });
      return shape;
    }],
  };
  for (const [reason, [carrier, make]] of Object.entries(cases)) {
    test(reason, async () => {
      const target = await host({ limits: { maxUnauthenticated: 1 } });
      const shape = await make(target);
      await knock(target, shape);
      const decision = target.decisions.at(-1);
      // Of a carrier that was not found yet, nothing is asked.
      assert.deepEqual(stepsOf(decision), expectedSteps(carrier, reason));
      assert.equal(decision?.carrier, carrier);
      const secret = /ticket=([\w-]{43})/.exec(shape.line ?? "")?.[1] ?? "\0";
      assert.ok(!JSON.stringify([target.decisions, target.audit]).includes(secret));
      await target.stop();
    });
  }

  test("a key that was withdrawn while the ticket was on its way", async () => {
    const ring = new KeyRing({ current: hmacKey(SECRET) });
    const target = await host({ keys: ring });
    const shape = await ticket(target);
    ring.rotate(hmacKey(Buffer.alloc(32, "next"), { id: "next" }), {
      previousValidUntilMs: target.clock.now(),
    });
    await knock(target, shape);
    assert.deepEqual(stepsOf(target.decisions.at(-1)), expectedSteps("ticket", "key_withdrawn"));
    await target.stop();
  });

  test("whatever the handshake lacks", async () => {
    const target = await host();
    await knock(target, { fields: { "Sec-WebSocket-Version": "8" } });
    assert.deepEqual(stepsOf(target.decisions.at(-1)), ["capacity", "request: version"]);
    await target.stop();
  });

  test("the wait for a first message, without a word about a token that nobody has seen", async () => {
    const target = await host();
    const client = await knock(target, {});
    const [deferred] = target.decisions;
    assert.equal(deferred?.outcome, "deferred");
    const before: DecisionStepName[] = [
      "capacity",
      "request",
      "path",
      "origin",
      "credential",
      "unauthenticated",
    ];
    assert.deepEqual(stepsOf(deferred), [...before, "admission"]);
    client.write(envelope("look", "1"));
    await untilClose(client);
    assert.deepEqual(stepsOf(target.decisions.at(-1)), expectedSteps("message", "no_credential"));
    await target.stop();
  });
});

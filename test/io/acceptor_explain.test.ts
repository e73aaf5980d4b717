/** explainRefusals: a page sees only 1006 of a refused upgrade; so the upgrade is completed, to be closed at once. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { BEARER_SUBPROTOCOL_PREFIX, bearerSubprotocols } from "../../src/auth/credential.ts";
import { bearer, mint } from "../support/minted.ts";
import { hostSmallGate, type SmallGate, type SmallGateOptions } from "../support/gate_small.ts";
import { handshake, type HandshakeShape, RawClient } from "../support/raw_http.ts";
import { clientFrame, close, parseFrames } from "../support/raw_http_frames.ts";
import { envelope } from "../support/server_gate.ts";

const ORIGIN = "https://app.example";
const OPTIONS: SmallGateOptions = {
  explainRefusals: true,
  allowedOrigins: [ORIGIN],
  carriers: ["authorization", "subprotocol", "ticket"],
};
const UNAUTHORIZED = "close 3000 Unauthorized";
const FORBIDDEN = "close 3003 Forbidden";

interface Explained {
  readonly shape: (target: SmallGate) => HandshakeShape;
  readonly said: string;
  readonly reason: string;
  readonly options?: SmallGateOptions;
}

const bad = (claims: Parameters<typeof mint>[1]) => ({ clock }: SmallGate) => ({
  fields: bearer(mint(clock, claims)),
});
const EXPLAINED: Readonly<Record<string, Explained>> = {
  "no credential": { shape: () => ({}), said: UNAUTHORIZED, reason: "no_credential" },
  "an expired token": {
    shape: bad({ lifetimeMs: 0, issuedInMs: -1 }),
    said: UNAUTHORIZED,
    reason: "expired",
  },
  "a token that is none": { shape: () => ({ fields: bearer("x") }), said: UNAUTHORIZED, reason: "malformed" },
  "a revoked token": {
    shape: ({ gate, clock }) => (gate.revoke({ subject: "ada" }), { fields: bearer(mint(clock)) }),
    said: UNAUTHORIZED,
    reason: "revoked",
  },
  "a ticket that is none": {
    shape: () => ({ line: "GET /ws?ticket=x HTTP/1.1" }),
    said: UNAUTHORIZED,
    reason: "ticket_malformed",
  },
  "a foreign page": {
    shape: ({ clock }) => ({ fields: { ...bearer(mint(clock)), Origin: "https://evil.example" } }),
    said: FORBIDDEN,
    reason: "foreign_origin",
  },
  "somebody who is not approved": {
    shape: bad({}),
    said: FORBIDDEN,
    reason: "not_approved",
    options: { approve: () => Promise.resolve(false) },
  },
};

describe("With explainRefusals, an upgrade is closed at once for", () => {
  for (const [name, { shape, said, reason, options }] of Object.entries(EXPLAINED)) {
    test(`${name}: ${said}, and nothing of what the client sends is looked at`, async () => {
      const target = await hostSmallGate({ ...OPTIONS, ...options, deflate: true });
      const { fields, ...rest } = shape(target);
      const extensions = { "Sec-WebSocket-Extensions": "permessage-deflate" };
      const client = await RawClient.open(target.port);
      // In the very packet of the handshake: a message, half of one, and an answer to the Close frame behind it.
      client.write(Buffer.concat([
        Buffer.from(handshake({ ...rest, fields: { ...fields, ...extensions } })),
        envelope("look", "1"),
        envelope("auth", "2", { token: mint(target.clock, { sub: "mia" }) }),
        close(1000),
      ]));
      const answer = await client.response();
      assert.equal(answer.status, 101);
      assert.equal(answer.fields["sec-websocket-extensions"], undefined, "nothing is spent on a stranger");
      const { how, rest: bytes } = await client.finished;
      assert.equal(how, "end");
      assert.deepEqual(parseFrames(bytes).map(({ opcode, payload }) => [opcode, payload.readUInt16BE(0)]), [
        [8, said === UNAUTHORIZED ? 3000 : 3003],
      ]);
      assert.equal(`close ${said.slice(6, 10)} ${bytes.subarray(4).toString()}`, said);
      assert.deepEqual([target.handled, target.gate.size], [[], 0]);
      assert.deepEqual(target.decisions.map(({ outcome, refused }) => [outcome, refused?.reason]), [
        ["refused", reason],
      ]);
      await target.idle();
      assert.equal(target.clock.pending, 0);
      await target.stop();
    });
  }
});

describe("With explainRefusals,", () => {
  test("the subprotocol is echoed, and never the token", async () => {
    const target = await hostSmallGate(OPTIONS);
    const token = mint(target.clock, { aud: "others" });
    for (
      const [offer, echoed] of [
        [bearerSubprotocols(token).join(", "), "portcullis.v1"],
        [bearerSubprotocols(token).reverse().join(", "), "portcullis.v1"],
        [bearerSubprotocols(token)[1], undefined],
        ["chat", undefined],
      ] as const
    ) {
      const { client, answer } = await target.knock({ fields: { "Sec-WebSocket-Protocol": offer } });
      assert.deepEqual([answer.status, answer.fields["sec-websocket-protocol"]], [101, echoed]);
      assert.equal(await client.said(), UNAUTHORIZED);
      assert.ok(!JSON.stringify(answer).includes(BEARER_SUBPROTOCOL_PREFIX));
    }
    await target.stop();
  });

  test("what is no refusal of an identity is answered in HTTP all the same", async () => {
    const target = await hostSmallGate({ ...OPTIONS, path: "/ws", limits: { maxSessionsPerSubject: 1 } });
    const token = mint(target.clock);
    await target.enter(token);
    const cases: readonly (readonly [HandshakeShape, number])[] = [
      [{ fields: { "Sec-WebSocket-Version": "8" } }, 426],
      [{ fields: { "Sec-WebSocket-Key": "x" } }, 400],
      [{ fields: { Host: undefined } }, 400],
      [{ line: "POST /ws HTTP/1.1" }, 405],
      [{ line: "GET /else HTTP/1.1" }, 404],
      [{ fields: { Authorization: [`Bearer ${token}`, `Bearer ${token}`] } }, 400],
      [{ fields: bearer(token) }, 429],
    ];
    for (const [shape, status] of cases) {
      const { client, answer } = await target.knock(shape);
      assert.equal(answer.status, status);
      await client.finished;
    }
    target.gate.close();
    assert.equal((await target.knock()).answer.status, 503);
    await target.stop();
  });

  test("no more than maxUnauthenticated are completed; the others get HTTP, and a good token its place", async () => {
    const limits = { maxConnections: 1, maxUnauthenticated: 2 };
    const target = await hostSmallGate({ ...OPTIONS, limits });
    const [first, second, third] = [await target.knock(), await target.knock(), await target.knock()];
    assert.deepEqual([first, second, third].map(({ answer }) => answer.status), [101, 101, 401]);
    // Strangers take none of the places of those who are let in, however long they stay.
    await target.enter(mint(target.clock));
    // Behind the Close frame each of them is cut off when the time is up, whatever it does.
    second.client.write(clientFrame(9, "still here"));
    target.clock.advance(3_000);
    await first.client.finished;
    await second.client.finished;
    assert.equal((await target.knock()).answer.status, 101);
    await target.stop();
  });

  test("a client that never answers the Close frame is gone after closeTimeoutMs", async () => {
    const target = await hostSmallGate({ ...OPTIONS, limits: { closeTimeoutMs: 700 } });
    const { client } = await target.knock();
    assert.equal(await client.said(), UNAUTHORIZED);
    target.clock.advance(700);
    await client.finished;
    await target.idle();
    assert.equal(target.clock.pending, 0);
    await target.stop();
  });
});

test("Without explainRefusals, there is no connection for a stranger: 401", async () => {
  const target = await hostSmallGate({ ...OPTIONS, explainRefusals: false });
  assert.equal((await target.knock()).answer.status, 401);
  await target.stop();
});

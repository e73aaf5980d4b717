/** Sockets that were let in to show their token: how many, for how long, and how much they may send until they have. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { bearer, mint } from "../support/minted.ts";
import { untilClose } from "../support/conversation.ts";
import { hostSmallGate, type SmallGate, type SmallGateOptions } from "../support/gate_small.ts";
import type { RawClient } from "../support/raw_http.ts";
import { clientFrame, text } from "../support/raw_http_frames.ts";
import { envelope } from "../support/server_gate.ts";
import { closed, signal } from "../support/server.ts";

const OPTIONS: SmallGateOptions = { carriers: ["authorization", "message"] };

/** Enters without a credential. */
async function stranger(target: SmallGate, fields: Record<string, string> = {}): Promise<RawClient> {
  const { client, answer } = await target.knock({ fields });
  assert.equal(answer.status, 101);
  return client;
}

const auth = (token: unknown) => envelope("auth", "a", { token });

describe("A socket that has not shown its token is bounded:", () => {
  test("in time, and once its token has come, by the deadline of the approval alone", async () => {
    const [asked, answer] = [signal<AbortSignal>(), signal<boolean>()];
    const target = await hostSmallGate({
      ...OPTIONS,
      limits: { authTimeoutMs: 4_000, handshakeTimeoutMs: 9_000 },
      approve: (_request, abandoned) => (asked.resolve(abandoned), answer.promise),
    });
    const client = await stranger(target);
    target.clock.advance(3_999);
    client.write(auth(mint(target.clock)));
    const abandoned = await asked.promise;
    target.clock.advance(8_999);
    assert.equal(abandoned.aborted, false);
    target.clock.advance(1);
    const { told, close } = await untilClose(client);
    assert.deepEqual([told[0]?.["code"], close], ["rate_limited", "close 1013 Service Unavailable"]);
    answer.resolve(true);
    client.end();
    assert.equal((await client.finished).rest.length, 0);
    assert.deepEqual(target.audit.map(({ reason }) => reason), ["approval_timeout"]);
    assert.equal(target.gate.size, 0);
    await target.stop();
  });

  test("in time: close 3008 for one that shows nothing, which is written down", async () => {
    const target = await hostSmallGate({ ...OPTIONS, limits: { authTimeoutMs: 4_000 } });
    const client = await stranger(target);
    target.clock.advance(4_000);
    assert.match((await untilClose(client)).close, /^close 3008/);
    assert.deepEqual(target.decisions.map(({ outcome }) => outcome), ["deferred", "refused"]);
    assert.deepEqual(target.audit.map(({ event, reason }) => [event, reason]), [[
      "authn_login_fail",
      "auth_timeout",
    ]]);
    await target.stop();
  });

  test("in number until its socket is gone, also behind a refusal; and it takes nobody else's place", async () => {
    const target = await hostSmallGate({ ...OPTIONS, limits: { maxUnauthenticated: 1, maxConnections: 1 } });
    const client = await stranger(target);
    client.write(auth("a.b.c"));
    await untilClose(client);
    assert.equal((await target.knock()).answer.status, 503);
    await target.enter(mint(target.clock));
    assert.equal(target.decisions.at(-2)?.refused?.reason, "unauthenticated");
    client.reset();
    await client.finished;
    await closed(target.sockets[0]);
    const full = await stranger(target);
    full.write(auth(mint(target.clock, { sub: "mia" })));
    assert.deepEqual((await untilClose(full)).close, "close 1013 Service Unavailable");
    await target.stop();
  });

  test("in size: close 1009 for a message that is larger than a token can be, unread", async () => {
    const target = await hostSmallGate({ ...OPTIONS, limits: { maxTokenBytes: 1_000 } });
    const client = await stranger(target);
    // The header alone: nothing is kept that could grow.
    client.write(text("x".repeat(2_025)).subarray(0, 8));
    assert.match((await untilClose(client)).close, /^close 1009/);
    const inParts = await stranger(target);
    inParts.write(Buffer.concat([
      clientFrame(1, "x".repeat(2_000), { fin: false }),
      clientFrame(0, "x".repeat(25)),
    ]));
    assert.match((await untilClose(inParts)).close, /^close 1009/);
    await target.stop();
  });

  test("in size: close 1009 for a message that is larger than any may be, though a token could be that long", async () => {
    const target = await hostSmallGate({ ...OPTIONS, limits: { maxMessageBytes: 500 } });
    const client = await stranger(target);
    client.write(text("x".repeat(501)));
    assert.match((await untilClose(client)).close, /^close 1009/);
    await target.stop();
  });

  test("in memory: compression is not agreed on, which it is with whoever is known", async () => {
    const target = await hostSmallGate({ ...OPTIONS, deflate: true });
    const offer = { "Sec-WebSocket-Extensions": "permessage-deflate" };
    const unknown = await target.knock({ fields: offer });
    assert.equal(unknown.answer.fields["sec-websocket-extensions"], undefined);
    const known = await target.knock({ fields: { ...offer, ...bearer(mint(target.clock)) } });
    assert.match(known.answer.fields["sec-websocket-extensions"] ?? "", /^permessage-deflate/);
    await target.stop();
  });

  test("by the Origin, as everybody is", async () => {
    const target = await hostSmallGate({ ...OPTIONS, allowedOrigins: ["https://app.example"] });
    assert.equal((await target.knock({ fields: { Origin: "https://evil.example" } })).answer.status, 403);
    await stranger(target, { Origin: "https://app.example" });
    await target.stop();
  });
});

test("Strangers of one address are no more than maxConnectionsPerAddress, answered 429", async () => {
  const target = await hostSmallGate({ ...OPTIONS, limits: { maxConnectionsPerAddress: 2 } });
  await stranger(target);
  await stranger(target);
  assert.equal((await target.knock()).answer.status, 429);
  assert.equal(target.decisions.at(-1)?.refused?.reason, "connections_of_address");
  await target.enter(mint(target.clock));
  await target.stop();
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClientOptions } from "../../src/client/client_options.ts";
import { type ClientBench, clientBench, settle } from "../support/client_bench.ts";
import { FakeTransport } from "../support/fake_transport.ts";

/** A client in a page, and what it asked over HTTP. */
function page(
  options: Partial<ClientOptions>,
  ...answers: (() => Response)[]
): ClientBench & { http: string[] } {
  const http: string[] = [];
  const fetch = ((url: URL, { method, headers }: RequestInit) => {
    http.push(`${method} ${url.pathname} ${new Headers(headers).get("authorization")}`);
    const answer = answers.shift();
    return answer === undefined ? Promise.reject(new TypeError("fetch failed")) : Promise.resolve(answer());
  }) as typeof globalThis.fetch;
  return { ...clientBench({ fetch, ...options }, new FakeTransport(false)), http };
}

const status = (code: number, body: object = {}) => () =>
  new Response(JSON.stringify(body), { status: code });
const checked = { checkUrl: "/check" };
const ticketed = { carrier: "ticket", ticketUrl: "/ticket" } as const;
const TICKET = { ticket: "AbC-_9AbC-_9AbC-", expiresInMs: 15_000 };

test("Client with a check path gets another token when its own was refused", async () => {
  const { client, transport, http, asked, states } = page(checked, status(401));
  void client.open();
  await settle();
  transport.link.end({ kind: "unclear" });
  await settle();
  assert.deepEqual(http, ["GET /check Bearer token-1"]);
  assert.deepEqual(asked, ["first", "refused"]);
  assert.equal(transport.links.length, 2);
  assert.deepEqual(states.map((state) => state.status), ["connecting", "connecting"]);
});

test("Client with a check path keeps its token when that is good", async () => {
  const { client, transport, asked, pass } = page(checked, status(200), status(200));
  void client.open();
  await settle();
  for (const delayMs of [500, 1_000]) {
    transport.link.end({ kind: "unclear" });
    await settle();
    assert.deepEqual(client.state, { status: "waiting", delayMs, why: { kind: "unreachable" } });
    await pass(delayMs);
  }
  assert.deepEqual(asked, ["first"]);
  assert.equal(new Set(transport.links.map(({ request }) => request.subprotocols[1])).size, 1);
});

test("Client neither gives up nor shows a token whose upgrade failed, until the check path has answered", async () => {
  let answer: () => Promise<Response> = () => Promise.reject(new TypeError("fetch failed"));
  const { client, transport, asked, pass } = page({ ...checked, fetch: () => answer() });
  void client.open();
  await settle();
  transport.link.end({ kind: "unclear" });
  await settle();
  for (const delayMs of [500, 1_000]) {
    assert.deepEqual(client.state, { status: "waiting", delayMs, why: { kind: "unreachable" } });
    await pass(delayMs);
  }
  assert.equal(transport.links.length, 1);
  answer = () => Promise.resolve(new Response(null, { status: 200 }));
  await pass(2_000);
  assert.deepEqual([transport.links.length, asked], [2, ["first"]]);
});

test("Client gives a token up when the check path answers, later, that it is refused", async () => {
  let answer: () => Promise<Response> = () => Promise.reject(new TypeError("fetch failed"));
  const { client, transport, asked, pass } = page({ ...checked, fetch: () => answer() });
  void client.open();
  await settle();
  transport.link.end({ kind: "unclear" });
  await settle();
  answer = () => Promise.resolve(new Response(null, { status: 401 }));
  await pass(500);
  await settle();
  assert.deepEqual(asked, ["first", "refused"]);
  assert.equal(
    new Set(transport.links.map(({ request }) => request.subprotocols[1])).size,
    transport.links.length,
  );
});

test("Client with a check path stops when it is told to", async () => {
  const { client, transport } = page(checked, status(403));
  void client.open();
  await settle();
  transport.link.end({ kind: "unclear" });
  await settle();
  assert.deepEqual(client.state, { status: "stopped", why: { kind: "refused", status: 403 } });
});

test("Client does not ask the check path about a session that ended", async () => {
  const { client, enter, http } = page(checked);
  (await enter()).closeWith(1006);
  assert.equal(client.state.status, "waiting");
  assert.deepEqual(http, []);
});

test("Client does not come back when it is closed while it asks the check path", async () => {
  const { client, transport, clock, states } = page({
    ...checked,
    fetch: () => new Promise(() => undefined),
  });
  void client.open();
  await settle();
  transport.link.end({ kind: "unclear" });
  client.close();
  await settle();
  assert.equal(clock.pending, 0);
  assert.deepEqual(states.map((state) => state.status), ["connecting", "stopped"]);
});

test("Client connects with a ticket, a new one each time, and shows its token to nobody else", async () => {
  const { client, transport, http, asked, pass } = page(
    ticketed,
    status(200, TICKET),
    status(200, { ...TICKET, ticket: "another-ticket-x" }),
  );
  void client.open();
  await settle();
  assert.deepEqual(transport.link.request, {
    url: "ws://chat.example/ws?ticket=AbC-_9AbC-_9AbC-",
    subprotocols: ["portcullis.v1"],
    token: undefined,
  });
  transport.link.end({ kind: "unclear" });
  await pass(500);
  assert.equal(transport.link.request.url, "ws://chat.example/ws?ticket=another-ticket-x");
  assert.deepEqual(http, ["POST /ticket Bearer token-1", "POST /ticket Bearer token-1"]);
  assert.deepEqual(asked, ["first"]);
});

test("Client gets another token when none was given a ticket", async () => {
  const { client, transport, http } = page(ticketed, status(401), status(200, TICKET));
  void client.open();
  await settle();
  assert.deepEqual(http, ["POST /ticket Bearer token-1", "POST /ticket Bearer token-2"]);
  assert.equal(transport.links.length, 1);
});

for (
  const [what, answer, why] of [
    ["not reached", undefined, { kind: "unreachable" }],
    ["overloaded", status(503), { kind: "refused", status: 503 }],
    ["something else", status(200, {}), { kind: "no_ticket" }],
  ] as const
) {
  test(`Client keeps its token when the place of tickets is ${what}`, async () => {
    const { client, asked, pass, transport } = page(ticketed, ...(answer === undefined ? [] : [answer]));
    void client.open();
    await settle();
    assert.deepEqual(client.state, { status: "waiting", delayMs: 500, why });
    await pass(500);
    assert.deepEqual(asked, ["first"]);
    assert.equal(transport.links.length, 0);
  });
}

test("Client shows its token as the first message, and not before the connection is open", async () => {
  const { client, transport, asked } = page({ carrier: "message" });
  const opened = client.open();
  await settle();
  assert.deepEqual(transport.link.request.subprotocols, ["portcullis.v1"]);
  assert.deepEqual(transport.link.texts, []);
  const request = client.request("a", 1);
  transport.link.hello();
  assert.deepEqual(transport.link.sent, [
    { type: "auth", id: "2", data: { token: "token-1" } },
    { type: "a", id: "1", data: 1 },
  ]);
  await opened;
  transport.link.say({ type: "ok", re: "1" });
  await request;
  assert.deepEqual(asked, ["first"]);
});

test("Client with the token in a message takes a close with 3000 for its refusal, and a failed upgrade for none", async () => {
  const { client, transport, asked, pass } = page({ carrier: "message" });
  void client.open();
  await settle();
  transport.link.end({ kind: "unclear" });
  await pass(500);
  assert.deepEqual(asked, ["first"]);
  transport.link.open().closeWith(3000);
  await settle();
  assert.deepEqual(asked, ["first", "refused"]);
  assert.equal(transport.link.open().sent[0]?.type, "auth");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { clientBench, settle } from "../support/client_bench.ts";
import { SESSION } from "../support/fake_transport.ts";

test("Client is idle until it is opened, and asks for nothing before", async () => {
  const { client, transport, asked, clock } = clientBench();
  await settle();
  assert.deepEqual(client.state, { status: "idle" });
  assert.equal(client.sendRaw("hi"), false);
  assert.deepEqual([transport.links.length, asked.length, clock.pending], [0, 0, 0]);
});

test("Client.open() resolves with the session at the first hello", async () => {
  const { client, transport, states, asked } = clientBench();
  const opened = client.open();
  assert.deepEqual(client.state, { status: "connecting" });
  await settle();
  assert.deepEqual(transport.link.request, {
    url: "ws://chat.example/ws",
    subprotocols: ["portcullis.v1"],
    token: "token-1",
  });
  transport.link.open();
  assert.equal(client.state.status, "connecting");
  transport.link.say({ type: "hello", data: SESSION });
  assert.deepEqual(await opened, SESSION);
  assert.deepEqual(states.map(({ status }) => status), ["connecting", "open"]);
  assert.deepEqual(asked, ["first"]);
});

test("Client.open() connects once, however often it is called", async () => {
  const { client, transport, enter } = clientBench();
  const early = client.open();
  await enter();
  assert.equal(await early, await client.open());
  assert.equal(transport.links.length, 1);
});

test("Client.close() closes politely, for good, and leaves nothing behind", async () => {
  const { client, clock, enter, transport, states } = clientBench();
  const link = await enter();
  const inFlight = client.request("a", 1);
  client.close();
  client.close();
  assert.deepEqual(link.closedWith, { code: 1000, reason: "" });
  assert.deepEqual(client.state, { status: "stopped", why: { kind: "asked" } });
  await assert.rejects(inFlight, { code: "client_stopped" });
  await assert.rejects(client.open(), { code: "client_stopped" });
  await assert.rejects(client.request("a", 1), { code: "client_stopped" });
  link.say({ type: "chat.said", data: 1 }).closeWith(1000);
  await settle();
  assert.equal(clock.pending, 0);
  assert.equal(transport.links.length, 1);
  assert.deepEqual(states.map(({ status }) => status), ["connecting", "open", "stopped"]);
});

test("Client.close() ends an attempt at each of its steps", async () => {
  const asking = clientBench({
    getToken: ({ signal }) => (signals.push(signal), new Promise(() => undefined)),
  });
  const signals: AbortSignal[] = [];
  const never = asking.client.open();
  asking.client.close();
  await assert.rejects(never, { code: "client_stopped" });
  assert.equal(signals[0]?.aborted, true);
  await settle();
  assert.deepEqual([asking.transport.links.length, asking.clock.pending, asking.errors], [0, 0, []]);

  const connecting = clientBench();
  void connecting.client.open();
  await settle();
  connecting.client.close();
  assert.deepEqual(connecting.transport.link.closedWith, { code: 1000, reason: "" });
  assert.equal(connecting.clock.pending, 0);

  const waiting = clientBench();
  (await waiting.enter()).closeWith(1012);
  assert.equal(waiting.client.state.status, "waiting");
  waiting.client.close();
  assert.equal(waiting.clock.pending, 0);
});

test("Client.close() before open() stops as well", async () => {
  const { client, asked } = clientBench();
  client.close();
  await assert.rejects(client.open(), { code: "client_stopped" });
  assert.deepEqual(asked, []);
});

test("Client does not connect when a listener closes it on the way", async () => {
  const { client, transport, asked } = clientBench();
  client.onState(({ status }) => status === "connecting" && client.close());
  void client.open();
  await settle();
  assert.deepEqual([transport.links.length, asked.length], [0, 0]);
  assert.equal(client.state.status, "stopped");
});

test("Client.request() resolves with the reply, and rejects with the denial", async () => {
  const { client, enter } = clientBench();
  const link = await enter();
  const [good, bad] = [client.request("a", { x: 1 }), client.request("b")];
  assert.deepEqual(link.sent, [{ type: "a", id: "1", data: { x: 1 } }, { type: "b", id: "2" }]);
  link.say({
    type: "error",
    re: "2",
    code: "rate_limited",
    message: "Slow.",
    retryable: true,
    retryAfterMs: 200,
  });
  link.say({ type: "ok", re: "1", data: ["reply"] });
  assert.deepEqual(await good, ["reply"]);
  const denial = { code: "rate_limited", message: "Slow.", retryable: true, retryAfterMs: 200 };
  await assert.rejects(bad, { code: "denied", denial });
});

test("Client.request() waits for the session, also for the one after the next close", async () => {
  const { client, enter, transport, pass } = clientBench();
  const early = client.request("early", 1);
  const link = await enter();
  link.say({ type: "ok", re: "1", data: "one" });
  assert.equal(await early, "one");
  link.closeWith(1012);
  const late = client.request("late", 2);
  await pass(500);
  transport.link.hello().say({ type: "ok", re: "2", data: "two" });
  assert.equal(await late, "two");
});

test("Client.request() rejects when the connection is lost, is not repeated, and ids go on", async () => {
  const { client, enter, transport, pass } = clientBench();
  const link = await enter();
  const lost = client.request("pay", 1);
  link.closeWith(1006);
  await assert.rejects(lost, { code: "connection_lost" });
  await pass(500);
  transport.link.hello();
  assert.deepEqual(transport.link.texts, []);
  void client.request("next", 2);
  assert.equal(transport.link.sent[0]?.id, "2");
});

test("Client.request() rejects with connection_lost what was sent, and the rest with client_stopped, when the server ends it", async () => {
  const { client, enter } = clientBench();
  const link = await enter();
  const sent = client.request("sent", 1);
  link.jam();
  const unsent = client.request("unsent", 1);
  link.closeWith(3003);
  await assert.rejects(sent, { code: "connection_lost" });
  await assert.rejects(unsent, { code: "client_stopped" });
});

test("Client.on() hears messages of its type, until it stops listening", async () => {
  const { client, enter } = clientBench();
  const heard: unknown[] = [];
  const stop = client.on("chat.said", (data) => heard.push(data));
  client.on("constructor", (data) => heard.push(["constructor", data]));
  const link = await enter();
  link.say({ type: "chat.said", data: "hi" }).say({ type: "other", data: "no" }).say({ type: "constructor" });
  stop();
  link.say({ type: "chat.said", data: "late" });
  assert.deepEqual(heard, ["hi", ["constructor", undefined]]);
});

test("Client reports faults of listeners, and goes on", async () => {
  const { client, enter, errors } = clientBench();
  const fault = new Error("listener");
  client.on("a", () => {
    throw fault;
  });
  client.onState(() => {
    throw fault;
  });
  const link = await enter();
  const heard: unknown[] = [];
  client.on("a", (data) => heard.push(data));
  link.say({ type: "a", data: 1 });
  assert.deepEqual(errors, [fault, fault, fault]);
  assert.deepEqual(heard, [1]);
});

test("Client ignores what is no message, reports it, and repeats nothing of it", async () => {
  const { client, enter, errors, transport } = clientBench();
  void client.open();
  await settle();
  transport.link.open().say("secret");
  const link = await enter();
  for (const text of ["secret", "{}", "[]", '{"type":7}', '{"type":"hello"}']) link.say(text);
  link.binary();
  assert.equal(client.state.status, "open");
  assert.equal(errors.length, 7);
  for (const error of errors) {
    assert.equal((error as { readonly code: string }).code, "invalid_message");
    assert.doesNotMatch(String(error), /secret/);
  }
});

test("Client takes no message for one of a session that has not begun, and no second hello", async () => {
  const { client, transport, states } = clientBench();
  const heard: unknown[] = [];
  client.on("a", (data) => heard.push(data));
  void client.open();
  await settle();
  transport.link.open().say({ type: "a", data: "early" }).say({ type: "hello", data: SESSION });
  transport.link.say({ type: "hello", data: { ...SESSION, subject: "eve" } });
  assert.deepEqual(heard, []);
  assert.equal(client.state.status === "open" && client.state.session.subject, "ada");
  assert.equal(states.length, 2);
});

test("Client.state follows auth.changed", async () => {
  const { client, enter, states } = clientBench();
  const link = await enter();
  link.say({ type: "auth.changed", data: { roles: ["guest"], expiresAt: 1_800_000_050_000 } });
  assert.deepEqual(client.state, {
    status: "open",
    session: { ...SESSION, roles: ["guest"], expiresAt: 1_800_000_050_000 },
  });
  assert.equal(states.length, 3);
});

test("Client.sendRaw() sends a text as it is, while there is a session", async () => {
  const { client, enter, transport } = clientBench();
  void client.open();
  await settle();
  transport.link.open();
  assert.equal(client.sendRaw("too early"), false);
  const link = await enter();
  assert.equal(client.sendRaw("{not JSON"), true);
  assert.deepEqual(link.texts, ["{not JSON"]);
  link.closeWith(1012);
  assert.equal(client.sendRaw("too late"), false);
});

test("Client shows its tap everything that crosses the wire, and no token", async () => {
  const seen: string[] = [];
  const { client, enter } = clientBench({
    carrier: "message",
    tap: { sent: (text) => void seen.push(`> ${text}`), received: (text) => void seen.push(`< ${text}`) },
  });
  const link = await enter();
  link.say({ type: "auth.expiring", data: {} });
  await settle();
  client.sendRaw('{"type":"auth.refresh","id":"x","data":{"token":"another"}}');
  client.sendRaw('{"type":"echo","data":"token-1 token-2"}');
  link.say("odd");
  assert.deepEqual(seen.map((text) => text.slice(0, 60)), [
    '> {"type":"auth","id":"1","data":{"token":"…"}}',
    `< ${JSON.stringify({ type: "hello", data: SESSION })}`.slice(0, 60),
    '< {"type":"auth.expiring","data":{}}',
    '> {"type":"auth.refresh","id":"2","data":{"token":"…"}}',
    '> {"type":"auth.refresh","id":"x","data":{"token":"…"}}',
    '> {"type":"echo","data":"… …"}',
    "< odd",
  ]);
  assert.match(link.texts[0] ?? "", /"token":"token-1"/);
  assert.doesNotMatch(seen.join(), /token-|another/);
});

test("Client outlives a tap that closes it", async () => {
  const { client, transport, states } = clientBench({ tap: { received: () => client.close() } });
  void client.open();
  await settle();
  transport.link.hello();
  assert.equal(client.state.status, "stopped");
  assert.deepEqual(states.map(({ status }) => status), ["connecting", "stopped"]);
});

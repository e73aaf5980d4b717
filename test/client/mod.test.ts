import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "../../src/client/mod.ts";
import { settle } from "../support/client_bench.ts";
import { FakeTransport } from "../support/fake_transport.ts";

const options = { url: "ws://chat.example/ws", getToken: () => "a.b.c" };

test("createClient() of a page shows the token as a subprotocol", async () => {
  const transport = new FakeTransport(false);
  const client = createClient({ ...options, transport });
  void client.open();
  await settle();
  assert.equal(transport.link.request.subprotocols.length, 2);
  client.close();
});

test("createClient() of a page has no header to show the token in", () => {
  assert.throws(() => createClient({ ...options, carrier: "authorization" }), { code: "invalid_argument" });
});

test("createClient() refuses what the compiler cannot see", () => {
  assert.throws(() => createClient({ ...options, url: "http://chat.example" }), { code: "invalid_argument" });
});

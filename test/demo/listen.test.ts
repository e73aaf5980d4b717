import assert from "node:assert/strict";
import { test } from "node:test";
import { createHttpServer, listen } from "../../src/demo/listen.ts";

test("listen() says where, picks a port for 0, and rejects when the port is taken", async () => {
  const [first, second] = [createHttpServer(), createHttpServer()];
  const address = await listen(first, { host: "127.0.0.1", port: 0 });
  assert.equal(address.host, "127.0.0.1");
  assert.ok(address.port > 0);
  await assert.rejects(listen(second, address), { code: "EADDRINUSE", syscall: "listen" });
  await new Promise<void>((resolve) => first.close(() => resolve()));
  assert.deepEqual(await listen(second, address), address);
  await new Promise<void>((resolve) => second.close(() => resolve()));
});

test("createHttpServer() does not wait for slow clients", () => {
  const server = createHttpServer();
  assert.ok(server.headersTimeout > 0 && server.headersTimeout <= 10_000);
  assert.ok(server.requestTimeout > 0 && server.requestTimeout <= 10_000);
});

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { Acceptor } from "../../src/io/acceptor.ts";
import { exchange, handshake, RawClient } from "../support/raw_http.ts";

/** A server that answers ordinary requests when the test says so, with an acceptor that lets anybody in. */
async function startSlowServer() {
  const responses: ServerResponse[] = [];
  const server = createServer((_request, response) => void responses.push(response));
  const acceptor = new Acceptor({ insecureAllowAnonymous: true, connected: () => ({}) }).attach(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, acceptor, responses, port: (server.address() as AddressInfo).port };
}

const PLAIN = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";

test("Acceptor.attach() cuts off an upgrade behind a request that is not answered yet", async () => {
  const { server, acceptor, responses, port } = await startSlowServer();
  const { text } = await exchange(port, PLAIN + handshake());
  assert.equal(text, "", "neither a 101 nor an answer may come in the place of the other");
  assert.equal(acceptor.size, 0);
  responses[0]?.end("late");
  server.close();
});

test("Acceptor.attach() takes an upgrade behind a request that has been answered", async () => {
  const { server, acceptor, responses, port } = await startSlowServer();
  const client = await RawClient.open(port);
  const asked = once(server, "request");
  client.write(PLAIN);
  await asked;
  responses[0]?.writeHead(204).end();
  assert.equal((await client.response()).status, 204);
  client.write(handshake());
  assert.equal((await client.response()).status, 101);
  assert.equal(acceptor.size, 1);
  client.reset();
  await client.finished;
  server.close();
});

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { describe, test } from "node:test";
import { connect } from "../../src/io/client.ts";
import { parseUrl } from "../../src/io/client_options.ts";
import { signal } from "../support/server.ts";

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

describe("connect()", () => {
  test("asks for the path and query of the URL with GET and HTTP/1.1, and with a key of its own each time", async () => {
    const server = createServer();
    const asked: IncomingMessage[] = [];
    server.on("upgrade", (request, socket) => {
      asked.push(request);
      socket.destroy();
    });
    const port = await listen(server);
    for (let i = 0; i < 3; i++) {
      await assert.rejects(connect(`ws://127.0.0.1:${port}/a%23b/c?x=1&y=ü`), { code: "connect_failed" });
    }
    server.close();
    const lines = asked.map(({ method, url, httpVersion }) => `${method} ${url} HTTP/${httpVersion}`);
    assert.deepEqual(lines, Array(3).fill("GET /a%23b/c?x=1&y=%C3%BC HTTP/1.1"));
    assert.deepEqual(asked.map(({ headers }) => headers.host), Array(3).fill(`127.0.0.1:${port}`));
    const keys = asked.map(({ headers }) => headers["sec-websocket-key"] ?? "");
    assert.deepEqual(keys.map((key) => Buffer.from(key, "base64").length), [16, 16, 16]);
    assert.equal(new Set(keys).size, 3);
  });

  test("names the host in the TLS handshake before it sends anything else", async () => {
    const hello = signal<Buffer>();
    const server = createTcpServer((socket) => {
      socket.once("error", () => {});
      socket.once("data", (chunk: Buffer) => {
        hello.resolve(chunk);
        socket.destroy();
      });
    });
    const port = await listen(server);
    await assert.rejects(connect(`wss://localhost:${port}/secret`), { code: "connect_failed" });
    server.close();
    const bytes = await hello.promise;
    // A record of the handshake (22), and in it the ClientHello (1) with the name (RFC 6066 §3).
    assert.deepEqual([bytes[0], bytes[5]], [22, 1]);
    assert.ok(bytes.includes("localhost"));
    assert.ok(!bytes.includes("secret"));
  });
});

test("parseUrl() writes host and path in ASCII when they are not", () => {
  const { hostname, pathname, search } = parseUrl("ws://münchen.example/straße?größe=1");
  assert.deepEqual([hostname, pathname, search], [
    "xn--mnchen-3ya.example",
    "/stra%C3%9Fe",
    "?gr%C3%B6%C3%9Fe=1",
  ]);
});

import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { Acceptor } from "../../src/io/acceptor.ts";
import { connect } from "../../src/io/client.ts";
import { makeCertificate } from "../support/server_certificate.ts";
import { signal } from "../support/server.ts";

describe("connect() over wss:", () => {
  const { cert, key } = makeCertificate();
  const server = createServer({ cert, key });
  let url = "";
  before(async () => {
    new Acceptor({
      insecureAllowAnonymous: true,
      connected: () => ({ message: (data, kind, connection) => void connection.send(data, kind) }),
    }).attach(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `wss://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  test("carries messages, when it is told whom to trust", async () => {
    const [got, ended] = [signal<string>(), signal<number>()];
    const connection = await connect(url, {
      ca: cert,
      text: got.resolve,
      closed: ({ code }) => ended.resolve(code),
    });
    connection.send("z".repeat(200_000));
    assert.equal((await got.promise).length, 200_000);
    connection.close(1000);
    assert.equal(await ended.promise, 1000);
  });

  test("rejects a certificate that nobody vouches for", async () => {
    await assert.rejects(connect(url), { code: "connect_failed" });
  });

  test("rejects TLS where it does not expect it", async () => {
    const plain = url.replace("wss:", "ws:");
    await assert.rejects(
      connect(plain),
      (error: Error & { code?: string }) =>
        error.code === "connect_failed" || error.code === "handshake_refused",
    );
  });
});

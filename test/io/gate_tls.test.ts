/** The gate over TLS, with a certificate that is made here. */

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { after, describe, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { connect } from "../../src/io/client.ts";
import type { Connection } from "../../src/io/connection.ts";
import { putFrontDoor } from "../../src/io/front_door.ts";
import { Gate } from "../../src/io/gate.ts";
import { SMALL_TABLE } from "../support/gate_small.ts";
import { mint } from "../support/minted.ts";
import { makeCertificate } from "../support/server_certificate.ts";
import { AUDIENCE, TEST_KEY } from "../support/server.ts";

const OLD = makeCertificate();
const NEW = makeCertificate();
const systemTime = { now: () => Date.now() };
const servers: Server[] = [];
after(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

/** A gate on a server of node:https, with or without a front door. */
async function host(door: "node:https" | "a front door") {
  const server = createServer(OLD, (_request, response) => void response.end("plain"));
  servers.push(server);
  const gate = new Gate({
    keys: [TEST_KEY],
    audience: AUDIENCE,
    permissions: SMALL_TABLE,
    handlers: { look: (data) => data, act: () => 1, rule: () => 1 },
    limits: { drainNoticeMs: 0 },
  });
  gate.attach(server);
  if (door === "a front door") putFrontDoor(gate, server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { gate, server, port: (server.address() as AddressInfo).port };
}

/** A client that reads one message after another, and knows how it ended. */
async function enter(port: number, ca: string) {
  const waiting: string[] = [];
  let wake: () => void = () => undefined;
  let ended: (code: number) => void = () => undefined;
  const end = new Promise<number>((resolve) => ended = resolve);
  const connection: Connection = await connect(`wss://127.0.0.1:${port}/`, {
    ca,
    token: mint(systemTime),
    text: (text) => {
      waiting.push(text);
      wake();
    },
    closed: ({ code }) => ended(code),
  });
  const next = async () => {
    for (;;) {
      const text = waiting.shift();
      if (text !== undefined) return JSON.parse(text) as Record<string, unknown>;
      await new Promise<void>((resolve) => wake = resolve);
    }
  };
  const ask = (type: string, data: unknown) => {
    connection.send(JSON.stringify({ type, id: "1", data }));
    return next();
  };
  assert.equal((await next())["type"], "hello");
  return { connection, ask, next, end };
}

/** The fingerprint of the certificate that a server shows to whoever comes now. */
function shownBy(port: number, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: "127.0.0.1", ca }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

const fingerprintOf = ({ cert }: { readonly cert: string }) => new X509Certificate(cert).fingerprint256;

for (const door of ["node:https", "a front door"] as const) {
  describe(`A gate over TLS, behind ${door},`, () => {
    test("lets in whoever has a token, answers and denies", async () => {
      const { port } = await host(door);
      const { connection, ask } = await enter(port, OLD.cert);
      assert.deepEqual(await ask("look", { a: "x".repeat(50_000) }), {
        type: "ok",
        re: "1",
        data: { a: "x".repeat(50_000) },
      });
      assert.equal((await ask("rule", 1))["code"], "forbidden");
      connection.destroy();
    });

    test("refuses whoever has none with 401, and whoever does not trust the certificate is not there at all", async () => {
      const { gate, port } = await host(door);
      const url = `wss://127.0.0.1:${port}/`;
      await assert.rejects(connect(url, { ca: OLD.cert }), { code: "handshake_refused", status: 401 });
      await assert.rejects(connect(url, { ca: NEW.cert, token: mint(systemTime) }), {
        code: "connect_failed",
      });
      assert.equal(gate.size, 0);
    });

    test("drains: everybody is told when to come back, and closed with 1012", async () => {
      const { gate, port } = await host(door);
      const { next, end } = await enter(port, OLD.cert);
      const drained = gate.drain();
      assert.equal((await next())["type"], "server.bye");
      assert.equal(await end, 1012);
      await drained;
    });
  });
}

test("A gate goes on with its sessions when the certificate is replaced, and new clients see the new one", async (t) => {
  const { server, port } = await host("node:https");
  if (typeof server.setSecureContext !== "function") {
    return t.skip("This runtime cannot replace the certificate of a server that listens.");
  }
  const before = await enter(port, OLD.cert);
  assert.equal(await shownBy(port, OLD.cert), fingerprintOf(OLD));
  server.setSecureContext(NEW);
  assert.deepEqual(await before.ask("look", 1), { type: "ok", re: "1", data: 1 });
  assert.equal(await shownBy(port, NEW.cert), fingerprintOf(NEW));
  const behind = await enter(port, NEW.cert);
  assert.deepEqual(await behind.ask("look", 2), { type: "ok", re: "1", data: 2 });
  assert.deepEqual(await before.ask("look", 3), { type: "ok", re: "1", data: 3 });
  for (const { connection } of [before, behind]) connection.destroy();
});

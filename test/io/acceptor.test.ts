import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { describe, test } from "node:test";
import { bearerSubprotocols } from "../../src/auth/credential.ts";
import { PortcullisError } from "../../src/base/errors.ts";
import { Acceptor } from "../../src/io/acceptor.ts";
import type { AcceptorOptions } from "../../src/io/acceptor_options.ts";
import { encodeRefusal } from "../../src/io/refusal.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { identityOf } from "../support/sessions.ts";
import { MemorySocket } from "../support/memory_socket.ts";
import { exchange, handshake, type HandshakeShape, parseResponse, RawClient } from "../support/raw_http.ts";
import {
  type AcceptorUnderTest,
  AUDIENCE,
  closed,
  startAcceptor,
  TEST_KEY,
  tokenFor,
} from "../support/server.ts";

const NOW_MS = 1_800_000_000_000;
const DOOR = { keys: [TEST_KEY], audience: AUDIENCE } as const;
const TOKEN = tokenFor("ada", ["member"], NOW_MS + 60_000);

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const offer = (token: string) => ({ "Sec-WebSocket-Protocol": bearerSubprotocols(token).join(", ") });
const fields = (more: Required<HandshakeShape>["fields"]): HandshakeShape => ({ fields: more });
const fails = () => {
  throw new Error("from the application");
};

describe("Acceptor lets in", () => {
  const cases: Readonly<Record<string, readonly [AcceptorUnderTest, HandshakeShape]>> = {
    "a token in Authorization": [DOOR, fields(bearer(TOKEN))],
    "a scheme in lower case": [DOOR, fields({ Authorization: `bearer ${TOKEN}` })],
    "a token among the subprotocols": [DOOR, fields(offer(TOKEN))],
    "another scheme beside a token among the subprotocols, when only those are looked at": [
      { ...DOOR, carriers: ["subprotocol"] },
      fields({ ...bearer(TOKEN), ...offer(TOKEN) }),
    ],
    "an allowed Origin": [
      { ...DOOR, allowedOrigins: ["https://a.example"] },
      fields({ Origin: "https://a.example", ...bearer(TOKEN) }),
    ],
    "no Origin at all": [{ ...DOOR, allowedOrigins: ["https://a.example"] }, fields(bearer(TOKEN))],
    "any Origin, when told so": [
      { ...DOOR, insecureAllowAnyOrigin: true },
      fields({ Origin: "null", ...bearer(TOKEN) }),
    ],
    "the path": [{ path: "/ws" }, { line: "GET /ws?x=/other HTTP/1.1" }],
    "whom it approves": [{ approve: () => Promise.resolve(true) }, {}],
  };
  for (const [name, [options, shape]] of Object.entries(cases)) {
    test(name, async () => {
      const target = await startAcceptor({ ...options, subprotocols: ["portcullis.v1"] });
      const client = await target.enter(shape);
      assert.equal(target.acceptor.size, 1);
      client.reset();
      await target.idle();
      assert.equal(target.acceptor.size, 0);
      await target.stop();
    });
  }
});

describe("Acceptor never echoes a token", () => {
  const cases: Readonly<Record<string, readonly [offered: string[], echoed: string | undefined]>> = {
    "behind the real subprotocol": [offersOf(TOKEN), "portcullis.v1"],
    "in front of it": [offersOf(TOKEN).reverse(), "portcullis.v1"],
    "alone": [offersOf(TOKEN).slice(1), undefined],
    "beside one that is not spoken": [["other", ...offersOf(TOKEN).slice(1)], undefined],
  };
  for (const [name, [offered, echoed]] of Object.entries(cases)) {
    test(name, async () => {
      const target = await startAcceptor({ ...DOOR, subprotocols: ["portcullis.v1", "portcullis.v2"] });
      const client = await RawClient.open(target.port);
      client.write(handshake(fields({ "Sec-WebSocket-Protocol": offered.join(", ") })));
      const { status, fields: answered } = await client.response();
      assert.equal(status, 101);
      assert.equal(answered["sec-websocket-protocol"], echoed);
      assert.doesNotMatch(JSON.stringify(answered), /bearer|eyJ/);
      client.reset();
      await target.stop();
    });
  }
});

test("Acceptor chooses the subprotocol by its own preference", async () => {
  let chosen: string | undefined;
  const target = await startAcceptor({
    subprotocols: ["b", "a"],
    connected: (connection) => (chosen = connection.subprotocol, {}),
  });
  await target.enter(fields({ "Sec-WebSocket-Protocol": "a, b" }));
  assert.equal(chosen, "b");
  await target.stop();
});

test("Acceptor hands the offer, the identity and the address to connected()", async () => {
  const seen: unknown[] = [];
  const target = await startAcceptor({
    ...DOOR,
    connected: (
      _connection,
      { address, identity, offer },
    ) => (seen.push(address, identity, offer.path, offer.query), {}),
  });
  await target.enter({ line: "GET /ws?a=b HTTP/1.1", fields: bearer(TOKEN) });
  const identity = identityOf("ada", { roles: ["member"], expiresAtMs: NOW_MS + 60_000 });
  assert.deepEqual(seen, ["127.0.0.1", identity, "/ws", "a=b"]);
  await target.stop();
});

test("Acceptor writes the 101 and what is said at once in one packet, also to a socket of another kind", () => {
  const acceptor = new Acceptor({
    insecureAllowAnonymous: true,
    clock: new ManualClock(),
    connected: (connection) => (connection.send("hello"), {}),
  });
  const [socket] = MemorySocket.pair();
  const rawHeaders = handshake().split("\r\n").slice(1).flatMap((line) =>
    line === "" ? [] : line.split(": ")
  );
  const request = { method: "GET", httpVersion: "1.1", url: "/", rawHeaders };
  // Of an IncomingMessage, this is all that is looked at.
  acceptor.handleUpgrade(request as unknown as IncomingMessage, socket, Buffer.alloc(0));
  assert.equal(socket.writes.length, 1);
  const written = socket.written().toString("latin1");
  assert.match(written, /^HTTP\/1\.1 101 /);
  assert.ok(written.endsWith("\r\n\r\n\x81\x05hello"), "101 and hello, and nothing in between");
});

test("Acceptor lifts the time-outs of HTTP from its sockets", async () => {
  const target = await startAcceptor();
  target.server.setTimeout(60_000);
  await target.enter();
  assert.equal(target.sockets[0]?.timeout ?? 0, 0);
  await target.stop();
});

test("Acceptor counts a connection once that connected() itself has destroyed", async () => {
  let unwanted = 2;
  const target = await startAcceptor({
    limits: { maxConnections: 1 },
    connected: (connection) => {
      if (unwanted-- > 0) connection.destroy();
      return {};
    },
  });
  for (let i = 0; i < 2; i++) {
    const client = await RawClient.open(target.port);
    client.write(handshake());
    await client.finished;
    await closed(target.sockets[i]);
  }
  await target.enter();
  const { text: answer } = await exchange(target.port, handshake());
  assert.equal(answer, encodeRefusal("busy", "portcullis"));
  await target.stop();
});

test("Acceptor closes with 1011 when connected() throws, tells of it, and lives on", async () => {
  let failing = true;
  const target = await startAcceptor({ connected: () => (failing ? fails() : {}) });
  const client = await target.enter();
  assert.equal(await client.said(), "close 1011");
  assert.equal(target.errors.length, 1);
  client.end();
  await target.idle();
  assert.equal(target.acceptor.size, 0);
  failing = false;
  await target.enter();
  await target.stop();
});

test("close() refuses upgrades from then on, and closes what is open", async () => {
  const target = await startAcceptor();
  const clients = [await target.enter(), await target.enter()];
  target.acceptor.close();
  for (const client of clients) assert.equal(await client.said(), "close 1001");
  const { text: answer } = await exchange(target.port, handshake());
  assert.equal(parseResponse(answer).status, 503);
  assert.deepEqual(target.refusals, ["busy: closed"]);
  await target.stop();
});

test("handleUpgrade() serves a server that routes by itself", async () => {
  const target = await startAcceptor();
  target.server.removeAllListeners("upgrade");
  target.server.on(
    "upgrade",
    (request, socket, head) => target.acceptor.handleUpgrade(request, socket, head),
  );
  await target.enter();
  assert.equal(target.acceptor.size, 1);
  await target.stop();
});

describe("new Acceptor() throws for options out of bounds", () => {
  const connected = () => ({});
  const cases: Readonly<Record<string, AcceptorOptions>> = {
    "a realm with a quote": { insecureAllowAnonymous: true, realm: '"', connected },
    "a limit of 0": { insecureAllowAnonymous: true, limits: { maxConnections: 0 }, connected },
    "an origin that no browser sends": { insecureAllowAnonymous: true, allowedOrigins: ["*"], connected },
  };
  for (const [name, options] of Object.entries(cases)) {
    test(name, () => {
      assert.throws(
        () => new Acceptor(options),
        (error) => error instanceof PortcullisError && error.code === "invalid_argument",
      );
    });
  }
});

function offersOf(token: string): string[] {
  return bearerSubprotocols(token);
}

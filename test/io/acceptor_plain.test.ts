/** What both paths of the door have in common with any other of the server: methods, CORS, bodies, and who answers. */

import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { Acceptor } from "../../src/io/acceptor.ts";
import { hostSmallGate, type SmallGateOptions } from "../support/gate_small.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { bearer, mint } from "../support/minted.ts";
import { ask, type PlainRequest, plainRequest } from "../support/plain_http.ts";
import { handshake, RawClient } from "../support/raw_http.ts";
import { AUDIENCE, signal, startAcceptor, TEST_KEY } from "../support/server.ts";

const ORIGIN = "https://app.example";
const OPTIONS: SmallGateOptions = {
  carriers: ["authorization", "cookie", "ticket"],
  checkPath: "/check",
  ticketPath: "/ticket",
  allowedOrigins: [ORIGIN],
};

/** Starts a server that was made by hand. A test that fails before its end must not keep the process alive. */
async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return (server.address() as AddressInfo).port;
}

describe("The check path and the ticket path", () => {
  test("let the pages of allowed Origins read the answer, also a refusal, and nobody else's", async () => {
    const target = await hostSmallGate(OPTIONS);
    const good = bearer(mint(target.clock));
    for (const [fields, status] of [[good, 200], [{}, 401]] as const) {
      const answer = await ask(target.port, { fields: { ...fields, Origin: ORIGIN } });
      assert.deepEqual([answer.status, answer.fields["access-control-allow-origin"]], [status, ORIGIN]);
      assert.equal(answer.fields["access-control-allow-credentials"], "true");
      assert.equal(answer.fields["vary"], "Origin");
      assert.match(answer.fields["access-control-expose-headers"] ?? "", /WWW-Authenticate/);
    }
    for (const Origin of [undefined, "https://evil.example", "null", `${ORIGIN}.evil.example`]) {
      const answer = await ask(target.port, { fields: { ...good, Origin } });
      assert.equal(answer.fields["access-control-allow-origin"], undefined);
      assert.equal(answer.fields["vary"], "Origin");
    }
    await target.stop();
  });

  for (const [path, method] of [["/check", "GET"], ["/ticket", "POST"]] as const) {
    test(`${path} answers the preflight, and no method but ${method}`, async () => {
      const target = await hostSmallGate(OPTIONS);
      const good = bearer(mint(target.clock));
      const preflight = await ask(target.port, {
        method: "OPTIONS",
        target: path,
        fields: { Origin: ORIGIN },
      });
      const { status, fields } = preflight;
      assert.deepEqual([status, fields["access-control-allow-origin"]], [204, ORIGIN]);
      assert.equal(fields["access-control-allow-methods"], method);
      assert.equal(fields["access-control-allow-headers"], "Authorization");
      const foreign = { Origin: "https://evil.example" };
      const refused = await ask(target.port, { method: "OPTIONS", target: path, fields: foreign });
      assert.equal(refused.fields["access-control-allow-origin"], undefined);
      for (const other of ["GET", "POST", "HEAD", "PUT", "DELETE"].filter((one) => one !== method)) {
        const answer = await ask(target.port, { method: other, target: path, fields: good });
        assert.deepEqual([answer.status, answer.fields["allow"]], [405, `${method}, OPTIONS`], other);
      }
      assert.ok(
        target.decisions.every(({ outcome, refused }) => outcome === "refused" && refused?.name === "method"),
      );
      await target.stop();
    });
  }

  test("take a body that nobody asked for", async () => {
    const target = await hostSmallGate(OPTIONS);
    const fields = bearer(mint(target.clock));
    const body = "x".repeat(100_000);
    assert.equal((await ask(target.port, { method: "POST", target: "/ticket", fields, body })).status, 200);
    await target.stop();
  });

  test("give up an approval at its deadline, with 503, and for a peer that has gone", async () => {
    const signals: AbortSignal[] = [];
    let asked = signal();
    const answer = signal<boolean>();
    const target = await hostSmallGate({
      ...OPTIONS,
      limits: { handshakeTimeoutMs: 1_000 },
      approve: (_request, abandoned) => {
        signals.push(abandoned);
        asked.resolve();
        return answer.promise;
      },
    });
    const request = { fields: bearer(mint(target.clock)) };
    const waiting = ask(target.port, request);
    await asked.promise;
    target.clock.advance(1_000);
    assert.deepEqual([(await waiting).status, signals[0]?.aborted], [503, true]);
    asked = signal();
    const gone = await RawClient.open(target.port);
    gone.write(plainRequest(request));
    await asked.promise;
    const aborted = new Promise((resolve) => signals[1]?.addEventListener("abort", resolve));
    gone.reset();
    await aborted;
    answer.resolve(true);
    assert.equal((await ask(target.port, request)).status, 200, "the server is still there");
    assert.deepEqual(target.errors, []);
    await target.stop();
  });

  test("do not let an upgrade pass that comes in front of their answer", async () => {
    const asked = signal();
    const answer = signal<boolean>();
    const target = await hostSmallGate({ ...OPTIONS, approve: () => (asked.resolve(), answer.promise) });
    const fields = bearer(mint(target.clock));
    const client = await RawClient.open(target.port);
    client.write(plainRequest({ fields: { ...fields, Connection: "keep-alive" } }) + handshake({ fields }));
    await asked.promise;
    assert.equal((await client.finished).rest.length, 0, "neither may come in the place of the other");
    answer.resolve(true);
    assert.equal(target.gate.size, 0);
    await target.stop();
  });

  test("count the fields of a request, as an upgrade does", async () => {
    const target = await hostSmallGate({ ...OPTIONS, limits: { maxHeaderFields: 10 } });
    const fields = { ...bearer(mint(target.clock)), X: Array(10).fill("1") };
    assert.equal((await ask(target.port, { fields })).status, 431);
    await target.stop();
  });
});

describe("Other requests", () => {
  const others: readonly (PlainRequest & { readonly target: string })[] = [
    { target: "/" },
    { target: "/check/" },
    { target: "/CHECK" },
    { target: "/%63heck" },
    { target: "//check" },
    { target: "/x/../check" },
    { target: "http://server.example/check" },
    { target: "/ticket", method: "POST", fields: {} },
  ];
  test("go to the server's own listeners, each of them once, and to those that come later", async () => {
    const target = await hostSmallGate({ ...OPTIONS, ticketPath: "/tickets" });
    const seen: string[] = [];
    target.server.on("request", ({ url }) => void seen.push(url ?? ""));
    for (const request of others) {
      const { status, body } = await ask(target.port, request);
      assert.deepEqual([status, body], [418, "plain"], request.target);
    }
    assert.deepEqual(seen, others.map((request) => request.target));
    await target.stop();
  });

  test("that are for the paths go to none of the listeners that were there before", async () => {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(request.url ?? "");
      response.end("plain");
    });
    server.once("request", () => requests.push("once"));
    const door = { keys: [TEST_KEY], audience: AUDIENCE, clock: new ManualClock() };
    new Acceptor({ ...door, checkPath: "/check", connected: () => ({}) }).attach(server);
    const port = await listening(server);
    for (const target of ["/check", "/a", "/check", "/b"]) await ask(port, { target });
    assert.deepEqual(requests, ["/a", "once", "/b"]);
    server.close();
  });
});

test("handleRequest() answers for a server that routes by itself, and says whether it does", async () => {
  const door = { keys: [TEST_KEY], audience: AUDIENCE, clock: new ManualClock() };
  const acceptor = new Acceptor({ ...door, checkPath: "/check", connected: () => ({}) });
  const bare = new Acceptor({ ...door, connected: () => ({}) });
  const answered: boolean[] = [];
  const server = createServer((request, response) => {
    answered.push(bare.handleRequest(request, response), acceptor.handleRequest(request, response));
    if (answered.at(-1) === false) response.writeHead(404).end();
  });
  const port = await listening(server);
  assert.equal((await ask(port)).status, 401);
  assert.equal((await ask(port, { target: "/else" })).status, 404);
  assert.deepEqual(answered, [false, true, false, false]);
  server.close();
});

test("new Acceptor() refuses paths that no request can have, or two that are the same", async () => {
  const door = { keys: [TEST_KEY], audience: AUDIENCE, carriers: ["authorization", "ticket"] } as const;
  for (
    const bad of [
      { checkPath: "check" },
      { checkPath: "/check?x" },
      { checkPath: "//check" },
      { checkPath: "/a/../b" },
      { checkPath: "/a", path: "/a" },
      { checkPath: "/a", ticketPath: "/a" },
      { checkPath: "" },
    ]
  ) {
    await assert.rejects(
      startAcceptor({ ...door, ...bad }),
      { code: "invalid_argument" },
      JSON.stringify(bad),
    );
  }
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Gate } from "../../src/io/gate.ts";
import type { TraceEvent, TraceOptions } from "../../src/io/trace.ts";
import { untilReply } from "../support/conversation.ts";
import { hostSmallGate, type SmallGateOptions } from "../support/gate_small.ts";
import { bearer, mint } from "../support/minted.ts";
import { ask } from "../support/plain_http.ts";
import { envelope } from "../support/server_gate.ts";
import { AUDIENCE, TEST_KEY } from "../support/server.ts";
import { SMALL_TABLE } from "../support/gate_small.ts";

async function watched(options: SmallGateOptions = {}) {
  const events: TraceEvent[] = [];
  const host = await hostSmallGate({
    ...options,
    trace: { tell: (event) => void events.push(event), payloadBytes: 500 },
  });
  const kinds = () => events.map(({ kind }) => kind);
  return { ...host, events, kinds };
}

function only<Kind extends TraceEvent["kind"]>(events: readonly TraceEvent[], kind: Kind) {
  return events.filter((event): event is TraceEvent & { readonly kind: Kind } => event.kind === kind);
}

describe("Gate tells who watches", () => {
  test("of a handshake: the request, the decision step by step, the answer, and the session that begins", async () => {
    const target = await watched();
    const token = mint(target.clock);
    const { hello } = await target.enter({ fields: { ...bearer(token), "X-Mine": "s3cret" } });
    assert.deepEqual(target.kinds(), ["request", "decision", "answer", "lease", "frame"]);
    const [request] = only(target.events, "request");
    assert.equal(request?.request.line, "GET /ws HTTP/1.1");
    const [decision] = only(target.events, "decision");
    assert.equal(decision?.decision.outcome, "admitted");
    assert.ok(decision?.decision.steps.every(({ outcome }) => outcome === "passed"));
    assert.match(only(target.events, "answer")[0]?.answer ?? "", /^HTTP\/1\.1 101 Switching Protocols\r\n/);
    const [lease] = only(target.events, "lease");
    assert.deepEqual([lease?.change, lease?.sessionId, lease?.connection], ["opened", hello["sessionId"], 1]);
    const told = JSON.stringify(target.events);
    for (const secret of [token, token.split(".")[2] ?? "", "s3cret"]) {
      assert.equal(told.includes(secret), false);
    }
    await target.stop();
  });

  test("of a refusal: why, which the peer is not told, and what the peer is told", async () => {
    const target = await watched();
    await target.knock({ fields: bearer(mint(target.clock, { aud: "elsewhere" })) });
    assert.deepEqual(target.kinds(), ["request", "decision", "answer"]);
    assert.deepEqual(only(target.events, "decision")[0]?.decision.steps.at(-1), {
      step: "audience",
      outcome: "failed",
      reason: "audience",
    });
    assert.match(only(target.events, "answer")[0]?.answer ?? "", /^HTTP\/1\.1 401 Unauthorized\r\n/);
    await target.stop();
  });

  test("of every refusal, by whatever step, under the number of its request", async () => {
    const target = await watched({ path: "/ws" });
    await target.knock({ line: "GET /elsewhere HTTP/1.1" });
    await target.knock({ fields: { "Sec-WebSocket-Version": "8" } });
    target.gate.close();
    await target.knock();
    const reasons = only(target.events, "decision").map((
      { connection, decision },
    ) => [connection, decision.refused?.reason]);
    assert.deepEqual(reasons, [[1, "path"], [2, "version"], [3, "closed"]]);
    assert.deepEqual(only(target.events, "answer").map(({ connection }) => connection), [1, 2, 3]);
    await target.stop();
  });

  test("of a refusal that is explained by a connection: its Close frame", async () => {
    const target = await watched({ explainRefusals: true });
    await target.knock();
    const [frame] = only(target.events, "frame");
    assert.deepEqual([frame?.connection, frame?.direction, frame?.frame.opcode], [1, "out", 8]);
    await target.stop();
  });

  test("of a question at checkPath and of a ticket, whose answers it does not show", async () => {
    const target = await watched({
      checkPath: "/check",
      ticketPath: "/ticket",
      carriers: ["authorization", "ticket"],
    });
    const fields = bearer(mint(target.clock));
    const { body } = await ask(target.port, { target: "/ticket", method: "POST", fields });
    await ask(target.port, { fields });
    const { ticket } = JSON.parse(body) as { readonly ticket: string };
    assert.deepEqual(target.kinds(), ["request", "decision", "request", "decision"]);
    assert.deepEqual(only(target.events, "decision").map(({ decision }) => decision.purpose), [
      "ticket",
      "check",
    ]);
    assert.equal(JSON.stringify(target.events).includes(ticket), false);
    await target.stop();
  });

  test("of no preflight, about which nothing is decided", async () => {
    const target = await watched({ checkPath: "/check" });
    await ask(target.port, { method: "OPTIONS" });
    assert.deepEqual(target.kinds(), []);
    await target.stop();
  });

  test("of an upgrade whose client goes away before it was decided: its end", async () => {
    let approve: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => approve = resolve);
    let gone: () => void = () => undefined;
    const left = new Promise<void>((resolve) => gone = resolve);
    const target = await watched({
      approve: (_request, signal) => {
        signal.addEventListener("abort", gone);
        approve();
        return new Promise((resolve) => signal.addEventListener("abort", () => resolve(true)));
      },
    });
    const knocked = target.knock({ fields: bearer(mint(target.clock)) });
    await asked;
    for (const socket of target.sockets) socket.destroy();
    await left;
    await knocked.catch(() => undefined);
    assert.deepEqual(target.kinds(), ["request", "end"]);
    assert.equal(only(target.events, "end")[0]?.status.code, 1006);
    await target.stop();
  });

  test("that a session has begun before it has ended, also when hearing of it ends it", async () => {
    const target = await watched({
      presenceChanged: (subject, state) => {
        if (state === "present") target.gate.revoke({ subject });
      },
    });
    await target.knock({ fields: bearer(mint(target.clock)) });
    assert.deepEqual(only(target.events, "lease").map(({ change }) => change), ["opened", "ended"]);
    await target.stop();
  });

  test("of messages, deliveries and the end of a session", async () => {
    const target = await watched();
    const { client } = await target.enter(mint(target.clock));
    client.write(envelope("rule", "1", 1));
    await untilReply(client, "1");
    target.gate.groups.send("everyone", "secret", 1);
    target.gate.revoke({ subject: "ada" });
    const [message] = only(target.events, "message");
    assert.deepEqual([message?.outcome, message?.roles, message?.allowed], ["forbidden", ["member"], [
      "admin",
    ]]);
    assert.deepEqual(only(target.events, "delivery").map(({ outcome }) => outcome), ["forbidden"]);
    assert.deepEqual(only(target.events, "lease").map(({ change, reason }) => [change, reason]), [
      ["opened", undefined],
      ["ended", "revoked"],
    ]);
    await target.stop();
  });

  test("of the token in a first message, which it does not show", async () => {
    const target = await watched({ carriers: ["message"] });
    const token = mint(target.clock);
    const { client } = await target.knock();
    client.write(envelope("auth", "1", { token }));
    await untilReply(client, "1");
    const outcomes = only(target.events, "decision").map((
      { connection, decision },
    ) => [connection, decision.outcome]);
    assert.deepEqual(outcomes, [[1, "deferred"], [1, "admitted"]]);
    assert.equal(JSON.stringify(target.events).includes(token), false);
    const [first] = only(target.events, "frame");
    assert.deepEqual([first?.direction, first?.payload], ["in", "hidden"]);
    await target.stop();
  });
});

test("Gate tells of the connections that its observer wants, and of no other, also when asking him fails", async () => {
  const events: TraceEvent[] = [];
  const trace: TraceOptions = {
    tell: (event) => void events.push(event),
    shownParameters: ["watch"],
    observes: ({ line }) => {
      if (line.includes("/throw")) throw new Error("observer");
      return line.includes("watch=1");
    },
  };
  const target = await hostSmallGate({ trace });
  for (const path of ["/", "/throw", "/?watch=2", "/?watch=1"]) {
    await target.enter({ line: `GET ${path} HTTP/1.1`, fields: bearer(mint(target.clock)) });
  }
  assert.deepEqual(only(events, "request").map(({ request }) => request.line), ["GET /?watch=1 HTTP/1.1"]);
  assert.deepEqual(only(events, "frame").map(({ connection }) => connection), [1]);
  assert.deepEqual(only(events, "lease").map(({ connection }) => connection), [1]);
  target.gate.groups.send("everyone", "secret", 1);
  assert.deepEqual(only(events, "delivery").map(({ connection }) => connection), [1]);
  assert.equal(target.errors.length, 1);
  await target.stop();
});

describe("Gate refuses", () => {
  for (
    const [why, trace] of [
      ["an observer that is no function", {}],
      ["a choice that is no function", { tell: () => undefined, observes: "all" }],
      ["parameters that are no list", { tell: () => undefined, shownParameters: "watch" }],
      ["payloads that are too long", { tell: () => undefined, payloadBytes: 65_537 }],
      ["payloads of half a byte", { tell: () => undefined, payloadBytes: 0.5 }],
      ["payloads of less than nothing", { tell: () => undefined, payloadBytes: -1 }],
    ] as const
  ) {
    test(why, () => {
      const handlers = { look: () => 1, act: () => 1, rule: () => 1 };
      const options = { keys: [TEST_KEY], audience: AUDIENCE, permissions: SMALL_TABLE, handlers };
      assert.throws(() => new Gate({ ...options, trace: trace as TraceOptions }), {
        code: "invalid_argument",
      });
    });
  }
});

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import type { Session } from "../../src/session/session.ts";
import { untilClose, untilReply } from "../support/conversation.ts";
import { hostGate } from "../support/gate_host.ts";
import { hostSmallGate, type Receive, type Role, type Send, SMALL_TABLE } from "../support/gate_small.ts";
import { bearer, mint } from "../support/minted.ts";
import { close } from "../support/raw_http_frames.ts";
import { closed, signal } from "../support/server.ts";
import { envelope, startGate } from "../support/server_gate.ts";

const NOW_MS = 1_800_000_000_000;

test("Gate delivers to those alone whose roles may read it", async () => {
  const target = await startGate();
  const [guest, member, admin] = [
    await target.enter("gus", ["guest"]),
    await target.enter("mia", ["member"]),
    await target.enter("ada", ["admin"]),
  ];
  admin.write(Buffer.concat([envelope("announce", "1", "secret"), envelope("say", "2", "hello all")]));
  assert.deepEqual(await admin.json(), { type: "announced", data: "secret" });
  assert.deepEqual(await admin.json(), { type: "ok", re: "1", data: 1 });
  for (const client of [guest, member, admin]) {
    assert.deepEqual(await client.json(), { type: "said", data: "hello all" });
  }
  await target.stop();
});

test("Gate keeps two tabs of one subject apart", async () => {
  const target = await startGate();
  const [first, second] = [await target.enter("ada", ["member"]), await target.enter("ada", ["member"])];
  assert.equal(target.gate.size, 2);
  const [one, two] = [...target.gate.groups.members({ subject: "ada" })];
  assert.notEqual(one?.id, two?.id);
  first.reset();
  await closed(target.sockets[0]);
  assert.deepEqual([...target.gate.groups.members({ subject: "ada" })], [two]);
  second.write(envelope("say", "1", "me"));
  assert.deepEqual(await second.json(), { type: "said", data: "me" });
  await target.stop();
});

test("Gate closes every session of a subject that is kicked, and hears it no more", async () => {
  const target = await startGate();
  const victims = [await target.enter("mia", ["member"]), await target.enter("mia", ["member"])];
  const admin = await target.enter("ada", ["admin"]);
  admin.write(envelope("kick", "1", "mia"));
  assert.deepEqual(await admin.json(), { type: "ok", re: "1", data: 2 });
  for (const victim of victims) {
    assert.equal(await victim.said(), "close 3003 Removed");
    victim.write(Buffer.concat([envelope("say", "2", "one last word"), close(3003)]));
    const { how, rest } = await victim.finished;
    assert.deepEqual([how, rest.length], ["end", 0]);
  }
  await closed(target.sockets[0]);
  await closed(target.sockets[1]);
  assert.equal(target.gate.size, 1);
  await target.stop();
});

describe("Gate ends a lease", () => {
  test("at its expiry, with 3000, and leaves the others", async () => {
    const target = await startGate();
    const short = await target.enter("mia", ["member"], 10_000);
    const long = await target.enter("ada", ["member"], 30_000);
    target.clock.advance(9_999);
    assert.deepEqual([...target.gate.groups.members("everyone")].length, 2);
    target.clock.advance(1);
    assert.deepEqual([...target.gate.groups.members("everyone")].length, 1);
    assert.deepEqual(await short.json(), { type: "auth.expiring", data: { expiresAt: NOW_MS + 10_000 } });
    assert.equal(await short.said(), "close 3000 Your token has expired.");
    long.write(envelope("say", "1", "here"));
    assert.deepEqual(await long.json(), { type: "said", data: "here" });
    await target.stop();
  });

  test("at its first message after the expiry, though its timer is late", async () => {
    const target = await startGate();
    const client = await target.enter("mia", ["member"], 1_500);
    target.clock.jump(1_500);
    client.write(envelope("say", "1", "x"));
    const { code, re } = await client.json();
    assert.deepEqual([code, re], ["expired", "1"]);
    assert.equal(await client.said(), "close 3000 Your token has expired.");
    await target.stop();
  });

  test("before a delivery, which it does not get any more", async () => {
    const target = await startGate();
    const client = await target.enter("mia", ["member"], 1_500);
    target.clock.jump(1_499);
    assert.equal(target.gate.groups.send("everyone", "said", "in time"), 1);
    target.clock.jump(1);
    assert.equal(target.gate.groups.send("everyone", "said", "too late"), 0);
    assert.deepEqual(await client.json(), { type: "said", data: "in time" });
    await target.stop();
  });

  test("and has no timer once nobody is there", async () => {
    const target = await startGate();
    const client = await target.enter("ada", ["member"]);
    client.reset();
    await target.idle();
    assert.equal(target.clock.pending, 1, "presence");
    target.clock.advance(5_000);
    assert.equal(target.clock.pending, 0);
    await target.enter("ada", ["member"]);
    assert.equal(target.clock.pending, 2, "heartbeat and leases");
    await target.stop();
  });
});

test("Gate lets a slow handler hold its own session only", async () => {
  const target = await startGate();
  const [slow, quick] = [await target.enter("mia", ["member"]), await target.enter("ada", ["member"])];
  slow.write(Buffer.concat([envelope("wait", "1"), envelope("fail", "2")]));
  quick.write(envelope("say", "3", "quick"));
  assert.deepEqual(await quick.json(), { type: "said", data: "quick" });
  assert.deepEqual(await slow.json(), { type: "said", data: "quick" });
  target.work.resolve();
  assert.deepEqual(await slow.json(), { type: "ok", re: "1" });
  assert.equal((await slow.json())["re"], "2");
  await target.stop();
});

test("sessionData() makes what each session keeps, typed, from what the client asked for", async () => {
  interface Kept {
    readonly room: string;
    count: number;
  }
  const ended = signal<Kept>();
  const act = (_data: unknown, { session }: { readonly session: Session<Role, Kept> }) =>
    ++session.data.count;
  const target = await hostGate<Role, Receive, Send, Kept>({
    permissions: SMALL_TABLE,
    sessionData: ({ offer, identity }) => ({ room: `${identity?.subject} ${offer.query}`, count: 0 }),
    handlers: { act, look: act, rule: act },
    closed: ({ data }) => ended.resolve(data),
  });
  const fields = bearer(mint(target.clock));
  const one = await target.enter({ line: "GET /ws?room=1 HTTP/1.1", fields });
  const other = await target.enter({ line: "GET /ws?room=2 HTTP/1.1", fields });
  for (const [client, counted] of [[one.client, 1], [one.client, 2], [other.client, 1]] as const) {
    client.write(envelope("act", "1"));
    assert.equal((await untilReply(client, "1")).at(-1)?.["data"], counted);
  }
  one.client.reset();
  assert.deepEqual(await ended.promise, { room: "ada room=1", count: 2 });
  const [left] = target.gate.groups.members("everyone");
  assert.deepEqual(left?.data, { room: "ada room=2", count: 1 });
  await target.stop();
});

test("sessionData() that throws ends the connection with 1011, before there is a session", async () => {
  const target = await hostSmallGate({
    sessionData: () => {
      throw new Error("no data");
    },
  });
  const { client } = await target.knock({ fields: bearer(mint(target.clock)) });
  assert.deepEqual(await untilClose(client), { told: [], close: "close 1011" });
  assert.deepEqual([target.gate.size, target.gate.presence.subjects(), target.errors.length], [0, [], 1]);
  await target.stop();
});

test("closed() is told once of each session, with its end", async () => {
  const told: string[] = [];
  const target = await hostSmallGate({
    limits: { maxSessionsPerSubject: 1, heartbeatMs: 86_400_000 },
    whenSubjectIsFull: "replace-oldest",
    closed: (session, groups, end) => {
      told.push(
        `${session.subject} ${end} ${session.end === end} ${groups.members("everyone").includes(session)}`,
      );
    },
  });
  const clients = new Map<string, Awaited<ReturnType<typeof target.enter>>["client"]>();
  const subjects = ["left", "removed", "expired", "revoked", "replaced"];
  for (const sub of subjects) {
    const lifetimeMs = sub === "expired" ? 1_000 : 60_000;
    clients.set(sub, (await target.enter(mint(target.clock, { sub, lifetimeMs }))).client);
  }
  target.gate.groups.close({ subject: "removed" }, 3003, "Out");
  target.gate.revoke({ subject: "revoked" });
  await target.enter(mint(target.clock, { sub: "replaced" }));
  target.clock.advance(1_000);
  clients.get("left")?.write(close(1000));
  for (const client of clients.values()) {
    client.end();
    await client.finished;
  }
  for (let socket = 0; socket < subjects.length; socket++) await closed(target.sockets[socket]);
  const order = ["removed", "revoked", "replaced", "expired", "left"];
  assert.deepEqual(told, order.map((sub) => `${sub} ${sub} true false`));
  await target.stop();
});

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { close } from "../support/raw_http_frames.ts";
import { closed } from "../support/server.ts";
import { envelope, startGate } from "../support/server_gate.ts";

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
  test("within a second of its expiry, with 3000, and leaves the others", async () => {
    const target = await startGate();
    const short = await target.enter("mia", ["member"], 10_000);
    const long = await target.enter("ada", ["member"], 30_000);
    target.clock.advance(9_999);
    assert.deepEqual([...target.gate.groups.members("everyone")].length, 2);
    target.clock.advance(1_000);
    assert.equal(await short.said(), "close 3000 Your token has expired.");
    long.write(envelope("say", "1", "here"));
    assert.deepEqual(await long.json(), { type: "said", data: "here" });
    await target.stop();
  });

  test("at its first message after the expiry, though the check is not due", async () => {
    const target = await startGate();
    target.clock.advance(1);
    const client = await target.enter("mia", ["member"], 1_500);
    target.clock.advance(1_000 + 500);
    client.write(envelope("say", "1", "x"));
    const { code, re } = await client.json();
    assert.deepEqual([code, re], ["expired", "1"]);
    assert.equal(await client.said(), "close 3000 Your token has expired.");
    await target.stop();
  });

  test("before a delivery, which it does not get any more", async () => {
    const target = await startGate();
    const client = await target.enter("mia", ["member"], 1_500);
    target.clock.advance(1_499);
    assert.equal(target.gate.groups.send("everyone", "said", "in time"), 1);
    target.clock.advance(1);
    assert.equal(target.gate.groups.send("everyone", "said", "too late"), 0);
    assert.deepEqual(await client.json(), { type: "said", data: "in time" });
    await target.stop();
  });

  test("and has no timer once nobody is there", async () => {
    const target = await startGate();
    const client = await target.enter("ada", ["member"]);
    client.reset();
    await target.idle();
    target.clock.advance(1_000);
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

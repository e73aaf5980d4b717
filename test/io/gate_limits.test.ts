import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bearer, mint } from "../support/minted.ts";
import { untilClose, untilReply } from "../support/conversation.ts";
import { hostSmallGate } from "../support/gate_small.ts";
import { close } from "../support/raw_http_frames.ts";
import { envelope } from "../support/server_gate.ts";
import { closed } from "../support/server.ts";

const REPLACED = "close 3003 A newer session of yours has taken this one's place.";

describe("maxSessionsPerSubject", () => {
  test("with replace-oldest gives up the oldest, with 3003, for the newest", async () => {
    const ends: string[] = [];
    const target = await hostSmallGate({
      limits: { maxSessionsPerSubject: 2 },
      whenSubjectIsFull: "replace-oldest",
      closed: ({ openedAtMs }, _groups, end) => void ends.push(`${openedAtMs} ${end}`),
    });
    const startMs = target.clock.now();
    const tabs = [];
    for (let tab = 0; tab < 4; tab++) {
      tabs.push((await target.enter(mint(target.clock))).client);
      target.clock.jump(1);
    }
    const [first, second, third, fourth] = tabs;
    assert.deepEqual(ends, [`${startMs} replaced`, `${startMs + 1} replaced`]);
    for (const client of [first, second]) {
      assert.deepEqual(client && await untilClose(client), { told: [], close: REPLACED });
      client?.write(envelope("act", "late"));
      client?.write(close(3003));
      assert.equal((await client?.finished)?.rest.length, 0);
    }
    for (const client of [third, fourth]) {
      client?.write(envelope("act", "1"));
      assert.equal(client && (await untilReply(client, "1")).at(-1)?.["type"], "ok");
    }
    assert.equal(target.gate.size, 2);
    await target.stop();
  });

  test("with replace-oldest replaces nobody for whom the door refuses", async () => {
    const target = await hostSmallGate({
      limits: { maxSessionsPerSubject: 1 },
      whenSubjectIsFull: "replace-oldest",
      approve: ({ identity }) => identity?.roles.includes("member") === true,
    });
    await target.enter(mint(target.clock));
    const fields = [mint(target.clock, { roles: [] }), `${mint(target.clock)}x`].map(bearer);
    for (const each of fields) assert.notEqual((await target.knock({ fields: each })).answer.status, 101);
    assert.equal(target.gate.groups.send({ subject: "ada" }, "news", "still here"), 1);
    await target.stop();
  });

  test("with replace-oldest makes room on a server that is full, of its own subject's alone", async () => {
    const target = await hostSmallGate({
      limits: { maxSessionsPerSubject: 1, maxSessions: 2 },
      whenSubjectIsFull: "replace-oldest",
    });
    await target.enter(mint(target.clock));
    await target.enter(mint(target.clock, { sub: "mia" }));
    const { answer } = await target.knock({ fields: bearer(mint(target.clock, { sub: "eve" })) });
    assert.deepEqual([answer.status, target.decisions.at(-1)?.refused?.reason], [503, "sessions"]);
    await target.enter(mint(target.clock));
    assert.equal(target.gate.size, 2);
    await target.stop();
  });
});

describe("Presence", () => {
  test("counts the last tab, waits a moment for it to come back, and tells in order", async () => {
    const told: string[] = [];
    const target = await hostSmallGate({
      limits: { presenceGraceMs: 2_000 },
      opened: ({ subject }) => void told.push(`${subject} opened`),
      closed: ({ subject }, _groups, end) => void told.push(`${subject} closed: ${end}`),
      presenceChanged: (subject, state, groups) =>
        void told.push(`${subject} ${state}, ${groups.members({ subject }).length} open`),
    });
    const tellsSince = () => told.splice(0);
    const { presence } = target.gate;
    const leave = async (client: { reset(): void }, socket: number) => {
      client.reset();
      await closed(target.sockets[socket]);
    };
    const first = await target.enter(mint(target.clock));
    assert.deepEqual(tellsSince(), ["ada present, 1 open", "ada opened"]);
    const second = await target.enter(mint(target.clock));
    assert.deepEqual(tellsSince(), ["ada opened"]);
    await leave(first.client, 0);
    target.clock.advance(10_000);
    assert.deepEqual(tellsSince(), ["ada closed: left"]);
    await leave(second.client, 1);
    target.clock.advance(1_999);
    assert.deepEqual([tellsSince(), presence.isPresent("ada")], [["ada closed: left"], true]);
    assert.deepEqual([presence.subjects(), target.gate.size], [["ada"], 0]);
    const third = await target.enter(mint(target.clock));
    target.clock.advance(10_000);
    assert.deepEqual(tellsSince(), ["ada opened"], "a page that was reloaded never went");
    await leave(third.client, 2);
    target.clock.advance(2_000);
    assert.deepEqual(tellsSince(), ["ada closed: left", "ada absent, 0 open"]);
    assert.deepEqual([presence.isPresent("ada"), presence.subjects()], [false, []]);
    target.gate.revoke({ subject: "nobody" });
    assert.deepEqual(tellsSince(), []);
    await target.stop();
  });

  test("without a grace time ends with the last session, in the turn in which that is revoked", async () => {
    const told: string[] = [];
    const target = await hostSmallGate({
      limits: { presenceGraceMs: 0 },
      closed: ({ subject }) => void told.push(`${subject} closed`),
      presenceChanged: (subject, state) => void told.push(`${subject} ${state}`),
    });
    for (let tab = 0; tab < 2; tab++) await target.enter(mint(target.clock));
    target.gate.revoke({ subject: "ada" });
    assert.deepEqual(told, ["ada present", "ada absent", "ada closed", "ada closed"]);
    await target.stop();
  });
});

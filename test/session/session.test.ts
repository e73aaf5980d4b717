import assert from "node:assert/strict";
import { test } from "node:test";
import { shareMessage } from "../../src/protocol/shared_message.ts";
import { Session } from "../../src/session/session.ts";
import { identityOf, manualTime, recordedSession, RecordingSender } from "../support/sessions.ts";
import { NOW_MS } from "../support/tokens.ts";

test("Session() takes over what the identity says", () => {
  const sender = new RecordingSender();
  const identity = identityOf("ada", { roles: ["admin"], expiresAtMs: NOW_MS + 5, tokenId: "t1" });
  const data = { theme: "dark" };
  const session = new Session("s1", identity, new Set(["admin"]), sender, NOW_MS, data);
  assert.equal(session.id, "s1");
  assert.equal(session.subject, "ada");
  assert.equal(session.expiresAtMs, NOW_MS + 5);
  assert.equal(session.openedAtMs, NOW_MS);
  assert.equal(session.leasedAtMs, NOW_MS);
  assert.equal(session.tokenId, "t1");
  assert.equal(session.data, data);
  assert.equal(session.end, undefined);
  assert.equal(session.sender, sender);
  assert.deepEqual([...session.rooms], []);
});

test("Session.forgetConnection() forgets the connection, and what is still sent goes nowhere", () => {
  const { session, sender } = recordedSession("ada", []);
  session.sender.send("before");
  session.forgetConnection();
  assert.equal(session.sender.send("behind"), false);
  assert.equal(session.sender.sendShared(shareMessage("behind")), false);
  session.sender.close(1000, "");
  assert.deepEqual([sender.texts, sender.shared, sender.closes], [["before"], [], []]);
});

test("Session.rooms is empty for each session until it enters one itself", () => {
  const [ada, eve] = ["ada", "eve"].map((name) => recordedSession(name, []).session) as [Session, Session];
  ada.enter("lobby");
  assert.deepEqual([...ada.rooms], ["lobby"]);
  assert.deepEqual([...eve.rooms], []);
  ada.exit("lobby");
  ada.exit("nowhere");
  eve.exit("nowhere");
  assert.deepEqual([...ada.rooms, ...eve.rooms], []);
});

test("SessionRates.countOfType() counts each type by itself, and each session by itself", () => {
  const { nowMs } = manualTime();
  const rate = { perSecond: 1, burst: 1 };
  const { session } = recordedSession("ada", []);
  const { session: other } = recordedSession("ada", []);
  assert.equal(session.rates.countOfType("say", rate, nowMs), 0);
  assert.equal(session.rates.countOfType("say", rate, nowMs), 1_000);
  assert.equal(session.rates.countOfType("__proto__", rate, nowMs), 0);
  assert.equal(session.rates.countOfType("shout", rate, nowMs), 0);
  assert.equal(other.rates.countOfType("say", rate, nowMs), 0);
  assert.equal(session.rates.countOfType("say", rate, nowMs + 1_000), 0);
});

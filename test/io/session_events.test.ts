import assert from "node:assert/strict";
import { test } from "node:test";
import { SessionEvents } from "../../src/io/session_events.ts";
import { recordedSession } from "../support/sessions.ts";

test("SessionEvents.drained() has sent what was kept for the session", () => {
  const { session } = recordedSession("ada", []);
  const caughtUp: unknown[] = [];
  const dispatcher = { receive: () => undefined, receiveBinary: () => undefined };
  const groups = { catchUp: (whose: unknown) => void caughtUp.push(whose) };
  new SessionEvents(session, dispatcher, { end: () => undefined }, groups).drained();
  assert.deepEqual(caughtUp, [session]);
});

test("SessionEvents.closed() ends the session, and lets the connection go behind that", () => {
  const { session, sender } = recordedSession("ada", []);
  const ended: unknown[] = [];
  const dispatcher = { receive: () => undefined, receiveBinary: () => undefined };
  const lifecycle = { end: (...[whose, why]: unknown[]) => void ended.push(whose, why, session.sender) };
  new SessionEvents(session, dispatcher, lifecycle, { catchUp: () => undefined }).closed();
  assert.deepEqual(ended, [session, "left", sender]);
  assert.notEqual(session.sender, sender);
});

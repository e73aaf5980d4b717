import assert from "node:assert/strict";
import { test } from "node:test";
import { SessionEvents } from "../../src/io/session_events.ts";
import { recordedSession } from "../support/sessions.ts";

test("SessionEvents.closed() ends the session, and lets the connection go behind that", () => {
  const { session, sender } = recordedSession("ada", []);
  const ended: unknown[] = [];
  const dispatcher = { receive: () => undefined, deny: () => undefined };
  const lifecycle = { end: (...[whose, why]: unknown[]) => void ended.push(whose, why, session.sender) };
  new SessionEvents(session, dispatcher, lifecycle).closed();
  assert.deepEqual(ended, [session, "left", sender]);
  assert.notEqual(session.sender, sender);
});

/** Each limit of base/limits.ts, tried over a real socket: a limit without a case does not compile. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type LimitName, LIMITS, type Limits } from "../../src/base/limits.ts";
import { connect } from "../../src/io/client.ts";
import { Gate } from "../../src/io/gate.ts";
import { SMALL_TABLE } from "../support/gate_small.ts";
import { AUDIENCE, TEST_KEY } from "../support/server.ts";
import type { LimitCase } from "./case.ts";
import { CONNECTION_LIMITS } from "./connections.ts";
import { DOOR_LIMITS } from "./door.ts";
import { DRAIN_LIMITS } from "./drain.ts";
import { FRAME_LIMITS } from "./frames.ts";
import { MESSAGE_LIMITS } from "./messages.ts";
import { TIME_LIMITS } from "./time.ts";
import { TOKEN_LIMITS } from "./tokens.ts";

const CASES: Readonly<Record<LimitName, LimitCase>> = {
  ...DOOR_LIMITS,
  ...TOKEN_LIMITS,
  ...CONNECTION_LIMITS,
  ...FRAME_LIMITS,
  ...MESSAGE_LIMITS,
  ...TIME_LIMITS,
  ...DRAIN_LIMITS,
};

const NAMES = Object.keys(LIMITS) as LimitName[];

/** What a row says that whoever goes one beyond meets. */
const CONSEQUENCE = /\((answered with \w+|closed with \d+|asked with a ping|cut off)/;

for (const name of NAMES) {
  const { what, run } = CASES[name];
  test(`${name} ${what}, as its row says`, async () => {
    assert.equal(CONSEQUENCE.exec(LIMITS[name].stops)?.[1], await run());
  });

  test(`${name} out of bounds makes no gate and no client`, async () => {
    const { min, max } = LIMITS[name];
    for (const value of [min - 1, max + 1, 1.5, NaN, "5"]) {
      const limits = { [name]: value } as Partial<Limits>;
      const refused = {
        name: "PortcullisError",
        code: "invalid_argument",
        message: new RegExp(`^Limit ${name} is `),
      };
      assert.throws(() => gateWith(limits), refused);
      await assert.rejects(connect("ws://127.0.0.1:9/", { limits }), refused);
    }
  });
}

test("LIMITS has a case for each row, and no other", () => {
  assert.deepEqual(Object.keys(CASES).sort(), [...NAMES].sort());
});

function gateWith(limits: Partial<Limits>) {
  const handlers = { look: () => undefined, act: () => undefined, rule: () => undefined };
  return new Gate({ keys: [TEST_KEY], audience: AUDIENCE, permissions: SMALL_TABLE, handlers, limits });
}

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as data from "../../src/demo/data.ts";

const long = (length: number) => "x".repeat(length);
const NOTHING: readonly unknown[] = [undefined, null, "text", 5, true, [], ["room", "text"], {}];

/** By guard, what passes and its nearest neighbours that do not. */
const GUARDS: readonly (readonly [
  guard: (value: unknown) => boolean,
  good: readonly unknown[],
  bad: readonly unknown[],
])[] = [
  [data.isRoom, [{ room: "a" }, { room: long(256) }, { room: "a", more: 1 }], [
    { room: "" },
    { room: long(257) },
    { room: 1 },
    { room: ["a"] },
  ]],
  [
    data.isSay,
    [{ room: "a", text: "x" }, { room: "a", text: long(2_000) }],
    [{ room: "a" }, { text: "x" }, { room: "a", text: "" }, { room: "a", text: long(2_001) }, {
      room: "a",
      text: null,
    }],
  ],
  [
    data.isSaid,
    [{ room: "a", text: "x", from: "ada" }],
    [{ room: "a", text: "x" }, { room: "a", text: "x", from: "" }, { room: "a", text: "x", from: 1 }],
  ],
  [data.isSubject, [{ subject: "ada" }], [{ subject: "" }, { subject: long(257) }, { subject: {} }]],
  [
    data.isRoleChange,
    [{ subject: "ada", role: "guest" }, { subject: "ada", role: "admin" }],
    [{ subject: "ada" }, { role: "guest" }, { subject: "ada", role: "root" }, {
      subject: "ada",
      role: ["admin"],
    }],
  ],
  [data.isAnnouncement, [{ text: "x" }, { text: long(2_000) }], [{ text: "" }, { text: long(2_001) }, {
    text: 1,
  }]],
  [data.isAnnounced, [{ text: "x", from: "ada" }], [{ text: "x" }, { from: "ada" }, {
    text: "x",
    from: "",
  }]],
  [
    data.isUserList,
    [{ users: [], more: 0 }, { users: [{ subject: "ada", moreRooms: 1 }], more: 1 }],
    [
      { users: [] },
      { users: [], more: -1 },
      { users: [], more: "1" },
      { users: {}, more: 0 },
      { users: [{ moreRooms: 0 }], more: 0 },
      { users: [null], more: 0 },
      { users: [{ subject: "", moreRooms: 0 }], more: 0 },
      { users: [{ subject: "ada" }], more: 0 },
      { users: [{ subject: "ada", moreRooms: 0.5 }], more: 0 },
    ],
  ],
  [
    data.isDenied,
    [{ event: "e", reason: "r", subject: "s", sessionId: "i", atMs: 1 }],
    [{ event: "e", reason: "r", subject: "s" }, { event: "e", reason: "r", subject: 1, sessionId: "i" }],
  ],
];

for (const [guard, good, bad] of GUARDS) {
  describe(`${guard.name}()`, () => {
    test("takes what fits", () => {
      for (const value of good) assert.equal(guard(value), true, JSON.stringify(value));
    });
    test("refuses what does not", () => {
      for (const value of [...NOTHING, ...bad]) assert.equal(guard(value), false, JSON.stringify(value));
    });
  });
}

test("isAnything() takes anything", () => {
  for (const value of NOTHING) assert.equal(data.isAnything(value), true);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTarget } from "../../src/protocol/handshake.ts";

const TARGETS: readonly (readonly [target: string, path: string | undefined])[] = [
  ["/", "/"],
  ["/ws", "/ws"],
  ["/ws/", "/ws/"],
  ["/a//b", "/a//b"],
  ["/~!$&'()*+,;=:@%41", "/~!$&'()*+,;=:@%41"],
  ["/..a/...", "/..a/..."],
  ["/%2e%2e%2e", "/%2e%2e%2e"],
  ["/?..", "/"],
  ["//", undefined],
  ["//[", undefined],
  ["/\\evil", undefined],
  ["/.", undefined],
  ["/..", undefined],
  ["/./a", undefined],
  ["/a/..", undefined],
  ["/a/../b", undefined],
  ["/%2e", undefined],
  ["/a/.%2E/b", undefined],
  ["/%2e%2E?x", undefined],
  ["/a b", undefined],
  ["/a\tb", undefined],
  ["/a\x7f", undefined],
  ["/é", undefined],
  ["/a?b#c", undefined],
  ["/a?b c", undefined],
];

for (const [target, path] of TARGETS) {
  test(`parseTarget() ${path === undefined ? "refuses" : "takes"} ${JSON.stringify(target)}`, () => {
    assert.equal(parseTarget(target)?.path, path);
  });
}

test("parseTarget() parts path and query at the first question mark", () => {
  assert.deepEqual(parseTarget("/a?b=/../c?d"), { path: "/a", query: "b=/../c?d" });
  assert.deepEqual(parseTarget("/a?"), { path: "/a", query: "" });
  assert.deepEqual(parseTarget("/a"), { path: "/a", query: "" });
});

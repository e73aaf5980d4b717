import assert from "node:assert/strict";
import { test } from "node:test";
import { checkUpgradeResponse, upgradeFields } from "../../src/protocol/client_handshake.ts";
import { DEFLATE_DEFAULTS } from "../../src/protocol/deflate_options.ts";

/** The example of RFC 6455 §1.3. */
const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

const offer = (...subprotocols: string[]) => ({ subprotocols, deflate: undefined });

/** A valid answer, in which some fields are set, added or (with `undefined`) left out. */
function judge(
  change: Readonly<Record<string, string | string[] | undefined>>,
  statusCode: number | undefined = 101,
) {
  const fields = { Upgrade: "websocket", Connection: "Upgrade", "Sec-WebSocket-Accept": ACCEPT, ...change };
  const rawHeaders = Object.entries(fields).flatMap(([name, values]) =>
    [values ?? []].flat().flatMap((value) => [name, value])
  );
  return checkUpgradeResponse({ statusCode, rawHeaders }, KEY, offer("chat", "superchat"));
}

// What answers break each rule, and which come near, is in test/vectors/handshake_responses.json.

test("checkUpgradeResponse() names status when it is anything but 101, before it looks at a field", () => {
  for (const status of [100, 102, 200, 301, 401, 403, 426, 503]) {
    assert.deepEqual(judge({ Upgrade: undefined }, status), { ok: false, fault: "status" });
  }
  assert.deepEqual(checkUpgradeResponse({ rawHeaders: [] }, KEY, offer()), { ok: false, fault: "status" });
  assert.ok(judge({}, 101).ok);
});

test("checkUpgradeResponse() returns the subprotocol that the server chose", () => {
  assert.deepEqual(judge({ "Sec-WebSocket-Protocol": "chat" }), {
    ok: true,
    value: { subprotocol: "chat", deflate: undefined },
  });
  assert.deepEqual(judge({}), { ok: true, value: { subprotocol: undefined, deflate: undefined } });
});

test("checkUpgradeResponse() takes no subprotocol when none was offered", () => {
  const rawHeaders = ["upgrade", "websocket", "CONNECTION", "upgrade", "sec-websocket-accept", ACCEPT];
  const withProtocol = [...rawHeaders, "sec-websocket-protocol", "chat"];
  assert.ok(checkUpgradeResponse({ statusCode: 101, rawHeaders }, KEY, offer()).ok);
  const result = checkUpgradeResponse({ statusCode: 101, rawHeaders: withProtocol }, KEY, offer());
  assert.deepEqual(result, { ok: false, fault: "subprotocol" });
});

test("upgradeFields() lists what §4.1 asks for, and subprotocols only when there are some", () => {
  const fields = [
    ["Upgrade", "websocket"],
    ["Connection", "Upgrade"],
    ["Sec-WebSocket-Key", KEY],
    ["Sec-WebSocket-Version", "13"],
  ];
  assert.deepEqual(upgradeFields(KEY, offer()), fields);
  assert.deepEqual(upgradeFields(KEY, offer("a", "b")), [...fields, ["Sec-WebSocket-Protocol", "a, b"]]);
});

test("upgradeFields() offers compression when the client wants it", () => {
  const fields = upgradeFields(KEY, { subprotocols: ["a"], deflate: DEFLATE_DEFAULTS });
  assert.deepEqual(fields.map(([name]) => name).slice(4), [
    "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Extensions",
  ]);
  assert.match(fields.at(-1)?.[1] ?? "", /^permessage-deflate; client_max_window_bits/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkUpgradeResponse,
  type ClientOffer,
  upgradeFields,
} from "../../src/protocol/client_handshake.ts";
import { DEFLATE_DEFAULTS } from "../../src/protocol/deflate_options.ts";
import { RESPONSE_RULES, type ResponseRuleName } from "../../src/protocol/rules.ts";

/** The example of RFC 6455 §1.3. */
const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

const offer = (...subprotocols: string[]) => ({ subprotocols, deflate: undefined });
const deflateOffer = { subprotocols: [], deflate: DEFLATE_DEFAULTS };

/** A valid answer, in which some fields are set, added or (with `undefined`) left out. */
function judge(
  change: Readonly<Record<string, string | string[] | undefined>>,
  statusCode: number | undefined = 101,
  offered: ClientOffer = offer("chat", "superchat"),
) {
  const fields = { Upgrade: "websocket", Connection: "Upgrade", "Sec-WebSocket-Accept": ACCEPT, ...change };
  const rawHeaders = Object.entries(fields).flatMap(([name, values]) =>
    [values ?? []].flat().flatMap((value) => [name, value])
  );
  return checkUpgradeResponse({ statusCode, rawHeaders }, KEY, offered);
}

type Change = Parameters<typeof judge>[0];

const CASES: Readonly<
  Record<
    Exclude<ResponseRuleName, "status">,
    { breaks: Change[]; neighbours: Change[]; offered?: ClientOffer }
  >
> = {
  upgrade: {
    breaks: [undefined, "", "h2c", "websocket, h2c", "web socket", "websockets", ["websocket", "websocket"]]
      .map((Upgrade) => ({ Upgrade })),
    neighbours: [{ Upgrade: "WebSocket" }],
  },
  connection: {
    breaks: [undefined, "", "close", "upgraded"].map((Connection) => ({ Connection })),
    neighbours: ["upgrade", "keep-alive, UPGRADE", ["keep-alive", "Upgrade"]].map((Connection) => ({
      Connection,
    })),
  },
  accept: {
    breaks: [undefined, "", KEY, ACCEPT.toLowerCase(), ACCEPT.slice(0, -1), [ACCEPT, ACCEPT]].map((
      value,
    ) => ({
      "Sec-WebSocket-Accept": value,
    })),
    neighbours: [{ "Sec-WebSocket-Accept": ACCEPT }],
  },
  extension: {
    breaks: ["permessage-deflate", "", "x"].map((value) => ({ "Sec-WebSocket-Extensions": value })),
    neighbours: [{ "Sec-WebSocket-Extensions": undefined }],
  },
  deflate_parameters: {
    offered: deflateOffer,
    breaks: ["; client_max_window_bits", "; x", "; server_max_window_bits=16"].map((parameters) => ({
      "Sec-WebSocket-Extensions": `permessage-deflate${parameters}`,
    })),
    neighbours: ["", "; client_max_window_bits=15"].map((parameters) => ({
      "Sec-WebSocket-Extensions": `permessage-deflate${parameters}`,
    })),
  },
  subprotocol: {
    breaks: ["other", "", "Chat", "chat, superchat", ["chat", "chat"], ["chat", "superchat"]]
      .map((value) => ({ "Sec-WebSocket-Protocol": value })),
    neighbours: [{ "Sec-WebSocket-Protocol": "superchat" }, {}],
  },
};

for (const name of Object.keys(RESPONSE_RULES) as ResponseRuleName[]) {
  if (name === "status") continue;
  const { breaks, neighbours, offered } = CASES[name];

  test(`checkUpgradeResponse() names ${name} when the answer breaks it, and takes its neighbour`, () => {
    assert.ok(breaks.length > 0);
    for (const change of breaks) {
      assert.deepEqual(judge(change, 101, offered), { ok: false, fault: name }, JSON.stringify(change));
    }
    for (const change of neighbours) assert.ok(judge(change, 101, offered).ok, JSON.stringify(change));
  });
}

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
  const fields = upgradeFields(KEY, { ...deflateOffer, subprotocols: ["a"] });
  assert.deepEqual(fields.map(([name]) => name).slice(4), [
    "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Extensions",
  ]);
  assert.match(fields.at(-1)?.[1] ?? "", /^permessage-deflate; client_max_window_bits/);
});

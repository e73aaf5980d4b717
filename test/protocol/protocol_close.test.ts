import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import type { Side } from "../../src/protocol/frame.ts";
import { shareMessage } from "../../src/protocol/shared_message.ts";
import { framesTo, frameTo, hex } from "../support/frames.ts";
import { Endpoint, ROLES } from "../support/frames_endpoint.ts";
import { closePayload } from "../support/raw_http_frames.ts";

function closeTo(role: Side, code?: number, reason = ""): Buffer {
  return frameTo(role, { opcode: 8, payload: code === undefined ? "" : closePayload(code, reason) });
}

/** Both ends of each range of codes, and what lies beside them. */
const SENT: readonly number[] = [1000, 1001, 1003, 1007, 1008, 1011, 1014, 3000, 3999, 4000, 4999];
const NEVER_SENT: readonly number[] = [
  0,
  1,
  999,
  1004,
  1005,
  1006,
  1015,
  1016,
  1100,
  2000,
  2999,
  5000,
  65_535,
];

for (const role of ROLES) {
  test(`Protocol of a ${role} echoes the code, not the reason, when the peer closes first`, () => {
    const endpoint = new Endpoint(role).receive(closeTo(role, 1001, "going"));
    assert.deepEqual(endpoint.events, ["closed 1001 by peer going"]);
    assert.deepEqual(endpoint.sent(), ["close 1001"]);
    assert.equal(endpoint.protocol.state, "closed");
  });

  test(`Protocol of a ${role} answers a Close without a code with one without a code`, () => {
    const endpoint = new Endpoint(role).receive(closeTo(role));
    assert.deepEqual(endpoint.events, ["closed 1005 by peer"]);
    assert.deepEqual(endpoint.sent(), ["close"]);
  });

  test(`Protocol of a ${role} waits for the peer's Close when it closes first`, () => {
    const endpoint = new Endpoint(role);
    endpoint.protocol.close(1000, "bye");
    assert.equal(endpoint.protocol.state, "closing");
    assert.deepEqual(endpoint.events, []);
    assert.deepEqual(endpoint.sent(), ["close 1000 bye"]);
    endpoint.receive(closeTo(role, 1000));
    assert.deepEqual(endpoint.events, ["closed 1000 by local"]);
    assert.deepEqual(endpoint.sent(), []);
    assert.equal(endpoint.protocol.state, "closed");
  });

  test(`Protocol of a ${role} may close without a code`, () => {
    const endpoint = new Endpoint(role);
    endpoint.protocol.close(undefined, "");
    assert.deepEqual(endpoint.sent(), ["close"]);
    endpoint.receive(closeTo(role));
    assert.deepEqual(endpoint.events, ["closed 1005 by local"]);
  });

  test(`Protocol of a ${role} tells the peer's code, once, when both close at the same time`, () => {
    const endpoint = new Endpoint(role);
    endpoint.protocol.close(1000, "");
    endpoint.receive(closeTo(role, 4000, "mine"));
    assert.deepEqual(endpoint.events, ["closed 4000 by local mine"]);
    assert.deepEqual(endpoint.sent(), ["close 1000"]);
  });

  test(`Protocol of a ${role} reads nothing behind a Close, and sends nothing`, () => {
    const endpoint = new Endpoint(role);
    const behind = framesTo(role, { opcode: 1, payload: "x" }, { opcode: 9 }, { opcode: 8, payload: "x" });
    endpoint.receive(Buffer.concat([closeTo(role, 1000), behind]), behind);
    endpoint.protocol.receiveEnd();
    assert.deepEqual(endpoint.events, ["closed 1000 by peer"]);
    assert.deepEqual(endpoint.sent(), ["close 1000"]);
    const { protocol } = endpoint;
    const sent = [protocol.sendText("x"), protocol.sendBytes(hex("00"), "binary"), protocol.ping(hex("00"))];
    assert.deepEqual([...sent, protocol.sendShared(shareMessage(""))], [false, false, false, false]);
    protocol.close(1000, "");
    assert.equal(protocol.output.length, 0);
    assert.equal(protocol.state, "closed");
  });

  test(`Protocol of a ${role} answers pings behind its own Close, but not behind the peer's`, () => {
    const endpoint = new Endpoint(role);
    endpoint.protocol.close(1000, "");
    endpoint.receive(frameTo(role, { opcode: 9, payload: "still there?" }));
    const [own, pong] = endpoint.sent();
    assert.deepEqual([own, pong?.startsWith("pong")], ["close 1000", true]);
    endpoint.receive(Buffer.concat([closeTo(role, 1000), frameTo(role, { opcode: 9 })]));
    assert.deepEqual(endpoint.sent(), []);
  });

  test(`Protocol of a ${role} drops messages that arrive after its own Close, and still tells of a fault`, () => {
    const endpoint = new Endpoint(role);
    endpoint.protocol.close(1000, "");
    endpoint.protocol.close(1001, "again");
    assert.equal(endpoint.protocol.sendText("late"), false);
    assert.deepEqual(endpoint.sent(), ["close 1000"]);
    endpoint.receive(framesTo(role, { opcode: 1, payload: "x" }, { opcode: 2, fin: false }, { opcode: 10 }));
    assert.deepEqual(endpoint.events, ["pong"]);
    endpoint.receive(frameTo(role, { opcode: 0, rsv: 1 }));
    assert.deepEqual(endpoint.events.at(-1), "closed 1002 by local reserved_bits Reserved bits must be 0");
    // §5.5.1 allows one Close frame only.
    assert.deepEqual(endpoint.sent(), []);
  });

  test(`Protocol of a ${role} drops the rest of a chunk when a message in it makes the application close`, () => {
    const endpoint = new Endpoint(role);
    endpoint.during = () => endpoint.protocol.close(3003, "enough");
    endpoint.receive(framesTo(role, { opcode: 1, payload: "a" }, { opcode: 1, payload: "b" }));
    assert.deepEqual(endpoint.events, ['text "a"']);
    assert.deepEqual(endpoint.sent(), ["close 3003 enough"]);
  });

  test(`Protocol of a ${role} is closed with 1006 when TCP ends without a Close, in any state`, () => {
    const prepare: readonly ((endpoint: Endpoint) => unknown)[] = [
      () => {},
      ({ protocol }) => protocol.close(1000, ""),
      ({ protocol }) => protocol.pause(),
      (endpoint) => endpoint.receive(frameTo(role, { payload: "cut" }).subarray(0, -1)),
    ];
    for (const before of prepare) {
      const endpoint = new Endpoint(role);
      before(endpoint);
      endpoint.sent();
      endpoint.protocol.receiveEnd();
      endpoint.protocol.receiveEnd();
      assert.deepEqual(endpoint.events, ["closed 1006 by transport"]);
      assert.deepEqual(endpoint.sent(), []);
    }
  });

  for (const code of SENT) {
    test(`Protocol of a ${role} takes code ${code}, and sends it`, () => {
      const answering = new Endpoint(role).receive(closeTo(role, code));
      assert.deepEqual(answering.events, [`closed ${code} by peer`]);
      assert.deepEqual(answering.sent(), [`close ${code}`]);
      const closing = new Endpoint(role);
      closing.protocol.close(code, "");
      assert.deepEqual(closing.sent(), [`close ${code}`]);
    });
  }

  for (const code of NEVER_SENT) {
    test(`Protocol of a ${role} refuses code ${code}, and throws when it should send it`, () => {
      const reason = "Invalid status code in a Close frame";
      const answering = new Endpoint(role).receive(closeTo(role, code));
      assert.deepEqual(answering.events, [`closed 1002 by local close_code ${reason}`]);
      assert.deepEqual(answering.sent(), [`close 1002 ${reason}`]);
      const { protocol } = new Endpoint(role);
      assert.throws(() => protocol.close(code, ""), { code: "invalid_argument" });
      assert.equal(protocol.state, "open");
      assert.equal(protocol.output.length, 0);
    });
  }

  test(`Protocol of a ${role} takes a reason of 123 bytes`, () => {
    const endpoint = new Endpoint(role).receive(closeTo(role, 1000, "x".repeat(123)));
    assert.deepEqual(endpoint.events, [`closed 1000 by peer ${"x".repeat(123)}`]);
  });

  test(`Protocol of a ${role} judges a Close that answers its own too`, () => {
    const endpoint = new Endpoint(role);
    endpoint.protocol.close(1000, "");
    endpoint.sent();
    endpoint.receive(frameTo(role, { opcode: 8, payload: "x" }));
    assert.deepEqual(endpoint.events, ["closed 1002 by local close_payload_length Close payload of 1 byte"]);
    assert.deepEqual(endpoint.sent(), []);
  });

  test(`Protocol of a ${role} takes a Close inside a fragmented message`, () => {
    const endpoint = new Endpoint(role).receive(
      frameTo(role, { opcode: 1, fin: false, payload: "a" }),
      closeTo(role, 1000),
    );
    assert.deepEqual(endpoint.events, ["closed 1000 by peer"]);
  });
}

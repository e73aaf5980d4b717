import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, deflateRawSync } from "node:zlib";
import { framesTo, frameTo } from "../support/frames.ts";
import { Endpoint, ROLES, WHOLE_WINDOWS, WIDE } from "../support/frames_endpoint.ts";

const RSV1 = 4;
const TOO_BIG = "closed 1009 by local message_too_big";
const pack = (text: string) => deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
const isTooBig = (endpoint: Endpoint) => endpoint.events.at(-1)?.startsWith(TOO_BIG) === true;

for (const role of ROLES) {
  const text = (length: number) => frameTo(role, { opcode: 1, payload: "a".repeat(length) });
  const packed = (length: number) =>
    frameTo(role, { opcode: 1, rsv: RSV1, payload: pack("a".repeat(length)) });

  test(`Protocol.setLimits() of a ${role} lets longer messages in from then on`, () => {
    const endpoint = new Endpoint(role, { maxMessageBytes: 10 });
    endpoint.receive(text(10));
    endpoint.protocol.setLimits({ ...WIDE, maxMessageBytes: 20 });
    endpoint.receive(text(11), text(20));
    assert.equal(endpoint.events.length, 3);
    endpoint.receive(text(21));
    assert.ok(isTooBig(endpoint));
  });

  test(`Protocol.setLimits() of a ${role} keeps longer messages out from then on`, () => {
    const endpoint = new Endpoint(role, { maxMessageBytes: 20 });
    endpoint.receive(text(20));
    endpoint.protocol.setLimits({ ...WIDE, maxMessageBytes: 10 });
    endpoint.receive(text(10));
    assert.equal(isTooBig(endpoint), false);
    endpoint.receive(text(11));
    assert.ok(isTooBig(endpoint));
  });

  test(`Protocol.setLimits() of a ${role} holds for the next fragment of a message that is under way`, () => {
    const [first, last] = [
      frameTo(role, { opcode: 1, fin: false, payload: "a".repeat(8) }),
      frameTo(role, { opcode: 0, payload: "a".repeat(8) }),
    ];
    const wider = new Endpoint(role, { maxMessageBytes: 10 }).receive(first);
    wider.protocol.setLimits({ ...WIDE, maxMessageBytes: 16 });
    wider.receive(last);
    assert.deepEqual(wider.events, [`text "${"a".repeat(16)}"`]);
    const narrower = new Endpoint(role, { maxMessageBytes: 16 }).receive(first);
    narrower.protocol.setLimits({ ...WIDE, maxMessageBytes: 15 });
    narrower.receive(last);
    assert.ok(isTooBig(narrower));
  });

  test(`Protocol.setLimits() of a ${role} leaves a frame alone whose header has been read`, () => {
    const endpoint = new Endpoint(role);
    const frame = text(30);
    endpoint.receive(frame.subarray(0, 15));
    endpoint.protocol.setLimits({ ...WIDE, maxMessageBytes: 10 });
    endpoint.receive(frame.subarray(15));
    assert.deepEqual(endpoint.events, [`text "${"a".repeat(30)}"`]);
    endpoint.receive(text(11));
    assert.ok(isTooBig(endpoint));
  });

  test(`Protocol.setLimits() of a ${role} changes how many fragments a message may have`, () => {
    const endpoint = new Endpoint(role, { maxFragments: 2 });
    endpoint.protocol.setLimits({ ...WIDE, maxFragments: 3, maxEmptyFragments: 1 });
    const part = { opcode: 0, fin: false, payload: "a" };
    endpoint.receive(framesTo(role, { ...part, opcode: 1 }, part, { ...part, fin: true }));
    assert.deepEqual(endpoint.events, ['text "aaa"']);
    const empty = { ...part, payload: "" };
    endpoint.receive(framesTo(role, { ...part, opcode: 1 }, empty, empty));
    assert.ok(endpoint.events.at(-1)?.startsWith("closed 1008 by local too_many_fragments"));
  });

  test(`Protocol.setLimits() of a ${role} measures compressed messages by what is in them, too`, () => {
    const endpoint = new Endpoint(role, { maxMessageBytes: 10 }, WHOLE_WINDOWS);
    endpoint.protocol.setLimits({ ...WIDE, maxMessageBytes: 5_000 });
    endpoint.receive(packed(5_000), text(5_000));
    assert.equal(endpoint.events.length, 2);
    assert.equal(isTooBig(endpoint), false);
    endpoint.protocol.setLimits({ ...WIDE, maxMessageBytes: 4_999 });
    endpoint.receive(packed(5_000));
    assert.ok(isTooBig(endpoint));
  });

  test(`Protocol.setLimits() of a ${role} lets a compressed frame be a little longer than what is in it`, () => {
    const noise = Array.from({ length: 10 }, (_, at) => String.fromCharCode(33 + at * 9)).join("");
    const frame = frameTo(role, { opcode: 1, rsv: RSV1, payload: pack(noise) });
    assert.ok(pack(noise).length > noise.length);
    for (const deflate of [WHOLE_WINDOWS, undefined]) {
      const endpoint = new Endpoint(role, {}, deflate);
      endpoint.protocol.setLimits({ ...WIDE, maxMessageBytes: noise.length });
      endpoint.receive(deflate === undefined ? text(noise.length + 1) : frame);
      assert.equal(isTooBig(endpoint), deflate === undefined);
    }
  });
}

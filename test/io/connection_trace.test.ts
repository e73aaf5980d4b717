import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import type { FrameTrace, TraceEvent } from "../../src/io/trace.ts";
import { frame } from "../support/frames.ts";
import { WHOLE_WINDOWS } from "../support/frames_endpoint.ts";
import { clientFrame, text } from "../support/raw_http_frames.ts";
import { type ConnectionUnderTest, startConnection } from "../support/server_connection.ts";

/** Starts a connection that is watched. */
function watch(options: ConnectionUnderTest = {}, payloadBytes = 64) {
  const events: TraceEvent[] = [];
  const made = startConnection({
    ...options,
    trace: { tell: (event) => void events.push(event), payloadBytes },
  });
  /** `in text "hi"`, `end 1002 mask_required`. */
  const told = async () => {
    await made.settle();
    return events.map(line);
  };
  return { ...made, events, told };
}

function line(event: TraceEvent): string {
  if (event.kind === "end") return `end ${event.status.code} ${event.status.rule}`;
  if (event.kind !== "frame") return event.kind;
  const { direction, frame: { opcode, payload, rule }, payload: shown } = event;
  return `${direction} ${opcode} ${JSON.stringify(Buffer.from(payload).toString("latin1"))} ${shown}${
    rule === undefined ? "" : ` ${rule}`
  }`;
}

test("ConnectionTrace tells of each frame in the order of what happened, and of the end", async () => {
  const { peer, connection, told, events, clock } = watch({
    text: (said) => void connection.send(`you said ${said}`),
  });
  peer.write(Buffer.concat([text("hi"), clientFrame(9, "p")]));
  assert.deepEqual(await told(), [
    'in 1 "hi" shown',
    'in 9 "p" shown',
    'out 1 "you said hi" shown',
    'out 10 "p" shown',
  ]);
  peer.write(clientFrame(8, Buffer.from([3, 232])));
  assert.deepEqual((await told()).slice(4), [
    'in 8 "\\u0003è" shown',
    'out 8 "\\u0003è" shown',
    "end 1000 undefined",
  ]);
  assert.deepEqual(new Set(events.map((event) => "connection" in event && event.connection)), new Set([7]));
  assert.deepEqual(new Set(events.map(({ atMs }) => atMs)), new Set([clock.now()]));
});

test("ConnectionTrace tells the rule that a frame breaks, before the Close frame that answers it", async () => {
  const { peer, told } = watch();
  peer.write(frame({ opcode: 1, payload: "Hi" }));
  const [broken, close, end] = await told();
  assert.equal(broken, 'in 1 "Hi" shown mask_required');
  assert.match(close ?? "", /^out 8 /);
  assert.equal(end, "end 1002 mask_required");
});

test("ConnectionTrace tells of a frame that is refused before its payload has come", async () => {
  const { peer, told } = watch({ limits: { maxMessageBytes: 100 } });
  peer.write(frame({ opcode: 2, masked: true, declared: 101n }));
  assert.deepEqual((await told()).map((one) => one.split(" ").at(-1)), [
    "message_too_big",
    "shown",
    "message_too_big",
  ]);
});

test("ConnectionTrace leaves out the head of a response in front of the frames", async () => {
  const { connection, told } = watch({ response: "HTTP/1.1 101 Switching Protocols\r\n\r\n" });
  connection.send("hello");
  connection.flush();
  assert.deepEqual(await told(), ['out 1 "hello" shown']);
});

test("ConnectionTrace tells of large frames, which are written in parts, and of what waits", async () => {
  const { connection, events, told } = watch();
  connection.send(Buffer.alloc(70_000, 97));
  assert.deepEqual(await told(), [`out 2 "${"a".repeat(64)}" shown`]);
  const [only] = events as FrameTrace[];
  assert.equal(only?.frame.payloadBytes, 70_000);
  assert.equal(typeof only?.queuedBytes, "number");
});

test("ConnectionTrace shows no payload unless it was asked to", async () => {
  const { peer, events, settle } = watch({}, 0);
  peer.write(text("hi"));
  await settle();
  const [only] = events as FrameTrace[];
  assert.deepEqual([only?.payload, only?.frame.payload.length, only?.frame.wirePayload.length], [
    "hidden",
    0,
    0,
  ]);
  assert.equal(only?.frame.payloadBytes, 2);
});

/** What a client sends that writes a masking key and forgets to apply it. */
function unmaskedUnderAKey(payload: string): Buffer {
  const bytes = clientFrame(1, payload);
  bytes.set(Buffer.from(payload), bytes.length - payload.length);
  return bytes;
}

const JWS = "abcdefghijkl.mnopqrstuvwx.yzABCDEFGHIJ";
for (
  const [why, bytes] of [
    ["is an auth", text('{"data":{"token":"x"},"type":"auth"}')],
    ["is an auth.refresh", text('{"type":"auth.refresh","data":{}}')],
    ["hides what it is behind an escape", text('{"type":"\\u0061uth.refresh","data":{}}')],
    ["holds something of the form of a token", text(`{"type":"echo","data":"${JWS}"}`)],
    [
      "holds the beginning of a token, the rest of which is cut off",
      text(`{"data":"eyJhbGciOiJIUzI1NiJ9${"x".repeat(99)}`),
    ],
    ["is binary and holds a token", clientFrame(2, Buffer.concat([Buffer.from([255]), Buffer.from(JWS)]))],
    [
      "is a fragment, of which that cannot be told",
      frame({ opcode: 1, fin: false, masked: true, payload: "{" }),
    ],
    ["has a reserved opcode and a long word", clientFrame(3, "x".repeat(22))],
    ["is a ping with a long word", clientFrame(9, "x".repeat(22))],
    ["is a Close frame with a long word", clientFrame(8, `\u0003\u00e8${"x".repeat(22)}`)],
    ["sets MASK, and was not masked", unmaskedUnderAKey('{"type":"auth.refresh","data":{"token":"x"}}')],
  ] as const
) {
  test(`ConnectionTrace hides the payload of a message that ${why}, before and after unmasking`, async () => {
    const { peer, events, settle } = watch();
    peer.write(bytes);
    await settle();
    const [only] = events as FrameTrace[];
    assert.deepEqual([only?.payload, only?.frame.payload.length, only?.frame.wirePayload.length], [
      "hidden",
      0,
      0,
    ]);
  });
}

test("ConnectionTrace hides compressed payloads, and judges what is in them", async () => {
  const { peer, told } = watch({ deflate: WHOLE_WINDOWS });
  peer.write(frame({ opcode: 1, rsv: 4, masked: true, payload: Buffer.from("f248cdc9c90700", "hex") }));
  peer.write(frame({ opcode: 1, rsv: 4, masked: true, payload: "no deflate" }));
  const [first, second] = await told();
  assert.equal(first, 'in 1 "" hidden');
  assert.equal(second, 'in 1 "" hidden compressed_data');
});

test("ConnectionTrace takes what we compress apart, too, and finds nothing wrong with it", async () => {
  const { connection, told, errors } = watch({ deflate: WHOLE_WINDOWS });
  connection.send("x".repeat(2_000));
  connection.send("x".repeat(2_000));
  assert.deepEqual(await told(), ['out 1 "" hidden', 'out 1 "" hidden']);
  assert.deepEqual(errors, []);
});

test("ConnectionTrace looks for tokens in a time that grows as the payload does", async () => {
  const { peer, settle } = watch({}, 65_536);
  const startMs = performance.now();
  peer.write(text("a".repeat(65_535)));
  await settle();
  // From each letter on, it would take seconds.
  assert.ok(performance.now() - startMs < 1_000);
});

test("ConnectionTrace tells nothing more after the end, whatever still comes", async () => {
  const { peer, told } = watch();
  peer.write(frame({ opcode: 1, masked: true, payload: "Hello" }).subarray(0, 8));
  peer.write(frame({ opcode: 3, masked: true }));
  peer.end(clientFrame(8, Buffer.from([3, 232])));
  const before = await told();
  peer.write(Buffer.alloc(1_000));
  const after = await told();
  assert.deepEqual(after, before);
});

test("ConnectionTrace marks data that comes after our Close frame", async () => {
  const { peer, connection, events, settle } = watch();
  connection.close(1000);
  await settle();
  peer.write(text("too late"));
  peer.write(clientFrame(8, Buffer.from([3, 232])));
  await settle();
  const frames = events.filter((event): event is FrameTrace => event.kind === "frame");
  assert.deepEqual(frames.map(({ direction, frame: { opcode, fate } }) => [direction, opcode, fate]), [
    ["out", 8, "read"],
    ["in", 1, "not read"],
    ["in", 8, "read"],
  ]);
});

test("ConnectionTrace tells a rule that no frame shows with the end, as what a stranger may send", async () => {
  const { peer, connection, told } = watch();
  connection.restrict(10);
  peer.write(frame({ opcode: 1, masked: true, payload: "x".repeat(20) }).subarray(0, 12));
  assert.deepEqual(await told().then((lines) => [lines[0], lines[2]]), [
    `in 1 "${"x".repeat(6)}" shown`,
    "end 1009 message_too_big",
  ]);
});

test("ConnectionTrace tells nothing after the end, also when it is the observer who ends the connection", async () => {
  const events: string[] = [];
  const made = startConnection({
    trace: {
      tell: ({ kind }) => {
        events.push(kind);
        made.connection.destroy();
      },
    },
  });
  made.peer.write(Buffer.concat([text("one"), text("two"), text("three")]));
  await made.settle();
  assert.deepEqual(events, ["frame", "end"]);
});

test("ConnectionTrace makes the reason of a Close frame printable, and hides one that may be a secret", async () => {
  for (
    const [reason, shown] of [["bye\u202e", "bye\\u{202e}"], ["x".repeat(22), "[hidden, 22 characters]"]]
  ) {
    const { peer, events, settle } = watch({}, 0);
    peer.write(clientFrame(8, Buffer.concat([Buffer.from([3, 232]), Buffer.from(reason as string)])));
    await settle();
    const end = events.at(-1);
    assert.equal(end?.kind === "end" && end.status.reason, shown);
  }
});

test("ConnectionTrace shows a client both directions as they are", async () => {
  const { peer, connection, told } = watch({ role: "client", maskingKey: () => Uint8Array.of(1, 2, 3, 4) });
  connection.send("hi");
  await told();
  peer.write(frame({ opcode: 1, payload: "ho" }));
  assert.deepEqual(await told(), ['out 1 "hi" shown', 'in 1 "ho" shown']);
});

test("A connection goes on whatever its observer throws, which is reported", async () => {
  const { peer, connection, errors, said } = startConnection({
    text: () => void connection.send("still here"),
    trace: {
      tell: () => {
        throw new Error("observer");
      },
    },
  });
  peer.write(text("hi"));
  assert.deepEqual(await said(), ['text "still here"']);
  assert.equal(errors.length, 2);
});

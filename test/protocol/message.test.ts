import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { FrameDecoder } from "../../src/protocol/frame_decoder.ts";
import { MessageAssembler, type MessageLimits } from "../../src/protocol/message.ts";
import { CHUNKERS, cutAt } from "../support/chunkers.ts";
import { bytesOf, framesTo, frameTo, type Sent } from "../support/frames.ts";
import { describeMessage, WIDE } from "../support/frames_endpoint.ts";

/** What a server's assembler completes of some chunks, up to the first fault. */
function assemble(chunks: Buffer[], limits: Partial<MessageLimits> = {}): string[] {
  const decoder = new FrameDecoder("server", limits.maxMessageBytes ?? WIDE.maxMessageBytes);
  const assembler = new MessageAssembler({ ...WIDE, ...limits });
  const said: string[] = [];
  for (const chunk of chunks) {
    decoder.feed(Buffer.from(chunk));
    for (let step = decoder.next(); step !== "more"; step = decoder.next()) {
      const came = step === "fault" ? "fault" : assembler.accept(decoder);
      const bytes = assembler.bytes.subarray(assembler.start, assembler.end);
      if (came === "message") said.push(describeMessage(bytes, assembler.kind));
      if (came === "control") said.push(`control ${assembler.controlOpcode} ${bytes.toString()}`.trimEnd());
      if (came === "fault") return [...said, `fault ${decoder.fault ?? assembler.fault}`];
    }
  }
  return said;
}

function assembled(...frames: Sent[]): string[] {
  return assemble([framesTo("server", ...frames)]);
}

/** The frames of one binary message. */
function fragments(...payloads: string[]): Sent[] {
  return payloads.map((payload, i) => ({
    opcode: i === 0 ? 2 : 0,
    fin: i === payloads.length - 1,
    payload,
  }));
}

const MESSAGES: readonly (readonly [what: string, frames: Sent[], wanted: string[]])[] = [
  ["a whole text", [{ opcode: 1, payload: "hé" }], ['text "hé"']],
  ["whole bytes", [{ opcode: 2, payload: "ab" }], ["binary 6162"]],
  ["an empty text", [{ opcode: 1 }], ['text ""']],
  ["an empty message of bytes", [{ opcode: 2 }], ["binary"]],
  ["two fragments", fragments("a", "b"), ["binary 6162"]],
  ["many fragments, empty ones too", fragments("", "a", "", "b", ""), ["binary 6162"]],
  ["nothing but empty fragments", fragments("", "", ""), ["binary"]],
  [
    "a text whose character is cut by a fragment",
    [{ opcode: 1, fin: false, payload: Buffer.of(0xe2, 0x82) }, { opcode: 0, payload: Buffer.of(0xac) }],
    ['text "€"'],
  ],
  [
    "bytes that would be no text",
    [{ opcode: 2, payload: Buffer.of(0xff) }],
    ["binary ff"],
  ],
  [
    "control frames between fragments",
    [
      { opcode: 1, fin: false, payload: "a" },
      { opcode: 9, payload: "ping" },
      { opcode: 0, fin: false, payload: "b" },
      { opcode: 10 },
      { opcode: 0, payload: "c" },
    ],
    ["control 9 ping", "control 10", 'text "abc"'],
  ],
  [
    "one message behind another, of the other kind",
    [...fragments("a", "b"), { opcode: 1, payload: "c" }, ...fragments("d", "e")],
    ["binary 6162", 'text "c"', "binary 6465"],
  ],
];

for (const [what, frames, wanted] of MESSAGES) {
  test(`MessageAssembler completes ${what}, however it is cut`, () => {
    for (const [name, chunker] of Object.entries(CHUNKERS)) {
      for (const chunks of chunker(framesTo("server", ...frames))) {
        assert.deepEqual(assemble(chunks), wanted, name);
      }
    }
  });
}

test("MessageAssembler leaves a whole message in the chunk that brought it", () => {
  const decoder = new FrameDecoder("server", WIDE.maxMessageBytes);
  const assembler = new MessageAssembler(WIDE);
  const chunk = frameTo("server", { opcode: 1, payload: "Hello" });
  decoder.feed(chunk);
  assert.equal(decoder.next(), "part");
  assert.equal(assembler.accept(decoder), "message");
  assert.equal(assembler.bytes, chunk);
});

test("MessageAssembler lets go of what was complete in release(), and goes on with what is not", () => {
  const decoder = new FrameDecoder("server", WIDE.maxMessageBytes);
  const assembler = new MessageAssembler(WIDE);
  const [start, end] = cutAt(framesTo("server", ...fragments("a", "b")), 7) as [Buffer, Buffer];
  decoder.feed(Buffer.concat([frameTo("server", { payload: "whole" }), start]));
  assert.equal(decoder.next(), "part");
  assert.equal(assembler.accept(decoder), "message");
  assert.equal(decoder.next(), "part");
  assert.equal(assembler.accept(decoder), "nothing");
  assembler.release();
  assert.equal(assembler.bytes.length, 0);
  decoder.feed(end);
  assert.equal(decoder.next(), "part");
  assert.equal(assembler.accept(decoder), "message");
  assert.equal(assembler.bytes.toString("latin1", assembler.start, assembler.end), "ab");
});

test("MessageAssembler hands over a message of its own, which the next does not write to", () => {
  const decoder = new FrameDecoder("server", WIDE.maxMessageBytes);
  const assembler = new MessageAssembler(WIDE);
  const messages: Buffer[] = [];
  for (const payload of ["first", "other"]) {
    decoder.feed(framesTo("server", ...fragments(payload, "")));
    while (decoder.next() === "part") {
      if (assembler.accept(decoder) === "message") messages.push(assembler.bytes);
    }
  }
  assert.deepEqual(messages.map(String), ["first", "other"]);
});

const LIMITS: readonly (readonly [
  what: string,
  limits: Partial<MessageLimits>,
  fits: Sent[],
  breaks: Sent[],
  rule: string,
])[] = [
  ["bytes of a frame", { maxMessageBytes: 3 }, fragments("abc"), fragments("abcd"), "message_too_big"],
  [
    "bytes of all fragments",
    { maxMessageBytes: 3 },
    fragments("ab", "c"),
    fragments("ab", "cd"),
    "message_too_big",
  ],
  [
    "fragments",
    { maxFragments: 3 },
    fragments("a", "b", "c"),
    fragments("a", "b", "c", "d"),
    "too_many_fragments",
  ],
  [
    "fragments, when none is allowed",
    { maxFragments: 1 },
    fragments("a"),
    fragments("a", "b"),
    "too_many_fragments",
  ],
  [
    "empty fragments",
    { maxEmptyFragments: 1 },
    fragments("a", ""),
    fragments("", "a", ""),
    "too_many_fragments",
  ],
  [
    "empty fragments, when none is allowed",
    { maxEmptyFragments: 0 },
    fragments(""),
    fragments("a", ""),
    "too_many_fragments",
  ],
];

for (const [what, limits, fits, breaks, rule] of LIMITS) {
  test(`MessageAssembler counts ${what}, and afresh for each message`, () => {
    const once = assemble([framesTo("server", ...fits)], limits);
    assert.match(once.join(), /^binary/);
    assert.deepEqual(assemble([framesTo("server", ...fits, ...fits)], limits), [...once, ...once]);
    assert.deepEqual(assemble([framesTo("server", ...breaks)], limits), [`fault ${rule}`]);
  });
}

test("MessageAssembler judges by the declared length, before a byte of the payload is there", () => {
  const [first] = cutAt(framesTo("server", ...fragments("ab", "cd")), 8 + 6) as [Buffer];
  assert.deepEqual(assemble([first], { maxMessageBytes: 3 }), ["fault message_too_big"]);
  assert.deepEqual(assemble([first], { maxMessageBytes: 4 }), []);
});

test("MessageAssembler counts no control frame as a fragment", () => {
  const ping = { opcode: 9 };
  const [first, last] = fragments("a", "b") as [Sent, Sent];
  const chunk = framesTo("server", first, ping, ping, ping, last);
  const limits = { maxFragments: 2, maxEmptyFragments: 0, maxMessageBytes: 2 };
  assert.deepEqual(assemble([chunk], limits).at(-1), "binary 6162");
});

test("MessageAssembler refuses a continuation when the message before it is complete", () => {
  const stray = { opcode: 0, payload: "x" };
  assert.deepEqual(assembled(stray), ["fault continuation_without_start"]);
  assert.deepEqual(assembled(...fragments("a", "b"), stray), [
    "binary 6162",
    "fault continuation_without_start",
  ]);
});

test("MessageAssembler refuses a new message inside another, of either kind", () => {
  for (const opcode of [1, 2]) {
    for (const fin of [true, false]) {
      const inside = { opcode, fin, payload: bytesOf(1) };
      assert.deepEqual(assembled({ opcode: 1, fin: false, payload: "a" }, inside), [
        "fault message_interleaved",
      ]);
    }
  }
});

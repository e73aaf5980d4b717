import assert from "node:assert/strict";
import { test } from "node:test";
import { isWireCode, MAX_REASON_BYTES } from "../../src/protocol/close.ts";
import type { DeflateParameters } from "../../src/protocol/deflate_negotiation.ts";
import type { Side } from "../../src/protocol/frame.ts";
import {
  FRAME_RULES,
  type FrameRuleName,
  HANDSHAKE_RULES,
  RESPONSE_RULES,
} from "../../src/protocol/rules.ts";
import { CHUNKERS } from "../support/chunkers.ts";
import { frame, framesTo, hex, type Sent } from "../support/frames.ts";
import { Endpoint, ROLES, WHOLE_WINDOWS } from "../support/frames_endpoint.ts";

/** What breaks one rule, and the nearest that breaks none; both as the peer sends them. */
interface Case {
  readonly breaks: Sent[];
  readonly neighbour: Sent[];
  /** What was agreed on, when the rule is one of compression. */
  readonly deflate?: DeflateParameters;
}

const LIMITS = { maxMessageBytes: 65_536, maxFragments: 3, maxEmptyFragments: 1 };

const open = { opcode: 1, fin: false, payload: "a" };
const last = { opcode: 0, payload: "z" };
/** RFC 7692 §7.2.3.1. */
const HELLO = hex("f248cdc9c90700");

const CASES: Readonly<Record<Exclude<FrameRuleName, "mask_required" | "mask_forbidden">, Case>> = {
  reserved_bits: { breaks: [{ rsv: 1 }], neighbour: [{ rsv: 0 }] },
  reserved_opcode: { breaks: [{ opcode: 11 }], neighbour: [{ opcode: 10 }] },
  length_minimal: {
    breaks: [{ payload: "x".repeat(125), extension: 2 }],
    neighbour: [{ payload: "x".repeat(126), extension: 2 }],
  },
  length_top_bit: {
    breaks: [{ declared: (1n << 63n) + 65_536n }],
    neighbour: [{ payload: "x".repeat(65_536), extension: 8 }],
  },
  control_length: {
    breaks: [{ opcode: 9, payload: "x".repeat(126) }],
    neighbour: [{ opcode: 9, payload: "x".repeat(125) }],
  },
  control_fragmented: { breaks: [{ opcode: 9, fin: false }], neighbour: [{ opcode: 9 }] },
  continuation_without_start: { breaks: [last], neighbour: [open, last] },
  message_interleaved: { breaks: [open, { opcode: 1 }], neighbour: [open, { opcode: 9 }, last] },
  utf8_message: {
    breaks: [{ opcode: 1, payload: hex("f4908080") }],
    neighbour: [{ opcode: 1, payload: hex("f48fbfbf") }],
  },
  utf8_close_reason: {
    breaks: [{ opcode: 8, payload: hex("03e8 c080") }],
    neighbour: [{ opcode: 8, payload: hex("03e8 c280") }],
  },
  close_payload_length: {
    breaks: [{ opcode: 8, payload: hex("03") }],
    neighbour: [{ opcode: 8, payload: hex("03e8") }],
  },
  close_code: {
    breaks: [{ opcode: 8, payload: hex("03ec") }],
    neighbour: [{ opcode: 8, payload: hex("03eb") }],
  },
  compressed_bit: {
    deflate: WHOLE_WINDOWS,
    breaks: [{ opcode: 9, rsv: 4 }],
    neighbour: [{ opcode: 1, rsv: 4, payload: HELLO }],
  },
  compressed_data: {
    deflate: WHOLE_WINDOWS,
    breaks: [{ opcode: 1, rsv: 4, payload: HELLO.subarray(1) }],
    neighbour: [{ opcode: 1, rsv: 4, payload: HELLO }],
  },
  message_too_big: { breaks: [{ declared: 65_537n }], neighbour: [{ payload: "x".repeat(65_536) }] },
  too_many_fragments: {
    breaks: [open, { ...open, opcode: 0 }, { ...open, opcode: 0 }, last],
    neighbour: [open, { ...open, opcode: 0 }, last],
  },
};

/** The bytes of each rule's case: the rules on masks bind one side only. */
function bytesFor(name: FrameRuleName, role: Side) {
  if (name === "mask_required" || name === "mask_forbidden") {
    if ((name === "mask_required") !== (role === "server")) return undefined;
    const breaks = frame({ masked: role === "client", payload: "x" });
    return { breaks, neighbour: frame({ masked: role === "server", payload: "x" }), deflate: undefined };
  }
  const { breaks, neighbour, deflate } = CASES[name];
  return { breaks: framesTo(role, ...breaks), neighbour: framesTo(role, ...neighbour), deflate };
}

const names = Object.keys(FRAME_RULES) as FrameRuleName[];

for (const name of names) {
  const { closeCode, reason, section, sentence } = FRAME_RULES[name];

  for (const role of ROLES) {
    const bytes = bytesFor(name, role);
    if (bytes === undefined) continue;

    test(`Protocol of a ${role} closes with ${closeCode} when ${name} (${section}) is broken`, () => {
      for (const chunker of Object.values(CHUNKERS)) {
        for (const chunks of chunker(bytes.breaks)) {
          const endpoint = new Endpoint(role, LIMITS, bytes.deflate).receive(...chunks);
          assert.deepEqual(endpoint.sent(), [`close ${closeCode} ${reason}`]);
          assert.equal(endpoint.events.at(-1), `closed ${closeCode} by local ${name} ${reason}`);
          assert.equal(endpoint.protocol.state, "closed");
        }
      }
    });

    test(`Protocol of a ${role} goes on when the nearest to ${name} is not broken`, () => {
      for (const chunker of Object.values(CHUNKERS)) {
        for (const chunks of chunker(bytes.neighbour)) {
          const endpoint = new Endpoint(role, LIMITS, bytes.deflate).receive(...chunks);
          assert.deepEqual(endpoint.events.filter((event) => event.includes("by local")), []);
          const closes = name.includes("close");
          assert.equal(endpoint.protocol.state, closes ? "closed" : "open");
        }
      }
    });
  }

  test(`FRAME_RULES says what ${name} is, and how the peer is told`, () => {
    assert.match(section, /^(?:RFC 7692 )?§\d+(?:\.\d+)*$/);
    assert.match(sentence, /^[A-Z\d].*\.$/);
    assert.ok(isWireCode(closeCode));
    assert.ok(reason.length > 0 && reason.length <= MAX_REASON_BYTES);
  });
}

test("FRAME_RULES has a breaking case for each of its rules, on one side at least", () => {
  // A rule that is added without a case has none in `CASES`, and reading it throws here.
  for (const name of names) assert.ok(ROLES.some((role) => bytesFor(name, role) !== undefined), name);
});

test("FRAME_RULES answers with 1002 what has no code of its own in §7.4.1", () => {
  const own: Partial<Record<FrameRuleName, number>> = {
    utf8_message: 1007,
    utf8_close_reason: 1007,
    too_many_fragments: 1008,
    compressed_data: 1007,
    message_too_big: 1009,
  };
  for (const name of names) assert.equal(FRAME_RULES[name].closeCode, own[name] ?? 1002, name);
});

test("HANDSHAKE_RULES answers with 400 what has no status of its own in HTTP", () => {
  const own: Readonly<Record<string, number>> = { method: 405, version: 426, too_many_fields: 431 };
  for (const [name, { status }] of Object.entries(HANDSHAKE_RULES)) {
    assert.equal(status, own[name] ?? 400, name);
  }
});

for (const [name, { section, sentence }] of Object.entries(HANDSHAKE_RULES)) {
  test(`HANDSHAKE_RULES says where ${name} stands`, () => {
    assert.match(section, /^(?:RFC \d+ )?§\d+(?:\.\d+)*$/);
    assert.match(sentence, /^[A-Z].*\.$/);
  });
}

for (const [name, { section, sentence }] of Object.entries(RESPONSE_RULES)) {
  test(`RESPONSE_RULES says where ${name} stands`, () => {
    assert.match(section, /^(?:RFC 7692 )?§\d+(?:\.\d+)*$/);
    assert.match(sentence, /^[A-Z].*[.…]$/);
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { isWireCode, MAX_REASON_BYTES } from "../../src/protocol/close.ts";
import { HANDSHAKE_RULES, type HandshakeRule, RESPONSE_RULES } from "../../src/protocol/handshake_rules.ts";
import { FRAME_RULES, type FrameRule, type Rule } from "../../src/protocol/rules.ts";

// That each rule has a vector that breaks it, and one that comes near, is tested in test/project/conformance.test.ts.

const frameRules = Object.entries<FrameRule>(FRAME_RULES);

for (const [name, { closeCode, reason }] of frameRules) {
  test(`FRAME_RULES says how the peer is told of ${name}`, () => {
    assert.ok(isWireCode(closeCode));
    assert.ok(reason.length > 0 && reason.length <= MAX_REASON_BYTES);
  });
}

test("FRAME_RULES answers with 1002 what has no code of its own in §7.4.1", () => {
  const own: Readonly<Record<string, number>> = {
    utf8_message: 1007,
    utf8_close_reason: 1007,
    compressed_data: 1007,
    too_many_fragments: 1008,
    too_many_control_frames: 1008,
    message_too_big: 1009,
  };
  for (const [name, { closeCode }] of frameRules) assert.equal(closeCode, own[name] ?? 1002, name);
});

test("HANDSHAKE_RULES answers with 400 what has no status of its own in HTTP", () => {
  const own: Readonly<Record<string, number>> = {
    method: 405,
    version: 426,
    too_many_fields: 431,
    fields_too_large: 431,
  };
  for (const [name, { status }] of Object.entries<HandshakeRule>(HANDSHAKE_RULES)) {
    assert.equal(status, own[name] ?? 400, name);
  }
});

for (const [table, rules] of Object.entries({ FRAME_RULES, HANDSHAKE_RULES, RESPONSE_RULES })) {
  for (const [name, { section, sentence, reading, note }] of Object.entries<Rule>(rules)) {
    test(`${table} says where ${name} stands, and why when we differ`, () => {
      assert.match(section, /^(?:RFC \d+ )?§\d+(?:\.\d+)*$/);
      assert.match(sentence, /^[(A-Z\d].*[.…)]$/);
      if (reading !== undefined) assert.match(note ?? "", /\.$/);
    });
  }
}

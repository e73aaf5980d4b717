import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { cutEvery } from "../support/chunkers.ts";
import { framesTo, frameTo, hex, textOf } from "../support/frames.ts";
import { Endpoint, ROLES } from "../support/frames_endpoint.ts";

const CLOSED = "closed 1007 by local utf8_message Text is not valid UTF-8";

/** What cannot become text any more, and how many of its bytes it takes to know that. */
const BAD: readonly (readonly [what: string, digits: string, known: number])[] = [
  ["a code point beyond Unicode", "f4 90 80 80", 2],
  ["a surrogate", "ed a0 80", 2],
  ["the last surrogate", "ed bf bf", 2],
  ["an overlong form of 3 bytes", "e0 9f bf", 2],
  ["an overlong form of 4 bytes", "f0 8f bf bf", 2],
  ["C0", "c0 80", 1],
  ["C1", "c1 bf", 1],
  ["F5", "f5 80 80 80", 1],
  ["FF", "ff", 1],
  ["a continuation alone", "bf", 1],
  ["a character of 3 bytes cut short", "e2 82 41", 3],
  ["a character of 4 bytes cut short", "f0 9f 98 41", 4],
];

for (const role of ROLES) {
  const headerBytes = role === "server" ? 8 : 4;

  for (const [what, digits, known] of BAD) {
    const payload = Buffer.concat([Buffer.from(textOf(200)), hex(digits), Buffer.from(textOf(200))]);

    test(`Protocol of a ${role} closes with 1007 at the byte that makes it ${what}, inside a frame`, () => {
      const endpoint = new Endpoint(role);
      const places = cutEvery(frameTo(role, { opcode: 1, payload }), 1);
      const fatal = headerBytes + 200 + known;
      endpoint.receive(...places.slice(0, fatal - 1));
      assert.deepEqual(endpoint.events, []);
      endpoint.receive(...places.slice(fatal - 1, fatal));
      assert.deepEqual(endpoint.events, [CLOSED]);
      assert.deepEqual(endpoint.sent(), ["close 1007 Text is not valid UTF-8"]);
    });

    test(`Protocol of a ${role} closes with 1007 at the fragment that makes it ${what}`, () => {
      for (let cut = 200; cut <= 200 + known; cut++) {
        const endpoint = new Endpoint(role);
        const [first, rest] = [payload.subarray(0, cut), payload.subarray(cut)];
        endpoint.receive(framesTo(role, { opcode: 1, fin: false, payload: first }, { opcode: 9 }));
        assert.equal(endpoint.events.length, cut === 200 + known ? 1 : 0, `cut ${cut - 200} bytes in`);
        endpoint.receive(frameTo(role, { opcode: 0, fin: false, payload: rest }));
        assert.deepEqual(endpoint.events, [CLOSED]);
      }
    });

    test(`Protocol of a ${role} takes ${what} as bytes`, () => {
      const endpoint = new Endpoint(role).receive(frameTo(role, { opcode: 2, payload: hex(digits) }));
      assert.deepEqual(endpoint.events, [`binary ${digits.replaceAll(" ", "")}`]);
    });
  }

  for (const character of ["é", "€", "😀", "\u{10ffff}"]) {
    const bytes = Buffer.from(character);

    test(`Protocol of a ${role} refuses each truncation of ${character} at the end of a message only`, () => {
      for (let length = 1; length < bytes.length; length++) {
        const payload = bytes.subarray(0, length);
        const unfinished = { opcode: 1, fin: false, payload };
        assert.deepEqual(new Endpoint(role).receive(frameTo(role, { opcode: 1, payload })).events, [CLOSED]);
        assert.deepEqual(
          new Endpoint(role).receive(framesTo(role, unfinished, { opcode: 0 })).events,
          [CLOSED],
        );
        const rest = { opcode: 0, payload: bytes.subarray(length) };
        assert.deepEqual(
          new Endpoint(role).receive(framesTo(role, unfinished, { opcode: 0, fin: false }, rest)).events,
          [`text ${JSON.stringify(character)}`],
        );
      }
    });
  }

  test(`Protocol of a ${role} begins each text afresh`, () => {
    const texts = ["é", "\ufeffa", "\0", "€"].map((payload) => ({ opcode: 1, payload }));
    const bytes = framesTo(role, ...texts, { opcode: 2, payload: hex("e2") }, { opcode: 1, payload: "z" });
    const wanted = ['text "é"', `text "\ufeffa"`, 'text "\\u0000"', 'text "€"', "binary e2", 'text "z"'];
    assert.deepEqual(new Endpoint(role).receive(...cutEvery(bytes, 1)).events, wanted);
  });
}

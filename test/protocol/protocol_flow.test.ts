import assert from "node:assert/strict";
import type { Buffer } from "node:buffer";
import { test } from "node:test";
import { cutEvery } from "../support/chunkers.ts";
import { framesTo, frameTo, hex } from "../support/frames.ts";
import { Endpoint, ROLES } from "../support/frames_endpoint.ts";

const LETTERS = [..."abcdefgh"];
const TOLD = LETTERS.map((letter) => `text "${letter}"`);

for (const role of ROLES) {
  const chunks = LETTERS.map((payload) => frameTo(role, { opcode: 1, payload }));
  const all = framesTo(role, ...LETTERS.map((payload) => ({ opcode: 1, payload })));

  test(`Protocol of a ${role} tells nothing while it is paused, and all in order afterwards`, () => {
    const endpoint = new Endpoint(role);
    endpoint.protocol.pause();
    endpoint.receive(...chunks);
    assert.deepEqual(endpoint.events, []);
    endpoint.protocol.resume();
    assert.deepEqual(endpoint.events, TOLD);
  });

  for (const size of [1, 5, all.length]) {
    test(`Protocol of a ${role} stops at each message that pauses it, in chunks of ${size} bytes`, () => {
      const endpoint = new Endpoint(role);
      endpoint.during = () => endpoint.protocol.pause();
      endpoint.receive(...cutEvery(all, size));
      for (let told = 1; told <= LETTERS.length; told++) {
        assert.deepEqual(endpoint.events, TOLD.slice(0, told));
        endpoint.protocol.resume();
      }
      assert.deepEqual(endpoint.events, TOLD);
    });
  }

  test(`Protocol of a ${role} keeps the order when chunks come between a pause and the next`, () => {
    // A chunk that is used up to its end must not let a new one overtake those that wait.
    for (let waiting = 1; waiting < chunks.length; waiting++) {
      const endpoint = new Endpoint(role);
      endpoint.protocol.pause();
      endpoint.receive(...chunks.slice(0, waiting));
      endpoint.during = () => endpoint.protocol.pause();
      for (const chunk of chunks.slice(waiting)) {
        endpoint.protocol.resume();
        endpoint.receive(chunk);
      }
      for (let i = 0; i < waiting; i++) endpoint.protocol.resume();
      assert.deepEqual(endpoint.events, TOLD, `${waiting} wait`);
    }
  });

  test(`Protocol of a ${role} does not nest events when a message pauses and resumes`, () => {
    const endpoint = new Endpoint(role);
    let depth = 0;
    endpoint.during = () => {
      depth++;
      assert.equal(depth, 1);
      endpoint.protocol.pause();
      endpoint.protocol.resume();
      endpoint.protocol.resume();
      depth--;
    };
    endpoint.receive(all);
    assert.deepEqual(endpoint.events, TOLD);
  });

  test(`Protocol of a ${role} answers no ping behind a message that paused it`, () => {
    const endpoint = new Endpoint(role);
    endpoint.during = () => endpoint.protocol.pause();
    endpoint.receive(framesTo(role, { opcode: 9, payload: "1" }, { opcode: 1 }, { opcode: 9, payload: "2" }));
    assert.deepEqual(endpoint.sent(), ["pong 31"]);
    endpoint.protocol.resume();
    assert.deepEqual(endpoint.sent(), ["pong 32"]);
  });

  test(`Protocol of a ${role} reads up to the peer's Close when it closes while it is paused`, () => {
    const endpoint = new Endpoint(role);
    endpoint.protocol.pause();
    endpoint.receive(all, frameTo(role, { opcode: 8, payload: hex("03e9") }));
    endpoint.protocol.close(1000, "");
    // The messages came before our Close, but are read behind it.
    assert.deepEqual(endpoint.events, ["closed 1001 by local"]);
    assert.deepEqual(endpoint.sent(), ["close 1000"]);
  });

  test(`Protocol of a ${role} is not paused by an application that has closed`, () => {
    const endpoint = new Endpoint(role);
    endpoint.protocol.close(1000, "");
    endpoint.protocol.pause();
    endpoint.receive(frameTo(role, { opcode: 8 }));
    assert.deepEqual(endpoint.events, ["closed 1005 by local"]);
  });

  test(`Protocol of a ${role} reads on behind a message whose handler threw`, () => {
    const endpoint = new Endpoint(role);
    endpoint.during = (event) => {
      if (event === TOLD[0]) throw new Error("handler");
    };
    const [first, ...rest] = chunks as [Buffer, ...Buffer[]];
    assert.throws(() => endpoint.receive(first), { message: "handler" });
    endpoint.receive(...rest);
    assert.deepEqual(endpoint.events, TOLD);
  });

  test(`Protocol of a ${role} answers only the latest ping once the peer reads again`, () => {
    const endpoint = new Endpoint(role);
    endpoint.protocol.setCongested(true);
    endpoint.receive(framesTo(role, { opcode: 9, payload: "1" }, { opcode: 9, payload: "2" }));
    endpoint.protocol.setCongested(true);
    endpoint.receive(frameTo(role, { opcode: 9, payload: "3" }));
    assert.equal(endpoint.protocol.output.length, 0);
    endpoint.protocol.setCongested(false);
    assert.deepEqual(endpoint.sent(), ["pong 33"]);
    endpoint.protocol.setCongested(false);
    assert.deepEqual(endpoint.sent(), []);
    endpoint.receive(framesTo(role, { opcode: 9, payload: "4" }, { opcode: 9, payload: "5" }));
    assert.deepEqual(endpoint.sent(), ["pong 34", "pong 35"]);
  });

  test(`Protocol of a ${role} keeps an owed pong apart from the chunk that brought the ping`, () => {
    const endpoint = new Endpoint(role);
    const ping = frameTo(role, { opcode: 9, payload: "keep" });
    endpoint.protocol.setCongested(true);
    endpoint.protocol.receive(ping);
    ping.fill(0);
    endpoint.protocol.setCongested(false);
    assert.deepEqual(endpoint.sent(), ["pong 6b656570"]);
  });

  test(`Protocol of a ${role} owes no pong to a peer that has closed`, () => {
    const endpoint = new Endpoint(role);
    endpoint.protocol.setCongested(true);
    endpoint.receive(framesTo(role, { opcode: 9, payload: "1" }, { opcode: 8, payload: hex("03e8") }));
    endpoint.protocol.setCongested(false);
    assert.deepEqual(endpoint.sent(), ["close 1000"]);
  });
}

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { COPY_BELOW_BYTES, SendBuffer } from "../../src/protocol/send_buffer.ts";
import { SharedRun } from "../../src/protocol/shared_run.ts";
import { SHARED_SPACE_BYTES } from "../../src/protocol/shared_space.ts";
import { seededRandom } from "../support/chunkers.ts";
import { bytesOf } from "../support/frames.ts";
import { madeSpace } from "../support/shared_space.ts";

function write(out: SendBuffer, bytes: string | Uint8Array): void {
  const at = out.reserve(bytes.length);
  out.bytes.set(Buffer.from(bytes), at);
}

function joined(taken: Uint8Array | Uint8Array[]): Buffer {
  return Array.isArray(taken) ? Buffer.concat(taken) : Buffer.from(taken);
}

test("SendBuffer has no buffer when it has nothing to send", () => {
  const out = new SendBuffer();
  assert.equal(out.length, 0);
  assert.equal(out.bytes.length, 0);
  assert.equal(out.take().length, 0);
  write(out, "x");
  assert.ok(out.bytes.length > 0);
  out.take();
  assert.equal(out.bytes.length, 0);
});

test("SendBuffer hands over as one what was written in a turn, and only once", () => {
  const out = new SendBuffer();
  for (let i = 0; i < 1000; i++) write(out, `${i},`);
  const wanted = Array.from({ length: 1000 }, (_, i) => `${i},`).join("");
  assert.equal(out.length, wanted.length);
  const taken = out.take();
  assert.ok(!Array.isArray(taken));
  assert.equal(joined(taken).toString(), wanted);
  assert.equal(out.length, 0);
  assert.equal(out.take().length, 0);
});

test("SendBuffer leaves alone what it handed over", () => {
  const out = new SendBuffer();
  write(out, "first");
  const first = out.take();
  write(out, "other");
  assert.equal(joined(first).toString(), "first");
});

test("SendBuffer keeps what is attached as it is, in order between what is written", () => {
  const out = new SendBuffer();
  const [large, larger] = [bytesOf(20_000), bytesOf(30_000)];
  write(out, "a");
  out.attach(large);
  out.attach(larger);
  write(out, "z");
  assert.equal(out.length, 50_002);
  const taken = out.take();
  assert.ok(Array.isArray(taken));
  assert.deepEqual(taken.map((part) => part.length), [1, 20_000, 30_000, 1]);
  assert.equal(taken[1], large);
  assert.equal(taken[2], larger);
  assert.equal(out.length, 0);
  assert.equal(out.take().length, 0);
});

test("SendBuffer hands over no empty buffer when an attached payload is the last", () => {
  const out = new SendBuffer();
  out.attach(bytesOf(20_000));
  const taken = out.take();
  assert.ok(Array.isArray(taken));
  assert.equal(taken.length, 1);
});

test("SendBuffer hands a shared frame over as it is when it is alone", () => {
  const out = new SendBuffer();
  const frame = Buffer.from("shared");
  out.appendShared(new SharedRun(frame));
  assert.equal(out.length, 6);
  assert.equal(out.take(), frame);
  assert.equal(out.length, 0);
});

test("SendBuffer copies a shared frame when anything joins it", () => {
  const small = new SharedRun(Buffer.from("shared"));
  const large = bytesOf(20_000);
  const joins: readonly (readonly [string, (out: SendBuffer) => void, wanted: Buffer[]])[] = [
    ["before", (out) => (write(out, "a"), out.appendShared(small)), [Buffer.from("ashared")]],
    ["behind", (out) => (out.appendShared(small), write(out, "z")), [Buffer.from("sharedz")]],
    ["again", (out) => (out.appendShared(small), out.appendShared(small)), [Buffer.from("sharedshared")]],
    ["attached", (out) => (out.appendShared(small), out.attach(large)), [small.bytes, large]],
    ["large", (out) => (out.appendShared(small), out.appendShared(new SharedRun(large))), [
      small.bytes,
      large,
    ]],
  ];
  for (const [what, join, wanted] of joins) {
    const out = new SendBuffer();
    join(out);
    assert.equal(out.length, Buffer.concat(wanted).length, what);
    const taken = [out.take()].flat();
    assert.deepEqual(taken.map((part) => Buffer.from(part)), wanted, what);
    assert.equal(small.bytes.toString(), "shared");
  }
});

test("SendBuffer hands over the same bytes for the same shared frames", () => {
  const frames = ["one", "two", "three"].map((text) => new SharedRun(Buffer.from(text)));
  const taken = [new SendBuffer(), new SendBuffer()].map((out) => {
    for (const frame of frames) out.appendShared(frame);
    assert.equal(out.length, 11);
    return out.take();
  });
  assert.equal(String(taken[0]), "onetwothree");
  assert.equal(taken[0], taken[1]);
});

test("SendBuffer copies shared frames that follow a run of 16 KiB", () => {
  const frame = new SharedRun(bytesOf(10_000));
  const taken = (count: number) => {
    const out = new SendBuffer();
    for (let n = 0; n < count; n++) out.appendShared(frame);
    assert.equal(out.length, count * 10_000);
    return out.take();
  };
  assert.equal(taken(2), taken(2));
  assert.notEqual(taken(3), taken(3));
  assert.ok(joined(taken(4)).equals(Buffer.concat(Array.from({ length: 4 }, () => bytesOf(10_000)))));
});

test("SendBuffer gives the shared space back when its output outgrows it, or is dropped", () => {
  const space = madeSpace();
  const out = new SendBuffer(space);
  out.reserve(SHARED_SPACE_BYTES);
  const { bytes } = out;
  assert.equal(space.borrow(), undefined);
  out.reserve(1);
  assert.notEqual(out.bytes, bytes);
  assert.equal(space.borrow(), bytes);
  space.giveBack(bytes, "unused");
  out.take();
  out.reserve(SHARED_SPACE_BYTES);
  assert.equal(out.bytes, bytes);
  out.clear();
  assert.equal(space.borrow(), bytes);
});

test("SendBuffer gives the shared space back in clear() also from in front of what was attached", () => {
  const space = madeSpace();
  const out = new SendBuffer(space);
  out.reserve(SHARED_SPACE_BYTES);
  const { bytes } = out;
  out.attach(bytesOf(20_000));
  assert.equal(space.borrow(), undefined);
  out.clear();
  assert.equal(space.borrow(), bytes);
});

test("SendBuffer that is kept back waits in memory of its own", () => {
  const space = madeSpace();
  const out = new SendBuffer(space);
  out.setKeptBack(true);
  out.reserve(SHARED_SPACE_BYTES);
  const bytes = space.borrow() as Buffer;
  assert.notEqual(out.bytes, bytes);
  space.giveBack(bytes, "unused");
  out.clear();
  out.setKeptBack(false);
  out.reserve(SHARED_SPACE_BYTES);
  assert.equal(out.bytes, bytes);
});

test("SendBuffer borrows nothing for little output", () => {
  const space = madeSpace();
  new SendBuffer(space).reserve(2_047);
  assert.ok(space.borrow() !== undefined);
});

test("SendBuffer attaches a shared frame from the length on from which copying does not pay", () => {
  const out = new SendBuffer();
  const frame = bytesOf(COPY_BELOW_BYTES);
  write(out, "a");
  out.appendShared(new SharedRun(frame));
  const taken = out.take();
  assert.equal(Array.isArray(taken) && taken[1], frame);
  write(out, "a");
  out.appendShared(new SharedRun(frame.subarray(1)));
  assert.ok(!Array.isArray(out.take()));
});

test("SendBuffer drops everything in clear(), however it came", () => {
  const fill: readonly ((out: SendBuffer) => void)[] = [
    (out) => write(out, "a"),
    (out) => out.appendShared(new SharedRun(Buffer.from("shared"))),
    (out) => (write(out, "a"), out.attach(bytesOf(20_000)), write(out, "z")),
  ];
  for (const some of fill) {
    const out = new SendBuffer();
    some(out);
    out.clear();
    assert.equal(out.length, 0);
    assert.equal(out.bytes.length, 0);
    write(out, "new");
    assert.equal(joined(out.take()).toString(), "new");
  }
});

test("SendBuffer begins a turn with as much room as the last one needed, within bounds", () => {
  const out = new SendBuffer();
  for (const [last, room] of [[10, 256], [5_000, 5_000], [1_000_000, 65_536], [1, 256]] as const) {
    for (let written = 0; written < last; written += 10) out.reserve(Math.min(10, last - written));
    out.take();
    out.reserve(1);
    assert.equal(out.bytes.length, room, `after ${last}`);
    out.clear();
  }
});

for (let seed = 1; seed <= 20; seed++) {
  test(`SendBuffer sends what it was given, in its order, whatever the mix (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const out = new SendBuffer();
    const wanted: Buffer[] = [];
    const sent: Buffer[] = [];
    let waiting = 0;
    for (let i = 0; i < 300; i++) {
      const bytes = bytesOf(1 + Math.floor(random() * (random() < 0.1 ? 40_000 : 300)));
      const choice = random();
      if (choice < 0.5) write(out, bytes);
      else if (choice < 0.8) out.appendShared(new SharedRun(bytes));
      else if (choice < 0.85) out.attach(bytes);
      else sent.push(joined(out.take()));
      if (choice < 0.85) wanted.push(bytes);
      waiting = choice < 0.85 ? waiting + bytes.length : 0;
      assert.equal(out.length, waiting);
    }
    sent.push(joined(out.take()));
    assert.ok(Buffer.concat(sent).equals(Buffer.concat(wanted)));
  });
}

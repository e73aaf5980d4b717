import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { directionOf, readCaptured } from "../../src/cli/captured.ts";
import { cli } from "../support/cli.ts";
import { frame, hex } from "../support/frames.ts";

const HELLO = "8185 37fa213d 7f9f4d5158";
const BYTES = hex(HELLO);

test("readCaptured() reads hexadecimal as people and tools write it", () => {
  const ways = [
    HELLO,
    "81:85:37:fa:21:3d:7f:9f:4d:51:58",
    "0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58",
    "\\x81\\x85\\x37\\xFA\\x21\\x3D\n\\x7f\\x9f\\x4d\\x51\\x58\n",
    "00000000: 8185 37fa 213d 7f9f 4d51 58              ..7.!=..MQX\n",
    "00000000  81 85 37 fa 21 3d 7f 9f  4d 51 58                 |..7.!=..MQX|\n0000000b\n",
  ];
  for (const way of ways) assert.deepEqual(readCaptured(Buffer.from(way), undefined), BYTES, way);
});

test("readCaptured() takes bytes as they are when they are no hexadecimal, or when it is told to", () => {
  assert.deepEqual(readCaptured(BYTES, undefined), BYTES);
  assert.deepEqual(readCaptured(Buffer.from("8185"), "binary"), Buffer.from("8185"));
  assert.throws(() => readCaptured(Buffer.from("hello"), "hex"), { message: /not hexadecimal/ });
});

test("directionOf() finds out who sent the bytes: as it is told, from a handshake, or from the first MASK bit", () => {
  const request = Buffer.concat([Buffer.from("GET /ws HTTP/1.1\r\nHost: a\r\n\r\n"), BYTES]);
  const response = Buffer.concat([Buffer.from("HTTP/1.1 101 Switching Protocols\r\n\r\n"), hex("8100")]);
  assert.deepEqual(directionOf(request, undefined), { frames: BYTES, from: "client", by: "handshake" });
  assert.deepEqual(directionOf(response, undefined), {
    frames: hex("8100"),
    from: "server",
    by: "handshake",
  });
  assert.deepEqual(directionOf(BYTES, undefined), { frames: BYTES, from: "client", by: "mask" });
  assert.deepEqual(directionOf(hex("8100"), undefined), { frames: hex("8100"), from: "server", by: "mask" });
  assert.deepEqual(directionOf(BYTES, "server"), { frames: BYTES, from: "server", by: "option" });
});

test("inspect says so when the handshake was refused, and there are no frames", async () => {
  const { code, err } = await cli("inspect", { stdin: "HTTP/1.1 401 Unauthorized\r\n\r\n{}" });
  assert.deepEqual([code, err], [
    1,
    "portcullis inspect: The handshake was answered with 401, and so there are no frames.\n",
  ]);
});

test("inspect shows a frame bit by bit, masked and unmasked, and ends with 0 when no rule is broken", async () => {
  const { code, out, err } = await cli("inspect", { stdin: HELLO });
  assert.equal(code, 0);
  assert.match(err, /^By the first MASK bit, they are from the client; --from says otherwise\.\n$/);
  for (
    const line of [
      "client → server  text, 5 bytes",
      "    opcode          0001                                 text",
      "    masking key     00110111 11111010 00100001 00111101  37fa213d",
      "      7f 9f 4d 51 58                                   ..MQX",
      "    as text: Hello",
      "1 frame, no rule broken",
    ]
  ) assert.ok(out.includes(`${line}\n`), line);
});

test("inspect names the rule that a frame breaks with its clause and words, goes on, and ends with 1", async () => {
  const stdin = Buffer.concat([
    frame({ opcode: 9, fin: false, masked: true }),
    frame({ opcode: 1, masked: true }),
  ]);
  const { code, out } = await cli("inspect", { stdin });
  assert.equal(code, 1);
  assert.match(out, /ping, 0 bytes {2}✖ breaks control_fragmented\n/);
  assert.match(out, /RFC 6455 §5\.4: "Control frames themselves MUST NOT be fragmented\."\n/);
  assert.match(out, /Nobody reads it any more/);
  assert.match(out, /2 frames, broken: control_fragmented\n$/);
});

test("inspect writes an object for each frame when it is asked for JSON, and nothing else", async () => {
  const { out, err } = await cli("inspect --json", { stdin: `${HELLO} 8900` });
  const [first, second, ...others] = out.trim().split("\n").map((line) =>
    JSON.parse(line) as Readonly<Record<string, unknown>>
  );
  assert.deepEqual([others.length, err], [0, ""]);
  assert.deepEqual([first?.["opcode"], first?.["text"], first?.["payloadOnTheWire"]], [
    "text",
    "Hello",
    "7f9f4d5158",
  ]);
  assert.deepEqual([second?.["rule"], second?.["section"]], ["mask_required", "§5.1"]);
});

test("inspect reads a file, takes RSV1 for compression when it is told so, and shows as much of a payload as it is told", async () => {
  const folder = mkdtempSync(join(tmpdir(), "inspect-"));
  const file = join(folder, "captured.bin");
  // RFC 7692 §7.2.3.1: "Hello", compressed.
  writeFileSync(file, hex("c107 f248cdc9c90700"));
  const good = await cli(`inspect ${file} --deflate`);
  assert.equal(good.code, 0);
  // What is compressed is no text yet.
  assert.doesNotMatch(good.out, /as text/);
  const { code, out } = await cli(`inspect ${file} --payload 2`);
  rmSync(folder, { recursive: true });
  assert.equal(code, 1);
  assert.match(out, /breaks reserved_bits/);
  assert.match(out, / {6}f2 48 .*\n {6}… and 5 more bytes\n/);
});

test("inspect shows both directions of a connection, from a file each, and refuses two of one side", async () => {
  const folder = mkdtempSync(join(tmpdir(), "inspect-"));
  const [client, server] = [join(folder, "client.hex"), join(folder, "server.bin")];
  writeFileSync(client, HELLO);
  writeFileSync(server, hex("8103 616263 8800"));
  const both = await cli(`inspect ${client} ${server}`);
  const twice = await cli(`inspect ${client} ${client}`);
  rmSync(folder, { recursive: true });
  assert.deepEqual([both.code, both.err], [0, ""]);
  assert.deepEqual(both.out.match(/^(?:client|server) → .*$/gm), [
    "client → server  text, 5 bytes",
    "server → client  text, 3 bytes",
    "server → client  close, 0 bytes",
  ]);
  assert.match(both.out, /3 frames, no rule broken\n$/);
  assert.deepEqual([twice.code, twice.err.includes("Both files are from the client")], [2, true]);
});

test("inspect holds messages against the limit that it is told", async () => {
  const { out } = await cli("inspect --max-message 4", { stdin: HELLO });
  assert.match(out, /breaks message_too_big/);
});

test("inspect refuses what it cannot mean", async () => {
  assert.match((await cli("inspect", { stdin: "" })).err, /There are no bytes\./);
  assert.match(
    (await cli("inspect --from me", { stdin: HELLO })).err,
    /--from is "me"; it must be client or server\./,
  );
  assert.match((await cli("inspect --hex --binary", { stdin: HELLO })).err, /exclude each other/);
});

test("inspect shows nothing that a terminal would obey", async () => {
  const { out } = await cli("inspect", { stdin: frame({ opcode: 1, payload: "\x1b[2J" }) });
  assert.equal(out.includes("\x1b"), false);
  assert.match(out, /as text: \\u\{1b\}\[2J\n/);
});

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { readRequestHead } from "../../src/protocol/request_head.ts";

const FIELDS = ["Host: a", "Connection: Upgrade", "Upgrade: websocket"];

function headOf(fields: readonly string[], line = "GET /chat?x=1 HTTP/1.1"): Buffer {
  return Buffer.from(`${[line, ...fields].join("\r\n")}\r\n\r\n`, "latin1");
}

test("readRequestHead() reads an upgrade: target, and lines as they were written, without the blanks around values", () => {
  const head = readRequestHead(headOf([...FIELDS, "X-Empty:", "x-ODD: \t a b\t ", "X-Odd: \xe9:c"]));
  assert.deepEqual(head?.request, {
    method: "GET",
    httpVersion: "1.1",
    url: "/chat?x=1",
    rawHeaders: [
      ...["Host", "a", "Connection", "Upgrade", "Upgrade", "websocket"],
      ...["X-Empty", "", "x-ODD", "a b", "X-Odd", "\xe9:c"],
    ],
  });
});

test("readRequestHead() tells where the frames begin", () => {
  const head = headOf(FIELDS);
  assert.equal(readRequestHead(head)?.bytes, head.length);
  assert.equal(readRequestHead(Buffer.concat([head, Buffer.from("\x81\r\n\r\n")]))?.bytes, head.length);
});

test("readRequestHead() leaves a head that is not there as a whole", () => {
  const head = headOf(FIELDS);
  for (let length = 0; length < head.length; length++) {
    assert.equal(readRequestHead(head.subarray(0, length)), undefined);
  }
});

test("readRequestHead() reads heads of up to 16 KiB", () => {
  const rest = headOf([...FIELDS, "X-Long: "]).length;
  const ofLength = (length: number) => headOf([...FIELDS, `X-Long: ${"x".repeat(length - rest)}`]);
  assert.equal(readRequestHead(ofLength(16_384))?.bytes, 16_384);
  assert.equal(readRequestHead(ofLength(16_385)), undefined);
});

const LEFT: Readonly<Record<string, Buffer>> = {
  "another method": headOf(FIELDS, "POST / HTTP/1.1"),
  "a method in lower case": headOf(FIELDS, "get / HTTP/1.1"),
  "HTTP/1.0": headOf(FIELDS, "GET / HTTP/1.0"),
  "HTTP/1.1 with something behind it": headOf(FIELDS, "GET / HTTP/1.1 "),
  "two spaces": headOf(FIELDS, "GET  / HTTP/1.1"),
  "a tab": headOf(FIELDS, "GET\t/ HTTP/1.1"),
  "no target": headOf(FIELDS, "GET HTTP/1.1"),
  "a space in the target": headOf(FIELDS, "GET /a b HTTP/1.1"),
  "a byte beyond ASCII in the target": headOf(FIELDS, "GET /\xe9 HTTP/1.1"),
  "an empty line in front": Buffer.concat([Buffer.from("\r\n"), headOf(FIELDS)]),
  "no fields": headOf([]),
  "a length": headOf([...FIELDS, "Content-Length: 0"]),
  "an encoding": headOf([...FIELDS, "Transfer-Encoding: chunked"]),
  "no Upgrade": headOf(FIELDS.slice(0, 2)),
  "no Connection": headOf(["Host: a", "Upgrade: websocket"]),
  "an upgrade to something else": headOf(["Host: a", "Connection: Upgrade", "Upgrade: h2c"]),
  "a Connection that says something else": headOf(["Host: a", "Connection: close", "Upgrade: websocket"]),
  "a line without a colon": headOf([...FIELDS, "X"]),
  "a field without a name": headOf([...FIELDS, ": x"]),
  "a space in front of the colon": headOf([...FIELDS, "X : y"]),
  "a line that goes on with the one before": headOf([...FIELDS, "X: y", " z"]),
  "a first line that begins with a space": headOf([" X: y", ...FIELDS]),
  "a bare LF as the end of a line": headOf([...FIELDS, "X: y\nZ: z"]),
  "a bare CR in a value": headOf([...FIELDS, "X: y\rZ: z"]),
  "a NUL in a value": headOf([...FIELDS, "X: \0"]),
  "a control character in a value": headOf([...FIELDS, "X: \x7f"]),
  "a character in a name that no token has": headOf([...FIELDS, "X(y): z"]),
  "line feeds only": Buffer.from(headOf(FIELDS).toString().replaceAll("\r\n", "\n")),
};

for (const [what, bytes] of Object.entries(LEFT)) {
  test(`readRequestHead() leaves ${what}`, () => assert.equal(readRequestHead(bytes), undefined));
}

test("readRequestHead() finds tokens in any case, in lists, and in repeated fields", () => {
  const fields = ["connection: keep-alive, UPGRADE", "UPGRADE: h2c", "upgrade: WebSocket"];
  assert.ok(readRequestHead(headOf(fields)) !== undefined);
});

test("readRequestHead() takes time that grows with the head, not with its square", () => {
  const blanks = headOf([...FIELDS, `X: a${" ".repeat(16_000)}b`]);
  const colons = headOf([...FIELDS, ...Array.from({ length: 3_000 }, () => "a:b")]);
  for (const head of [blanks, colons]) {
    const startMs = performance.now();
    for (let n = 0; n < 20; n++) assert.ok(readRequestHead(head) !== undefined);
    assert.ok(performance.now() - startMs < 2_000);
  }
});

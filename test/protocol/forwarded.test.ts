import assert from "node:assert/strict";
import { test } from "node:test";
import {
  FORWARDED_FIELDS,
  type ForwardedField,
  forwardedHosts,
  MAX_FORWARDED_ELEMENTS,
} from "../../src/protocol/forwarded.ts";

/** Long enough that anything but linear time would be felt: a quadratic step would take a minute. */
const LONG = 100_000;

/** What is read of the lines of one field, nearest proxy first; `-` where nothing can be. */
function read(field: ForwardedField, ...lines: readonly string[]): string {
  const rawHeaders = lines.flatMap((line) => [field, line]);
  return [...forwardedHosts(field, rawHeaders)].map((host) => host ?? "-").join(" ");
}

const X_FORWARDED_FOR: readonly (readonly [lines: string | readonly string[], hosts: string])[] = [
  ["192.0.2.1", "192.0.2.1"],
  ["192.0.2.1, 198.51.100.2,203.0.113.3", "203.0.113.3 198.51.100.2 192.0.2.1"],
  [["192.0.2.1, 192.0.2.2", "192.0.2.3"], "192.0.2.3 192.0.2.2 192.0.2.1"],
  [" \t192.0.2.1\t ,\t192.0.2.2 ", "192.0.2.2 192.0.2.1"],
  [",192.0.2.1,, ,192.0.2.2,", "192.0.2.2 192.0.2.1"],
  ["", ""],
  [",", ""],
  ["192.0.2.1:5678", "192.0.2.1"],
  ["192.0.2.1:_hidden", "192.0.2.1"],
  ["192.0.2.1:", "-"],
  ["192.0.2.1:123456", "-"],
  ["192.0.2.1:x", "-"],
  ["x192.0.2.1", "-"],
  ["192.0.2.1 x", "-"],
  ["192.0.2.1\u00a0", "-"],
  ["2001:db8::1", "2001:db8::1"],
  ["[2001:DB8::1]", "2001:DB8::1"],
  ["[2001:db8::1]:443", "2001:db8::1"],
  ["[2001:db8::1", "-"],
  ["[192.0.2.1]", "-"],
  ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
  ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
  ["::", "::"],
  [":", "-"],
  ["fe80::1%eth0", "-"],
  ["[fe80::1%eth0]", "-"],
  ["unknown", "-"],
  ["_hidden", "-"],
  ["a\u001b[31m", "-"],
  ['"192.0.2.1"', "-"],
  ["for=192.0.2.1", "-"],
  ["192.0.2.1, unknown, 192.0.2.2", "192.0.2.2 - 192.0.2.1"],
];

for (const [lines, hosts] of X_FORWARDED_FOR) {
  test(`forwardedHosts() reads "${hosts}" when X-Forwarded-For is ${JSON.stringify(lines)}`, () => {
    assert.equal(read("x-forwarded-for", ...[lines].flat()), hosts);
  });
}

const FORWARDED: readonly (readonly [lines: string | readonly string[], hosts: string])[] = [
  // The examples of RFC 7239 §4 and §6.
  ['for="_gazonk"', "-"],
  ['For="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17"],
  ["for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"],
  ["for=192.0.2.43, for=198.51.100.17", "198.51.100.17 192.0.2.43"],
  ['for=192.0.2.43, for="[2001:db8:cafe::17]"', "2001:db8:cafe::17 192.0.2.43"],
  [["for=192.0.2.43", 'FOR=198.51.100.17;by="_x", for=unknown'], "- 198.51.100.17 192.0.2.43"],
  ['by=203.0.113.43;for="192.0.2.1:5678"', "192.0.2.1"],
  ['for="192.0.2.1:_port"', "192.0.2.1"],
  ["for=192.0.2.1:5678", "-"],
  ["for=[2001:db8::1]", "-"],
  ["fo=192.0.2.1;r=192.0.2.2", "-"],
  ["proto=https", "-"],
  ["192.0.2.1", "-"],
  ["for = 192.0.2.1", "-"],
  ["=192.0.2.1", "-"],
  ["for=", "-"],
  ['for=""', "-"],
  ["for=192.0.2.1; proto=https ;", "192.0.2.1"],
  [",for=192.0.2.1, ,", "192.0.2.1"],
  // §4: once per element, whatever else is in it.
  ["for=192.0.2.1;for=192.0.2.2", "-"],
  ['for="";for=192.0.2.2', "-"],
  ["for=192.0.2.1;proto=a b", "-"],
  ["proto=a b;for=192.0.2.1", "-"],
  // Separators and quotes inside of quoted strings.
  ['for=192.0.2.1;host="a, for=6.6.6.6;b"', "192.0.2.1"],
  ['for=192.0.2.1;host="a\\", for=6.6.6.6;b=\\""', "192.0.2.1"],
  ['for=192.0.2.1;host="a\\\\", for=192.0.2.2', "192.0.2.2 192.0.2.1"],
  ['for="192\\.0.2.1"', "192.0.2.1"],
  ['for=192.0.2.1;host="a, for=6.6.6.6\\\\"', "192.0.2.1"],
  ['for=192.0.2.1;host="a\\"', "-"],
  ['for=192.0.2.1;host="a"b"c"', "-"],
  ["for=192.0.2.1;=a", "-"],
  ["for=192.0.2.1;proto", "-"],
  ['for="192.0.2.1\\"', "-"],
  ['for="192.0.2.1', "-"],
  ['for=192.0.2.1"', "-"],
  ['for="', "-"],
  ['for="192.0.2.1"x"', "-"],
  ['for="192.0".2.1', "-"],
  ["for='192.0.2.1'", "-"],
];

for (const [lines, hosts] of FORWARDED) {
  test(`forwardedHosts() reads "${hosts}" when Forwarded is ${JSON.stringify(lines)}`, () => {
    assert.equal(read("forwarded", ...[lines].flat()), hosts);
  });
}

test("forwardedHosts() reads what a proxy appended the same, whatever a client wrote in front", () => {
  for (
    const front of ['for="', 'for="x', 'for="\\', '"', '";', "for=6.6.6.6\\", 'a="b"c', "\u00ff", "==;;"]
  ) {
    const [first] = forwardedHosts("forwarded", ["Forwarded", `${front}, for=192.0.2.1;host="h"`]);
    assert.equal(first, "192.0.2.1", front);
  }
});

test("forwardedHosts() reads the one field that it was told, in any case", () => {
  const rawHeaders = [
    "X-FORWARDED-FOR",
    "192.0.2.1",
    "forwarded",
    "for=192.0.2.2",
    "X-Forwarded-Fo",
    "192.0.2.3",
  ];
  assert.deepEqual([...forwardedHosts("x-forwarded-for", rawHeaders)], ["192.0.2.1"]);
  assert.deepEqual([...forwardedHosts("forwarded", rawHeaders)], ["192.0.2.2"]);
  assert.deepEqual([...forwardedHosts("forwarded", ["a", "forwarded", "for=192.0.2.1", "b"])], []);
  assert.deepEqual([...forwardedHosts("forwarded", [])], []);
});

test("forwardedHosts() looks at so many elements, over all lines, and at no more", () => {
  for (
    const [field, element] of [["x-forwarded-for", "192.0.2.1"], ["forwarded", "for=192.0.2.1"]] as const
  ) {
    const lines = (count: number) => Array.from({ length: count }, () => [field, element]).flat();
    const list = (count: number) => [field, Array.from({ length: count }, () => element).join()];
    for (const write of [lines, list]) {
      const count = (elements: number) => [...forwardedHosts(field, write(elements))].length;
      assert.equal(count(MAX_FORWARDED_ELEMENTS - 1), MAX_FORWARDED_ELEMENTS - 1);
      assert.equal(count(MAX_FORWARDED_ELEMENTS), MAX_FORWARDED_ELEMENTS);
      assert.equal(count(MAX_FORWARDED_ELEMENTS + 1), MAX_FORWARDED_ELEMENTS);
    }
    const behind = [...lines(3), ...list(MAX_FORWARDED_ELEMENTS + 1)];
    assert.equal([...forwardedHosts(field, behind)].length, MAX_FORWARDED_ELEMENTS);
    const empty = ",".repeat(MAX_FORWARDED_ELEMENTS - 1);
    assert.equal(read(field, `${element}${empty}`).length, "192.0.2.1".length);
    assert.equal(read(field, `${element},${empty}`), "", "empty ones count, too");
  }
});

test("forwardedHosts() takes time in proportion to what it reads", () => {
  const long = ["1", ",", '"', "\\", '\\"', ";", "=", " ", 'a="', 'for="\\\\"', "1.", ":"].map((text) =>
    text.repeat(LONG)
  );
  for (const field of FORWARDED_FIELDS) {
    for (const value of long) {
      for (const whole of [value, `for="${value}"`, `${value}"`, `[${value}]`]) {
        [...forwardedHosts(field, [field, whole])];
      }
    }
  }
});

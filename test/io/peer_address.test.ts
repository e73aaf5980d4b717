import assert from "node:assert/strict";
import { test } from "node:test";
import { addressReader, type TrustedProxies } from "../../src/io/peer_address.ts";

const X: TrustedProxies = {
  addresses: ["10.0.0.0/8", "192.0.2.9", "2001:db8:5::/48", "2001:db8::9", "::ffff:198.51.100.9"],
  field: "x-forwarded-for",
};

/** Whose address it is, behind a socket's and the lines of the field. */
function read(socketAddress: string, ...lines: readonly string[]): string {
  return addressReader(X)(socketAddress, lines.flatMap((line) => ["X-Forwarded-For", line]));
}

const WHOSE: readonly (readonly [what: string, socket: string, lines: readonly string[], address: string])[] =
  [
    ["the peer is not trusted", "203.0.113.1", ["198.51.100.1"], "203.0.113.1"],
    ["the peer is one beside a trusted one", "192.0.2.8", ["198.51.100.1"], "192.0.2.8"],
    ["the peer is one beside a trusted block", "11.0.0.1", ["198.51.100.1"], "11.0.0.1"],
    ["the socket has no address", "", ["198.51.100.1"], ""],
    ["the peer is trusted by itself", "192.0.2.9", ["198.51.100.1"], "198.51.100.1"],
    ["the peer is in a trusted block", "10.255.0.1", ["198.51.100.1"], "198.51.100.1"],
    ["the peer is IPv4 inside IPv6", "::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"],
    ["the peer is trusted as IPv4 inside IPv6", "198.51.100.9", ["198.51.100.1"], "198.51.100.1"],
    ["the peer is in a trusted block of IPv6", "2001:db8:5:1::1", ["198.51.100.1"], "198.51.100.1"],
    ["the peer has a zone", "2001:db8::9%eth0", ["198.51.100.1"], "198.51.100.1"],
    ["the peer is beside a trusted block of IPv6", "2001:db8:6::1", ["198.51.100.1"], "2001:db8:6::1"],
    ["there is no field", "10.0.0.1", [], "10.0.0.1"],
    ["there is nothing in the field", "10.0.0.1", [" , "], "10.0.0.1"],
    ["the client has written, too", "10.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"],
    ["the client has written a line of its own", "10.0.0.1", ["6.6.6.6", "198.51.100.1"], "198.51.100.1"],
    ["there are two proxies", "10.0.0.1", ["6.6.6.6, 198.51.100.1, 10.0.0.2"], "198.51.100.1"],
    [
      "there are three, in two lines",
      "10.0.0.1",
      ["6.6.6.6, 198.51.100.1", "::FFFF:A00:3, 10.0.0.2"],
      "198.51.100.1",
    ],
    ["all are trusted", "10.0.0.1", ["10.0.0.4, 10.0.0.3,10.0.0.2"], "10.0.0.4"],
    ["the client is unknown", "10.0.0.1", ["unknown"], "10.0.0.1"],
    ["the client is unknown to the second proxy", "10.0.0.1", ["6.6.6.6, unknown, 10.0.0.2"], "10.0.0.2"],
    ["a proxy hides its client", "10.0.0.1", ["6.6.6.6, _hidden, 10.0.0.2"], "10.0.0.2"],
    ["there is no such address", "10.0.0.1", ["6.6.6.6, 256.1.1.1, 10.0.0.2"], "10.0.0.2"],
    ["an address has too many zeros", "10.0.0.1", ["198.51.100.01"], "10.0.0.1"],
    ["there are characters for a terminal", "10.0.0.1", ["198.51.100.1\u001b[31m"], "10.0.0.1"],
    ["there is a zone", "10.0.0.1", ["fe80::1%x"], "10.0.0.1"],
    ["there is a port", "10.0.0.1", ["198.51.100.1:5678"], "198.51.100.1"],
    ["there is a port behind IPv6", "10.0.0.1", ["[2001:DB8:0:0::1]:443"], "2001:db8::1"],
    ["the client is IPv4 inside IPv6", "10.0.0.1", ["::ffff:c633:6401"], "198.51.100.1"],
    [
      "the client is the same, written otherwise",
      "10.0.0.1",
      ["0:0:0:0:0:FFFF:198.51.100.1"],
      "198.51.100.1",
    ],
  ];

for (const [what, socket, lines, address] of WHOSE) {
  test(`addressReader() reads "${address}" when ${what}`, () => {
    assert.equal(read(socket, ...lines), address);
  });
}

test("addressReader() believes the one field that is configured", () => {
  const rawHeaders = [
    "Forwarded",
    "for=198.51.100.1",
    "X-Forwarded-For",
    "198.51.100.2",
    "X-Real-IP",
    "198.51.100.3",
  ];
  assert.equal(addressReader(X)("10.0.0.1", rawHeaders), "198.51.100.2");
  assert.equal(addressReader({ ...X, field: "forwarded" })("10.0.0.1", rawHeaders), "198.51.100.1");
});

test("addressReader() believes nobody when no proxy is trusted", () => {
  assert.equal(addressReader(undefined)("10.0.0.1", ["X-Forwarded-For", "198.51.100.1"]), "10.0.0.1");
});

test("addressReader() ends at a trusted proxy when a list has no end", () => {
  const endless = Array.from({ length: 1_000 }, () => "10.0.0.2").join();
  assert.equal(read("10.0.0.1", `198.51.100.1, ${endless}`), "10.0.0.2");
});

test("addressReader() takes no block of IPv6 for one of IPv4, and none of IPv4 for IPv6", () => {
  const reads = (block: string, socket: string) =>
    addressReader({ ...X, addresses: [block] })(socket, ["X-Forwarded-For", "192.0.2.1"]);
  assert.equal(reads("::/1", "10.0.0.1"), "10.0.0.1");
  assert.equal(reads("::/1", "::1"), "192.0.2.1");
  assert.equal(reads("0.0.0.0/1", "::a00:1"), "::a00:1");
  assert.equal(reads("0.0.0.0/1", "10.0.0.1"), "192.0.2.1");
  assert.equal(reads("10.0.0.5/31", "10.0.0.4"), "192.0.2.1");
});

for (const ok of ["10.0.0.0/1", "10.0.0.0/32", "2001:db8::/128", "2001:db8::/1", "::ffff:10.0.0.1", "::1"]) {
  test(`addressReader() takes "${ok}" for a proxy`, () => {
    assert.doesNotThrow(() => addressReader({ ...X, addresses: [ok] }));
  });
}

const BAD = [
  "",
  "localhost",
  "10.0.0",
  "10.0.0.1:80",
  "[::1]",
  "fe80::1%eth0",
  "10.0.0.0/0",
  "10.0.0.0/33",
  "10.0.0.0/08",
  "10.0.0.0/",
  "10.0.0.0/8/8",
  "10.0.0.0/-1",
  "10.0.0.0/8.5",
  "10.0.0.0/255.0.0.0",
  "::/0",
  "::1/129",
  "::ffff:10.0.0.0/104",
];

for (const addresses of [...BAD.map((entry) => ["192.0.2.1", entry]), [], "10.0.0.1", undefined, [null]]) {
  test(`addressReader() throws invalid_argument when the addresses are ${JSON.stringify(addresses)}`, () => {
    const proxies = { ...X, addresses } as TrustedProxies;
    assert.throws(() => addressReader(proxies), { name: "PortcullisError", code: "invalid_argument" });
  });
}

for (const field of ["X-Forwarded-For", "x-real-ip", "", undefined]) {
  test(`addressReader() throws invalid_argument when the field is ${JSON.stringify(field)}`, () => {
    const proxies = { ...X, field } as TrustedProxies;
    assert.throws(() => addressReader(proxies), { name: "PortcullisError", code: "invalid_argument" });
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { addressBlock } from "../../src/base/address_block.ts";

/** Addresses that count as the same peer, by the name of their block. */
const BLOCKS: Readonly<Record<string, readonly string[]>> = {
  "192.0.2.7": [
    "192.0.2.7",
    "::ffff:192.0.2.7",
    "::ffff:192.0.2.7%1",
    "::FFFF:192.0.2.7",
    "0:0:0:0:0:ffff:192.0.2.7",
  ],
  "2001:db8:1:2::/64": [
    "2001:db8:1:2::",
    "2001:db8:1:2::1",
    "2001:db8:1:2:3:4:5:6",
    "2001:DB8:1:2:ffff:ffff:ffff:ffff",
    "2001:0db8:0001:0002:0000:0000:0000:0001",
    "2001:db8:1:2::1%eth0",
    "2001:db8:1:2::192.0.2.7",
  ],
  "2001:db8:0:0::/64": ["2001:db8::1", "2001:db8::", "2001:db8:0:0:1::", "2001:db8:0::9:8:7:6"],
  "fe80:0:0:0::/64": ["fe80::1%eth0", "fe80::1%25", "fe80::2", "fe80::"],
  "0:0:0:0::/64": ["::1", "::", "0:0:0:0:0:0:0:1"],
  "0:0:0:1::/64": ["::1:0:0:0:0", "0:0:0:1::", "0:0::1:0:0:0:0"],
  "0:1:2:3::/64": ["::1:2:3:4:5:6:7", "0:1:2:3::"],
};

for (const [block, addresses] of Object.entries(BLOCKS)) {
  test(`addressBlock() answers ${block} for all that counts as one peer with it`, () => {
    for (const address of addresses) assert.equal(addressBlock(address), block, address);
  });
}

test("addressBlock() tells neighbours apart", () => {
  const neighbours = [
    "192.0.2.7",
    "192.0.2.70",
    "192.0.2.8",
    "2001:db8:1:2::1",
    "2001:db8:1:3::1",
    "2001:db8:1:20::1",
    "2001:db8:10:2::1",
    "2001:db81:1:2::1",
    "fe80::1",
    "::1",
  ];
  assert.equal(new Set(neighbours.map(addressBlock)).size, neighbours.length);
});

test("addressBlock() leaves an IPv4 address, and what is no address at all, as it is", () => {
  for (const address of ["127.0.0.1", "0.0.0.0", "", "/tmp/socket", "localhost"]) {
    assert.equal(addressBlock(address), address);
  }
});

test("addressBlock() makes something short of anything with a colon, and does not throw", () => {
  for (const odd of [":", "::", ":::", "::%", "%:", "a:b", ":".repeat(10_000), "1::2::3", "::ffff:x"]) {
    assert.equal(typeof addressBlock(odd), "string");
  }
});

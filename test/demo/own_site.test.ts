import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isOwnHost, isOwnPage, originsOf } from "../../src/demo/own_site.ts";

const LOCAL = { host: "127.0.0.1", port: 8080 };

describe("isOwnHost()", () => {
  for (
    const host of [
      "127.0.0.1:8080",
      "localhost:8080",
      "LOCALHOST",
      "[::1]:8080",
      "192.168.1.5:8080",
      "[fe80::1]",
      // A port that is forwarded.
      "localhost:9000",
    ]
  ) {
    test(`takes ${host}, which nobody can let point elsewhere`, () =>
      assert.equal(isOwnHost(host, LOCAL), true));
  }

  for (
    const host of [
      "evil.example",
      "evil.example:8080",
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "evil.localhost",
      "box.lan:8080",
      "",
      "[::1",
      "a b",
      undefined,
    ]
  ) {
    test(`refuses ${host ?? "nothing"}`, () => assert.equal(isOwnHost(host, LOCAL), false));
  }

  test("takes the name that the server was told to listen at, in any case, and no longer one", () => {
    const address = { host: "Box.lan", port: 8080 };
    assert.equal(isOwnHost("box.LAN:8080", address), true);
    assert.equal(isOwnHost("a.box.lan:8080", address), false);
    assert.equal(isOwnHost("192.168.1.5:8080", { host: "0.0.0.0", port: 8080 }), true);
  });
});

test("isOwnPage() takes the page itself, what a visitor has typed in, and programs, and no other page", () => {
  for (const site of ["same-origin", "none", undefined]) {
    assert.equal(isOwnPage(site === undefined ? {} : { "sec-fetch-site": site }), true);
  }
  for (const site of ["same-site", "cross-site", "", "same-origin, same-origin"]) {
    assert.equal(isOwnPage({ "sec-fetch-site": site }), false, site);
  }
});

test("originsOf() writes the page's Origin under each name, as a browser does", () => {
  assert.deepEqual(originsOf({ host: "::", port: 80 }), [
    "http://[::]",
    "http://127.0.0.1",
    "http://localhost",
    "http://[::1]",
  ]);
});

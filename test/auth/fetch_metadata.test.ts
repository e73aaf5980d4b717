import assert from "node:assert/strict";
import { test } from "node:test";
import { cookieFault, originOfRequest } from "../../src/auth/fetch_metadata.ts";
import { collectFields } from "../../src/protocol/header_field.ts";

const PAGE = "https://chat.example";

const sites = (...values: readonly string[]) =>
  collectFields(values.flatMap((value) => ["Sec-Fetch-Site", value]));

test("cookieFault() believes no cookie without an Origin, whatever else the request says", () => {
  for (const fields of [sites(), sites("same-origin")]) {
    assert.equal(cookieFault(undefined, fields), "cookie_without_origin");
  }
});

test("cookieFault() believes the cookie of a browser that does not send Sec-Fetch-Site", () => {
  assert.equal(cookieFault(PAGE, sites()), undefined);
});

for (const site of ["same-origin", "same-site"]) {
  test(`cookieFault() believes a cookie when the page is ${site}`, () => {
    assert.equal(cookieFault(PAGE, sites(site)), undefined);
    assert.equal(cookieFault(PAGE, sites(site, "same-origin")), undefined);
  });
}

for (const site of ["cross-site", "none", "", "Same-Origin", "same-origin, cross-site", "new-value"]) {
  test(`cookieFault() believes no cookie when Sec-Fetch-Site is "${site}"`, () => {
    assert.equal(cookieFault(PAGE, sites(site)), "cross_site");
    // Nobody can talk a browser's word away by adding a better one.
    assert.equal(cookieFault(PAGE, sites(site, "same-origin")), "cross_site");
    assert.equal(cookieFault(PAGE, sites("same-origin", site)), "cross_site");
  });
}

const request = (fields: Readonly<Record<string, string>>) => collectFields(Object.entries(fields).flat());
const ALLOWED = ["https://other.example", PAGE, "http://localhost:8080"];

test("originOfRequest() takes the Origin field as it is, allowed or not", () => {
  for (const origin of [PAGE, "null", "https://evil.example", ""]) {
    const fields = request({ Origin: origin, Host: "chat.example", "Sec-Fetch-Site": "same-origin" });
    assert.equal(originOfRequest(fields, ALLOWED), origin);
  }
});

test("originOfRequest() finds the allowed Origin of this host when a page asks its own server", () => {
  const own = (host: string) =>
    originOfRequest(request({ Host: host, "Sec-Fetch-Site": "same-origin" }), ALLOWED);
  assert.equal(own("chat.example"), PAGE);
  assert.equal(own("localhost:8080"), "http://localhost:8080");
  for (const host of ["evil.example", "chat.example:8443", "chat.example.evil", "hat.example", ""]) {
    assert.equal(own(host), undefined);
  }
});

test("originOfRequest() finds none when no browser says that the page is this server's", () => {
  for (const site of ["same-site", "cross-site", "none", "", "same-origin, same-origin"]) {
    const fields = request({ Host: "chat.example", "Sec-Fetch-Site": site });
    assert.equal(originOfRequest(fields, ALLOWED), undefined);
  }
  assert.equal(originOfRequest(request({ Host: "chat.example" }), ALLOWED), undefined);
  const twice = collectFields([
    "Host",
    "chat.example",
    ...Array(2).fill(["Sec-Fetch-Site", "same-origin"]).flat(),
  ]);
  assert.equal(originOfRequest(twice, ALLOWED), undefined);
});

test("originOfRequest() finds none with two Hosts, no Host or no allowed Origins", () => {
  const own = ["Sec-Fetch-Site", "same-origin"];
  for (const hosts of [[], ["Host", "chat.example", "Host", "chat.example"]]) {
    assert.equal(originOfRequest(collectFields([...own, ...hosts]), ALLOWED), undefined);
  }
  assert.equal(originOfRequest(collectFields([...own, "Host", "chat.example"]), []), undefined);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { bearerSubprotocols, SUBPROTOCOL } from "../../src/auth/credential.ts";
import { seeRequest } from "../../src/auth/seen_request.ts";

/** Occurs in no name. */
const SECRET = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlc2lnbmF0dXJl";

function see(rawHeaders: readonly string[], url = "/ws") {
  return seeRequest({ method: "GET", httpVersion: "1.1", url, rawHeaders }, { subprotocols: [SUBPROTOCOL] });
}

function seeField(name: string, value: string): string | undefined {
  return see([name, value]).fields[0]?.value;
}

test("seeRequest() shows what a handshake is made of, as it was sent", () => {
  const rawHeaders = [
    "Host",
    "127.0.0.1:8080",
    "Upgrade",
    "websocket",
    "Sec-WebSocket-Key",
    "dGhlIHNhbXBsZSBub25jZQ==",
  ];
  assert.deepEqual(see(rawHeaders), {
    line: "GET /ws HTTP/1.1",
    fields: [
      { name: "Host", value: "127.0.0.1:8080" },
      { name: "Upgrade", value: "websocket" },
      { name: "Sec-WebSocket-Key", value: "dGhlIHNhbXBsZSBub25jZQ==" },
    ],
  });
});

test("seeRequest() hides a token in each place in which one can be, and says how long it is", () => {
  const size = `[hidden, ${SECRET.length} characters]`;
  assert.equal(seeField("Authorization", `Bearer ${SECRET}`), `Bearer ${size}`);
  assert.equal(seeField("authorization", SECRET), size);
  assert.equal(
    seeField("Cookie", `__Host-portcullis=${SECRET}; theme=dark`),
    `__Host-portcullis=${size}; theme=[hidden, 4 characters]`,
  );
  assert.equal(seeField("Cookie", SECRET), size);
  assert.equal(seeField("X-Api-Key", SECRET), size);
  assert.equal(
    seeField("Proxy-Authorization", `Bearer ${SECRET}`),
    `[hidden, ${SECRET.length + 7} characters]`,
  );
  assert.equal(seeField("__proto__", SECRET), size);
  assert.equal(
    see([], `/ws?ticket=${SECRET}&x=1`).line,
    `GET /ws?ticket=${size}&x=[hidden, 1 characters] HTTP/1.1`,
  );
  assert.equal(see([], `/ws?${SECRET}`).line, `GET /ws?${size} HTTP/1.1`);
});

test("seeRequest() hides a token among the subprotocols, ours and anybody's, and shows their names", () => {
  const [name, token] = bearerSubprotocols(SECRET);
  const shown = seeField("Sec-WebSocket-Protocol", `${name}, ${token},${SECRET}`);
  assert.equal(
    shown,
    `portcullis.v1, base64url.bearer.authorization.portcullis.[hidden, 86 characters],[hidden, ${SECRET.length} characters]`,
  );
  // Any other name may be anybody's key, however short.
  assert.equal(seeField("Sec-WebSocket-Protocol", "chat"), "[hidden, 4 characters]");
});

test("seeRequest() hides a secret that stands where a name should: a scheme, a cookie, a parameter, a part of the path", () => {
  const size = (text: string) => `[hidden, ${text.length} characters]`;
  const long = "a".repeat(41);
  assert.equal(seeField("Authorization", `${SECRET} x`), size(`${SECRET} x`));
  assert.equal(seeField("Authorization", "k3y x"), size("k3y x"));
  assert.equal(seeField("Cookie", `${long}==`), size(`${long}==`));
  assert.equal(see([], `/ws?${long}=`).line, `GET /ws?${size(`${long}=`)} HTTP/1.1`);
  assert.equal(see([], `/ws/${long}/x`).line, `GET /ws/${size(long)}/x HTTP/1.1`);
  assert.equal(see([], `/ws?dG9rZW4tdG9rZW4=`).line, `GET /ws?${size("dG9rZW4tdG9rZW4=")} HTTP/1.1`);
  assert.equal(see([], `/ws?dG9rZW4tdG9rZQ==`).line, `GET /ws?${size("dG9rZW4tdG9rZQ==")} HTTP/1.1`);
  assert.equal(seeField("Cookie", "dG9rZW4tdG9rZQ=="), size("dG9rZW4tdG9rZQ=="));
  assert.equal(see([], "/ws?ticket===").line, `GET /ws?ticket=${size("==")} HTTP/1.1`);
  for (const sign of [";ticket=", "#ticket=", "&ticket="]) {
    assert.equal(see([], `/ws${sign}k3y/x`).line, `GET /ws${sign[0]}${size("ticket=k3y")}/x HTTP/1.1`);
  }
  assert.equal(see([], "http://ada:k3y@host/ws").line, `GET http://${size("ada:k3y@host")}/ws HTTP/1.1`);
  // The length of a ticket.
  const ticket = long.slice(0, 22);
  assert.equal(see([], `/ws/${ticket}`).line, `GET /ws/${size(ticket)} HTTP/1.1`);
  assert.equal(see([], `/ws%3Fticket%3D${ticket}`).line, `GET /${size(`ws%3Fticket%3D${ticket}`)} HTTP/1.1`);
  assert.equal(see([], `/ws?${ticket}=x`).line, `GET /ws?${size(`${ticket}=x`)} HTTP/1.1`);
  assert.equal(seeField("Cookie", `${ticket}=x`), size(`${ticket}=x`));
  assert.equal(see([], `/ws/${"ab.".repeat(14)}/x`).line, `GET /ws/${size("ab.".repeat(14))}/x HTTP/1.1`);
  assert.equal(see([], `/ws/${"ab.".repeat(13)}/x`).line, `GET /ws/${"ab.".repeat(13)}/x HTTP/1.1`);
});

test("seeRequest() shows nothing of a secret, whatever the field is called", () => {
  for (
    const name of ["Authorization", "Cookie", "X-Token", "Sec-WebSocket-Protocol", "Constructor", "Token"]
  ) {
    const seen = JSON.stringify(see([name, SECRET]));
    assert.equal(seen.includes(SECRET.slice(0, 8)), false, name);
  }
});

test("seeRequest() makes text of strangers printable, and bounds it", () => {
  assert.equal(seeField("Origin", "\u202e\u0007"), "\\u{202e}\\u{7}");
  assert.equal(seeField("User-Agent", "x".repeat(300)), `${"x".repeat(256)}…`);
  assert.equal(see([], `/${"x/".repeat(150)}`).line.length, "GET  HTTP/1.1".length + 257);
  assert.equal(see(Array<string>(400).fill("a")).fields.length, 64);
});

test("seeRequest() takes a request without method or target, and a header line without a value, for what they are", () => {
  assert.deepEqual(seeRequest({ httpVersion: "1.1", rawHeaders: ["Host"] }), {
    line: "  HTTP/1.1",
    fields: [],
  });
});

test("seeRequest() leaves the value of an empty field empty", () => {
  assert.equal(seeField("X-Empty", ""), "");
});

test("seeRequest() shows the value of a query parameter that its caller names, and of no other", () => {
  const url = "/ws?watch=1&watching=2&ticket=3&watch";
  const request = { method: "GET", httpVersion: "1.1", url, rawHeaders: [] };
  const hidden = "[hidden, 1 characters]";
  assert.equal(
    seeRequest(request, { parameters: ["watch"] }).line,
    `GET /ws?watch=1&watching=${hidden}&ticket=${hidden}&[hidden, 5 characters] HTTP/1.1`,
  );
  // A URL that was put together with a second question mark has a ticket in the value.
  const joined = { ...request, url: "/ws?watch=1&watch=?ticket=3" };
  assert.equal(
    seeRequest(joined, { parameters: ["watch"] }).line,
    "GET /ws?watch=1&watch=[hidden, 9 characters] HTTP/1.1",
  );
});

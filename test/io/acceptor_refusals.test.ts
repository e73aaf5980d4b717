import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bearerSubprotocols } from "../../src/auth/credential.ts";
import { encodeRefusal, type RefusalName, REFUSALS } from "../../src/io/refusal.ts";
import { exchange, handshake, type HandshakeShape } from "../support/raw_http.ts";
import { text } from "../support/raw_http_frames.ts";
import { type AcceptorUnderTest, AUDIENCE, startAcceptor, TEST_KEY, tokenFor } from "../support/server.ts";

const NOW_MS = 1_800_000_000_000;
const DOOR = { keys: [TEST_KEY], audience: AUDIENCE } as const;
const TOKEN = tokenFor("ada", ["member"], NOW_MS + 60_000);
const OLD_TOKEN = tokenFor("ada", ["member"], NOW_MS);
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const offer = (token: string) => ({ "Sec-WebSocket-Protocol": bearerSubprotocols(token).join(", ") });
const fields = (more: Required<HandshakeShape>["fields"]): HandshakeShape => ({ fields: more });
const fails = () => {
  throw new Error("from the application");
};

interface Scenario {
  readonly reason: string;
  readonly options?: AcceptorUnderTest;
  readonly shape?: HandshakeShape;
}

/** Each row of the refusal table, brought about over the wire. */
const SCENARIOS: { readonly [Name in RefusalName]: readonly Scenario[] } = {
  malformed: [{ reason: "host", shape: fields({ Host: undefined }) }],
  method: [{ reason: "method", shape: { line: "POST /ws HTTP/1.1" } }],
  version: [{ reason: "version", shape: fields({ "Sec-WebSocket-Version": "8" }) }],
  too_many_fields: [{
    reason: "too_many_fields",
    shape: fields({ X: Array(10).fill("1") }),
    options: { limits: { maxHeaderFields: 10 } },
  }],
  not_found: [
    { reason: "path", options: { path: "/chat" } },
    { reason: "path", options: { path: "/w" } },
    { reason: "path", options: { path: "/ws" }, shape: { line: "GET /ws/ HTTP/1.1" } },
    { reason: "path", options: { path: "/ws" }, shape: { line: "GET /WS HTTP/1.1" } },
    { reason: "path", options: { path: "/ws" }, shape: { line: "GET /%77s HTTP/1.1" } },
  ],
  origin: [
    {
      reason: "foreign_origin",
      options: DOOR,
      shape: fields({ Origin: "https://a.example", ...bearer(TOKEN) }),
    },
    ...[
      "https://b.example",
      "http://a.example",
      "https://a.example:444",
      "https://A.example",
      "https://a.example/",
      "null",
      "",
      "https://a.example.evil",
      "https://x.a.example",
      "https://a.example, https://b.example",
    ].map((origin) => ({
      reason: "foreign_origin",
      options: { ...DOOR, allowedOrigins: ["https://a.example"] },
      shape: fields({ Origin: origin, ...bearer(TOKEN) }),
    })),
    // The Origin is judged first: a page that may not be here learns nothing of its token.
    {
      reason: "foreign_origin",
      options: { ...DOOR, allowedOrigins: ["https://a.example"] },
      shape: fields({ Origin: "http://b" }),
    },
  ],
  no_credential: [
    { reason: "no_credential", options: DOOR },
    { reason: "no_credential", options: DOOR, shape: fields({ Authorization: "Basic YTpi" }) },
    { reason: "no_credential", options: DOOR, shape: { line: `GET /ws?access_token=${TOKEN} HTTP/1.1` } },
    { reason: "no_credential", options: DOOR, shape: fields({ Cookie: `token=${TOKEN}` }) },
    {
      reason: "no_credential",
      options: { ...DOOR, carriers: ["authorization"] },
      shape: fields(offer(TOKEN)),
    },
    {
      reason: "no_credential",
      options: { ...DOOR, carriers: ["subprotocol"] },
      shape: fields(bearer(TOKEN)),
    },
  ],
  two_carriers: [
    {
      reason: "two_carriers",
      options: DOOR,
      shape: fields({ Authorization: [`Bearer ${TOKEN}`, `Bearer ${TOKEN}`] }),
    },
    { reason: "two_carriers", options: DOOR, shape: fields({ ...bearer(TOKEN), ...offer(TOKEN) }) },
    {
      reason: "two_carriers",
      options: DOOR,
      shape: fields({ "Sec-WebSocket-Protocol": [...offersOf(TOKEN), ...offersOf(OLD_TOKEN).slice(1)] }),
    },
  ],
  invalid_token: [
    { reason: "expired", options: DOOR, shape: fields(bearer(OLD_TOKEN)) },
    { reason: "expired", options: DOOR, shape: fields(offer(OLD_TOKEN)) },
    {
      reason: "audience",
      options: DOOR,
      shape: fields(bearer(tokenFor("ada", [], NOW_MS + 60_000, "others"))),
    },
    { reason: "malformed", options: DOOR, shape: fields({ Authorization: "Bearer" }) },
    { reason: "malformed", options: DOOR, shape: fields(bearer("nonsense")) },
    {
      reason: "malformed",
      options: DOOR,
      shape: fields({ "Sec-WebSocket-Protocol": "base64url.bearer.authorization.portcullis.!" }),
    },
    { reason: "signature", options: DOOR, shape: fields(bearer(`${TOKEN.slice(0, -4)}AAAA`)) },
    { reason: "too_long", options: { ...DOOR, limits: { maxTokenBytes: 64 } }, shape: fields(bearer(TOKEN)) },
  ],
  not_allowed: [
    { reason: "not_approved", options: { ...DOOR, approve: () => false }, shape: fields(bearer(TOKEN)) },
    {
      reason: "closed_today",
      options: { ...DOOR, admit: () => ({ name: "not_allowed", reason: "closed_today" }) },
      shape: fields(bearer(TOKEN)),
    },
  ],
  server_fault: [
    { reason: "approval_failed", options: { approve: fails } },
    {
      reason: "approval_failed",
      options: { approve: () => Promise.reject(new Error("from the application")) },
    },
    { reason: "admission_failed", options: { admit: fails } },
  ],
  too_many: [{
    reason: "connections_of_address",
    options: { admit: () => ({ name: "too_many", reason: "connections_of_address" }) },
  }],
  busy: [{ reason: "sessions", options: { admit: () => ({ name: "busy", reason: "sessions" }) } }],
};

for (const [name, scenarios] of Object.entries(SCENARIOS)) {
  describe(`Acceptor answers ${name} with ${REFUSALS[name as RefusalName].status} and nothing else`, () => {
    for (const [index, { reason, options, shape }] of scenarios.entries()) {
      test(`${reason}, case ${index + 1}`, async () => {
        let entered = 0;
        const connected = () => {
          entered++;
          return {};
        };
        const target = await startAcceptor({ ...options, connected, realm: "the castle" });
        const smuggled = handshake(fields(bearer(TOKEN))) + text("hi").toString("latin1");
        const { how, text: answer } = await exchange(target.port, handshake(shape) + smuggled);
        assert.equal(answer, encodeRefusal(name as RefusalName, "the castle"));
        assert.equal(how, "end");
        assert.deepEqual(target.refusals, [`${name}: ${reason}`]);
        assert.equal(entered, 0);
        assert.equal(target.errors.length, name === "server_fault" ? 1 : 0);
        await target.idle();
        assert.equal(target.clock.pending, 0);
        await target.stop();
      });
    }
  });
}

function offersOf(token: string): string[] {
  return bearerSubprotocols(token);
}

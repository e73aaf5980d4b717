import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClientOptions } from "../../src/client/client_options.ts";
import { settingsOf } from "../../src/client/client_settings.ts";
import { FakeTransport } from "../support/fake_transport.ts";

const getToken = () => "a.b.c";
const settings = (options: Partial<ClientOptions> = {}, sendsHeaders = true) =>
  settingsOf({ url: "wss://chat.example/ws", getToken, ...options }, new FakeTransport(sendsHeaders));

test("settingsOf() chooses the header where there is one, and else the subprotocol", () => {
  assert.deepEqual(settings().presentation, { carrier: "authorization" });
  assert.deepEqual(settings({}, false).presentation, { carrier: "subprotocol" });
  assert.deepEqual(settings({ carrier: "message" }).presentation, { carrier: "message" });
});

test("settingsOf() prefers the transport of the options", () => {
  const transport = new FakeTransport(false);
  assert.equal(settings({ transport }).transport, transport);
});

test("settingsOf() takes URLs over HTTP as relative to that of the WebSocket", () => {
  const { checkUrl, presentation } = settings({
    checkUrl: "/check?a=1",
    ticketUrl: "ticket",
    carrier: "ticket",
  });
  assert.equal(checkUrl?.href, "https://chat.example/check?a=1");
  assert.deepEqual(presentation, { carrier: "ticket", ticketUrl: new URL("https://chat.example/ticket") });
  assert.equal(
    settings({ url: "ws://127.0.0.1:8080/ws", checkUrl: "" }).checkUrl?.href,
    "http://127.0.0.1:8080/ws",
  );
  assert.equal(settings({ checkUrl: "https://login.example/c" }).checkUrl?.host, "login.example");
});

const WRONG: Readonly<Record<string, Partial<ClientOptions>>> = {
  "a URL over HTTP": { url: "https://chat.example/secret" },
  "a relative URL": { url: "/secret" },
  "a URL with a fragment": { url: "wss://chat.example/#secret" },
  "a URL with an empty fragment": { url: "wss://chat.example/#" },
  "a URL with a user": { url: "wss://secret@chat.example/" },
  "a URL with a password": { url: new URL("wss://:secret@chat.example/") },
  "a check path of another scheme": { checkUrl: "ftp://chat.example/secret" },
  "a check path that is no URL": { checkUrl: "https://:secret" },
  "a check path with credentials": { checkUrl: "https://secret@chat.example/" },
  "a check path in the clear": { checkUrl: "http://chat.example/secret" },
  "tickets in the clear": { carrier: "ticket", ticketUrl: "http://chat.example/secret" },
  "tickets from nowhere": { carrier: "ticket" },
  "an unknown carrier": { carrier: "cookie" as "ticket" },
  "an unknown limit": { limits: { x: 1 } as object },
};

for (const [what, options] of Object.entries(WRONG)) {
  test(`settingsOf() refuses ${what}, and does not repeat it`, () => {
    assert.throws(() => settings(options), (error: Error & { readonly code?: string }) => {
      assert.equal(error.code, "invalid_argument");
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  });
}

test("settingsOf() refuses the header where the transport has none", () => {
  assert.throws(() => settings({ carrier: "authorization" }, false), { code: "invalid_argument" });
});

test("settingsOf() calls functions of the options on the options", async () => {
  class Options implements ClientOptions {
    readonly url = "wss://chat.example/ws";
    readonly #token = "own";
    readonly errors: unknown[] = [];
    getToken() {
      return this.#token;
    }
    reportError(error: unknown) {
      this.errors.push(error);
    }
  }
  const options = new Options();
  const made = settingsOf(options, new FakeTransport());
  assert.equal(await made.tokens.take(), "own");
  made.reportError("why");
  assert.deepEqual(options.errors, ["why"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { compileOrigins } from "../../src/auth/origin.ts";
import { PortcullisError } from "../../src/base/errors.ts";

test("compileOrigins() lets a request pass when its Origin is one of the list to the letter", () => {
  const allowed = compileOrigins({ allowedOrigins: ["https://chat.example", "http://localhost:8080"] });
  for (const origin of ["https://chat.example", "http://localhost:8080"]) assert.equal(allowed(origin), true);
});

test("compileOrigins() refuses every neighbour of an allowed Origin", () => {
  const allowed = compileOrigins({ allowedOrigins: ["https://chat.example", "http://localhost:8080"] });
  const neighbours = [
    "http://chat.example",
    "wss://chat.example",
    "https://chat.example/",
    "https://chat.example:443",
    "https://chat.example:8443",
    "https://Chat.example",
    "HTTPS://chat.example",
    "https://chat.example.",
    "https://chat.example.attacker.example",
    "https://attacker.example/https://chat.example",
    "https://attackerchat.example",
    "https://a.chat.example",
    "https://chat.exampl",
    "https://user@chat.example",
    " https://chat.example",
    "https://chat.example ",
    "https://chat.example, https://chat.example",
    "http://localhost",
    "http://localhost:80",
    "http://localhost:808",
    "http://127.0.0.1:8080",
    "null",
    "",
    "*",
    "__proto__",
    "constructor",
  ];
  for (const origin of neighbours) assert.equal(allowed(origin), false, origin);
});

test("compileOrigins() lets a request without an Origin pass, as no browser sends it", () => {
  for (const policy of [{}, { allowedOrigins: [] }, { allowedOrigins: ["https://chat.example"] }]) {
    assert.equal(compileOrigins(policy)(undefined), true);
  }
});

test("compileOrigins() refuses every Origin when none is allowed", () => {
  for (const policy of [{}, { allowedOrigins: [] }]) {
    for (const origin of ["https://chat.example", "null", ""]) {
      assert.equal(compileOrigins(policy)(origin), false);
    }
  }
});

test("compileOrigins() lets every Origin pass for the option with the dangerous name, set to true and nothing else", () => {
  const open = compileOrigins({ insecureAllowAnyOrigin: true });
  for (const origin of ["https://attacker.example", "null", "", undefined]) assert.equal(open(origin), true);
  for (const value of ["true", 1, "false", {}]) {
    const odd = compileOrigins({ insecureAllowAnyOrigin: value as unknown as true }); // As JavaScript may write it.
    assert.equal(odd("https://attacker.example"), false);
  }
});

test("compileOrigins() takes what a browser or an extension sends as its Origin", () => {
  const origins = [
    "https://chat.example",
    "https://chat.example:8443",
    "http://127.0.0.1:8080",
    "http://[::1]:8080",
    "https://xn--bcher-kva.example",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "app://obsidian.md",
  ];
  const allowed = compileOrigins({ allowedOrigins: origins });
  for (const origin of origins) assert.equal(allowed(origin), true);
});

test("compileOrigins() throws for an Origin that no browser would ever send", () => {
  const never = [
    "*",
    "null",
    "",
    "chat.example",
    "//chat.example",
    "https://",
    "https://*",
    "https://*.chat.example",
    "https://chat.example/",
    "https://chat.example/path",
    "https://chat.example?x",
    "https://chat.example#x",
    "https://user@chat.example",
    "https://Chat.example",
    "HTTPS://chat.example",
    "https://chat.example:443",
    "http://chat.example:80",
    "https://chat.example:08443",
    "https://chat.example:99999",
    "https://bücher.example",
    "https://chat.example\n",
    " https://chat.example",
    "https://a.example,https://b.example",
    "https://0x7f.1",
    "ws://chat.example",
    "wss://chat.example",
  ];
  for (const origin of never) {
    assert.throws(
      () => compileOrigins({ allowedOrigins: ["https://chat.example", origin] }),
      (error) => error instanceof PortcullisError && error.code === "invalid_argument",
      origin,
    );
  }
});

test("compileOrigins() throws for a text in place of a list, as its letters would be Origins", () => {
  const text = "https://chat.example" as unknown as string[]; // As JavaScript may write it.
  assert.throws(() => compileOrigins({ allowedOrigins: text }), PortcullisError);
});

test("compileOrigins() is not moved by a list that changes later", () => {
  const list = ["https://chat.example"];
  const allowed = compileOrigins({ allowedOrigins: list });
  list.push("https://attacker.example");
  assert.equal(allowed("https://attacker.example"), false);
});

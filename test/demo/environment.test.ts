import assert from "node:assert/strict";
import process from "node:process";
import { afterEach, describe, test } from "node:test";
import { readAddress, readKey, run, urlOf } from "../../src/demo/environment.ts";
import { PortcullisError } from "../../src/mod.ts";

const NAMES = ["HOST", "PORT", "PORTCULLIS_SECRET"];
const before = NAMES.map((name) => [name, process.env[name]] as const);

function setEnvironment(settings: Readonly<Record<string, string>>): void {
  for (const name of NAMES) delete process.env[name];
  Object.assign(process.env, settings);
}

afterEach(() =>
  setEnvironment(
    Object.fromEntries(before.filter(([, value]) => value !== undefined)) as Record<string, string>,
  )
);

describe("readAddress()", () => {
  test("falls back to this machine alone and the given port", () => {
    setEnvironment({});
    assert.deepEqual(readAddress(8080), { host: "127.0.0.1", port: 8080 });
  });

  for (const [port, expected] of [["0", 0], ["65535", 65_535], ["00080", 80]] as const) {
    test(`takes PORT=${port}`, () => {
      setEnvironment({ HOST: "::1", PORT: port });
      assert.deepEqual(readAddress(8080), { host: "::1", port: expected });
    });
  }

  for (const port of ["", "65536", "-1", "80.5", "1e3", "0x50", " 80", "80 ", "/tmp/socket", "٨٠"]) {
    test(`throws for PORT=${JSON.stringify(port)}`, () => {
      setEnvironment({ PORT: port });
      assert.throws(() => readAddress(8080), { code: "invalid_argument" });
    });
  }
});

describe("readKey()", () => {
  test("makes a key of a secret of 32 bytes, which may be fewer characters", () => {
    setEnvironment({ PORTCULLIS_SECRET: "é".repeat(16) });
    assert.equal(readKey()?.algorithm, "HS256");
  });
  test("is undefined without one", () => {
    setEnvironment({});
    assert.equal(readKey(), undefined);
  });
  for (const secret of ["", "x".repeat(31)]) {
    test(`throws for ${secret.length} bytes, without repeating them`, () => {
      setEnvironment({ PORTCULLIS_SECRET: secret });
      assert.throws(
        readKey,
        (error: Error) => error instanceof PortcullisError && !error.message.includes("xx"),
      );
    });
  }
});

test("urlOf() puts an IPv6 address into brackets", () => {
  assert.equal(urlOf("ws", { host: "::1", port: 1 }), "ws://[::1]:1");
  assert.equal(urlOf("http", { host: "127.0.0.1", port: 80 }), "http://127.0.0.1:80");
});

test("run() throws on what is no fault of the settings", async () => {
  await assert.rejects(run(() => Promise.reject(new TypeError("a bug"))), TypeError);
});

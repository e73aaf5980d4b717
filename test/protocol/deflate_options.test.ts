import assert from "node:assert/strict";
import { test } from "node:test";
import { PortcullisError } from "../../src/base/errors.ts";
import {
  DEFLATE_DEFAULTS,
  type DeflateChoice,
  honoursDictionary,
  resolveDeflate,
} from "../../src/protocol/deflate_options.ts";

test("resolveDeflate() returns nothing when nothing is chosen, or false", () => {
  assert.equal(resolveDeflate(undefined, true), undefined);
  assert.equal(resolveDeflate(false, true), undefined);
});

test("resolveDeflate() returns the defaults for true, and fills a choice up with them", () => {
  assert.deepEqual(resolveDeflate(true, true), DEFLATE_DEFAULTS);
  assert.deepEqual(resolveDeflate({}, true), DEFLATE_DEFAULTS);
  assert.deepEqual(resolveDeflate({ maxWindowBits: 9 }, true), { ...DEFLATE_DEFAULTS, maxWindowBits: 9 });
  const chosen = { contextTakeover: false, maxWindowBits: 15, minBytes: 0 };
  assert.deepEqual(resolveDeflate(chosen, true), chosen);
});

test("resolveDeflate() gives context takeover up when zlib cannot begin in the middle", () => {
  assert.equal(resolveDeflate(true, false)?.contextTakeover, false);
  assert.equal(resolveDeflate({ contextTakeover: true }, false)?.contextTakeover, false);
});

test("resolveDeflate() throws for what is out of bounds, and takes the bounds", () => {
  const invalid = (error: unknown) => error instanceof PortcullisError && error.code === "invalid_argument";
  for (const maxWindowBits of [8, 16, 12.5, Number.NaN]) {
    assert.throws(() => resolveDeflate({ maxWindowBits }, true), invalid);
  }
  for (const minBytes of [-1, 0.5, Infinity]) {
    assert.throws(() => resolveDeflate({ minBytes }, true), invalid);
  }
  for (const maxWindowBits of [9, 15]) assert.ok(resolveDeflate({ maxWindowBits }, true));
});

test("resolveDeflate() throws for what is no choice, so that none turns compression on by a slip", () => {
  const invalid = (error: unknown) => error instanceof PortcullisError && error.code === "invalid_argument";
  const slips = [null, 0, 1, "", "false", "true", { contextTakover: false }, { threshold: 1 }, {
    contextTakeover: 0,
  }];
  for (const slip of slips) {
    assert.throws(() => resolveDeflate(slip as DeflateChoice, true), invalid, String(slip));
  }
});

test("resolveDeflate() takes what is given as undefined for not given", () => {
  const given = { contextTakeover: undefined, maxWindowBits: undefined, minBytes: undefined };
  assert.deepEqual(resolveDeflate(given as unknown as DeflateChoice, true), DEFLATE_DEFAULTS);
});

test("honoursDictionary() says the same each time", () => {
  assert.equal(honoursDictionary(), honoursDictionary());
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { checkUpgradeResponse } from "../../src/protocol/client_handshake.ts";
import { acceptOffer } from "../../src/protocol/deflate_negotiation.ts";
import type { DeflateOptions } from "../../src/protocol/deflate_options.ts";
import {
  HANDSHAKE_RULES,
  type HandshakeRule,
  type HandshakeRuleName,
} from "../../src/protocol/handshake_rules.ts";
import { parseUpgrade } from "../../src/protocol/handshake.ts";
import { parseExtensions } from "../../src/protocol/header_field.ts";
import { type Chapter, readChapter, type Vector } from "../support/vectors.ts";

/** How the fields of a vector differ from those of its chapter. */
interface Change extends Vector {
  /** Lines, each of which replaces those of its name. */
  readonly with?: readonly string[];
  readonly without?: readonly string[];
}

interface RequestVector extends Change {
  readonly line?: string;
  readonly breaks?: HandshakeRuleName;
  readonly status?: number;
  readonly offer?: Readonly<Record<string, unknown>>;
}

interface ResponseVector extends Change {
  readonly status?: number;
  readonly offered?: readonly string[];
  readonly deflate?: DeflateOptions;
  readonly result?: { readonly subprotocol?: string; readonly deflate?: unknown };
}

interface OfferVector extends Vector {
  readonly offers: string;
  readonly options?: DeflateOptions;
  readonly response?: string;
}

interface Requests extends Chapter<RequestVector> {
  readonly base: {
    readonly line: string;
    readonly fields: readonly string[];
    readonly maxHeaderFields: number;
    readonly maxHeaderBytes: number;
  };
}

interface Responses extends Chapter<ResponseVector> {
  readonly base: {
    readonly status: number;
    readonly fields: readonly string[];
    readonly key: string;
    readonly offered: readonly string[];
  };
}

const nameOf = (line: string) => line.slice(0, line.indexOf(":"));

/** Names and values in turn, as `IncomingMessage.rawHeaders` has them. */
function rawHeaders(base: readonly string[], change: Change): string[] {
  const gone = new Set([...(change.without ?? []), ...(change.with ?? []).map(nameOf)]);
  const lines = [...base.filter((line) => !gone.has(nameOf(line))), ...(change.with ?? [])];
  return lines.flatMap((line) => [nameOf(line), line.slice(line.indexOf(":") + 2)]);
}

const requests = readChapter<Requests>("handshake_requests");

for (const vector of requests.vectors) {
  const { name, section, breaks, status, offer } = vector;

  test(`parseUpgrade() given ${name} (${section}) ${breaks === undefined ? "takes it" : `names ${breaks}`}`, () => {
    const { line, fields, ...limits } = requests.base;
    const [method, url, version = ""] = (vector.line ?? line).split(" ");
    const httpVersion = version.replace("HTTP/", "");
    const request = { method, url, httpVersion, rawHeaders: rawHeaders(fields, vector) };
    const judged = parseUpgrade(request, limits);
    if (breaks !== undefined) {
      assert.deepEqual(judged, { ok: false, fault: breaks });
      const rule: HandshakeRule = HANDSHAKE_RULES[breaks];
      return assert.equal(rule.status, status);
    }
    assert.ok(judged.ok, judged.ok ? "" : judged.fault);
    // JSON has no `undefined`: a parameter without a value is a name alone.
    const told = JSON.parse(JSON.stringify(judged.value).replaceAll(",null]", "]")) as Record<
      string,
      unknown
    >;
    for (const [field, wanted] of Object.entries(offer ?? {})) assert.deepEqual(told[field], wanted, field);
  });
}

const responses = readChapter<Responses>("handshake_responses");

for (const vector of responses.vectors) {
  const { name, section, breaks, result } = vector;

  test(`checkUpgradeResponse() given ${name} (${section}) ${breaks === undefined ? "takes it" : `names ${breaks}`}`, () => {
    const { base } = responses;
    const response = {
      statusCode: vector.status ?? base.status,
      rawHeaders: rawHeaders(base.fields, vector),
    };
    const offer = { subprotocols: vector.offered ?? base.offered, deflate: vector.deflate };
    const judged = checkUpgradeResponse(response, base.key, offer);
    if (breaks !== undefined) return assert.deepEqual(judged, { ok: false, fault: breaks });
    assert.ok(judged.ok, judged.ok ? "" : judged.fault);
    if (result !== undefined) {
      assert.deepEqual(judged.value, { subprotocol: undefined, deflate: undefined, ...result });
    }
  });
}

const WIDE: DeflateOptions = { contextTakeover: true, maxWindowBits: 15, minBytes: 64 };

for (
  const { name, offers, section, response, options = WIDE } of readChapter<Chapter<OfferVector>>(
    "deflate_offers",
  )
    .vectors
) {
  test(`acceptOffer() given ${name} (${section}) ${response === undefined ? "declines" : `answers ${response}`}`, () => {
    const parsed = parseExtensions([offers]);
    assert.ok(parsed !== undefined);
    assert.equal(acceptOffer(parsed, options)?.response, response);
  });
}

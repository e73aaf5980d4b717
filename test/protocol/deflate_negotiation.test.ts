import assert from "node:assert/strict";
import { test } from "node:test";
import {
  acceptOffer,
  checkDeflateResponse,
  deflateOffer,
  type DeflateParameters,
} from "../../src/protocol/deflate_negotiation.ts";
import { DEFLATE_DEFAULTS, type DeflateOptions } from "../../src/protocol/deflate_options.ts";
import { type ExtensionOffer, parseExtensions } from "../../src/protocol/header_field.ts";

const OPTIONS = { ...DEFLATE_DEFAULTS, maxWindowBits: 12 };
const ALONE = { ...OPTIONS, contextTakeover: false };

/** The parameters in short: `s` and `c` for no context takeover, and the window bits of server and client. */
function inShort(parameters: DeflateParameters): string {
  const { serverNoContextTakeover, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits } =
    parameters;
  return `${serverNoContextTakeover ? "s" : "-"}${
    clientNoContextTakeover ? "c" : "-"
  } ${serverMaxWindowBits} ${clientMaxWindowBits}`;
}

function extensionsOf(value: string): readonly ExtensionOffer[] {
  const parsed = parseExtensions([value]);
  assert.ok(parsed !== undefined, value);
  return parsed;
}

/** What a server answers, without the name of the extension, and what holds then; `undefined` when all is declined. */
function answer(offers: string, options: DeflateOptions = OPTIONS): [string, string] | undefined {
  const agreement = acceptOffer(extensionsOf(offers), options);
  return agreement &&
    [agreement.response.replace(/^permessage-deflate(?:; )?/, ""), inShort(agreement.parameters)];
}

const ACCEPTED: readonly (readonly [offer: string, response: string, parameters: string])[] = [
  ["", "", "-- 15 15"],
  ["; server_no_context_takeover", "server_no_context_takeover", "s- 15 15"],
  ["; client_no_context_takeover", "client_no_context_takeover", "-c 15 15"],
  ["; client_max_window_bits", "client_max_window_bits=12", "-- 15 12"],
  ["; client_max_window_bits=15", "client_max_window_bits=12", "-- 15 12"],
  ["; client_max_window_bits=10", "client_max_window_bits=10", "-- 15 10"],
  ["; client_max_window_bits=8", "client_max_window_bits=8", "-- 15 8"],
  ["; server_max_window_bits=9", "server_max_window_bits=9", "-- 9 15"],
  ["; server_max_window_bits=15", "server_max_window_bits=15", "-- 15 15"],
  ['; server_max_window_bits="10"', "server_max_window_bits=10", "-- 10 15"],
  [
    "; client_max_window_bits; server_max_window_bits=10; client_no_context_takeover; server_no_context_takeover",
    "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=12",
    "sc 10 12",
  ],
];

for (const [offer, response, parameters] of ACCEPTED) {
  test(`acceptOffer() answers "${response}" to "${offer}"`, () => {
    assert.deepEqual(answer(`permessage-deflate${offer}`), [response, parameters]);
  });
}

/** RFC 7692 §7.1: "A server MUST decline an extension negotiation offer for this extension if …". */
const DECLINED: Readonly<Record<string, readonly string[]>> = {
  "a parameter that is not defined": [
    "; x",
    "; x=1",
    "; Server_no_context_takeover",
    "; __proto__",
    "; constructor=1",
  ],
  "an invalid value": [
    "; server_no_context_takeover=1",
    '; client_no_context_takeover="true"',
    "; server_max_window_bits",
    ...["7", "16", "0", "08", "015", "1e1", "-9", "nine", "99999999999"].flatMap((bits) => [
      `; server_max_window_bits=${bits}`,
      `; client_max_window_bits=${bits}`,
    ]),
  ],
  "a parameter twice": [
    "; server_no_context_takeover; server_no_context_takeover",
    "; client_no_context_takeover; client_no_context_takeover",
    "; server_max_window_bits=10; server_max_window_bits=10",
    "; client_max_window_bits; client_max_window_bits=10",
  ],
  "a window that zlib does not have": ["; server_max_window_bits=8"],
};

for (const [name, offers] of Object.entries(DECLINED)) {
  test(`acceptOffer() declines ${name}, and takes the next offer`, () => {
    for (const offer of offers) {
      assert.equal(answer(`permessage-deflate${offer}`), undefined, offer);
      const two = `permessage-deflate${offer}, permessage-deflate; client_max_window_bits=9`;
      assert.deepEqual(answer(two), ["client_max_window_bits=9", "-- 15 9"], offer);
    }
  });
}

test("acceptOffer() passes over other extensions, and takes the first of several offers", () => {
  assert.equal(answer("x-webkit-deflate-frame"), undefined);
  assert.equal(acceptOffer([], OPTIONS), undefined);
  assert.deepEqual(answer("bbf-usp-protocol, permessage-deflate"), ["", "-- 15 15"]);
  assert.deepEqual(
    answer("permessage-deflate; server_max_window_bits=11, permessage-deflate; server_max_window_bits=10"),
    ["server_max_window_bits=11", "-- 11 15"],
  );
});

test("acceptOffer() asks both sides to refer to nothing when the server cannot or will not", () => {
  assert.deepEqual(answer("permessage-deflate", ALONE), [
    "server_no_context_takeover; client_no_context_takeover",
    "sc 15 15",
  ]);
});

test("deflateOffer() asks for what the client needs, and offers to be asked", () => {
  assert.equal(
    deflateOffer(OPTIONS),
    "permessage-deflate; client_max_window_bits; server_max_window_bits=12, permessage-deflate; client_max_window_bits",
  );
  assert.equal(deflateOffer({ ...OPTIONS, maxWindowBits: 15 }), "permessage-deflate; client_max_window_bits");
  assert.equal(
    deflateOffer(ALONE),
    "permessage-deflate; client_max_window_bits; server_no_context_takeover; client_no_context_takeover",
  );
});

test("acceptOffer() accepts what deflateOffer() writes, and checkDeflateResponse() what acceptOffer() does", () => {
  for (const client of [OPTIONS, ALONE, { ...OPTIONS, maxWindowBits: 15 }]) {
    for (const server of [OPTIONS, ALONE, { ...OPTIONS, maxWindowBits: 9 }]) {
      const agreement = acceptOffer(extensionsOf(deflateOffer(client)), server);
      assert.ok(agreement);
      const checked = checkDeflateResponse(extensionsOf(agreement.response), client);
      assert.deepEqual(checked, { ok: true, value: agreement.parameters });
    }
  }
});

/** What a client makes of an answer: the parameters in short, or the rule that is broken. */
function judge(response: string, options: DeflateOptions | undefined = OPTIONS): string | undefined {
  const checked = checkDeflateResponse(extensionsOf(response), options);
  return checked.ok ? checked.value && inShort(checked.value) : checked.fault;
}

test("checkDeflateResponse() reads each parameter when the server accepts", () => {
  assert.equal(judge("permessage-deflate"), "-- 15 15");
  assert.equal(judge("permessage-deflate; server_no_context_takeover"), "s- 15 15");
  assert.equal(judge("permessage-deflate; client_no_context_takeover"), "-c 15 15");
  assert.equal(judge("permessage-deflate; server_max_window_bits=8; client_max_window_bits=9"), "-- 8 9");
  assert.equal(judge("permessage-deflate; server_no_context_takeover", ALONE), "sc 15 15");
});

test("checkDeflateResponse() returns nothing when the server declines", () => {
  assert.deepEqual(checkDeflateResponse([], OPTIONS), { ok: true, value: undefined });
  assert.deepEqual(checkDeflateResponse([], undefined), { ok: true, value: undefined });
});

test("checkDeflateResponse() names extension when the server answers what was not asked", () => {
  assert.equal(judge("x-other"), "extension");
  assert.equal(judge("permessage-deflate, permessage-deflate"), "extension");
  assert.equal(judge("permessage-deflate, x-other"), "extension");
  assert.deepEqual(checkDeflateResponse(extensionsOf("permessage-deflate"), undefined), {
    ok: false,
    fault: "extension",
  });
});

test("checkDeflateResponse() names deflate_parameters when one cannot be", () => {
  const bad = [
    ...(DECLINED["a parameter that is not defined"] ?? []),
    ...(DECLINED["an invalid value"] ?? []),
    ...(DECLINED["a parameter twice"] ?? []),
    // In an answer it says how far back, or nothing (§7.1.2.2).
    "; client_max_window_bits",
  ];
  for (const parameters of bad) {
    assert.equal(judge(`permessage-deflate${parameters}`), "deflate_parameters", parameters);
  }
});

test("checkDeflateResponse() names deflate_parameters when the server would refer to messages that are not kept", () => {
  assert.equal(judge("permessage-deflate", ALONE), "deflate_parameters");
  assert.equal(judge("permessage-deflate; client_no_context_takeover", ALONE), "deflate_parameters");
});

/**
 * What must hold for all header fields: neither side throws, the case of names and the order of fields do not matter, and
 * what is accepted keeps the rules as another reading of them has it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { checkUpgradeResponse, type UpgradeResponse } from "../../src/protocol/client_handshake.ts";
import { acceptOffer } from "../../src/protocol/deflate_negotiation.ts";
import { DEFLATE_DEFAULTS } from "../../src/protocol/deflate_options.ts";
import {
  encodeSwitchingProtocols,
  parseUpgrade,
  type UpgradeOffer,
  type UpgradeRequest,
} from "../../src/protocol/handshake.ts";
import { parseExtensions } from "../../src/protocol/header_field.ts";
import type { HandshakeCase } from "./handshake_case.ts";

const LIMITS = { maxHeaderFields: 100, maxHeaderBytes: 1_048_576 };

/** The other ways to send the same fields. */
const REWRITES: Readonly<Record<string, (lines: readonly string[]) => string[]>> = {
  "names in capitals": (lines) => lines.map((text, i) => i % 2 === 0 ? text.toUpperCase() : text),
  "names in another order": (lines) => {
    const fields = pairsOf(lines);
    const names = [...new Set(fields.map(([name]) => name.toLowerCase()))].reverse();
    return names.flatMap((wanted) => fields.filter(([name]) => name.toLowerCase() === wanted)).flat();
  },
};

/** What an accepted request must be, found out in other ways than by the code under test. */
const OF_REQUESTS: Readonly<Record<string, (request: UpgradeRequest, offer: UpgradeOffer) => boolean>> = {
  "GET of HTTP/1.1": ({ method, httpVersion }) => method === "GET" && httpVersion === "1.1",
  "a path of this host": ({ url = "" }, { path }) => {
    const parsed = new URL(`http://this.host${url}`);
    return parsed.host === "this.host" && !url.startsWith("//") && !parsed.hash &&
      parsed.pathname.split("/").length === path.split("/").length;
  },
  "one Host": ({ rawHeaders }) => valuesOf(rawHeaders, "host").length === 1,
  "no body": ({ rawHeaders }) =>
    valuesOf(rawHeaders, "transfer-encoding").length === 0 &&
    valuesOf(rawHeaders, "content-length").every((l) => l === "0"),
  "asks for websocket": ({ rawHeaders }) =>
    listOf(rawHeaders, "upgrade").includes("websocket") &&
    listOf(rawHeaders, "connection").includes("upgrade"),
  "version 13, once": ({ rawHeaders }) => valuesOf(rawHeaders, "sec-websocket-version").join() === "13",
  "a key of 16 bytes, once": ({ rawHeaders }) => {
    const keys = valuesOf(rawHeaders, "sec-websocket-key");
    const bytes = Buffer.from(keys[0] ?? "", "base64");
    return keys.length === 1 && bytes.length === 16 && bytes.toString("base64") === keys[0];
  },
  "subprotocols that differ": (_, { subprotocols }) => new Set(subprotocols).size === subprotocols.length,
  "extensions that can be written again": (_, { extensions }) => {
    const written = extensions.map(({ name, parameters }) =>
      [name, ...parameters.map(([key, value]) => value === undefined ? key : `${key}="${value}"`)].join(";")
    );
    return JSON.stringify(parseExtensions(written)) === JSON.stringify(extensions);
  },
  "a client that takes our answer": (_, { key, subprotocols }) => {
    const [subprotocol] = subprotocols;
    const lines = encodeSwitchingProtocols(key, subprotocol, undefined).split("\r\n").slice(1, -2);
    const rawHeaders = lines.flatMap((line) => line.split(": "));
    const answer = { statusCode: 101, rawHeaders };
    const taken = checkUpgradeResponse(answer, key, { subprotocols, deflate: undefined });
    return taken.ok && taken.value.subprotocol === subprotocol;
  },
  "an answer to compression that names nothing unasked": (_, { extensions }) => {
    const agreed = acceptOffer(extensions, DEFLATE_DEFAULTS);
    if (agreed === undefined) return true;
    const [answer] = parseExtensions([agreed.response]) ?? [];
    return answer?.parameters.every(([name]) =>
      extensions.some(({ parameters }) => parameters.some(([asked]) => asked === name))
    ) === true;
  },
};

/** What an accepted response must be. */
const OF_RESPONSES: Readonly<Record<string, (sample: HandshakeCase) => boolean>> = {
  "status 101": ({ response }) => response.statusCode === 101,
  "websocket": ({ response: { rawHeaders } }) =>
    valuesOf(rawHeaders, "upgrade").join().toLowerCase() === "websocket" &&
    listOf(rawHeaders, "connection").includes("upgrade"),
  "the proof": ({ response, key }) =>
    valuesOf(response.rawHeaders, "sec-websocket-accept").join() ===
      createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64"),
  "a subprotocol that was offered": ({ response, offer }) => {
    const chosen = valuesOf(response.rawHeaders, "sec-websocket-protocol");
    return chosen.length < 2 && chosen.every((name) => offer.subprotocols.includes(name));
  },
  "an extension that was offered": ({ response, offer }) => {
    const named = listOf(response.rawHeaders, "sec-websocket-extensions");
    return offer.deflate === undefined
      ? named.length === 0
      : named.every((text) => text.startsWith("permessage-deflate"));
  },
};

/** Says what is wrong with a case, in one line; `undefined` when nothing is. */
export function checkHandshake(sample: HandshakeCase): string | undefined {
  try {
    return complaintAboutRequest(sample.request) ?? complaintAboutResponse(sample);
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack?.split("\n").slice(0, 3).join(" ") : String(error)}`;
  }
}

function complaintAboutRequest(request: UpgradeRequest): string | undefined {
  const judged = parseUpgrade(request, LIMITS);
  const judge = (rawHeaders: string[]) => withoutFields(parseUpgrade({ ...request, rawHeaders }, LIMITS));
  for (const [way, rewrite] of Object.entries(REWRITES)) {
    const again = judge(rewrite(request.rawHeaders));
    if (again !== withoutFields(judged)) {
      return `${way}: ${again}, but as sent: ${withoutFields(judged)}`;
    }
  }
  if (!judged.ok) return undefined;
  const broken = Object.entries(OF_REQUESTS).find(([, holds]) => !holds(request, judged.value));
  return broken && `accepted, but not ${broken[0]}`;
}

function complaintAboutResponse(sample: HandshakeCase): string | undefined {
  const judge = (response: UpgradeResponse) => checkUpgradeResponse(response, sample.key, sample.offer);
  const judged = judge(sample.response);
  for (const [way, rewrite] of Object.entries(REWRITES)) {
    const again = judge({ ...sample.response, rawHeaders: rewrite(sample.response.rawHeaders) });
    if (JSON.stringify(again) !== JSON.stringify(judged)) {
      return `response, ${way}: ${JSON.stringify([again, judged])}`;
    }
  }
  if (!judged.ok) return undefined;
  const broken = Object.entries(OF_RESPONSES).find(([, holds]) => !holds(sample));
  return broken && `response accepted, but not ${broken[0]}`;
}

/** All fields of an offer are a map in order of arrival, which may differ. */
function withoutFields(judged: ReturnType<typeof parseUpgrade>): string {
  return JSON.stringify(judged.ok ? { ...judged.value, fields: undefined } : judged);
}

function pairsOf(lines: readonly string[]): [string, string][] {
  return lines.flatMap((name, i) => i % 2 === 0 ? [[name, lines[i + 1] ?? ""]] : []);
}

function valuesOf(lines: readonly string[], wanted: string): string[] {
  return pairsOf(lines).filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
}

function listOf(lines: readonly string[], wanted: string): string[] {
  return valuesOf(lines, wanted).flatMap((value) => value.toLowerCase().split(",")).map((text) =>
    text.trim()
  );
}

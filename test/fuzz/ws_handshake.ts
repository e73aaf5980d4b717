/**
 * Whether npm `ws` reads the two fields with a grammar of their own as we do.
 *
 * @module
 */

import { type ExtensionOffer, parseExtensions, parseUniqueTokens } from "../../src/protocol/header_field.ts";
import type { HandshakeCase } from "./handshake_case.ts";
import type { Ws } from "./ws_peer.ts";

const SPACE_AT_EQUALS = /[ \t]=|=[ \t]/;

/** The legitimate differences, by name. */
export const HANDSHAKE_DIFFERENCES = {
  space_at_equals: {
    why:
      "ws takes no space around the = of a parameter; RFC 2616 §2.1, on which §9.1 builds, implies that it may be there.",
  },
} as const;

/**
 * Compares the two readings.
 *
 * @returns `same`, the name of a legitimate difference, or else a complaint.
 */
export function compareHandshakeWithWs(
  ws: Ws,
  { request: { rawHeaders } }: HandshakeCase,
): keyof typeof HANDSHAKE_DIFFERENCES | "same" | { complaint: string } {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase();
    // Node's HTTP parser has taken the white space around a value off before either of us sees it.
    const value = (rawHeaders[i + 1] ?? "").replace(/^[ \t]+|[ \t]+$/g, "");
    const [ours, theirs] = name === "sec-websocket-extensions"
      ? [grouped(parseExtensions([value])), attempt(() => ws.extension.parse(value))]
      : name === "sec-websocket-protocol"
      ? [parseUniqueTokens([value]), attempt(() => [...ws.subprotocol.parse(value)])]
      : [undefined, undefined];
    if (JSON.stringify(ours) === JSON.stringify(theirs)) continue;
    if (theirs === undefined && SPACE_AT_EQUALS.test(value)) {
      return "space_at_equals";
    }
    return {
      complaint: `${name} ${JSON.stringify(value)}: ours ${JSON.stringify(ours)}, ws ${
        JSON.stringify(theirs)
      }`,
    };
  }
  return "same";
}

/** As `ws` has them: by name, with the values of each parameter in a list. */
function grouped(
  offers: readonly ExtensionOffer[] | undefined,
): object | undefined {
  if (offers === undefined) return undefined;
  const byName: Record<string, object[]> = {};
  for (const { name, parameters } of offers) {
    const values: Record<string, (string | true)[]> = {};
    for (const [key, value] of parameters) {
      (values[key] ??= []).push(value ?? true);
    }
    (byName[name] ??= []).push(values);
  }
  return byName;
}

/** `ws` throws at what does not conform. */
function attempt<Value>(run: () => Value): Value | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

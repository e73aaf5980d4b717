/**
 * What both sides agree on before they compress (RFC 7692 §5 and §7.1), as pure functions over `Sec-WebSocket-Extensions`.
 * Sections without an RFC are of that one.
 *
 * @module
 */

import { fault, ok, type Result } from "../base/result.ts";
import { type DeflateOptions, MAX_WINDOW_BITS, MIN_WINDOW_BITS } from "./deflate_options.ts";
import type { ExtensionOffer } from "./header_field.ts";
import type { ResponseRuleName } from "./handshake_rules.ts";

/** What was agreed on. */
export interface DeflateParameters {
  /** Whether the server's messages refer to nothing but themselves. */
  readonly serverNoContextTakeover: boolean;
  /** Whether the client's messages refer to nothing but themselves. */
  readonly clientNoContextTakeover: boolean;
  /** How far back the server's data may refer, as a power of two. */
  readonly serverMaxWindowBits: number;
  /** How far back the client's data may refer, as a power of two. */
  readonly clientMaxWindowBits: number;
}

/** A server's answer to an offer. */
export interface DeflateAgreement {
  readonly parameters: DeflateParameters;
  /** The value of `Sec-WebSocket-Extensions` that says so. */
  readonly response: string;
}

/** The name of the extension (§7). */
const EXTENSION = "permessage-deflate";

/** §7.1.2: "a decimal integer value without leading zeroes between 8 to 15, inclusive". */
const WINDOW_BITS = /^(?:[89]|1[0-5])$/;

const absent = (value: string | undefined) => value === undefined;
const windowBits = (value: string | undefined) => value !== undefined && WINDOW_BITS.test(value);

/** The four parameters, and which values each may have on its way to the server and back. */
const PARAMETERS = {
  server_no_context_takeover: { offer: absent, response: absent },
  client_no_context_takeover: { offer: absent, response: absent },
  server_max_window_bits: { offer: windowBits, response: windowBits },
  // §7.1.2.2: in an offer also without a value, which says that the client can be asked.
  client_max_window_bits: {
    offer: (value: string | undefined) => absent(value) || windowBits(value),
    response: windowBits,
  },
} as const;

type ParameterName = keyof typeof PARAMETERS;
type ParameterValues = ReadonlyMap<ParameterName, string | undefined>;

/**
 * Answers the offers of a client, by the first that can be accepted.
 *
 * @param offers In order of the client's preference; those of other extensions are passed over.
 * @param options What this server chooses.
 * @returns The agreement, or `undefined` when each offer is declined.
 */
export function acceptOffer(
  offers: readonly ExtensionOffer[],
  options: DeflateOptions,
): DeflateAgreement | undefined {
  for (const offer of offers) {
    const values = readParameters(offer, "offer");
    // zlib cannot compress with a window of 8 bits.
    if (values === undefined || bitsOf(values, "server_max_window_bits") < MIN_WINDOW_BITS) continue;
    return agreeTo(values, options);
  }
  return undefined;
}

function agreeTo(offer: ParameterValues, options: DeflateOptions): DeflateAgreement {
  // #region agree
  const parameters: DeflateParameters = {
    serverNoContextTakeover: offer.has("server_no_context_takeover") || !options.contextTakeover,
    clientNoContextTakeover: offer.has("client_no_context_takeover") || !options.contextTakeover,
    serverMaxWindowBits: bitsOf(offer, "server_max_window_bits"),
    // §7.1.2.2: a client that does not offer this parameter cannot be asked for less than the whole window.
    clientMaxWindowBits: offer.has("client_max_window_bits")
      ? Math.min(bitsOf(offer, "client_max_window_bits"), options.maxWindowBits)
      : MAX_WINDOW_BITS,
  };
  const { serverNoContextTakeover, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits } =
    parameters;
  const parts = [EXTENSION];
  if (serverNoContextTakeover) parts.push("server_no_context_takeover");
  if (clientNoContextTakeover) parts.push("client_no_context_takeover");
  // §7.1.2.1: accepted "by including the "server_max_window_bits" extension parameter in the extension negotiation response".
  if (offer.has("server_max_window_bits")) parts.push(`server_max_window_bits=${serverMaxWindowBits}`);
  if (offer.has("client_max_window_bits")) parts.push(`client_max_window_bits=${clientMaxWindowBits}`);
  return { parameters, response: parts.join("; ") };
  // #endregion
}

/**
 * Writes a client's offers, in order of preference.
 *
 * @param options What the client chooses.
 * @returns The value of `Sec-WebSocket-Extensions`.
 */
export function deflateOffer({ contextTakeover, maxWindowBits }: DeflateOptions): string {
  const any = `${EXTENSION}; client_max_window_bits`;
  if (!contextTakeover) return `${any}; server_no_context_takeover; client_no_context_takeover`;
  if (maxWindowBits === MAX_WINDOW_BITS) return any;
  // A server that cannot limit its window declines the first, and may still take the second (§5).
  return `${any}; server_max_window_bits=${maxWindowBits}, ${any}`;
}

/**
 * Judges a server's answer to {@link deflateOffer}.
 *
 * @param accepted What the server's `Sec-WebSocket-Extensions` lists.
 * @param options What was offered, `undefined` when nothing was.
 * @returns What was agreed on, `undefined` for no compression; or the rule that the answer breaks.
 */
export function checkDeflateResponse(
  accepted: readonly ExtensionOffer[],
  options: DeflateOptions | undefined,
): Result<DeflateParameters | undefined, ResponseRuleName> {
  const [extension] = accepted;
  if (extension === undefined) return ok(undefined);
  if (options === undefined || accepted.length > 1 || extension.name !== EXTENSION) return fault("extension");
  const values = readParameters(extension, "response");
  if (values === undefined) return fault("deflate_parameters");
  const serverNoContextTakeover = values.has("server_no_context_takeover");
  // §7.1.1.1: it is accepted by including it, and without a context of the server's messages they could not be read.
  if (!options.contextTakeover && !serverNoContextTakeover) return fault("deflate_parameters");
  return ok({
    serverNoContextTakeover,
    clientNoContextTakeover: values.has("client_no_context_takeover") || !options.contextTakeover,
    serverMaxWindowBits: bitsOf(values, "server_max_window_bits"),
    clientMaxWindowBits: bitsOf(values, "client_max_window_bits"),
  });
}

/**
 * §7: declined or failed is what has a parameter that is not defined for it, one with an invalid value, or one twice.
 *
 * @returns The values by name, or `undefined` when the element is another extension's, or breaks one of these.
 */
function readParameters(extension: ExtensionOffer, way: "offer" | "response"): ParameterValues | undefined {
  if (extension.name !== EXTENSION) return undefined;
  const values = new Map<ParameterName, string | undefined>();
  for (const [name, value] of extension.parameters) {
    if (!isParameterName(name) || values.has(name) || !PARAMETERS[name][way](value)) return undefined;
    values.set(name, value);
  }
  return values;
}

function isParameterName(name: string): name is ParameterName {
  return Object.hasOwn(PARAMETERS, name);
}

/** §7.1.2: without the parameter, or without a value, the window is as large as it gets. */
function bitsOf(values: ParameterValues, name: ParameterName): number {
  return Number(values.get(name) ?? MAX_WINDOW_BITS);
}

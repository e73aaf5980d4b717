/**
 * What proxies say of whom they forward for: `Forwarded` (RFC 7239) and its older sister, `X-Forwarded-For`.
 *
 * Each proxy appends to the list, so that only its right end was written by somebody whom one knows; what stands to the left of that, anybody
 * may have made up. So the list is read from its right end, quoted strings included: whatever a client sends in front can then not change
 * how the part that a proxy wrote is read, as an open quote would for whoever reads from the left.
 *
 * @module
 */

import { isToken, trimSpace } from "./header_field.ts";

/** A header field in which a proxy says for whom it forwards, in lower case. */
export type ForwardedField = "x-forwarded-for" | "forwarded";

/** The fields that are understood. */
export const FORWARDED_FIELDS: readonly ForwardedField[] = ["x-forwarded-for", "forwarded"];

/** Nobody has as many proxies in a row; a client may write as many elements as fit into a request. */
export const MAX_FORWARDED_ELEMENTS = 32;

/** RFC 7239 §6: an address, IPv6 in brackets, and perhaps a port, which may be obfuscated. Whether it is an address is for others to say. */
const NODE = /^(?:([0-9.]{7,15})|\[([0-9A-Fa-f.:]{2,45})\])(?::(?:[0-9]{1,5}|_[A-Za-z0-9._-]+))?$/;

/** In `X-Forwarded-For`, IPv6 stands without brackets as a rule, and has no port then. */
const BARE_IPV6 = /^[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f.:]{0,40}$/;

/**
 * Reads for whom each proxy forwarded, from the nearest proxy to the farthest, as far as it is asked on.
 *
 * @param field The one field that is read.
 * @param rawHeaders Names and values in turn, as `IncomingMessage.rawHeaders` has them; several lines of one name are one list, in
 * their order.
 * @returns What has the shape of an address, without port and brackets; `undefined` where a proxy does not tell, or what stands there is
 * no element. At most {@link MAX_FORWARDED_ELEMENTS}, empty ones, which are passed over (RFC 9110 §5.6.1.2), included.
 */
export function* forwardedHosts(
  field: ForwardedField,
  rawHeaders: readonly string[],
): Generator<string | undefined, void> {
  const quotes = field === "forwarded";
  let seen = 0;
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    if ((rawHeaders[at] as string).toLowerCase() !== field) continue;
    const value = rawHeaders[at + 1] as string;
    for (let end = value.length, start; end > 0; end = start - 1) {
      if (seen++ === MAX_FORWARDED_ELEMENTS) return;
      start = quotes ? startOfPart(value, end, ",") : value.lastIndexOf(",", end - 1) + 1;
      const element = trimSpace(value.slice(start, end));
      if (element !== "") yield hostOf(quotes ? nodeOf(element) : element);
    }
  }
}

/** The value of the parameter `for` of an element (RFC 7239 §4); empty, which is no node, when there is none, or it breaks the grammar. */
function nodeOf(element: string): string {
  let node: string | undefined;
  for (let end = element.length, start; end > 0; end = start - 1) {
    start = startOfPart(element, end, ";");
    const pair = trimSpace(element.slice(start, end));
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = pair.slice(0, Math.max(equals, 0)).toLowerCase();
    const value = unquote(pair.slice(equals + 1));
    if (!isToken(name) || value === undefined) return "";
    if (name !== "for") continue;
    // §4: "Each parameter MUST NOT occur more than once per field-value."
    if (node !== undefined) return "";
    node = value;
  }
  return node ?? "";
}

/** The address in a node (§6), if it looks like one: `unknown` and `_hidden` do not. */
function hostOf(node: string): string | undefined {
  const [, ipv4, ipv6] = NODE.exec(node) ?? [];
  // Brackets are IPv6's alone.
  if (ipv6 !== undefined) return ipv6.includes(":") ? ipv6 : undefined;
  return ipv4 ?? (BARE_IPV6.test(node) ? node : undefined);
}

/**
 * Where the part begins that ends in front of `end`, read from right to left: after the nearest separator that is in no quoted string. A
 * quote without its partner makes everything to its left one string, so that nothing in there is taken for an element.
 */
function startOfPart(text: string, end: number, separator: "," | ";"): number {
  let quoted = false;
  for (let i = end - 1; i >= 0; i--) {
    const character = text[i];
    // Inside, a quote is always escaped; at the end of a string, a backslash belongs to what it says.
    if (character === '"' && !(quoted && text[i - 1] === "\\")) quoted = !quoted;
    else if (character === separator && !quoted) return i + 1;
  }
  return 0;
}

/** RFC 7239 §4: `value = token / quoted-string`. */
function unquote(text: string): string | undefined {
  if (isToken(text)) return text;
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return undefined;
  let plain = "";
  for (let i = 1; i < text.length - 1; i++) {
    if (text[i] === '"') return undefined;
    // A backslash in front of the last quote escapes it, and then nothing ends the string.
    if (text[i] === "\\" && ++i === text.length - 1) return undefined;
    plain += text[i];
  }
  return plain;
}

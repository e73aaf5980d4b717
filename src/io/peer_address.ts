/**
 * Whose address a request is counted by: the peer's of its socket, or, behind proxies that are known, what those say.
 *
 * What a proxy is told by its own client is not evidence. Only what a trusted proxy added itself counts, so that nobody chooses his address
 * by sending the field himself.
 *
 * @module
 */

import { BlockList, isIP } from "node:net";
import { PortcullisError } from "../base/errors.ts";
import { FORWARDED_FIELDS, type ForwardedField, forwardedHosts } from "../protocol/forwarded.ts";

/** Which proxies are believed, and in which field. */
export interface TrustedProxies {
  /**
   * The addresses from which the proxies connect: single ones, or blocks such as `10.0.0.0/8` and `2001:db8::/32`. Nobody else may have
   * one of them: whoever does may name any address as his own.
   */
  readonly addresses: readonly string[];
  /**
   * The one field in which all of them append for whom they forward. A proxy that does not know the field passes on what its client wrote
   * there.
   */
  readonly field: ForwardedField;
}

/** Tells whose address a request is counted by, from its socket's address and its raw header lines. */
export type AddressReader = (socketAddress: string, rawHeaders: readonly string[]) => string;

/**
 * Makes a reader of addresses.
 *
 * From the right end of the list, addresses of trusted proxies are skipped; the first other one is the client's. Where an element is no
 * address, the proxy that wrote it is the last one known. If all are trusted, the leftmost is taken.
 *
 * @param proxies Who is believed; without it, nobody.
 * @returns The reader.
 * @throws {PortcullisError} `invalid_argument` for a field that is not known, no address, or one that is none.
 */
export function addressReader(proxies: TrustedProxies | undefined): AddressReader {
  if (proxies === undefined) return (socketAddress) => socketAddress;
  const { addresses, field } = proxies;
  if (!FORWARDED_FIELDS.includes(field)) refuse("field", `it must be ${FORWARDED_FIELDS.join(" or ")}`);
  if (!Array.isArray(addresses) || addresses.length === 0) {
    refuse("addresses", "it must name at least one proxy");
  }
  const isTrusted = trust(addresses);
  return (socketAddress, rawHeaders) => {
    const proxy = plainAddress(socketAddress);
    if (proxy === undefined || !isTrusted(proxy)) return socketAddress;
    let known = proxy;
    for (const host of forwardedHosts(field, rawHeaders)) {
      const address = plainAddress(host ?? "");
      if (address === undefined) break;
      known = address;
      if (!isTrusted(known)) break;
    }
    return known;
  };
}

/** One list for each family: whether a block of IPv6 contains IPv4, too, is a question that nobody has to ask then. */
function trust(addresses: readonly string[]): (plain: string) => boolean {
  const [ipv4, ipv6] = [new BlockList(), new BlockList()];
  for (const entry of addresses) {
    const [text = "", prefix, ...more] = String(entry).split("/");
    const address = text.includes("%") ? undefined : plainAddress(text);
    if (address === undefined || more.length > 0) {
      refuse("addresses", `"${entry}" is neither an address nor a block of them`);
    }
    const isIpv6 = address.includes(":");
    const [list, family] = isIpv6 ? [ipv6, "ipv6"] as const : [ipv4, "ipv4"] as const;
    if (prefix === undefined) list.addAddress(address, family);
    else {list.addSubnet(
        address,
        bitsOf(prefix, isIpv6 ? 128 : 32, text.includes(":") === isIpv6, entry),
        family,
      );}
  }
  return (plain) => plain.includes(":") ? ipv6.check(plain, "ipv6") : ipv4.check(plain, "ipv4");
}

function bitsOf(prefix: string, most: number, isInItsOwnFamily: boolean, entry: string): number {
  if (!isInItsOwnFamily) refuse("addresses", `"${entry}" is IPv4 inside IPv6, and must be written as IPv4`);
  // Whoever trusts all the world lets each client choose its address.
  if (!/^[1-9][0-9]{0,2}$/.test(prefix) || Number(prefix) > most) {
    refuse("addresses", `the prefix of "${entry}" must be from 1 to ${most}`);
  }
  return Number(prefix);
}

/** One way to write each address, IPv4 inside IPv6 as IPv4, without the zone, which means something to one machine alone. */
function plainAddress(text: string): string | undefined {
  const [address = ""] = text.split("%", 1);
  const family = isIP(address);
  if (family !== 6) return family === 4 ? address : undefined;
  // The standard for URLs has one way to write an IPv6 address (RFC 5952), the same on every runtime.
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(plain) ?? [];
  if (high === undefined || low === undefined) return plain;
  return [high, low].flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]).join(".");
}

function refuse(name: keyof TrustedProxies, what: string): never {
  throw new PortcullisError("invalid_argument", `trustedProxies.${name} cannot be used: ${what}.`);
}

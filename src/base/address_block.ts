/**
 * Whom an address stands for, as far as it can be told. An IPv6 address is one of 2^64 that every customer is given: who is
 * counted by single addresses is never counted twice.
 *
 * @module
 */

/**
 * Names the block of addresses that counts as one peer.
 *
 * @param address As a socket tells it: IPv4, IPv6 with or without a zone, IPv4 inside IPv6, or empty.
 * @returns An IPv4 address as it is, also from inside an IPv6 one; of any other IPv6 address the first 64 bits; anything else as
 * it is.
 */
export function addressBlock(address: string): string {
  if (!address.includes(":")) return address;
  const plain = address.split("%", 1).join("").toLowerCase();
  const mapped = /^(?:::ffff:|0:0:0:0:0:ffff:)([0-9.]+)$/.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  const gap = plain.indexOf("::");
  const head = groupsOf(gap < 0 ? plain : plain.slice(0, gap));
  const tail = gap < 0 ? [] : groupsOf(plain.slice(gap + 2));
  const zeros = new Array<string>(Math.max(0, 8 - head.length - tail.length)).fill("0");
  const groups = [...head, ...zeros, ...tail].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${groups.join(":")}::/64`;
}

function groupsOf(text: string): string[] {
  return text === "" ? [] : text.split(":");
}

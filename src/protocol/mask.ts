/**
 * Masking (RFC 6455 §5.3). It is no encryption: it keeps a page from choosing the bytes that a client puts on the wire,
 * so that no proxy in between can be made to take them for HTTP (§10.3).
 *
 * @module
 */

/** From this many bytes on, whole words pay for the view that they need. */
const WORDS_FROM_BYTES = 48;

const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/**
 * Reads a masking key from the wire.
 *
 * @param bytes Where the key lies.
 * @param at Its first of 4 bytes.
 * @returns The key with its first octet in the low byte, so that shifting right by 8 moves on by one octet.
 */
export function readMaskingKey(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24);
}

/**
 * Turns a key so that it applies from another octet of the payload on.
 *
 * @param key As {@link readMaskingKey} returns it.
 * @param octets How far into the payload, any whole number.
 * @returns The key whose low byte belongs to that octet.
 */
export function rotateMaskingKey(key: number, octets: number): number {
  const bits = (octets & 3) << 3;
  return bits === 0 ? key : (key >>> bits) | (key << (32 - bits));
}

/**
 * Masks or unmasks a part of a byte array in place; the operation is its own inverse.
 *
 * §5.3: "Octet i of the transformed data ("transformed-octet-i") is the XOR of octet i of the original data
 * ("original-octet-i") with octet at index i modulo 4 of the masking key".
 *
 * @param bytes Changed from `start` to `end`.
 * @param start The first octet.
 * @param end One past the last octet.
 * @param key As {@link readMaskingKey} returns it, turned so that its low byte belongs to `bytes[start]`.
 */
export function applyMask(bytes: Uint8Array, start: number, end: number, key: number): void {
  let at = start;
  let turned = key;
  if (end - start >= WORDS_FROM_BYTES && LITTLE_ENDIAN) {
    // A word view must begin on a multiple of 4 of the memory, wherever the payload begins.
    const misaligned = (4 - ((bytes.byteOffset + at) & 3)) & 3;
    for (let i = 0; i < misaligned; i++, at++) bytes[at] = (bytes[at] as number) ^ (turned >>> (i << 3));
    turned = rotateMaskingKey(turned, misaligned);
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, (end - at) >>> 2);
    for (let i = 0; i < words.length; i++) words[i] = (words[i] as number) ^ turned;
    at += words.length << 2;
  }
  for (; at + 3 < end; at += 4) {
    bytes[at] = (bytes[at] as number) ^ turned;
    bytes[at + 1] = (bytes[at + 1] as number) ^ (turned >>> 8);
    bytes[at + 2] = (bytes[at + 2] as number) ^ (turned >>> 16);
    bytes[at + 3] = (bytes[at + 3] as number) ^ (turned >>> 24);
  }
  for (let shift = 0; at < end; at++, shift += 8) bytes[at] = (bytes[at] as number) ^ (turned >>> shift);
}

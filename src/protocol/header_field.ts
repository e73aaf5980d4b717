/**
 * Values of HTTP header fields (RFC 9110 §5.6, RFC 6455 §9.1), read by hand and in linear time: a regular expression
 * that backtracks on `Sec-WebSocket-Protocol` has taken down more than one server.
 *
 * @module
 */

/** All fields of a message: name in lower case → its values in order, repetitions kept apart. */
export type HeaderFields = ReadonlyMap<string, readonly string[]>;

/** An extension as it stands in `Sec-WebSocket-Extensions`. */
export interface ExtensionOffer {
  /** Its token. */
  readonly name: string;
  /** Its parameters in order, duplicates too; a parameter without a value has `undefined`. */
  readonly parameters: readonly (readonly [name: string, value: string | undefined])[];
}

/**
 * Sorts the raw header lines by name. Node's `headers` drops repetitions of some fields and joins others with a comma,
 * so that two `Authorization` fields look like one; only the raw lines tell.
 *
 * @param rawHeaders Names and values in turn, as `IncomingMessage.rawHeaders` has them.
 * @returns The fields.
 */
export function collectFields(rawHeaders: readonly string[]): HeaderFields {
  // #region collect_fields
  const fields = new Map<string, string[]>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] as string).toLowerCase();
    const value = rawHeaders[i + 1] as string;
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  return fields;
  // #endregion
}

/**
 * Tells whether a comma-separated field contains a token, in any case.
 *
 * @param values The values of the field, `undefined` when it is absent.
 * @param token In lower case.
 */
export function hasToken(values: readonly string[] | undefined, token: string): boolean {
  return values !== undefined &&
    values.some((value) => value.split(",").some((element) => trimSpace(element).toLowerCase() === token));
}

/**
 * Reads a list of tokens in which each must be there and none twice, as `Sec-WebSocket-Protocol` is (RFC 6455 §4.1).
 *
 * @param values The values of the field, `undefined` when it is absent.
 * @returns The tokens in order, or `undefined` when one is empty, no token, or repeated.
 */
export function parseUniqueTokens(values: readonly string[] | undefined): readonly string[] | undefined {
  if (values === undefined) return [];
  const tokens = values.flatMap((value) => value.split(",").map(trimSpace));
  if (!tokens.every(isToken)) return undefined;
  return new Set(tokens).size === tokens.length ? tokens : undefined;
}

/**
 * Reads `Sec-WebSocket-Extensions` (§9.1).
 *
 * @param values The values of the field, `undefined` when it is absent.
 * @returns The extensions in order of preference, or `undefined` when a value does not conform to the grammar.
 */
export function parseExtensions(
  values: readonly string[] | undefined,
): readonly ExtensionOffer[] | undefined {
  const offers: ExtensionOffer[] = [];
  for (const value of values ?? []) {
    const elements = splitOutsideQuotes(value, ",");
    if (elements === undefined) return undefined;
    for (const element of elements) {
      const offer = parseExtension(element);
      if (offer === undefined) return undefined;
      offers.push(offer);
    }
  }
  return offers;
}

/**
 * Tells whether text is a token (RFC 9110 §5.6.2), the shape of a subprotocol's or header field's name.
 *
 * @param text Anything.
 */
export function isToken(text: string): boolean {
  if (text.length === 0) return false;
  for (let i = 0; i < text.length; i++) if (TOKEN_CHARACTERS[text.charCodeAt(i)] !== 1) return false;
  return true;
}

/**
 * Tells whether text can stand as the value of a header field: nothing in it ends the line or the string.
 *
 * @param text Anything.
 */
export function isFieldValue(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f || code > 0xff) return false;
  }
  return true;
}

/** 1 for the code of each character of a token. */
const TOKEN_CHARACTERS = new Uint8Array(128);
for (const c of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
  TOKEN_CHARACTERS[c.charCodeAt(0)] = 1;
}

function parseExtension(element: string): ExtensionOffer | undefined {
  // There is always a first part, and no open quote: those were refused when the element was split off.
  const [first, ...rest] = splitOutsideQuotes(element, ";") as [string, ...string[]];
  const name = trimSpace(first);
  if (!isToken(name)) return undefined;
  const parameters: [string, string | undefined][] = [];
  for (const part of rest) {
    const equals = part.indexOf("=");
    const parameter = trimSpace(equals < 0 ? part : part.slice(0, equals));
    const value = equals < 0 ? undefined : unquote(trimSpace(part.slice(equals + 1)));
    if (!isToken(parameter) || (value !== undefined && !isToken(value))) return undefined;
    parameters.push([parameter, value]);
  }
  return { name, parameters };
}

/** §9.1: "When using the quoted-string syntax variant, the value after quoted-string unescaping MUST conform to the
 * 'token' ABNF." A text that is not well quoted stays as it is, and is then no token. */
function unquote(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  let plain = "";
  for (let i = 1; i < text.length - 1; i++) {
    if (text[i] === "\\") i++;
    plain += text[i];
  }
  return plain;
}

/** Splits at a separator that is not inside a quoted string; `undefined` when a quote is left open. */
function splitOutsideQuotes(text: string, separator: "," | ";"): string[] | undefined {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (quoted && character === "\\") i++;
    else if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return quoted ? undefined : parts;
}

/**
 * Takes off what stands around a value: space and tab (RFC 9110 §5.6.3). `trim` would also take what only looks like it.
 *
 * @param text Anything.
 */
export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

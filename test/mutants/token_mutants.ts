/**
 * Mutants of tokens and of the keys that sign them.
 *
 * @module
 */

import type { Mutant } from "./mutants.ts";

/** In auth/token.ts, auth/claims.ts, auth/key.ts, auth/hmac.ts and auth/key_ring.ts. */
export const TOKEN_MUTANTS: readonly Mutant[] = [
  {
    file: "auth/token.ts",
    from:
      'if (!(token.length <= (policy.maxTokenBytes ?? LIMITS.maxTokenBytes.default))) return fault("too_long");',
    to: "",
    wrong: "reads a token of any length",
  },
  {
    file: "auth/token.ts",
    from: "const parameters = verifiedHeaders.get(header) ?? readHeader(header);",
    to:
      'const parameters = verifiedHeaders.get(header) ?? readHeader(header);\n  if (typeof parameters !== "string") remember(header, parameters);',
    wrong: "keeps the headers of tokens that anybody may have written",
  },
  {
    file: "auth/token.ts",
    from: 'if (parameters.alg !== key.algorithm) return fault("algorithm");',
    to: "",
    wrong: "does not hold the `alg` of the header against the key",
  },
  {
    file: "auth/token.ts",
    from: 'if (parameters.alg !== key.algorithm) return fault("algorithm");',
    to:
      'if (parameters.alg === "none") return checkClaims(parseJson(payload)?.value, policy, key.id, nowMs);',
    wrong: "believes a header that says `none`",
  },
  {
    file: "auth/token.ts",
    from: "const expected = key.mac(token.slice(0, last));",
    to:
      "const early = checkClaims(parseJson(payload)?.value, policy, key.id, nowMs);\n  if (!early.ok) return early;\n  const expected = key.mac(token.slice(0, last));",
    wrong: "judges the claims before the signature",
  },
  // #region beginning_of_a_signature
  {
    file: "auth/token.ts",
    from: "if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {",
    to: "if (!expected.subarray(0, signature.length).equals(signature)) {",
    wrong: "takes the beginning of a signature for all of it",
  },
  // #endregion
  {
    file: "auth/token.ts",
    from: 'if (REFUSED_PARAMETERS.some((name) => Object.hasOwn(fields, name))) return "malformed";',
    to: "",
    wrong: "takes a token that brings its own key, or has critical parameters",
  },
  {
    file: "auth/token.ts",
    from:
      'if (typ !== undefined && (typeof typ !== "string" || !TYPES.has(typ.toLowerCase()))) return "malformed";',
    to: "",
    wrong: "takes a token of another type, made for another purpose",
  },
  {
    file: "auth/token.ts",
    from: "if (isObject(value) && countMembers(text) !== Object.keys(value).length) return undefined;",
    to: "",
    wrong: "takes the last of two claims of one name",
  },
  {
    file: "auth/token.ts",
    from: "if (!isUtf8(bytes)) return undefined;",
    to: "",
    wrong: "reads claims that are not UTF-8",
  },
  {
    file: "auth/claims.ts",
    from:
      "return Object.hasOwn(fields, name) ? (fields as Readonly<Record<string, unknown>>)[name] : undefined;",
    to: "return (fields as Readonly<Record<string, unknown>>)[name];",
    wrong: "reads claims that the prototype has",
  },
  {
    file: "auth/claims.ts",
    from: "value <= MAX_NUMERIC_DATE",
    to: "true",
    wrong: "takes 1e400 for the end of a token",
  },
  {
    file: "auth/claims.ts",
    from: 'if (!(expiresAtMs > nowMs)) return fault("expired");',
    to: 'if (!(expiresAtMs >= nowMs)) return fault("expired");',
    wrong: "takes a token in the very moment in which it ends",
  },
  {
    file: "auth/claims.ts",
    from: "const expiresAtMs = (exp + leeway) * 1000;",
    to: "const expiresAtMs = exp * 1000;",
    wrong: "ends a session before the leeway is over",
  },
  {
    file: "auth/claims.ts",
    from: "const bornAtMs = iat === undefined ? nowMs : iat * 1000;",
    to: "const bornAtMs = nowMs;",
    wrong: "takes a token that is too long-lived as soon as it has less left",
  },
  {
    file: "auth/claims.ts",
    from: 'if (nbf !== undefined && nbf - leeway > now) return fault("not_yet_valid");',
    to: "",
    wrong: "takes a token that does not hold yet",
  },
  {
    file: "auth/claims.ts",
    from: 'if (iat !== undefined && iat - leeway > Math.ceil(now)) return fault("not_yet_valid");',
    to: "",
    wrong: "takes a token that was made in the future",
  },
  {
    file: "auth/claims.ts",
    from: 'if (!isAudience(aud, policy.audience)) return fault("audience");',
    to: 'if (aud !== undefined && !isAudience(aud, policy.audience)) return fault("audience");',
    wrong: "takes a token for nobody for one for us",
  },
  {
    file: "auth/claims.ts",
    from: 'if (typeof aud === "string") return aud === wanted;',
    to: 'if (typeof aud === "string") return aud.includes(wanted);',
    wrong: "takes the audience `chat-admin` for `chat`",
  },
  {
    file: "auth/claims.ts",
    from: "policy.issuer !== undefined && iss !== policy.issuer",
    to: "policy.issuer !== undefined && iss !== undefined && iss !== policy.issuer",
    wrong: "takes a token without an issuer where one is asked for",
  },
  {
    file: "auth/key.ts",
    from: "if (bytes.length < macBytes) {",
    to: "if (bytes.length < 1) {",
    wrong: "takes a password for a key",
  },
  {
    file: "auth/key.ts",
    from: 'if (isKeyText(bytes.toString("latin1"))) {',
    to: "if (false) {",
    wrong: "takes a public key for a secret",
  },
  {
    file: "auth/key.ts",
    from: 'inBase64(bytes.toString("latin1")).some(isPublic)',
    to: "false",
    wrong: "takes a public key for a secret that lacks the lines around its base64",
  },
  {
    file: "auth/hmac.ts",
    from: "message.fill(0, 0, blockBytes);",
    to: "",
    wrong: "leaves the key in memory that others are given",
  },
  {
    file: "auth/key_ring.ts",
    from: "keyFor: (id) => byId.get(id),",
    to: "keyFor: (id) => byId.get(id) ?? keys[0],",
    wrong: "ignores the `kid` of a token where no key has it",
  },
  {
    file: "auth/key_ring.ts",
    from: "if (id === this.#current.id) return this.#current;",
    to: "if (id === undefined || id === this.#current.id) return this.#current;",
    wrong: "tries the current key on a token that names none",
  },
  {
    file: "auth/key_ring.ts",
    from: "id === previous.id && nowMs < this.#previousValidUntilMs",
    to: "id === previous.id",
    wrong: "never ends the previous key",
  },
  {
    file: "auth/key_ring.ts",
    from: "nowMs < this.#previousValidUntilMs",
    to: "nowMs <= this.#previousValidUntilMs",
    wrong: "ends the previous key a moment late",
  },
  {
    file: "auth/key_ring.ts",
    from: "this.#previous = this.#current;",
    to: "this.#previous ??= this.#current;",
    wrong: "keeps the first key for ever, however often it is replaced",
  },
  {
    file: "auth/key_ring.ts",
    from: "for (const listener of this.#listeners) listener();",
    to: "",
    wrong: "replaces a key and tells no session",
  },
  {
    file: "auth/key_ring.ts",
    from: "id === this.#previous.id ? this.#previousValidUntilMs",
    to: "id === this.#previous.id ? Infinity",
    wrong: "lets sessions outlive the key that vouched for them",
  },
  {
    file: "auth/key_ring.ts",
    from: 'typeof validUntilMs === "number" && validUntilMs >= FIRST_MOMENT_MS',
    to: 'typeof validUntilMs === "number"',
    wrong: "takes seconds for the end of a key, and ends every session",
  },
];

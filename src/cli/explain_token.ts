/**
 * A token taken apart without trusting it: what each part says, and which checks it passes. Every verdict is the library's own: the header
 * and the signature are judged by `verifyToken`, and each claim by `checkClaims`, alone among claims that are good. So this can never say
 * something else than a gate would.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import { checkClaims, type ClaimsFault } from "../auth/claims.ts";
import { decodeBase64url } from "../base/bytes.ts";
import { membersOf } from "../base/json_text.ts";
import {
  type Algorithm,
  ALGORITHMS,
  type HmacKey,
  hmacKey,
  printable,
  type TokenFault,
  verifyToken,
} from "../mod.ts";

/** What is known of whoever would verify it. */
export interface ExplainOptions {
  /** Without it, the signature is not checked. */
  readonly key: HmacKey | undefined;
  readonly audience: string;
  readonly issuer: string | undefined;
  readonly leewaySeconds: number;
  /** The time, in milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

/** One check. */
export interface ExplainedRow {
  readonly name: string;
  readonly outcome: "ok" | "wrong" | "not checked";
  /** What is there and, when it is wrong, what should be: printable, bounded. */
  readonly says: string;
}

/** The steps before the claims, in their order, with the faults at which each ends. */
const STEPS: readonly (readonly [name: string, faults: readonly TokenFault[]])[] = [
  ["length", ["too_long"]],
  ["form", ["malformed"]],
  ["key", ["unknown_key"]],
  ["algorithm", ["algorithm"]],
  ["signature", ["signature"]],
];

/**
 * Explains a token.
 *
 * @param token Anything.
 * @param options What is known of whoever would verify it.
 * @returns A row for each check, those of the claims last.
 */
export function explainToken(token: string, options: ExplainOptions): ExplainedRow[] {
  const [header = "", payload = ""] = token.split(".");
  const parts = { header: readPart(header), payload: readPart(payload), bytes: token.length };
  const fault = faultOf(token, parts.header, options);
  const rows: ExplainedRow[] = [];
  let isOver = false;
  for (const [name, faults] of STEPS) {
    const isUnsigned = name === "signature" && options.key === undefined;
    const isWrong = fault !== undefined && faults.includes(fault);
    const said = saysOf(name, parts.header, parts.bytes, options);
    const outcome = isOver || isUnsigned ? "not checked" : isWrong ? "wrong" : "ok";
    rows.push({ name, outcome, says: outcome === "wrong" ? WANTED[name] ?? said : said });
    isOver ||= isWrong;
  }
  // What is not to be believed may still be read: it tells whose token it was meant to be.
  return [...rows, ...claimRows(parts.payload, options)];
}

/** The first fault of a gate with this key; without a key, of one whose key made the token, but for its signature. */
function faultOf(token: string, header: Fields | undefined, options: ExplainOptions): TokenFault | undefined {
  const { audience, issuer, leewaySeconds, nowMs } = options;
  const keys = [options.key ?? anyKeyFor(header)];
  const verified = verifyToken(token, { keys, audience, issuer, leewaySeconds }, nowMs);
  return verified.ok ? undefined : verified.fault;
}

function anyKeyFor(header: Fields | undefined): HmacKey {
  const [alg, kid] = [header?.["alg"], header?.["kid"]];
  const algorithm = Object.keys(ALGORITHMS).find((name) => name === alg) as Algorithm | undefined;
  const isId = typeof kid === "string" && kid.length > 0 && kid.length <= 128;
  return hmacKey(randomBytes(64), { algorithm: algorithm ?? "HS256", ...(isId ? { id: kid } : {}) });
}

function saysOf(name: string, header: Fields | undefined, bytes: number, { key }: ExplainOptions): string {
  if (name === "length") return `${bytes} characters`;
  if (name === "form") return header === undefined ? "no header" : `typ ${show(header["typ"])}`;
  if (name === "key") {
    return `kid ${show(header?.["kid"])}${key === undefined ? "" : `; the key is ${show(key.id)}`}`;
  }
  if (name === "algorithm") {
    return `alg ${show(header?.["alg"])}${key === undefined ? "" : `; the key's is ${key.algorithm}`}`;
  }
  return key === undefined ? "no key was given" : "by the key that was given";
}

/** What a token must be at the steps before the claims, in words. */
const WANTED: Readonly<Record<string, string>> = {
  length: "wanted: no more characters than a gate takes",
  form: "wanted: three parts of base64url, JSON in the first two",
  signature: "not by the key that was given",
};

/** What a claim must be, in words. */
const CLAIMS: Readonly<Record<string, (options: ExplainOptions) => string>> = {
  sub: () => "1 to 256 characters",
  exp: () => "a time in seconds, still to come",
  iat: () => "a time in seconds, not in the future, nor so long ago that the token lives too long",
  nbf: () => "a time in seconds, not in the future",
  aud: ({ audience }) => `"${printable(audience)}", or a list with it`,
  iss: ({ issuer }) => issuer === undefined ? "anything" : `"${printable(issuer)}"`,
  roles: () => "a list of at most 64 texts",
  jti: () => "1 to 256 characters",
};

/** Claims that a token can do without. */
const OPTIONAL: ReadonlySet<string> = new Set(["iat", "nbf", "iss", "roles", "jti"]);

function claimRows(payload: Fields | undefined, options: ExplainOptions): ExplainedRow[] {
  if (payload === undefined) return [{ name: "claims", outcome: "wrong", says: "no JSON object" }];
  const rows = Object.entries(CLAIMS).map(([name, wants]): ExplainedRow => {
    const value = Object.hasOwn(payload, name) ? payload[name] : undefined;
    const says = `${show(value)}${momentOf(name, value, options.nowMs)}`;
    if (value === undefined && OPTIONAL.has(name) && (name !== "iss" || options.issuer === undefined)) {
      return { name, outcome: "ok", says: "none, which is allowed" };
    }
    const fault = faultOfClaim(name, value, payload, options);
    return fault === undefined
      ? { name, outcome: "ok", says }
      : { name, outcome: "wrong", says: `${says}; wanted: ${wants(options)}` };
  });
  // What no single claim shows, as one that only looks like a prototype.
  const whole = checkClaims(payload, options, undefined, options.nowMs);
  if (whole.ok || rows.some(({ outcome }) => outcome === "wrong")) return rows;
  return [...rows, { name: "claims", outcome: "wrong", says: whole.fault }];
}

/** Judged among claims that are good; a lifetime is from one claim to another. */
function faultOfClaim(
  name: string,
  value: unknown,
  payload: Fields,
  options: ExplainOptions,
): ClaimsFault | undefined {
  const good = { sub: "x", aud: options.audience, iss: options.issuer, exp: options.nowMs / 1_000 + 60 };
  const lifetime = name === "iat" ? { exp: payload["exp"] } : {};
  const judged = checkClaims({ ...good, ...lifetime, [name]: value }, options, undefined, options.nowMs);
  if (judged.ok) return undefined;
  // That the token is over is told with the claim that says so.
  return name === "iat" && judged.fault === "expired" ? undefined : judged.fault;
}

const MOMENTS: ReadonlySet<string> = new Set(["exp", "iat", "nbf"]);

/** A time as people read it: the moment, and how far from now. */
function momentOf(name: string, value: unknown, nowMs: number): string {
  if (!MOMENTS.has(name) || typeof value !== "number" || !(Math.abs(value) < 8.64e12)) return "";
  const seconds = Math.round(value - nowMs / 1_000);
  const distance = seconds >= 0 ? `in ${duration(seconds)}` : `${duration(-seconds)} ago`;
  return ` (${new Date(value * 1_000).toISOString()}, ${distance})`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}

/** The members of a JSON object. */
type Fields = Readonly<Record<string, unknown>>;

function readPart(part: string): Fields | undefined {
  const members = membersOf(decodeBase64url(part)?.toString("utf8") ?? "");
  return Array.isArray(members) ? undefined : members;
}

function show(value: unknown): string {
  return value === undefined ? "none" : printable(JSON.stringify(value) ?? "none");
}

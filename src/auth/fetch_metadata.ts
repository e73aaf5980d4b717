/**
 * When a cookie may be believed (RFC 6455 §10.2, W3C Fetch Metadata). A browser sends a cookie with every request to its
 * host, whichever page asks for it: the cookie says who the visitor is, and not that he wants this. A page of this site
 * must have asked, and the browser says so in two fields that no page can set.
 *
 * @module
 */

import type { FieldValues } from "./credential.ts";

/** Why a cookie is not believed. For the log. */
export type CookieFault = "cookie_without_origin" | "cross_site";

/** What a browser says of requests from pages that the cookie's owner trusts. */
const OWN_SITE: ReadonlySet<string> = new Set(["same-origin", "same-site"]);

/**
 * Judges a request that carries its credential in a cookie.
 *
 * @param origin The Origin of the request, which has been allowed already, if it has one.
 * @param fields All fields of the request.
 * @returns Why the cookie must not be believed, or `undefined`.
 */
export function cookieFault(origin: string | undefined, fields: FieldValues): CookieFault | undefined {
  if (origin === undefined) return "cookie_without_origin";
  // Older browsers do not send it; whoever does is held to it, also where it contradicts the list of allowed Origins.
  const sites = fields.get("sec-fetch-site") ?? [];
  return sites.every((site) => OWN_SITE.has(site)) ? undefined : "cross_site";
}

/**
 * Tells the Origin of an ordinary request. Browsers leave the field out where a page asks its own server with GET; that it is
 * its own server, they say in another field.
 *
 * @param fields All fields of the request.
 * @param allowedOrigins The Origins that may connect.
 * @returns The `Origin` field; without one, in a request of the same origin, the allowed Origin of this very host.
 */
export function originOfRequest(fields: FieldValues, allowedOrigins: readonly string[]): string | undefined {
  const [origin] = fields.get("origin") ?? [];
  if (origin !== undefined || fields.get("sec-fetch-site")?.join() !== "same-origin") return origin;
  const host = fields.get("host")?.join();
  return allowedOrigins.find((allowed) => allowed.slice(allowed.indexOf("//") + 2) === host);
}

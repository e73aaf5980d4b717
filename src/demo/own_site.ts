/**
 * Which requests are for the demo, and from its own page. A page of another site can have a browser ask this server, too: under its own
 * name, which it lets point here (DNS rebinding), or across sites with a POST that nobody is asked about.
 *
 * @module
 */

import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import { type Address, urlOf } from "./environment.ts";

/** The names that this machine has for itself. */
const OWN_HOSTS = ["127.0.0.1", "localhost", "::1"];

/** What a browser says of a request of the page itself, and of one that a visitor has typed in. */
const OWN_SITES: ReadonlySet<string> = new Set(["same-origin", "none"]);

/** The page's own Origin, under each name that this machine has for itself, as a browser writes it. */
export function originsOf(address: Address): string[] {
  const urls = [address.host, ...OWN_HOSTS].map((host) => urlOf("http", { ...address, host }));
  return urls.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin);
}

/**
 * Tells whether a request is for this server by its `Host`: an address, or one of its own names. A name can be made to point here by
 * whoever owns it, an address cannot: so any will do, as the machine does not know by which others reach it. Nor does the port
 * matter, which may be forwarded.
 *
 * @param host The field `Host`.
 * @param address Where the server listens; its host may be a name.
 */
export function isOwnHost(host: string | undefined, address: Address): boolean {
  const url = `http://${host ?? ""}`;
  if (host === undefined || !URL.canParse(url)) return false;
  const name = new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(name) !== 0 || name === "localhost" || name === address.host.toLowerCase();
}

/** Tells whether a request comes from no page of another site. Older browsers do not say, nor do programs, which need no page to ask. */
export function isOwnPage(headers: IncomingHttpHeaders): boolean {
  return OWN_SITES.has(String(headers["sec-fetch-site"] ?? "none"));
}

/**
 * Which web pages may connect (RFC 6455 §10.2, RFC 6454). A browser connects to any server on behalf of any page; only
 * the `Origin` field tells which page it is.
 *
 * Cross-site WebSocket hijacking: a foreign page opens a WebSocket here, the browser adds the visitor's cookies, and the page
 * acts in the visitor's name. A token does not travel by itself; the Origin is the second lock.
 *
 * @module
 */

import { PortcullisError } from "../base/errors.ts";

/** Which Origins are let in; nothing but the exact text of one of them. */
export type OriginPolicy =
  | {
    /** The pages that may connect, each as a browser writes its Origin: `https://example.com`. By default only who sends none may. */
    readonly allowedOrigins: readonly string[];
    readonly insecureAllowAnyOrigin?: undefined;
  }
  | {
    /** Lets every page connect. Named so that it is found when somebody looks for what is not safe. */
    readonly insecureAllowAnyOrigin: true;
    readonly allowedOrigins?: undefined;
  };

/** Answers for one request. `undefined` stands for a request without an `Origin`, which no browser sent. */
export type OriginCheck = (origin: string | undefined) => boolean;

/**
 * Prepares the check of a policy.
 *
 * @param policy `allowedOrigins`, each as a browser writes it (`https://example.com`, lower case, without a slash at the
 * end), or `insecureAllowAnyOrigin`. Without either, only requests without an Origin pass.
 * @returns The check.
 * @throws {PortcullisError} `invalid_argument` for an origin that no browser would ever send, as `*` or `null`.
 */
export function compileOrigins(policy: Partial<OriginPolicy>): OriginCheck {
  if (policy.insecureAllowAnyOrigin === true) return () => true;
  const allowed = new Set(policy.allowedOrigins ?? []);
  for (const origin of allowed) {
    if (!isSerializedOrigin(origin)) {
      throw new PortcullisError(
        "invalid_argument",
        `Allowed origin "${origin}" can never match; write scheme://host[:port] in lower case, without a path.`,
      );
    }
  }
  return (origin) => origin === undefined || allowed.has(origin);
}

function isSerializedOrigin(text: string): boolean {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s*]+$/.test(text) || text !== text.toLowerCase()) return false;
  // The page behind a WebSocket came by HTTP; "wss:" is where it connects to.
  if (/^wss?:/.test(text)) return false;
  if (!/^https?:/.test(text)) return true;
  return URL.canParse(text) && new URL(text).origin === text;
}

/**
 * What a page of another host may read (Fetch standard, CORS): a browser sends the request, and hides the answer unless it says
 * that this page may have it.
 *
 * @module
 */

import type { ServerResponse } from "node:http";

/** Whether requests bring their cookies along. */
export type CookieChoice = "with cookies" | "without cookies";

/** How long a browser remembers what it was told, in seconds. */
const PREFLIGHT_MAX_AGE_SECONDS = 600;

/**
 * Lets a page read an answer.
 *
 * @param response The answer, whose head has not been written.
 * @param origin The Origin of the page, which is allowed; `undefined` lets none read it.
 * @param cookies Whether the request may have brought its cookies.
 */
export function allowReading(
  response: ServerResponse,
  origin: string | undefined,
  cookies: CookieChoice,
): void {
  // Also for none: what is kept for one page must not be given to another.
  response.setHeader("Vary", "Origin");
  if (origin === undefined) return;
  response.setHeader("Access-Control-Allow-Origin", origin);
  response.setHeader("Access-Control-Expose-Headers", "Retry-After, WWW-Authenticate");
  if (cookies === "with cookies") response.setHeader("Access-Control-Allow-Credentials", "true");
}

/**
 * Answers the question that a browser asks before it sends an `Authorization` field to another host.
 *
 * @param response The answer, after {@link allowReading}.
 * @param method The one method that is taken.
 */
export function answerPreflight(response: ServerResponse, method: string): void {
  response.setHeader("Access-Control-Allow-Methods", method);
  response.setHeader("Access-Control-Allow-Headers", "Authorization");
  response.setHeader("Access-Control-Max-Age", String(PREFLIGHT_MAX_AGE_SECONDS));
  response.writeHead(204).end();
}

/**
 * Looking at the wire, as the inspector of the demo page does, without ever seeing a token.
 *
 * @module
 */

import { callGuarded } from "../base/promise.ts";
import { fieldsOf, parseJson } from "./wire.ts";

/** Gets to see each text that crosses the wire; tokens in it are replaced by `…`. */
export interface Tap {
  /** A text has been handed to the connection. */
  sent?(text: string): void;
  /** A text has come, before anything is done about it. */
  received?(text: string): void;
}

/** Stands where a token was. */
const HIDDEN = "…";

/** Lets an application look, and guards it: against its own faults, and against tokens. */
export class GuardedTap {
  readonly #tap: Tap;
  readonly #tokens: () => Iterable<string>;
  readonly #reportError: (error: unknown) => void;

  /**
   * @param tap What the application gave.
   * @param tokens The tokens that are known at the moment, to be found wherever they stand.
   * @param reportError Gets what the tap throws.
   */
  constructor(tap: Tap, tokens: () => Iterable<string>, reportError: (error: unknown) => void) {
    this.#tap = tap;
    this.#tokens = tokens;
    this.#reportError = reportError;
  }

  /** Shows what was sent. */
  sent(text: string): void {
    if (this.#tap.sent !== undefined) {
      callGuarded(() => this.#tap.sent?.(this.#hide(text)), this.#reportError);
    }
  }

  /** Shows what came. */
  received(text: string): void {
    if (this.#tap.received === undefined) return;
    callGuarded(() => this.#tap.received?.(this.#hide(text)), this.#reportError);
  }

  #hide(text: string): string {
    let shown = withoutToken(text);
    for (const token of this.#tokens()) shown = shown.replaceAll(token, HIDDEN);
    return shown;
  }
}

/**
 * Hides the token of a message that shows one, whether or not the client knows it.
 *
 * @param text A message.
 * @returns It, or for `auth` and `auth.refresh` the same with `…` for all its data.
 */
export function withoutToken(text: string): string {
  const message = fieldsOf(parseJson(text));
  if (message?.["type"] !== "auth" && message?.["type"] !== "auth.refresh") return text;
  return JSON.stringify({ type: message["type"], id: message["id"], data: { token: HIDDEN } });
}

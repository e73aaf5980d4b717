/**
 * The steps that a client's message takes, as data: what is asked, in which order, and with which code the answer is no. As at the door,
 * nothing is written down on the way: the step at which a message was denied tells the whole of it.
 *
 * @module
 */

import type { DenialCode } from "./envelope.ts";

/** One step. */
export interface MessageStepRow {
  /** What passes when the step does. */
  readonly asks: string;
  /** Which messages it is asked of: `auth.refresh` needs no row. */
  readonly of: "all" | "rows" | "refresh";
  /** The codes with which the answer is no; `internal` where what the application has written fails. */
  readonly denials: readonly DenialCode[];
}

/** The name of one step. */
export type MessageStepName =
  | "rate"
  | "size"
  | "form"
  | "type"
  | "identity"
  | "role"
  | "type_rate"
  | "data"
  | "condition"
  | "capacity"
  | "application"
  | "token"
  | "still";

/** All steps, in their order. */
export const MESSAGE_STEPS: Readonly<Record<MessageStepName, MessageStepRow>> = {
  rate: { asks: "The session does not send too much.", of: "all", denials: ["rate_limited"] },
  size: { asks: "It is not too long.", of: "all", denials: ["too_large"] },
  form: { asks: "It is an envelope.", of: "all", denials: ["malformed"] },
  type: { asks: "Its type has a row.", of: "rows", denials: ["unknown_type"] },
  identity: { asks: "The identity has not expired.", of: "all", denials: ["expired"] },
  role: { asks: "The row names a role of the session.", of: "rows", denials: ["forbidden"] },
  type_rate: { asks: "Its type does not come too often.", of: "all", denials: ["rate_limited"] },
  data: { asks: "Its data is valid.", of: "all", denials: ["invalid_data", "internal"] },
  condition: { asks: "The condition of the row holds.", of: "rows", denials: ["forbidden", "internal"] },
  capacity: {
    asks: "Its subject has not too many handlers at work for nobody.",
    of: "rows",
    denials: ["internal"],
  },
  application: { asks: "The application has handled it.", of: "rows", denials: ["internal"] },
  token: {
    asks: "The token is good, and of the same subject.",
    of: "refresh",
    denials: ["invalid_data", "forbidden", "rate_limited", "internal"],
  },
  still: { asks: "Identity and role still allow the answer.", of: "rows", denials: ["expired", "forbidden"] },
};

/** How one step came out. */
export interface MessageStep {
  /** Which. */
  readonly step: MessageStepName;
  /** Whether it passed. */
  readonly outcome: "passed" | "failed";
}

const ROWS = Object.entries(MESSAGE_STEPS) as [MessageStepName, MessageStepRow][];

/**
 * Lists the steps that a message took.
 *
 * @param of Whether it needs a row, or was an `auth.refresh`.
 * @param failed The step at which it was denied; `undefined` when it was answered.
 * @returns The steps, the one that failed last.
 */
export function messageSteps(of: "rows" | "refresh", failed: MessageStepName | undefined): MessageStep[] {
  const steps: MessageStep[] = [];
  for (const [step, row] of ROWS) {
    if (step === failed) return [...steps, { step, outcome: "failed" }];
    if (row.of === "all" || row.of === of) steps.push({ step, outcome: "passed" });
  }
  return steps;
}

/**
 * Tells at which step a message is denied with a code, where nothing else is known.
 *
 * @param code The code.
 * @returns The first step that denies with it.
 */
export function usualStepOf(code: DenialCode): MessageStepName {
  // Each code is that of a step; a test holds the two tables together.
  const [step] = ROWS.find(([, { denials }]) => denials.includes(code)) as [MessageStepName, MessageStepRow];
  return step;
}

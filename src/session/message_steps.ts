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
  rate: { asks: "The session does not send too much.", of: "all" },
  size: { asks: "It is not too long.", of: "all" },
  form: { asks: "It is an envelope.", of: "all" },
  type: { asks: "Its type has a row.", of: "rows" },
  identity: { asks: "The identity has not expired.", of: "all" },
  role: { asks: "The row names a role of the session.", of: "rows" },
  type_rate: { asks: "Its type does not come too often.", of: "all" },
  data: { asks: "Its data is valid.", of: "all" },
  condition: { asks: "The condition of the row holds.", of: "rows" },
  capacity: { asks: "Its subject has not too many handlers at work for nobody.", of: "rows" },
  application: { asks: "The application has handled it.", of: "rows" },
  token: { asks: "The token is good, and of the same subject.", of: "refresh" },
  still: { asks: "Identity and role still allow the answer.", of: "rows" },
};

/** How one step came out. */
export interface MessageStep {
  /** Which. */
  readonly step: MessageStepName;
  /** Whether it passed. */
  readonly outcome: "passed" | "failed";
}

/** The step at which a code is the answer, where the caller says nothing else. */
export const STEP_OF_DENIAL: Readonly<Record<DenialCode, MessageStepName>> = {
  rate_limited: "rate",
  too_large: "size",
  malformed: "form",
  unknown_type: "type",
  expired: "identity",
  forbidden: "role",
  invalid_data: "data",
  internal: "application",
};

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

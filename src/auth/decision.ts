/**
 * The decision about one request, step by step. Each step is taken only when all before it have passed, so that the reason
 * at which the decision fell tells the whole of it: nothing is written down on the way, and nothing is paid for it until
 * somebody asks.
 *
 * @module
 */

import type { Carrier } from "./credential.ts";

/** One step: what is asked, and every reason for which it can fail. */
export interface DecisionRow {
  /** What passes when the step does. */
  readonly asks: string;
  /** The reasons for which it fails; a step without any has reasons of other tables, as the rules of the handshake. */
  readonly reasons: readonly string[];
  /** Of which carriers it is asked; without this, of all. */
  readonly carriers?: readonly Carrier[];
}

/** What is asked of an identity, and so of nobody who is still to show his token. */
const OF_IDENTITY: ReadonlySet<string> = new Set<DecisionStepName>([
  "form",
  "key",
  "algorithm",
  "signature",
  "claims",
  "time",
  "audience",
  "issuer",
  "revocation",
  "approval",
]);

const WITH_TOKEN: readonly Carrier[] = ["authorization", "subprotocol", "cookie", "message"];

/** The name of one step. */
export type DecisionStepName =
  | "capacity"
  | "request"
  | "path"
  | "origin"
  | "credential"
  | "unauthenticated"
  | "site"
  | "ticket"
  | "form"
  | "key"
  | "algorithm"
  | "signature"
  | "claims"
  | "time"
  | "audience"
  | "issuer"
  | "revocation"
  | "approval"
  | "admission";

/** All steps, in their order. */
export const DECISION_STEPS: Readonly<Record<DecisionStepName, DecisionRow>> = {
  capacity: { asks: "The server takes requests.", reasons: ["draining", "closed", "pending"] },
  request: { asks: "The request is a WebSocket handshake.", reasons: [] },
  path: { asks: "The path is the gate's.", reasons: ["path"] },
  origin: { asks: "The Origin is allowed.", reasons: ["foreign_origin"] },
  credential: {
    asks: "There is exactly one credential.",
    reasons: ["two_carriers", "no_credential", "auth_timeout"],
  },
  unauthenticated: {
    asks: "There is room for a socket that has not shown its token yet.",
    reasons: ["unauthenticated"],
    carriers: ["message"],
  },
  site: {
    asks: "A page of this site sent the cookie.",
    reasons: ["cookie_without_origin", "cross_site"],
    carriers: ["cookie"],
  },
  ticket: {
    asks: "The ticket is known, fresh and of this Origin.",
    reasons: ["ticket_malformed", "ticket_unknown", "ticket_reused", "ticket_origin"],
    carriers: ["ticket"],
  },
  form: {
    asks: "The token has the form of one.",
    reasons: ["too_long", "malformed"],
    carriers: WITH_TOKEN,
  },
  key: { asks: "Its key is here.", reasons: ["unknown_key", "key_source_failed"], carriers: WITH_TOKEN },
  algorithm: { asks: "Its algorithm is that of the key.", reasons: ["algorithm"], carriers: WITH_TOKEN },
  signature: { asks: "Its signature is good.", reasons: ["signature"], carriers: WITH_TOKEN },
  claims: { asks: "Its claims are of their types.", reasons: ["claims"], carriers: WITH_TOKEN },
  time: { asks: "It holds now.", reasons: ["expired", "lifetime", "not_yet_valid"] },
  audience: { asks: "It is for this audience.", reasons: ["audience"], carriers: WITH_TOKEN },
  issuer: { asks: "Its issuer is the one that is asked for.", reasons: ["issuer"], carriers: WITH_TOKEN },
  revocation: { asks: "It is not revoked.", reasons: ["revoked", "key_withdrawn"] },
  approval: {
    asks: "The application approves.",
    reasons: [
      "pending_of_subject",
      "pending_of_address",
      "not_approved",
      "approval_timeout",
      "approval_failed",
    ],
  },
  admission: {
    asks: "There is room for it.",
    reasons: [
      "connections",
      "connections_of_address",
      "sessions",
      "sessions_of_subject",
      "too_many_tickets",
      "too_many_tickets_of_subject",
      "admission_failed",
    ],
  },
};

/** How one step came out. */
export interface DecisionStep {
  /** Which. */
  readonly step: DecisionStepName;
  /** Whether it passed. */
  readonly outcome: "passed" | "failed";
  /** Why it failed, in a stable word. */
  readonly reason?: string;
}

/**
 * Lists the steps that a decision took.
 *
 * @param carrier Where the credential was, if one was found.
 * @param reason Why the decision was no; `undefined` when it was yes.
 * @param token Whether it has been shown, or is still to come in the first message.
 * @returns The steps that were taken, the one that failed last.
 *
 * @example
 * ```ts
 * import { decisionSteps } from "portcullis";
 * import { deepStrictEqual } from "node:assert";
 *
 * const steps = decisionSteps("authorization", "signature");
 * deepStrictEqual(steps.at(-1), { step: "signature", outcome: "failed", reason: "signature" });
 * deepStrictEqual(steps.at(-2), { step: "algorithm", outcome: "passed" });
 * ```
 */
export function decisionSteps(
  carrier: Carrier | undefined,
  reason: string | undefined,
  token: "shown" | "to_come" = "shown",
): DecisionStep[] {
  const steps: DecisionStep[] = [];
  // A reason that no step names is a rule of the handshake.
  const failedStep = reason === undefined ? undefined : STEP_OF_REASON.get(reason) ?? "request";
  // A token at which the decision fell has been shown by then.
  const isToCome = token === "to_come" && (failedStep === undefined || !OF_IDENTITY.has(failedStep));
  for (const [step, row] of ROWS) {
    if (isToCome && OF_IDENTITY.has(step)) continue;
    if (step === failedStep && reason !== undefined) return [...steps, { step, outcome: "failed", reason }];
    // Without a carrier nothing was looked at after the search for one.
    const isAsked = carrier === undefined
      ? row.carriers === undefined && failedStep !== undefined
      : row.carriers === undefined || row.carriers.includes(carrier);
    if (isAsked) steps.push({ step, outcome: "passed" });
  }
  return steps;
}

const ROWS = Object.entries(DECISION_STEPS) as [DecisionStepName, DecisionRow][];

const STEP_OF_REASON: ReadonlyMap<string, DecisionStepName> = new Map(
  ROWS.flatMap(([step, { reasons }]) => reasons.map((reason) => [reason, step] as const)),
);

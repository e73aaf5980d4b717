/**
 * Decisions at the door, written down: which event of the vocabulary each of them is.
 *
 * @module
 */

import { type AuditEvent, type AuditName, eventOfBadToken } from "../session/audit.ts";
import type { Decision } from "./decision.ts";
import type { Refusal, RefusalName } from "./refusal.ts";

/** The event of each case of a refusal. */
const EVENT_OF_REFUSAL: Readonly<Record<RefusalName, AuditName>> = {
  malformed: "input_validation_fail",
  method: "input_validation_fail",
  version: "input_validation_fail",
  too_many_fields: "input_validation_fail",
  not_found: "input_validation_fail",
  two_carriers: "authn_login_fail",
  no_credential: "authn_login_fail",
  invalid_token: "authn_login_fail",
  origin: "authz_fail",
  not_allowed: "authz_fail",
  busy: "excess_rate_limit_exceeded",
  too_many: "excess_rate_limit_exceeded",
  server_fault: "sys_crash",
};

/**
 * Describes a decision at the door.
 *
 * @param decision What was decided. All text of strangers in it is printable and bounded already.
 * @returns The event.
 */
export function auditDecision(decision: Decision): AuditEvent {
  const { purpose, atMs, refused, carrier, subject, origin, address } = decision;
  const granted = purpose === "ticket" ? "authn_token_created" : "authn_login_success";
  return {
    event: refused === undefined ? granted : eventOf(refused),
    atMs,
    reason: refused?.reason ?? "token",
    ...(subject === undefined ? {} : { subject }),
    ...(carrier === undefined ? {} : { carrier }),
    ...(origin === undefined ? {} : { origin }),
    address,
  };
}

function eventOf({ name, reason }: Refusal): AuditName {
  return name === "invalid_token" ? eventOfBadToken(reason) : EVENT_OF_REFUSAL[name];
}

/**
 * The events of a trace as the page gets them: JSON, with the words that go with each of them, so that the page has no tables of its own.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import {
  DECISION_STEPS,
  explainFrame,
  FRAME_RULES,
  type FrameField,
  frameFields,
  framePayloadText,
  type FrameRuleName,
  type FrameTrace,
  MESSAGE_STEPS,
  opcodeName,
  type TraceEvent,
} from "../mod.ts";

/** An event for the page; its members besides these are those of its kind. */
export interface ShownEvent {
  readonly kind: TraceEvent["kind"];
  readonly atMs: number;
  /** The number of the connection that it is of, or of the attempt at one, so that a page does not take one for another. */
  readonly connection: number;
  readonly [member: string]: unknown;
}

/** A frame for the page. */
export interface ShownFrame extends ShownEvent {
  readonly kind: "frame";
  readonly direction: "in" | "out";
  readonly opcode: string;
  /** What it is and what is wrong with it, in plain sentences. */
  readonly sentence: string;
  readonly fields: readonly FrameField[];
  readonly payload: ShownPayload;
  readonly rule: ShownRule | undefined;
  readonly queuedBytes: number;
}

/** The payload of a frame, in hexadecimal as it was on the wire and unmasked, and as text if it is one. */
export interface ShownPayload {
  readonly bytes: number;
  readonly isHidden: boolean;
  readonly wire: string;
  readonly plain: string;
  readonly text: string | undefined;
}

/** A rule that a frame breaks. */
export interface ShownRule {
  readonly name: FrameRuleName;
  readonly section: string;
  readonly sentence: string;
}

/** Makes what the page is sent of an event. */
export function showEvent(event: TraceEvent): ShownEvent {
  switch (event.kind) {
    case "frame":
      return showFrame(event);
    case "decision": {
      const { decision: { purpose, outcome, carrier, subject, steps } } = event;
      const told = steps.map((step) => ({ ...step, asks: DECISION_STEPS[step.step].asks }));
      return { ...aboutOf(event), purpose, outcome, carrier, subject, steps: told };
    }
    case "message": {
      const { type, outcome, roles, allowed, steps } = event;
      const told = steps.map((step) => ({ ...step, asks: MESSAGE_STEPS[step.step].asks }));
      return { ...aboutOf(event), type, outcome, roles, allowed, steps: told };
    }
    case "end":
      return { ...aboutOf(event), ...event.status };
    case "request":
    case "answer":
    case "delivery":
    case "lease":
      return { ...event };
  }
}

function aboutOf<Kind extends TraceEvent["kind"]>(
  { kind, atMs, connection }: TraceEvent & { readonly kind: Kind },
): Pick<ShownEvent, "atMs" | "connection"> & { readonly kind: Kind } {
  return { kind, atMs, connection };
}

function showFrame(event: FrameTrace): ShownFrame {
  const { direction, frame, payload, queuedBytes } = event;
  return {
    ...aboutOf(event),
    direction,
    opcode: opcodeName(frame.opcode),
    sentence: explainFrame(frame),
    fields: frameFields(frame),
    payload: {
      bytes: frame.payloadBytes ?? 0,
      isHidden: payload === "hidden",
      wire: hex(frame.wirePayload),
      plain: hex(frame.payload),
      text: framePayloadText(frame),
    },
    rule: frame.rule === undefined ? undefined : showRule(frame.rule),
    queuedBytes,
  };
}

function showRule(name: FrameRuleName): ShownRule {
  const { section, sentence } = FRAME_RULES[name];
  return { name, section, sentence };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/**
 * Where we and npm `ws` may differ, and why; every other difference is a fault of one of us.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { DeflateParameters } from "../../src/protocol/deflate_negotiation.ts";
import { hasFinalBlock } from "./final_blocks.ts";
import type { StreamCase } from "./stream_case.ts";
import { observeWhole } from "./stream_properties.ts";
import { type Verdict, verdictOfOurs, verdictOfWs, type Ws } from "./ws_peer.ts";

interface Difference {
  readonly why: string;
  /**
   * Whether this is what the two verdicts differ in.
   *
   * @param wide What ws says when the largest windows were agreed on.
   */
  explains(ours: Verdict, theirs: Verdict, sample: StreamCase, wide: Verdict): boolean;
}

/**
 * More than is missing of a frame that `ws` refuses in advance: a header is at most 14 bytes, a Close payload 125. The
 * next frame would begin with reserved bits set, so that a fault in it is told apart.
 */
const REST = Buffer.alloc(139, 0x33);

/** The legitimate differences, by name. */
export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  // #region may_differ
  length_minimal: {
    why: "ws takes lengths that are not encoded in the fewest bytes; RFC 6455 §5.2 forbids them.",
    explains: (ours, theirs) => ours.rule === "length_minimal" && goesOn(ours, theirs),
  },
  utf8_fails_fast: {
    why: "ws judges text when its message is complete; we do when an octet arrives, as §8.1 allows.",
    explains: (ours, theirs) =>
      ours.rule === "utf8_message" && same(ours.messages, theirs.messages) && goesOn(ours, theirs),
  },
  // #endregion
  fragment_limits: {
    why: "ws has no limit on empty fragments, and its limit on all of them is lifted here.",
    explains: (ours, theirs) => ours.rule === "too_many_fragments" && goesOn(ours, theirs),
  },
  length_top_bit: {
    why:
      "ws says 1009 to any length above 2^53 - 1; we say 1002 when the top bit is set, which no length may have.",
    explains: (ours, theirs) => ours.rule === "length_top_bit" && endsAt(ours, theirs, "fault 1009"),
  },
  order_of_checks: {
    why: "A frame both too long and out of place: we judge its length first (1009), ws its place (1002).",
    explains: (ours, theirs) => ours.rule === "message_too_big" && endsAt(ours, theirs, "fault 1002"),
  },
  inflates_each_fragment: {
    why:
      "ws inflates each fragment as it comes; we the message when it is complete, and may find another fault first.",
    explains: (ours, theirs, { agreed }) =>
      agreed !== undefined && /^fault 100[79]$/.test(theirs.end) &&
      same(ours.messages, theirs.messages) && goesOn(theirs, ours),
  },
  compressed_length: {
    why:
      "ws holds the compressed length against the limit, too; we let a message that does not shrink be an eighth longer.",
    explains: (ours, theirs, { agreed }) =>
      agreed !== undefined && theirs.end === "fault 1009" && goesOn(theirs, ours),
  },
  cut_block: {
    why:
      "ws takes a message whose DEFLATE block is cut off for what has come of it; we refuse it (RFC 7692 §7.2.2).",
    explains: (ours, theirs) => ours.rule === "compressed_data" && goesOn(ours, theirs),
  },
  window: {
    why:
      "ws refuses what refers further back than the agreed window; we read it, if it refers to its own message.",
    explains: (ours, _theirs, _sample, wide) => endsAt(ours, wide, ours.end),
  },
  final_block: {
    why:
      "ws forgets its history at a last block of DEFLATE, and what stands behind one; RFC 7692 §7.2.3.4 allows it.",
    explains: (_ours, _theirs, { agreed, bytes }) => agreed !== undefined && hasFinalBlock(bytes),
  },
  incomplete_frame: {
    why:
      "ws judges some rules when half of a header has come, we when all of it has; the rest brings the same verdict.",
    explains: (ours, theirs, sample, wide) => ours.end === "open" && completed(theirs, sample, wide),
  },
};

/**
 * Compares the two verdicts on a case.
 *
 * @returns `same`, the name of the legitimate difference, or else a complaint.
 */
export async function compareWithWs(
  ws: Ws,
  sample: StreamCase,
): Promise<string | { readonly complaint: string }> {
  const ours = verdictOfOurs(observeWhole(sample));
  const theirs = await verdictOfWs(ws, sample);
  if (endsAt(ours, theirs, ours.end)) return "same";
  const wide = await verdictOfWs(ws, { ...sample, agreed: sample.agreed && withWholeWindows(sample.agreed) });
  const named = Object.entries(DIFFERENCES).find(([, row]) => row.explains(ours, theirs, sample, wide));
  return named?.[0] ??
    { complaint: `ours ${JSON.stringify(ours)}, ws ${JSON.stringify(theirs)}` };
}

function withWholeWindows(agreed: DeflateParameters): DeflateParameters {
  return { ...agreed, serverMaxWindowBits: 15, clientMaxWindowBits: 15 };
}

/** Theirs has all that ours has, and may have more. */
function goesOn(ours: Verdict, theirs: Verdict): boolean {
  return startsWith(theirs.messages, ours.messages) && startsWith(theirs.pings, ours.pings) &&
    startsWith(theirs.pongs, ours.pongs);
}

/** Theirs has the same content as ours, and this end. */
function endsAt(ours: Verdict, theirs: Verdict, end: string): boolean {
  return theirs.end === end && same(ours.messages, theirs.messages) && same(ours.pings, theirs.pings) &&
    same(ours.pongs, theirs.pongs);
}

/** Whether we come to the same fault once the frame is complete. */
function completed(theirs: Verdict, sample: StreamCase, wide: Verdict): boolean {
  const bytes = Buffer.concat([sample.bytes, REST]);
  const ours = verdictOfOurs(observeWhole({ ...sample, bytes }));
  return theirs.end.startsWith("fault") && ours.rule !== "reserved_bits" &&
    (endsAt(ours, theirs, ours.end) ||
      DIFFERENCES["order_of_checks"]?.explains(ours, theirs, sample, wide) === true);
}

function startsWith(longer: readonly string[], shorter: readonly string[]): boolean {
  return same(longer.slice(0, shorter.length), shorter);
}

function same(some: readonly string[], others: readonly string[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}

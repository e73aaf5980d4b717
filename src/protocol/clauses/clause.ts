/**
 * A sentence of an RFC with MUST in it that is not one of the rules by which a peer is judged: what binds our own
 * conduct, or what a rule follows from. Nothing reads these tables while a connection runs; docs/conformance.md is
 * made of them.
 *
 * @module
 */

import type { HandshakeRuleName, ResponseRuleName } from "../handshake_rules.ts";
import type { FrameRuleName, Rule } from "../rules.ts";

/** The name of a rule with its table. */
export type QualifiedRule =
  | `FRAME_RULES.${FrameRuleName}`
  | `HANDSHAKE_RULES.${HandshakeRuleName}`
  | `RESPONSE_RULES.${ResponseRuleName}`;

/** A sentence that binds, and how it is kept. */
export interface Clause extends Rule {
  /** Whom the sentence binds. */
  readonly binds: "client" | "server" | "both" | "intermediary" | "extension" | "browser";
  /** The rules that catch a peer which does not keep it. */
  readonly judgedBy?: readonly QualifiedRule[];
  /** Where we keep it, as `src/path/file.ts#symbol`. */
  readonly keptIn?: readonly `src/${string}.ts#${string}`[];
}

/** Clauses by their names. */
export type Clauses = Readonly<Record<string, Clause>>;

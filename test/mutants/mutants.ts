/**
 * One mutant for each way in which an implementation of this protocol, or of the identity behind it, goes wrong in practice: a line
 * of the sources, what a careless hand would make of it, and what that would let through. `npm run mutants` shows that a test
 * notices each of them.
 *
 * @module
 */

import type { Patch } from "./broken_copy.ts";
import { BASE_MUTANTS } from "./base_mutants.ts";
import { CLIENT_MUTANTS } from "./client_mutants.ts";
import { CLIENT_TOKEN_MUTANTS } from "./client_token_mutants.ts";
import { DISPATCH_MUTANTS } from "./dispatch_mutants.ts";
import { DOOR_MUTANTS } from "./door_mutants.ts";
import { FORWARDED_MUTANTS } from "./forwarded_mutants.ts";
import { HANDSHAKE_MUTANTS } from "./handshake_mutants.ts";
import { INSPECTION_MUTANTS } from "./inspection_mutants.ts";
import { LEASE_MUTANTS } from "./lease_mutants.ts";
import { MEMORY_MUTANTS } from "./memory_mutants.ts";
import { OUTPUT_MUTANTS } from "./output_mutants.ts";
import { PROTOCOL_MUTANTS } from "./protocol_mutants.ts";
import { TOKEN_MUTANTS } from "./token_mutants.ts";

/** A change of one place of one file. The tests that should notice are those of the same folder in `test/`. */
export interface Mutant extends Patch {
  /** What the mutant does wrong. */
  readonly wrong: string;
}

/** All mutants. */
export const MUTANTS: readonly Mutant[] = [
  ...PROTOCOL_MUTANTS,
  ...HANDSHAKE_MUTANTS,
  ...FORWARDED_MUTANTS,
  ...OUTPUT_MUTANTS,
  ...MEMORY_MUTANTS,
  ...BASE_MUTANTS,
  ...TOKEN_MUTANTS,
  ...DOOR_MUTANTS,
  ...DISPATCH_MUTANTS,
  ...LEASE_MUTANTS,
  ...INSPECTION_MUTANTS,
  ...CLIENT_MUTANTS,
  ...CLIENT_TOKEN_MUTANTS,
];

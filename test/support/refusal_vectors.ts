/**
 * The vectors of test/vectors/refusals.json. What the fields of a vector mean is written down in test/vectors/README.md.
 *
 * @module
 */

import type { ClientAction } from "../../src/protocol/close_codes.ts";
import type { DenialCode } from "../../src/session/envelope.ts";
import { hostSmallGate, type SmallGate, type SmallGateOptions } from "./gate_small.ts";
import { tokenWith } from "./gate_tokens.ts";
import { mint } from "./minted.ts";
import { type Chapter, readChapter, type Vector } from "./vectors.ts";

/** Somebody who is not let in, and what he is told. */
export interface RefusalVector extends Vector {
  readonly fields?: readonly string[];
  readonly token?: {
    readonly expiresInSeconds?: number;
    readonly audience?: string;
    readonly algorithm?: string;
    readonly keyId?: string;
    readonly signature?: "another";
    readonly text?: string;
  };
  readonly gate?: {
    readonly revoked?: string;
    readonly approves?: "nobody" | "fails";
    readonly full?: string;
    readonly drains?: boolean;
  };
  readonly reason: string;
  readonly status: number;
  readonly challenge?: string;
  readonly retryAfter?: string;
  readonly explained?: number;
  readonly firstMessage?: { readonly error: DenialCode; readonly closes: number };
  readonly client?: ClientAction;
}

/** All of them. */
export const REFUSAL_VECTORS: readonly RefusalVector[] =
  readChapter<Chapter<RefusalVector>>("refusals").vectors;

/** Starts the gate of a vector, and has everything happen that is to have happened before. */
export async function gateOf({ gate = {} }: RefusalVector, options: SmallGateOptions): Promise<SmallGate> {
  const { revoked, approves, full, drains } = gate;
  const host = await hostSmallGate({
    allowedOrigins: ["https://app.example"],
    ...options,
    limits: { maxSessionsPerSubject: 1 },
    ...(approves === undefined ? {} : {
      approve: () => approves === "fails" ? Promise.reject(new Error("down")) : Promise.resolve(false),
    }),
  });
  if (full !== undefined) await host.enter(mint(host.clock, { sub: full }));
  if (revoked !== undefined) host.gate.revoke({ subject: revoked });
  if (drains === true) {
    // As long as somebody is in, it is not over.
    await host.enter(mint(host.clock, { sub: "bob" }));
    void host.gate.drain();
  }
  return host;
}

/** Makes the token of a vector, by default one of ada that is good. */
export function tokenOf({ token = {} }: RefusalVector, gate: SmallGate): string {
  const { expiresInSeconds = 60, audience, algorithm, keyId, signature, text } = token;
  if (text !== undefined) return text;
  const made = tokenWith(
    gate,
    {
      exp: gate.clock.now() / 1_000 + expiresInSeconds,
      ...(audience === undefined ? {} : { aud: audience }),
    },
    {
      ...(algorithm === undefined ? {} : { alg: algorithm }),
      ...(keyId === undefined ? {} : { kid: keyId }),
    },
  );
  return signature === undefined ? made : `${made.slice(0, -4)}AAAA`;
}

/** The header fields of a vector's request. */
export function fieldsOf(
  { fields = ["Authorization: Bearer <token>"] }: RefusalVector,
  token: string,
): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const line of fields) {
    const colon = line.indexOf(":");
    const [name, value] = [line.slice(0, colon), line.slice(colon + 2).replace("<token>", () => token)];
    all[name] = [...all[name] ?? [], value];
  }
  return all;
}

/**
 * What is fuzzed: how a case of it is drawn, judged, compared with `ws`, made smaller and written down.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { DeflateParameters } from "../../src/protocol/deflate_negotiation.ts";
import { Draw } from "./draw.ts";
import { drawHandshakeCase, type HandshakeCase } from "./handshake_case.ts";
import { checkHandshake } from "./handshake_properties.ts";
import { shrink } from "./shrink.ts";
import { drawStreamCase, type StreamCase } from "./stream_case.ts";
import { checkStream } from "./stream_properties.ts";
import { compareWithWs } from "./ws_differences.ts";
import { compareHandshakeWithWs } from "./ws_handshake.ts";
import type { Ws } from "./ws_peer.ts";

/** What is wrong with a case, the name of its legitimate difference to `ws`, or `same`. */
export type Finding = string | { readonly complaint: string };

/** One kind of input. */
export interface Subject<Case> {
  draw(draw: Draw): Case;
  /** @param ws Left out where it is not installed. */
  judge(sample: Case, ws: Ws | undefined): Promise<Finding>;
  /** The smallest case found that fails too. */
  shrink(sample: Case, fails: (smaller: Case) => Promise<boolean>): Promise<Case>;
  /** As JSON that {@link Subject.read} takes. */
  write(sample: Case): object;
  read(written: object): Case;
}

type WrittenStream = Omit<StreamCase, "bytes" | "agreed"> & {
  readonly hex: string;
  readonly agreed?: DeflateParameters;
};

const streams: Subject<StreamCase> = {
  draw: drawStreamCase,
  judge: async (sample, ws) =>
    found(checkStream(sample)) ??
      (ws === undefined ? "same" : await compareWithWs(ws, sample)),
  shrink,
  write: ({ bytes, ...rest }) => ({ ...rest, hex: bytes.toString("hex") }),
  read: (written) => {
    // JSON leaves out what is undefined.
    const { hex, agreed, ...rest } = written as WrittenStream;
    return { ...rest, agreed, bytes: Buffer.from(hex, "hex") };
  },
};

const handshakes: Subject<HandshakeCase> = {
  draw: drawHandshakeCase,
  judge: (sample, ws) =>
    Promise.resolve(
      found(checkHandshake(sample)) ??
        (ws === undefined ? "same" : compareHandshakeWithWs(ws, sample)),
    ),
  shrink: (sample) => Promise.resolve(sample),
  write: (sample) => sample,
  read: (written) => written as HandshakeCase,
};

/** The name of a kind of input. */
export type SubjectName = "streams" | "handshakes";

/** What a run of one case came to. */
export interface Outcome {
  readonly finding: Finding;
  /** The case, made smaller, when something is wrong with it. */
  readonly written: object | undefined;
}

/** Draws one case and judges it. */
export function runCase(
  name: SubjectName,
  seed: number,
  ws?: Ws,
): Promise<Outcome> {
  return name === "streams" ? runOne(streams, seed, ws) : runOne(handshakes, seed, ws);
}

/** Judges a case that was written down. */
export function rerunCase(
  name: SubjectName,
  written: object,
): Promise<Finding> {
  return name === "streams"
    ? streams.judge(streams.read(written), undefined)
    : handshakes.judge(handshakes.read(written), undefined);
}

async function runOne<Case>(
  subject: Subject<Case>,
  seed: number,
  ws: Ws | undefined,
): Promise<Outcome> {
  const sample = subject.draw(new Draw(seed));
  const finding = await subject.judge(sample, ws);
  if (typeof finding === "string") return { finding, written: undefined };
  const smallest = await subject.shrink(
    sample,
    async (smaller) => typeof await subject.judge(smaller, ws) !== "string",
  );
  return { finding: await subject.judge(smallest, ws), written: subject.write(smallest) };
}

function found(complaint: string | undefined): Finding | undefined {
  return complaint === undefined ? undefined : { complaint };
}

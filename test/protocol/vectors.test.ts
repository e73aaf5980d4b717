import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { honoursDictionary } from "../../src/protocol/deflate_options.ts";
import type { Side } from "../../src/protocol/frame.ts";
import { FRAME_RULES } from "../../src/protocol/rules.ts";
import { CHUNKERS, cutEvery } from "../support/chunkers.ts";
import { frameTo } from "../support/frames.ts";
import { Endpoint, ROLES } from "../support/frames_endpoint.ts";
import {
  bareHeaderBytes,
  bytesFor,
  type Chapter,
  endsConnection,
  FRAME_CHAPTERS,
  framesFor,
  type FrameVector,
  readChapter,
  rolesOf,
  wantedOf,
} from "../support/vectors.ts";

for (const chapter of FRAME_CHAPTERS) {
  const { vectors } = readChapter<Chapter<FrameVector>>(chapter);
  for (const vector of vectors) {
    // A runtime whose zlib takes no dictionary never agrees to take a context over.
    const skip = vector.needsContext === true && !honoursDictionary() && "this zlib takes no dictionary";
    for (const role of rolesOf(vector)) {
      // #region given_in_every_cut
      test(`A ${role} given ${vector.name} (${chapter}, ${vector.section})`, { skip }, () => {
        const bytes = bytesFor(vector, role);
        const wanted = wantedOf(vector);
        for (const [how, chunker] of Object.entries(CHUNKERS)) {
          for (const chunks of chunker(bytes)) {
            const { events, sent } = run(vector, role, chunks);
            const cuts = `${how}: ${chunks.slice(0, -1).map((chunk) => chunk.length)}`;
            assert.deepEqual({ events, sent }, wanted, cuts);
          }
        }
      });
      // #endregion

      test(`A ${role} given ${vector.name}, between other frames in one chunk`, { skip }, () => {
        const before = frameTo(role, { opcode: 1, payload: "1st" });
        const behind = vector.tcpEnds === true ? [] : [frameTo(role, { opcode: 9, payload: "2nd" })];
        const chunk = Buffer.concat([before, bytesFor(vector, role), ...behind]);
        const { events, sent } = run(vector, role, [chunk]);
        const wanted = wantedOf(vector);
        // What this side has closed hears no messages any more, and what is over is not read.
        const heard = vector.closesFirst === undefined ? ['text "1st"'] : [];
        assert.deepEqual(events, [...heard, ...wanted.events]);
        assert.deepEqual(sent, endsConnection(vector) ? wanted.sent : [...wanted.sent, "pong 326e64"]);
      });

      if (vector.failsAt !== undefined) {
        test(`A ${role} given ${vector.name} fails with payload octet ${vector.failsAt}`, { skip }, () => {
          const frames = framesFor(vector, role);
          const last = frames.at(-1) as Buffer;
          const header = bareHeaderBytes(last) + (role === "server" ? 4 : 0);
          const fatal = Buffer.concat(frames).length - last.length + header + (vector.failsAt as number);
          const octets = cutEvery(Buffer.concat(frames), 1);
          assert.equal(run(vector, role, octets.slice(0, fatal - 1)).state, "open");
          assert.deepEqual(run(vector, role, octets.slice(0, fatal)).events, wantedOf(vector).events);
        });
      }
    }

    const { breaks } = vector;
    if (breaks !== undefined) {
      test(`FRAME_RULES has the close code of ${vector.name} (${chapter})`, () => {
        assert.equal(FRAME_RULES[breaks].closeCode, vector.code);
      });
    }
  }

  for (const role of ROLES) {
    const together = vectors.filter((vector) =>
      !endsConnection(vector) && vector.deflate === undefined && vector.limits === undefined &&
      rolesOf(vector).includes(role)
    );
    if (together.length === 0) continue;
    test(`A ${role} given all of ${chapter} that break nothing, in one chunk and in segments`, () => {
      const bytes = Buffer.concat(together.map((vector) => bytesFor(vector, role)));
      for (const chunks of [[bytes], cutEvery(bytes, 1_460), cutEvery(bytes, 7)]) {
        const endpoint = new Endpoint(role).receive(...chunks);
        assert.deepEqual(endpoint.events, together.flatMap((vector) => vector.events));
        assert.deepEqual(endpoint.sent(), together.flatMap((vector) => vector.sent ?? []));
      }
    });
  }
}

function run(vector: FrameVector, role: Side, chunks: readonly Buffer[]) {
  const endpoint = new Endpoint(role, vector.limits, vector.deflate);
  const { closesFirst, tcpEnds } = vector;
  if (closesFirst !== undefined) endpoint.protocol.close(closesFirst.code, closesFirst.reason ?? "");
  for (const chunk of chunks) endpoint.receive(chunk);
  if (tcpEnds === true) endpoint.protocol.receiveEnd();
  return { events: endpoint.events, sent: endpoint.sent(), state: endpoint.protocol.state };
}

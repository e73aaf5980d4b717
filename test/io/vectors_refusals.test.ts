import assert from "node:assert/strict";
import { test } from "node:test";
import { clientActionFor } from "../../src/protocol/close_codes.ts";
import { untilClose } from "../support/conversation.ts";
import { fieldsOf, gateOf, REFUSAL_VECTORS, tokenOf } from "../support/refusal_vectors.ts";
import { envelope } from "../support/server_gate.ts";

for (const vector of REFUSAL_VECTORS) {
  const { name, section, reason, status, challenge, retryAfter, explained, firstMessage, client } = vector;

  test(`A gate given ${name} (${section}) answers ${status}, and says ${reason} to the operator alone`, async () => {
    const gate = await gateOf(vector, {});
    const { client: peer, answer } = await gate.knock({ fields: fieldsOf(vector, tokenOf(vector, gate)) });
    const { rest } = await peer.finished;
    const { fields } = answer;
    assert.deepEqual([answer.status, fields["www-authenticate"], fields["retry-after"]], [
      status,
      challenge,
      retryAfter,
    ]);
    assert.equal(gate.decisions.at(-1)?.refused?.reason, reason);
    assert.ok(!rest.toString().includes(reason));
    await gate.stop();
  });

  test(`A gate that explains its refusals, given ${name} (${section}), closes with ${explained ?? "nothing"}`, async () => {
    const gate = await gateOf(vector, { explainRefusals: true });
    const { client: peer, answer } = await gate.knock({ fields: fieldsOf(vector, tokenOf(vector, gate)) });
    if (explained === undefined) {
      assert.equal(answer.status, status);
    } else {
      assert.equal(answer.status, 101);
      const { told, close } = await untilClose(peer);
      assert.deepEqual([told, Number(close.split(" ")[1])], [[], explained]);
      assert.equal(clientActionFor(explained), client);
    }
    await gate.stop();
  });

  if (firstMessage === undefined) continue;
  test(`A gate given ${name} (${section}) in the first message says ${firstMessage.error}, and closes with ${firstMessage.closes}`, async () => {
    const gate = await gateOf(vector, { carriers: ["authorization", "message"] });
    const { client: peer, answer } = await gate.knock();
    assert.equal(answer.status, 101);
    const token = vector.fields?.length === 0 ? undefined : tokenOf(vector, gate);
    peer.write(envelope("auth", "1", { token }));
    const { told, close } = await untilClose(peer);
    const { error, closes } = firstMessage;
    assert.deepEqual(told.map(({ re, code }) => [re, code]), [["1", error]]);
    assert.equal(Number(close.split(" ")[1]), closes);
    assert.equal(gate.decisions.at(-1)?.refused?.reason, reason);
    await gate.stop();
  });
}

test("only a failure of the server's own is an internal error to a client", () => {
  assert.ok(REFUSAL_VECTORS.length > 10);
  for (const { name, status, firstMessage, explained } of REFUSAL_VECTORS) {
    assert.equal(firstMessage?.closes === 1011, status === 500, name);
    assert.notEqual(explained, 1011, name);
  }
});

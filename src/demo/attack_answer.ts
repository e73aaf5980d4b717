/**
 * The attacks as the page asks for them: one at a time, by name.
 *
 * @module
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import { answerJson } from "./answer.ts";
import { type AttackOptions, runAttack } from "./attack_run.ts";
import { ATTACKS, isAttackName } from "./attack_shelf.ts";
import { readJson, refuseJson } from "./json_body.ts";

/** So many are run at once, and no more: each is a connection of this server to itself. */
const MAX_RUNNING = 8;

let running = 0;

/**
 * Answers `POST /attack` with what came of the attack that its JSON body names.
 *
 * @param request The request.
 * @param response Its response.
 * @param options What attacks are run with.
 */
export async function answerAttack(
  request: IncomingMessage,
  response: ServerResponse,
  options: AttackOptions,
): Promise<void> {
  const body = await readJson(request);
  const wanted = `Send JSON with a name: ${Object.keys(ATTACKS).join(", ")}.`;
  if (!body.ok) return refuseJson(response, body.fault, wanted);
  const { name } = body.value;
  if (!isAttackName(name)) return refuseJson(response, "no_object", wanted);
  if (running >= MAX_RUNNING) {
    return answerJson(response, 503, { error: "Too many attacks are under way: this one was not tried." });
  }
  running++;
  try {
    const report = await runAttack(name, options);
    if (report === undefined) {
      answerJson(response, 503, { error: "Too many watch already: the attack was not tried." });
    } else answerJson(response, 200, report);
  } finally {
    running--;
  }
}

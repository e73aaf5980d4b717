/**
 * node:http hands over a socket without a listener for errors. While the token is being verified, there is none.
 *
 * @module
 */

import { signal } from "../support/server.ts";
import { bearer, mint } from "../support/minted.ts";
import { handshake, RawClient } from "../support/raw_http.ts";
import { runProgram } from "../support/server_process.ts";
import { type Attack, exitOf, onGate, outcome } from "./attack.ts";

const HANDSHAKE = handshake({ fields: bearer("nobody") });

/** The answer to the next visitor. */
async function answerOf(port: number): Promise<unknown> {
  const visitor = await RawClient.open(port);
  visitor.write(HANDSHAKE);
  return await visitor.response();
}

export const resetDuringVerification: Attack = {
  name: "reset_during_verification",
  summary: "A client asks for an upgrade and resets TCP while its token is looked up.",
  clause: "CWE-248 (uncaught exception); engine.io CVE-2022-41940",
  sends: ["GET /ws, with some token", "RST, while the server looks that token up"],
  naive: "chat",
  defence: { file: "src/io/acceptor.ts", text: 'socket.on("error", ignoreReset);' },
  chapter: 5,

  async againstNaive() {
    const chat = runProgram("test/attacks/naive/main.ts", { NAIVE: "chat" });
    const port = Number(await chat.line());
    const client = await RawClient.open(port);
    client.write(HANDSHAKE);
    await chat.line();
    client.reset();
    const exit = await exitOf(chat, answerOf(port));
    const [error = "nothing"] = /Error: .*/.exec(chat.stderr()) ?? [];
    return outcome(
      exit !== undefined,
      `the process ended (exit ${exit}): uncaught ${error}`,
      "the process went on",
    );
  },

  async againstGate() {
    const asked = signal();
    const answer = signal<boolean>();
    const approve = ({ identity }: { readonly identity: { readonly subject: string } | undefined }) =>
      identity?.subject === "mallory" ? (asked.resolve(), answer.promise) : true;
    return await onGate({ approve }, async (gate) => {
      const client = await RawClient.open(gate.port);
      client.write(handshake({ fields: bearer(mint(gate.clock, { sub: "mallory" })) }));
      await asked.promise;
      // Asked here, because the process that an uncaught error would end is this one.
      const listeners = gate.sockets[0]?.listenerCount("error") ?? 0;
      client.reset();
      await gate.idle();
      answer.resolve(true);
      const { hello } = await gate.enter(mint(gate.clock));
      return outcome(
        listeners === 0,
        "nobody listens for errors of the socket",
        `the reset was heard and forgotten, and ${hello["subject"]}, who came next, was let in`,
      );
    });
  },
};

/**
 * A map from token to socket has one place for two tabs.
 *
 * @module
 */

import { untilReply } from "../support/conversation.ts";
import { mint } from "../support/minted.ts";
import { clientFrame, close, text } from "../support/raw_http_frames.ts";
import { closed } from "../support/server.ts";
import { type Attack, onGate, onNaive, outcome } from "./attack.ts";
import { naiveChat } from "./naive/chat.ts";

/** Nothing to do with the chat: a ping is answered by whoever reads, and shows that nothing else came before. */
const PING = clientFrame(9, "still there?");

export const twoTabsOneMap: Attack = {
  name: "two_tabs_one_map",
  summary:
    "A user has two tabs open and closes the first: the second is forgotten, though it is still connected.",
  clause: "CWE-694 (one name for two resources); every tutorial with clients.set(token, socket)",
  defence: { file: "src/session/registry.ts", text: "this.#byId.set(session.id, session);" },

  async againstNaive() {
    return await onNaive(naiveChat(), async ({ sockets, knock }) => {
      const line = "GET /ws?token=alice-7c1d HTTP/1.1";
      const [first, second] = [await knock({ line }), await knock({ line })];
      const { client: root } = await knock({ line: "GET /ws?token=root-90ab HTTP/1.1" });
      await Promise.all([first.client.json(), second.client.json(), root.json()]);
      first.client.write(close(1000));
      first.client.end();
      await closed(sockets[0]);
      root.write(text(JSON.stringify({ type: "say", data: "fire!" })));
      await root.json();
      second.client.write(PING);
      const heard = await second.client.said();
      return outcome(
        heard.startsWith("pong"),
        "the second tab is connected, answers pings, and hears nothing of what is said to all",
        `the second tab heard ${heard}`,
      );
    });
  },

  async againstGate() {
    const options = {
      deeds: { act: (data: unknown, { groups }: Speaking) => groups.send("everyone", "news", data) },
    };
    return await onGate(options, async (gate) => {
      const token = mint(gate.clock);
      const [first, second] = [await gate.enter(token), await gate.enter(token)];
      const root = await gate.enter(mint(gate.clock, { sub: "root" }));
      const say = async (id: string, data: string) => {
        root.client.write(text(JSON.stringify({ type: "act", id, data })));
        return (await untilReply(root.client, id)).at(-1)?.["data"];
      };
      const before = await say("1", "hello");
      first.client.write(close(1000));
      first.client.end();
      await closed(gate.sockets[0]);
      const after = await say("2", "fire!");
      second.client.write(PING);
      const heard = [await second.client.said(), await second.client.said()];
      return outcome(
        before !== 3 || after !== 2 || heard.some((message) => message.startsWith("pong")),
        `${before} heard the first message, ${after} the second, and the second tab: ${heard.join(", ")}`,
        `one token, two sessions: ${before} heard the first message, ${after} the second, the second tab both`,
      );
    });
  },
};

/** What a handler speaks by. */
interface Speaking {
  readonly groups: { send(to: "everyone", type: "news", data: unknown): number };
}

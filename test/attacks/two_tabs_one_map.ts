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
import { ADMIN_TOKEN, naiveArticle, sendToAdmins } from "./naive/article.ts";

/** Nothing to do with what is said: a ping is answered by whoever reads, and shows that nothing else came before. */
const PING = clientFrame(9, "still there?");

export const twoTabsOneMap: Attack = {
  name: "two_tabs_one_map",
  summary:
    "A user has two tabs open and closes the first: the second is forgotten, though it is still connected.",
  clause: "CWE-694 (one name for two resources); every tutorial with connections.set(token, socket)",
  sends: [
    "two tabs of an admin: GET /ws, both with the same token",
    "the first tab: a Close frame, and the end of TCP",
    'the server, to all admins: "fire!"',
  ],
  naive: "article",
  defence: { file: "src/session/registry.ts", text: "this.#byId.set(session.id, session);" },
  chapter: 7,

  async againstNaive() {
    return await onNaive(naiveArticle(String, () => undefined), async ({ sockets, knock }) => {
      const fields = { Authorization: ADMIN_TOKEN };
      const [first, second] = [await knock({ fields }), await knock({ fields })];
      sendToAdmins("hello");
      // The second tab has overwritten the first, which is there and hears nothing already.
      const hello = await second.client.said();
      first.client.write(PING);
      const instead = await first.client.said();
      first.client.write(close(1000));
      first.client.end();
      await closed(sockets[0]);
      sendToAdmins("fire!");
      second.client.write(PING);
      const heard = await second.client.said();
      return outcome(
        hello === 'text "hello"' && instead.startsWith("pong") && heard.startsWith("pong"),
        "with two tabs open, what is said to all admins reaches the second alone; once the first is closed it reaches nobody, though the second is connected, and its ping is answered",
        `the first tab heard ${instead}, the second ${hello} and ${heard}`,
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

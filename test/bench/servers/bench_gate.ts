/**
 * The full gate, by the public API: tokens at the door, a session each, a table for each message.
 *
 * @module
 */

import {
  createGate,
  definePermissions,
  hmacKey,
  type UpgradeHandler,
  type UpgradeServer,
} from "../../../src/mod.ts";
import { BENCH_AUDIENCE, BENCH_SECRET, isBurst, isPost, isSaid, replyTo } from "./application.ts";
import { GROUP_ROOM, groupData } from "./group_text.ts";

/** Makes the gate. Members are in the room of the group, guests only listen to what is sent to everyone. */
export function benchGate(): UpgradeHandler & { attach(server: UpgradeServer): unknown } {
  const members = ["member", "admin"] as const;
  return createGate({
    keys: [hmacKey(BENCH_SECRET)],
    audience: BENCH_AUDIENCE,
    permissions: definePermissions({
      roles: ["guest", ...members],
      receive: {
        "post.create": { roles: members, data: isPost },
        "group.say": { roles: ["admin"], data: isBurst },
      },
      send: { said: { roles: members, data: isSaid } },
    }),
    handlers: {
      "post.create": (post) => replyTo(post),
      "group.say": ({ count }, { groups }) => {
        for (let n = count; n > 0; n--) {
          groups.send({ room: GROUP_ROOM }, "said", groupData(n));
        }
      },
    },
    opened: (session, groups) => {
      if (session.roles.has("member")) groups.join(session, GROUP_ROOM);
    },
  });
}

/**
 * The client of npm `ws`. `node ws_client.js URL PER_MESSAGE_DEFLATE` prints one line of JSON; the second argument is the option
 * of that name, as JSON.
 *
 * @module
 */

import process from "node:process";
import { converse, OF_WS_CLIENT } from "./conversations.js";

const [url, deflate = "false"] = process.argv.slice(2);
if (url !== undefined) {
  const { WebSocket } = await import("ws");
  const perMessageDeflate = JSON.parse(deflate);
  console.log(
    JSON.stringify(
      await converse(
        url,
        (...target) => new WebSocket(...target, { perMessageDeflate }),
        OF_WS_CLIENT,
      ),
    ),
  );
  process.exit(0);
}

/**
 * A load generator that is cheaper than any server: frames built before the clock starts, replies counted by their bytes. A process of
 * its own, under Bun: `bun load.ts NAME URL '{"connections":50,"depth":32,…}'` prints one line of JSON.
 *
 * @module
 */

import process from "node:process";
import { deflate } from "./loads/deflate.ts";
import { echo } from "./loads/echo.ts";
import { group } from "./loads/group.ts";
import { idle } from "./loads/idle.ts";
import { requests } from "./loads/requests.ts";
import type { Load, Task } from "./loads/task.ts";
import { upgrades } from "./loads/upgrades.ts";

/** The name of a load. */
export type LoadName =
  | "echo"
  | "deflate"
  | "group"
  | "requests"
  | "upgrades"
  | "idle";

const LOADS: Readonly<Record<LoadName, Load>> = {
  echo,
  deflate,
  group,
  requests,
  upgrades,
  idle,
};

const [program, name, url, task] = process.argv.slice(1);
if (program?.endsWith("load.ts") && url !== undefined && task !== undefined) {
  const measured = await LOADS[name as LoadName](
    new URL(url),
    JSON.parse(task) as Task,
  );
  console.log(
    JSON.stringify({ ...measured, perSecond: Math.round(measured.perSecond) }),
  );
  process.exit(0);
}

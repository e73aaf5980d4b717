/**
 * One run of a load against one server.
 *
 * @module
 */

import { drive, type ServerProcess } from "./processes.ts";
import type { Figure } from "./report.ts";
import type { Row } from "./rows.ts";

/**
 * Drives a server.
 *
 * @param row The load, and per what is counted.
 * @param server Which.
 * @param durationMs For how long.
 */
export async function measureOnce(
  { load, task, per }: Row,
  server: ServerProcess,
  durationMs: number,
): Promise<Figure> {
  let [cpuMs, startMs] = [server.cpuMs, 0];
  const { perSecond, size } = await drive(load, server.url, {
    ...task,
    durationMs,
  }, () => {
    [cpuMs, startMs] = [server.cpuMs, performance.now()];
  });
  const after = server.cpuMs;
  const elapsedMs = performance.now() - startMs;
  const busy = cpuMs === undefined || after === undefined ? undefined : (after - cpuMs) / elapsedMs;
  return {
    value: per === undefined || busy === undefined ? perSecond : perSecond / busy,
    ...(size === undefined ? {} : { size }),
    ...(busy === undefined ? {} : { busy }),
  };
}

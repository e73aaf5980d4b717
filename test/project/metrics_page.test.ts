import assert from "node:assert/strict";
import { test } from "node:test";
import { GateMetrics } from "../../src/io/metrics.ts";
import { readProjectFile } from "../support/source_tree.ts";

test("docs/under_load.md lists each figure of a gate with its labels, and no other", () => {
  const metrics = new GateMetrics({
    connections: () => 0,
    sessions: () => 0,
    queuedBytes: () => 0,
    givenUpHandlers: () => 0,
  });
  metrics.decided("upgrade", "admitted", undefined);
  metrics.decided("check", "admitted", undefined);
  metrics.denied("x", "forbidden");
  metrics.closed({ code: 1000, reason: "", by: "peer", rule: undefined });
  metrics.sessionEnded("left");
  metrics.slow("x", "dropped");
  const written = metrics.text();
  const page = readProjectFile("docs/under_load.md");
  const listed = page.split("\n").filter((line) => line.startsWith("| `portcullis_"));
  const rows = listed.flatMap((line) => {
    const [, names = "", labels = ""] = line.split("|");
    return [...names.matchAll(/`([a-z_]+)`/g)].map((
      [, name],
    ) => [name, [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label)]);
  });
  const families = [...written.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = "", kind]) => {
    const sampled = kind === "counter" ? `${name}_total` : name;
    const sample = written.split("\n").find((line) => line.startsWith(`${sampled}{`)) ?? "";
    return [sampled, kind === "counter" ? [...sample.matchAll(/(\w+)="/g)].map(([, label]) => label) : []];
  });
  assert.deepEqual(rows.sort(), families.sort());
});

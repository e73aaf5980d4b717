import assert from "node:assert/strict";
import { test } from "node:test";
import { Counter, Gauge, Histogram, writeMetrics } from "../../src/base/open_metrics.ts";

test("writeMetrics() writes each kind as OpenMetrics has it, and the end", () => {
  const counter = new Counter("gate_refusals", "Who was refused.", ["result", "carrier"]);
  counter.add("origin", "none");
  counter.add("origin", "none");
  counter.add("invalid_token", "cookie");
  const gauge = new Gauge("gate_queue_bytes", "What waits.", () => 7);
  const histogram = new Histogram("gate_send_seconds", "How long.", [0.1, 1]);
  for (const seconds of [0.05, 0.1, 0.5, 2]) histogram.observe(seconds);
  assert.equal(
    writeMetrics([counter, gauge, histogram]),
    [
      "# TYPE gate_refusals counter",
      "# HELP gate_refusals Who was refused.",
      'gate_refusals_total{result="origin",carrier="none"} 2',
      'gate_refusals_total{result="invalid_token",carrier="cookie"} 1',
      "# TYPE gate_queue_bytes gauge",
      "# UNIT gate_queue_bytes bytes",
      "# HELP gate_queue_bytes What waits.",
      "gate_queue_bytes 7",
      "# TYPE gate_send_seconds histogram",
      "# UNIT gate_send_seconds seconds",
      "# HELP gate_send_seconds How long.",
      'gate_send_seconds_bucket{le="0.1"} 2',
      'gate_send_seconds_bucket{le="1.0"} 3',
      'gate_send_seconds_bucket{le="+Inf"} 4',
      "gate_send_seconds_sum 2.65",
      "gate_send_seconds_count 4",
      "# EOF",
      "",
    ].join("\n"),
  );
});

test("Histogram writes its bounds as OpenMetrics writes numbers, which collectors compare as text", () => {
  const bounds = [0.000_01, 0.000_05, 0.000_1, 0.002_5, 0.25, 1, 2.5, 10];
  const histogram = new Histogram("gate_send_seconds", "How long.", bounds);
  const written = [...histogram.samples()].flatMap((line) => /le="([^"]+)"/.exec(line)?.[1] ?? []);
  assert.deepEqual(written, ["1e-05", "5e-05", "0.0001", "0.0025", "0.25", "1.0", "2.5", "10.0", "+Inf"]);
});

test("writeMetrics() writes nothing but the end when there is nothing", () => {
  assert.equal(writeMetrics([]), "# EOF\n");
});

test("Counter.add() lets no label end a line or a value", () => {
  const counter = new Counter("gate_odd", "Odd.", ["type"]);
  counter.add('a"b\\c\nd');
  assert.deepEqual([...counter.samples()], ['_total{type="a\\"b\\\\c\\nd"} 1']);
});

test("Counter.add() holds ten thousand combinations, counts the rest as other, and goes on counting those", () => {
  const counter = new Counter("gate_many", "Many.", ["type"]);
  for (let i = 0; i < 10_003; i++) counter.add(String(i));
  counter.add("0");
  const samples = [...counter.samples()];
  assert.deepEqual([samples.length, samples.at(-1)], [10_001, '_total{type="other"} 3']);
  assert.equal(samples[0], '_total{type="0"} 2');
});

test("Gauge reads its value when it is asked", () => {
  let value = 1;
  const gauge = new Gauge("gate_now", "Now.", () => value);
  value = 2;
  assert.deepEqual([...gauge.samples()], [" 2"]);
});

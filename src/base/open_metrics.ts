/**
 * Figures in the text format of OpenMetrics, as Prometheus reads it: counters, gauges and histograms, written by hand.
 *
 * A _family_ is one figure: two lines about it, or three if it has a unit, and its _samples_, one for each combination of values of its
 * _labels_. A counter only grows, and the collector makes rates of it; a gauge is what is so now; a histogram counts how many values were at
 * most as large as each bound, those of the smaller bounds included (`le` is the bound, "less or equal", and `+Inf` holds all). `# EOF` shows that nothing was cut off:
 *
 * ```text
 * # TYPE portcullis_closes counter
 * # HELP portcullis_closes Connections that ended, by status code and by who ended them.
 * portcullis_closes_total{code="1000",side="peer"} 12
 * # TYPE portcullis_group_send_seconds histogram
 * # UNIT portcullis_group_send_seconds seconds
 * # HELP portcullis_group_send_seconds How long it took to send a message to a group.
 * portcullis_group_send_seconds_bucket{le="0.001"} 7
 * portcullis_group_send_seconds_bucket{le="+Inf"} 8
 * portcullis_group_send_seconds_sum 0.0123
 * portcullis_group_send_seconds_count 8
 * # EOF
 * ```
 *
 * @module
 */

/** The media type of {@link writeMetrics}. */
export const OPEN_METRICS_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/** What can be written: lines without a line feed. */
export interface Family {
  /** The name, its unit last; a counter's without `_total`. */
  readonly name: string;
  /** What it counts, in a sentence. */
  readonly help: string;
  /** How it is read. */
  readonly kind: "counter" | "gauge" | "histogram";
  /** The lines after the head, each with its suffix, labels and value. */
  samples(): Iterable<string>;
}

/**
 * The most combinations of labels of one counter. Labels are of closed sets, never text of a stranger; if one were not, it would fill the
 * memory here, and that of whoever collects. What does not fit counts as `other`.
 */
const MAX_SERIES = 10_000;

/** How often something happened, by labels. */
export class Counter implements Family {
  readonly kind = "counter";
  readonly name: string;
  readonly help: string;
  readonly #labels: readonly string[];
  readonly #counts = new Map<string, number>();

  /**
   * @param name Without `_total`.
   * @param help A sentence.
   * @param labels The names of the labels.
   */
  constructor(name: string, help: string, labels: readonly string[]) {
    this.name = name;
    this.help = help;
    this.#labels = labels;
  }

  /** Counts one. @param values The values of the labels, in their order. */
  add(...values: readonly string[]): void {
    const wanted = this.#keyOf(values);
    const fits = this.#counts.has(wanted) || this.#counts.size < MAX_SERIES;
    const key = fits ? wanted : this.#keyOf(this.#labels.map(() => "other"));
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  #keyOf(values: readonly string[]): string {
    return values.map((value, i) => `${this.#labels[i]}="${escaped(value)}"`).join();
  }

  *samples(): Iterable<string> {
    for (const [key, count] of this.#counts) yield `_total{${key}} ${count}`;
  }
}

/** What is so at the moment. */
export class Gauge implements Family {
  readonly kind = "gauge";
  readonly name: string;
  readonly help: string;
  readonly #read: () => number;

  /**
   * @param name With its unit, if it has one.
   * @param help A sentence.
   * @param read Tells the value, when it is asked for.
   */
  constructor(name: string, help: string, read: () => number) {
    this.name = name;
    this.help = help;
    this.#read = read;
  }

  *samples(): Iterable<string> {
    yield ` ${this.#read()}`;
  }
}

/** How long something took, in buckets. */
export class Histogram implements Family {
  readonly kind = "histogram";
  readonly name: string;
  readonly help: string;
  readonly #bounds: readonly number[];
  /** One more than there are bounds: the last holds what is above all of them. */
  readonly #counts: number[];
  #sum = 0;

  /**
   * @param name With its unit.
   * @param help A sentence.
   * @param bounds The upper bounds of the buckets, each above the one before.
   */
  constructor(name: string, help: string, bounds: readonly number[]) {
    this.name = name;
    this.help = help;
    this.#bounds = bounds;
    this.#counts = Array<number>(bounds.length + 1).fill(0);
  }

  /** Counts one. */
  observe(value: number): void {
    const at = this.#bounds.findIndex((bound) => value <= bound);
    const bucket = at < 0 ? this.#bounds.length : at;
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1; // Filled for each bucket.
    this.#sum += value;
  }

  *samples(): Iterable<string> {
    let count = 0;
    for (const [i, inBucket] of this.#counts.entries()) {
      count += inBucket;
      const bound = this.#bounds[i];
      yield `_bucket{le="${bound === undefined ? "+Inf" : canonical(bound)}"} ${count}`;
    }
    yield `_sum ${this.#sum}`;
    yield `_count ${count}`;
  }
}

/**
 * Writes families.
 *
 * @param families Each with a name of its own.
 * @returns The text, whose media type is {@link OPEN_METRICS_TYPE}.
 */
export function writeMetrics(families: readonly Family[]): string {
  let text = "";
  for (const family of families) {
    const { name, help, kind } = family;
    const unit = UNITS.find((known) => name.endsWith(`_${known}`));
    text += `# TYPE ${name} ${kind}\n`;
    if (unit !== undefined) text += `# UNIT ${name} ${unit}\n`;
    text += `# HELP ${name} ${escaped(help)}\n`;
    for (const sample of family.samples()) text += `${name}${sample}\n`;
  }
  return `${text}# EOF\n`;
}

/** Units that get a line of their own: the name must end with them. */
const UNITS = ["seconds", "bytes"];

/** Collectors compare labels as text, so OpenMetrics has one way to write a number in a label: `1.0` or `5e-05`. */
function canonical(value: number): string {
  if (value < 1e-4) return value.toExponential().replace(/e-(\d)$/, "e-0$1");
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

/**
 * Decisions, step by step: as a list, and as the one line that a log has room for.
 */

import { element } from "./elements.js";

/** Makes a list of steps, each with a sign for the eye and a word for everybody. */
export function stepList(steps) {
  const list = element("ol", "steps");
  for (const { asks, outcome, reason } of steps) {
    const item = element("li", outcome);
    item.append(element("b", "outcome", outcome), " ", element("span", "", asks));
    if (reason !== undefined) item.append(" ", element("code", "reason", reason));
    list.append(item);
  }
  return list;
}

/** Writes the steps of a message in a line: what passed by its name, and at the end what did not, and why. */
export function stepLine({ steps, outcome, roles, allowed }) {
  const parts = steps.map(({ step, outcome: came }) => {
    if (came === "passed") return `${NAMES[step] ?? step} ok`;
    return step === "role" ? roleText(roles, allowed) : `${NAMES[step] ?? step} not ok`;
  });
  return [...parts, outcome === "ok" ? "answered" : `denied: ${outcome}`].join(" → ");
}

/** Says which roles there are and which are asked for. */
export function roleText(roles, allowed) {
  return `role ${roles.join(", ") || "none"} not in [${(allowed ?? []).join(", ")}]`;
}

/** What is short enough for a line, where the name of the step alone is not plain. */
const NAMES = {
  type_rate: "rate of its type",
  condition: "condition of the row",
  capacity: "handlers",
  application: "handler",
  still: "still allowed",
};

/** What a figure of the answer is made of: the rows of evidence and what each adds. Their sum is the figure. */
import { PARTS } from "./leg_table.js";

/** @typedef {import("./answer").Leg} Leg */
/** @typedef {import("./answer").Component} Component */
/** @typedef {{source: string, basis: string, kind: string, value: number | null}} Contribution */

/**
 * Rows behind a measure of legs, the largest first; one row met on several legs is added up.
 * @param {Leg[]} legs @param {string} measure time_h, a part of it, cost_usd or co2e_kg
 * @returns {Contribution[]}
 */
export function contributions(legs, measure) {
  const kinds = PARTS[measure];
  const key = /** @type {"time_h" | "cost_usd" | "co2e_kg"} */ (kinds ? "time_h" : measure);
  /** @type {Map<string, Contribution>} */
  const found = new Map();
  for (const leg of legs) {
    for (const part of leg.components) {
      if (part[key] === 0 || (kinds && !kinds.includes(hoursKind(leg, part)))) continue;
      const id = `${part.source} ${part.kind}`;
      const before = found.get(id);
      const value = part[key] ?? null;
      if (before) before.value = before.value === null || value === null ? null : before.value + value;
      else found.set(id, { source: part.source, basis: part.basis, kind: part.kind, value });
    }
  }
  return [...found.values()].sort((a, b) => (b.value ?? Infinity) - (a.value ?? Infinity));
}

/**
 * The kind of hours that a component's time counts as. Time that comes with a toll is spent waiting; other kinds name it.
 * @param {Leg} leg @param {Component} part
 */
function hoursKind(leg, part) {
  if (["running", "waiting", "handling", "border"].includes(part.kind)) return part.kind;
  return leg.mode === "border" ? "border" : "waiting";
}

/**
 * The time-cost-distance curve of a route: how hours, dollars and CO2e pile up along the kilometres (after UNESCAP 2004;
 * docs/time-cost-distance.md). A stretch rises as the load moves, a stop rises straight up. The last point of the curve
 * holds the totals of the route.
 */

/** @typedef {import("./answer").Leg} Leg */
/** @typedef {"time_h" | "cost_usd" | "co2e_kg"} Measure */
/** @typedef {{km: number, value: number}} Point */
/** @typedef {{leg: number, mode: string, stop: boolean, border: boolean, from: Point, to: Point}} Piece */

const STANDING = new Set(["terminal", "border", "gauge_change"]);

/** Whether the load stands during this leg. @param {Leg} leg */
export function stands(leg) {
  return STANDING.has(leg.mode) || leg.distance_km === 0;
}

/**
 * Pieces of the curve in order, or null if a part of the measure is not known.
 * @param {Leg[]} legs @param {Measure} measure
 * @returns {Piece[] | null}
 */
export function curve(legs, measure) {
  /** @type {Piece[]} */
  const pieces = [];
  let here = { km: 0, value: 0 };
  for (const [index, leg] of legs.entries()) {
    const more = leg[measure];
    if (more == null) return null;
    const next = { km: here.km + leg.distance_km, value: here.value + more };
    pieces.push({ leg: index, mode: leg.mode, stop: stands(leg), border: leg.mode === "border", from: here, to: next });
    here = next;
  }
  return pieces;
}

/** Where a curve ends. @param {Piece[]} pieces @returns {Point} */
export function end(pieces) {
  return pieces.at(-1)?.to ?? { km: 0, value: 0 };
}

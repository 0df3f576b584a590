/**
 * Order of routes at prices that the reader sets, worked out in the page.
 *
 *     generalized cost = cost + value of time x hours / 24 x tonnes + carbon price x CO2e / 1000        [USD]
 *
 * value of time in USD per tonne and day, carbon price in USD per tonne of CO2e. A route whose CO2e is not known has no
 * generalized cost at a carbon price above zero: it is ranked last, not as if it were clean.
 */

/** @typedef {import("./answer").Route} Route */
/** @typedef {import("./answer").Figure} Figure */
/** @typedef {{vot: number, carbon: number, tonnes: number}} Prices */

/**
 * @param {Pick<Route, "cost_usd" | "time_h" | "co2e_kg">} route
 * @param {Prices} prices
 * @returns {number | null}
 */
export function generalizedCost(route, { vot, carbon, tonnes }) {
  if (carbon > 0 && route.co2e_kg == null) return null;
  return route.cost_usd + (vot * tonnes * route.time_h) / 24 + (carbon * (route.co2e_kg ?? 0)) / 1000;
}

/**
 * Places of the routes (from 0) in order of generalized cost; beaten ones after those that nothing beats.
 * @param {Route[]} routes
 * @param {Prices} prices
 */
export function ranked(routes, prices) {
  const cost = routes.map((route) => generalizedCost(route, prices) ?? Infinity);
  const beaten = routes.map((route) => (route.beaten_by ? 1 : 0));
  return routes
    .map((_, index) => index)
    .sort((a, b) => num(beaten[a]) - num(beaten[b]) || compare(num(cost[a]), num(cost[b])) || a - b);
}

/**
 * Which route has the least of each measure; null where no route has it known.
 * @param {Route[]} routes
 * @returns {Record<"p50_h" | "p90_h" | "cost_usd" | "co2e_kg", number | null>}
 */
export function leasts(routes) {
  return {
    p50_h: leastOf(routes.map((one) => one.p50_h)),
    p90_h: leastOf(routes.map((one) => one.p90_h)),
    cost_usd: leastOf(routes.map((one) => one.cost_usd)),
    co2e_kg: leastOf(routes.map((one) => one.co2e_kg)),
  };
}

/** @param {Figure[]} figures */
function leastOf(figures) {
  /** @type {number | null} */
  let best = null;
  figures.forEach((figure, index) => {
    if (figure != null && (best === null || figure < num(figures[best]))) best = index;
  });
  return best;
}

/** @param {number} a @param {number} b */
function compare(a, b) {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** @param {Figure} value */
function num(value) {
  return value ?? Infinity;
}

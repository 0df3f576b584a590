/** Which rows of the comparison with observed journeys and prices are looked at: pure filters. */

/** @typedef {import("./answer").Compared} Compared */
/** @typedef {"corridor" | "mode" | "year" | "ends"} Filter */

/** @type {Record<Filter, (row: Compared) => string>} */
const VALUE = {
  corridor: (row) => row.corridor ?? "",
  mode: (row) => row.modes.join("+"),
  year: (row) => (row.year == null ? "" : String(row.year)),
  ends: (row) => row.quality,
};

/** Whether a row is of our tables, so that it can be opened; one of the reader's own file has no key. @param {Compared} row */
export const isEvidence = (row) => row.id.includes(":");

/** @param {Compared[]} rows @param {string} measure */
export function byMeasure(rows, measure) {
  return rows.filter((row) => row.measure === measure);
}

/**
 * Values of a filter that occur, sorted; rows that do not know theirs have none.
 * @param {Compared[]} rows @param {Filter} filter
 */
export function choices(rows, filter) {
  return [...new Set(rows.map(VALUE[filter]).filter(Boolean))].sort();
}

/**
 * Rows with a prediction and an observation that pass the filters. Without a half: those that count.
 * @param {Compared[]} rows @param {{half: string, corridor: string, mode: string, year: string, ends: string}} state
 */
export function kept(rows, state) {
  const filters = /** @type {Filter[]} */ (["corridor", "mode", "year", "ends"]);
  return rows.filter(
    (row) =>
      row.observed != null && row.predicted_p50 != null &&
      (state.half === "" ? row.used : state.half === "all" || row.half === state.half) &&
      // A row of a half that is kept out for any other reason than its half stays out.
      (row.used || row.reason_kind === "half") &&
      filters.every((filter) => !state[filter] || VALUE[filter](row) === state[filter]),
  );
}

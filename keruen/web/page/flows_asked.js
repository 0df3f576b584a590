/** The question of the page on flows: from the state in the address to paths of the API, and the command that asks the same. */

/** @typedef {import("./address.js").State} State */

export const USUAL_COVER = "0.9";
export const USUAL_YEAR = "2024";
export const COVERS = ["0.9", "0.95", "0.99", "1"];
/** Of which shares over the years are told. */
export const YEARS = ["2022", "2023", "2024", "2027", "2030"];

/** @param {State} state @param {boolean} [withYear] */
export function flowsQuery(state, withYear = true) {
  const query = new URLSearchParams();
  if (withYear) query.set("year", state.year || USUAL_YEAR);
  query.set("cover", state.cover || USUAL_COVER);
  if (state.free) query.set("capacities", "false");
  state.flow.forEach((one) => query.append("flow", one));
  if (state.scenario) query.set("scenario", state.scenario);
  return query.toString();
}

/** The path of the bands for a zoom of the map; few steps, so that what was fetched serves again. @param {State} state @param {number} zoom */
export function bandsPath(state, zoom) {
  const step = zoom < 2.6 ? 2 : zoom < 4.4 ? 4 : 6;
  return `/flows/bands?${flowsQuery(state)}&side=${sideOf(state)}&measure=${state.measure === "teu" ? "teu" : "t"}&zoom=${step}`;
}

/** @param {State} state @returns {"base" | "with" | "change"} */
export function sideOf(state) {
  if (!state.scenario) return "base";
  return state.side === "base" || state.side === "with" ? state.side : "change";
}

/** The command of `keruen flows` nearest to the question. @param {State} state */
export function flowsCommand(state) {
  const parts = ["keruen flows", `--year ${state.year || USUAL_YEAR}`, `--cover ${state.cover || USUAL_COVER}`];
  if (state.free) parts.push("--no-capacities");
  if (state.scenario) parts.push(`--compare ${/[\n=]/.test(state.scenario) ? "scenario.toml" : state.scenario}`);
  return [...parts, "--export flows.gpkg"].join(" ");
}

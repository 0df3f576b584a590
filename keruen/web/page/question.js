/**
 * The question that a state asks: as the query of the API, and as the command line that gives the same.
 *
 * The value of time and the carbon price are left out of what is asked while one looks, because unbeaten ways are
 * unbeaten at any such prices and the page ranks them itself (ranking.js); files and commands carry them.
 */

/** @typedef {import("./address.js").State} State */

const SINGLE = /** @type {const} */ ([
  "commodity", "unit", "tonnes", "value", "vessel", "draft", "beam", "depart", "within", "objective",
]);
const REPEATED = /** @type {const} */ (["avoid", "require", "sanctions"]);
const OBJECTIVES = new Set(["fastest", "cheapest", "cleanest", "surest"]);

/**
 * Query of the question, or empty if an end is missing.
 * @param {State} state
 * @param {{prices?: boolean}} [also] prices: with the value of time and the carbon price
 */
export function query(state, { prices = false } = {}) {
  if (!state.from || !state.to) return "";
  const asked = new URLSearchParams({ from: state.from, to: state.to });
  for (const key of SINGLE) if (state[key]) asked.set(key, state[key]);
  for (const key of REPEATED) state[key].forEach((one) => asked.append(key, one));
  if (state.only_unbeaten) asked.set("only_unbeaten", "true");
  if (state.scenario) asked.set("scenario", state.scenario);
  if (prices && state.vot) asked.set("vot", state.vot);
  if (prices && state.carbon_price) asked.set("carbon_price", state.carbon_price);
  return asked.toString();
}

/**
 * The shell command that asks the same. A scenario given as text is a file of the user's.
 * @param {State} state
 */
export function command(state) {
  const words = ["keruen", "route", state.from, state.to];
  const add = (/** @type {string} */ option, /** @type {string} */ value) => value && words.push(option, value);
  add("--commodity", state.commodity);
  add("--unit", state.unit);
  add("--tonnes", state.tonnes);
  add("--value", state.value);
  add("--vot", state.vot);
  add("--carbon-price", state.carbon_price);
  add("--vessel", state.vessel);
  add("--draft", state.draft);
  add("--beam", state.beam);
  add("--depart", state.depart);
  add("--within", state.within);
  state.avoid.forEach((one) => add("--avoid", one));
  state.require.forEach((one) => add("--require", one));
  state.sanctions.forEach((one) => add("--sanctions", one));
  if (OBJECTIVES.has(state.objective)) words.push(`--${state.objective}`);
  if (state.only_unbeaten) words.push("--only-unbeaten");
  add("--scenario", state.scenario.includes("\n") || state.scenario.includes("=") ? "scenario.toml" : state.scenario);
  return words.map(quoted).join(" ");
}

/** @param {string} word */
function quoted(word) {
  return /^[\w./:,@+=-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

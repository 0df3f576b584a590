/**
 * The address of the page: path = view, query = its whole state. What the address does not say is the default, so an
 * address is as short as what was chosen, and reading back what was written gives the same state.
 *
 *     /route?from=CNXAG&to=DEDUI&avoid=country:RU      /evidence?table=tariffs&row=rail/KZ/feu
 */

/** @typedef {"route" | "check" | "trade" | "flows" | "materials" | "accuracy" | "evidence"} View */
/**
 * @typedef {object} State
 * @property {View} view
 * @property {"en" | "ru"} lang
 * @property {string} from place, name, or "lat,lon"
 * @property {string} to
 * @property {string} commodity
 * @property {string} unit
 * @property {string} tonnes
 * @property {string} value USD
 * @property {string} vessel
 * @property {string} draft metres
 * @property {string} beam metres
 * @property {string} depart year-month-day
 * @property {string} within days
 * @property {string[]} avoid
 * @property {string[]} require
 * @property {string[]} sanctions
 * @property {string} objective
 * @property {string} only_unbeaten "1" or empty
 * @property {string} scenario TOML text or a name
 * @property {string} vot value of time, USD per tonne and day; ranks in the page
 * @property {string} carbon_price USD per tonne; ranks in the page
 * @property {string} way the chosen route, from 1; empty: the first
 * @property {string} show which sheet of the result lies open
 * @property {string} against what the distance diagram draws upwards
 * @property {string} of whose curves it draws: all or the chosen one's
 * @property {string} figure the row whose sources lie open
 * @property {string} measure
 * @property {string} half
 * @property {string} corridor
 * @property {string} mode
 * @property {string} year
 * @property {string} ends
 * @property {string} used
 * @property {string} subject whose trade
 * @property {string} partner with whom, empty: all
 * @property {string} list which raw materials are shown, empty: the list of the Union of 2023
 * @property {string} maker of what a country makes, empty: Kazakhstan
 * @property {string} material
 * @property {string} stage of supply, empty: the one that decides
 * @property {string} buyer empty: the European Union
 * @property {string} whatif name of a scenario of supply
 * @property {string} cut output of suppliers by slider, as KAZ:0,RUS:50 in per cent, and recycling:200
 * @property {string} good at the end of a chain
 * @property {string} recycled per cent of scrap
 * @property {string} made_in country of the plants of a chain, empty: Kazakhstan
 * @property {string} pair of countries whose cells are compared, as KZ:HU
 * @property {string} market where cells are compared
 * @property {string} cover share of the tonnes of flows that is assigned
 * @property {string[]} flow flows of the base case, empty: all
 * @property {string} free "1": nothing is ever full
 * @property {string} run "1": flows are worked out
 * @property {string} side whose flows are drawn: base, with, change
 * @property {string} q what is searched for
 * @property {string} table
 * @property {string} row
 * @property {string} offset
 */

export const VIEWS = /** @type {const} */ (["route", "check", "trade", "flows", "materials", "accuracy", "evidence"]);

/** @type {State} */
export const BLANK = {
  view: "route", lang: "en",
  from: "", to: "", commodity: "", unit: "", tonnes: "", value: "", vessel: "", draft: "", beam: "", depart: "", within: "",
  avoid: [], require: [], sanctions: [], objective: "", only_unbeaten: "", scenario: "",
  vot: "", carbon_price: "", way: "", show: "", against: "", of: "", figure: "",
  measure: "", half: "", corridor: "", mode: "", year: "", ends: "", used: "",
  subject: "", partner: "",
  list: "", maker: "", material: "", stage: "", buyer: "", whatif: "", cut: "", good: "", recycled: "", made_in: "", pair: "", market: "",
  cover: "", flow: [], free: "", run: "", side: "",
  q: "", table: "", row: "", offset: "",
};

/** Of the state of a view, what its address carries. */
const CARRIED = /** @type {Record<View, (keyof State)[]>} */ ({
  route: [
    "from", "to", "commodity", "unit", "tonnes", "value", "vessel", "draft", "beam", "depart", "within", "avoid", "require",
    "sanctions", "objective", "only_unbeaten", "scenario", "vot", "carbon_price", "way", "show", "against", "of", "figure",
  ],
  check: ["figure"], // never the text that is checked
  trade: ["subject", "partner", "year", "of", "figure"],
  materials: ["list", "maker", "material", "stage", "buyer", "whatif", "cut", "good", "recycled", "made_in", "pair", "market", "carbon_price", "figure"],
  flows: ["scenario", "year", "cover", "flow", "free", "run", "side", "measure", "show", "row", "figure"],
  accuracy: ["measure", "half", "corridor", "mode", "year", "ends", "used", "figure"],
  evidence: ["q", "table", "row", "offset"],
});

/**
 * The state that an address names. Another path than a view's is the route page; an unknown key is left out.
 * @param {{pathname: string, search: string}} place
 * @returns {State}
 */
export function read(place) {
  const word = place.pathname.replace(/\/+$/, "").split("/").pop() ?? "";
  const view = VIEWS.find((one) => one === word) ?? "route";
  const query = new URLSearchParams(place.search);
  /** @type {Record<string, unknown>} */
  const state = { ...BLANK, view, lang: query.get("lang") === "ru" ? "ru" : "en" };
  for (const key of CARRIED[view]) {
    const blank = BLANK[key];
    state[key] = Array.isArray(blank) ? [...new Set(query.getAll(key).filter(Boolean))] : (query.get(key) ?? blank);
  }
  return /** @type {State} */ (state);
}

/**
 * The address of a state: path and query.
 * @param {State} state
 */
export function write(state) {
  const query = new URLSearchParams();
  for (const key of CARRIED[state.view]) {
    const value = state[key];
    if (Array.isArray(value)) value.forEach((one) => query.append(key, one));
    else if (value !== "") query.set(key, value);
  }
  if (state.lang !== "en") query.set("lang", state.lang);
  // Colons, commas and slashes may stand in a query as they are, and an address that can be read is easier to trust.
  const text = query.toString().replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%2F", "/");
  return `/${state.view}${text && "?"}${text}`;
}

/**
 * Whether going from one state to the other is a step that "back" should undo: another view, question, table or row.
 * What only changes how the same answer is looked at replaces the address.
 * @param {State} before
 * @param {State} after
 */
export function isStep(before, after) {
  const looks = new Set(["vot", "carbon_price", "way", "show", "against", "of", "lang", "side", "cut", "recycled"]);
  return /** @type {(keyof State)[]} */ (Object.keys(BLANK)).some(
    (key) => !looks.has(key) && String(before[key]) !== String(after[key]),
  );
}

/** What the page on materials works out from answers, without drawing: entries of a list with their risk, what is passed, a what-if as a scenario. */

/** @typedef {{code: string, name: string, name_ru: string, part_of: string, made: string[], country: any, risk: any | null}} Entry */
/** @typedef {{cuts: Record<string, number>, recycling: number, plant: number}} Sliders output left of suppliers and recycling, per cent of today's; a plant added in Kazakhstan, per cent of the supply recorded */

/**
 * The materials of a list, the riskiest first; where a whole group is listed, its parts that have a risk stand for it.
 * @param {any[]} listed rows of /materials @param {any[]} risks rows of /risk @param {any[]} all rows of the table of materials
 * @returns {Entry[]}
 */
export function entriesOf(listed, risks, all) {
  const known = new Map(risks.map((row) => [row.code, row]));
  /** @type {Map<string, any[]>} */
  const parts = new Map();
  for (const row of all) if (row.part_of) parts.set(row.part_of, [...(parts.get(row.part_of) ?? []), row]);
  /** @type {Map<string, Entry>} */
  const found = new Map();
  for (const row of listed) {
    const about = { part_of: "", made: row.made_by ?? [], country: row };
    const own = known.get(row.material) ?? null;
    const below = (parts.get(row.material) ?? []).filter((part) => known.has(part.material));
    if (own || below.length === 0) found.set(row.material, { ...about, code: row.material, name: row.name, name_ru: row.name_ru, risk: own });
    for (const part of below) {
      const entry = { ...about, code: part.material, name: part.name, name_ru: part.name_ru, part_of: row.material, risk: known.get(part.material) };
      if (!found.has(part.material)) found.set(part.material, entry);
    }
  }
  return [...found.values()].sort((a, b) => (b.risk?.SR ?? -1) - (a.risk?.SR ?? -1) || a.name.localeCompare(b.name));
}

/** Whose plant the slider adds, and the most of it, per cent of the supply recorded. */
export const MAKER = "KAZ";
export const MOST_PLANT = 50;

const GATES = ["passage", "border"]; // the first kind that is passed tells where a way can be shut

/**
 * Share of supply that passes each thing, and for each supplier the gate that carries most of all supply; empty: none.
 * @param {{country: string, share: number, passes: string[]}[]} suppliers
 */
export function gatesOf(suppliers) {
  /** @type {Map<string, number>} */
  const shares = new Map();
  for (const one of suppliers) for (const item of one.passes) shares.set(item, (shares.get(item) ?? 0) + one.share);
  const gates = suppliers.map((one) => {
    for (const kind of GATES) {
      const own = one.passes.filter((item) => item.startsWith(`${kind}:`));
      if (own.length) return own.reduce((best, item) => (Number(shares.get(item)) > Number(shares.get(best)) ? item : best));
    }
    return "";
  });
  return { shares, gates };
}

/**
 * Bands with the same names as one, the largest first; of each country those below the least share as one of other ways, but for its largest.
 * @param {{country: string, corridor: string, gate: string, value: number}[]} bands @param {number} least @param {string} other
 */
export function mergedBands(bands, least, other) {
  const sum = (/** @type {typeof bands} */ all) => {
    /** @type {Map<string, (typeof bands)[number]>} */
    const found = new Map();
    for (const one of all) {
      const key = JSON.stringify([one.country, one.corridor, one.gate]);
      found.set(key, { ...one, value: one.value + (found.get(key)?.value ?? 0) });
    }
    return [...found.values()].sort((a, b) => b.value - a.value);
  };
  const seen = new Set();
  const kept = sum(bands).map((one) => {
    const isFirst = !seen.has(one.country);
    seen.add(one.country);
    return isFirst || one.value >= least ? one : { ...one, corridor: other, gate: other };
  });
  return sum(kept);
}

/**
 * Who mines as bands that make up a whole: what no one is named for is unknown, those below the least are others, sums above one are rounding.
 * @param {Record<string, number>} shares by country @param {number} least @param {{unknown: string, others: string}} names
 * @param {(code: string) => string} named
 */
export function minesOf(shares, least, { unknown, others }, named) {
  const total = Object.values(shares).reduce((sum, one) => sum + one, 0);
  if (!(total > 0)) return [];
  const whole = Math.max(1, total);
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const [code, share] of Object.entries(shares)) {
    const name = share < least ? others : named(code);
    found.set(name, (found.get(name) ?? 0) + share / whole);
  }
  const rest = 1 - total / whole;
  const bands = [...found].map(([country, value]) => ({ country, value })).sort((a, b) => b.value - a.value);
  return rest > 1e-9 ? [...bands, { country: unknown, value: rest }] : bands;
}

/** Sliders as the address has them: KAZ:0,recycling:200,plant:5. @param {string} text @returns {Sliders} */
export function slidersOf(text) {
  /** @type {Sliders} */
  const found = { cuts: {}, recycling: 100, plant: 0 };
  for (const one of text.split(",").filter(Boolean)) {
    const [what = "", per = ""] = one.split(":");
    const value = Number(per);
    if (!/^(recycling|plant|[A-Z]{3})$/.test(what) || per === "" || !(value >= 0 && value <= 1000)) continue;
    if (what === "recycling") found.recycling = value;
    else if (what === "plant") found.plant = Math.min(value, MOST_PLANT);
    else if (value <= 100) found.cuts[what] = value;
  }
  return found;
}

/** @param {Sliders} sliders */
export function writeSliders({ cuts, recycling, plant }) {
  const parts = Object.entries(cuts).filter(([, per]) => per !== 100).map(([country, per]) => `${country}:${per}`);
  return [...parts, ...(recycling === 100 ? [] : [`recycling:${recycling}`]), ...(plant ? [`plant:${plant}`] : [])].join(",");
}

/**
 * Sliders as a scenario in TOML; empty where nothing is moved.
 * @param {Sliders} sliders @param {{scope: string, material: string, stage: string, shares: Record<string, number>}[]} mixes
 * @param {string} recycled row of the table of published results that holds the recycling rate, empty: none
 * @param {string} stage where a plant is added
 */
export function scenarioOf({ cuts, recycling, plant }, mixes, recycled, stage) {
  const change = (/** @type {string} */ row, /** @type {string} */ column, /** @type {string} */ what) =>
    `[[change]]\nrow = ${JSON.stringify(row)}\ncolumn = "${column}"\n${what}\nreason = "What if."\nreason_ru = "Что, если."\n`;
  const changes = Object.entries(cuts).filter(([, per]) => per !== 100).flatMap(([country, per]) =>
    mixes.filter((one) => country in one.shares).map((one) => change(`supply_shares:${one.scope}/${one.material}/${one.stage}/${country}`, "output_factor", `value = ${per / 100}`)),
  );
  if (recycling !== 100 && recycled) changes.push(change(recycled, "eol_rir_pct", `factor = ${recycling / 100}`));
  const at = mixes.filter((one) => plant && one.stage === stage);
  const row = (/** @type {{scope: string, material: string}} */ one) => `supply_shares:${one.scope}/${one.material}/${stage}/${MAKER}`;
  changes.push(...at.map((one) => (MAKER in one.shares ? change(row(one), "added_pct", `value = ${plant}`) : `[[add]]\ntable = "supply_shares"\nrow = { scope = "${one.scope}", material = "${one.material}", stage = "${stage}", country = "${MAKER}", share_pct = 0, rounding_pct = 0, trade_parameter = 1, added_pct = ${plant} }\nreason = "What if."\nreason_ru = "Что, если."\n`)));
  return changes.length ? `name = "sliders"\ntitle = "Sliders"\ntitle_ru = "Ползунки"\n\n${changes.join("\n")}` : "";
}

/**
 * Recorded figures as a table of trade by partner. Rivals are never averaged: of each thing one figure is shown, the statistics of the
 * country itself before those of others and before what was merely said, and how many stand beside it. Growth is worked out only between
 * figures of one kind and scope: the European Union with the United Kingdom is no base for that without it.
 */

/** @typedef {import("./answer").Thing} Thing */
/** @typedef {import("./answer").Recorded} Recorded */
/** @typedef {{value: number | null, low: number | null, high: number | null, scope?: string}} Amount scope: what it may be compared with */
/** @typedef {{exports: Amount, imports: Amount, turnover: Amount, balance: Amount}} Flows */
/** @typedef {{item: string, now: Flows, growth: Flows, rivals: number}} Line */

export const FLOWS = /** @type {const} */ (["turnover", "exports", "imports", "balance"]);
const NAMES = /** @type {Record<string, "turnover" | "exports" | "imports">} */ ({ turnover: "turnover", export: "exports", import: "imports" });
const KINDS = ["official_reporter", "computed", "comtrade_own", "partner_stat_via_press", "comtrade_mirror", "reported"];

/** @type {Amount} */
export const UNKNOWN = { value: null, low: null, high: null };

/** Things about all goods in dollars and whole years, which alone make up the table. @param {Thing[]} things */
export function yearly(things) {
  return things.filter((one) => one.goods === "TOTAL" && one.unit === "USD" && !one.mode && !one.scope && !one.measure && one.partner && /^\d{4}$/.test(one.period) && one.flow in NAMES);
}

/** The figure that is shown of a thing. @param {Recorded[]} figures @param {string} subject */
export function preferred(figures, subject) {
  const rank = (/** @type {Recorded} */ one) => {
    const kind = KINDS.indexOf(one.kind);
    return (one.value == null ? 1000 : 0) + (one.weight === "statement" ? 100 : 0) + (one.perspective === subject ? 0 : 20) + (kind < 0 ? KINDS.length : kind);
  };
  return [...figures].sort((a, b) => rank(a) - rank(b))[0];
}

/** @param {Recorded | undefined} figure @returns {Amount} */
function amountOf(figure) {
  if (figure?.value == null) return UNKNOWN;
  const scope = [figure.kind, figure.perspective, ...figure.rows.filter((row) => row.startsWith("aggregates:"))].join(" ");
  return { value: figure.value, low: figure.interval?.[0] ?? null, high: figure.interval?.[1] ?? null, scope };
}

/** Growth from one amount to another, a share, with what rounding allows. @param {Amount} base @param {Amount} now @returns {Amount} */
export function growth(base, now) {
  if (base.value == null || now.value == null || base.value <= 0 || base.scope !== now.scope) return UNKNOWN;
  const bounded = base.low != null && base.high != null && now.low != null && now.high != null && base.low > 0;
  return {
    value: now.value / base.value - 1,
    low: bounded ? /** @type {number} */ (now.low) / /** @type {number} */ (base.high) - 1 : null,
    high: bounded ? /** @type {number} */ (now.high) / /** @type {number} */ (base.low) - 1 : null,
  };
}

/** Exports less imports. @param {Amount} x @param {Amount} m @returns {Amount} */
function less(x, m) {
  if (x.value == null || m.value == null) return UNKNOWN;
  return { value: x.value - m.value, low: x.low == null || m.high == null ? null : x.low - m.high, high: x.high == null || m.low == null ? null : x.high - m.low };
}

/**
 * Trade of one partner by year.
 * @param {Thing[]} things of one partner
 * @returns {Map<string, {flows: Flows, rivals: number}>}
 */
export function byYear(things) {
  /** @type {Map<string, {flows: Flows, rivals: number}>} */
  const found = new Map();
  for (const one of yearly(things)) {
    const year = found.get(one.period) ?? { flows: { exports: UNKNOWN, imports: UNKNOWN, turnover: UNKNOWN, balance: UNKNOWN }, rivals: 0 };
    const name = NAMES[one.flow];
    if (name) year.flows[name] = amountOf(preferred(one.figures, one.subject));
    year.rivals += one.figures.length - 1;
    year.flows.balance = less(year.flows.exports, year.flows.imports);
    found.set(one.period, year);
  }
  return found;
}

/**
 * A line for each partner in a year, the largest turnover first, those without any last. The union of 27 has no line beside the European Union
 * where both are the same.
 * @param {Thing[]} things @param {string} year
 * @returns {Line[]}
 */
export function lines(things, year) {
  /** @type {Map<string, Thing[]>} */
  const partners = new Map();
  for (const one of yearly(things)) partners.set(one.partner, [...(partners.get(one.partner) ?? []), one]);
  const found = [...partners].flatMap(([item, own]) => {
    const years = byYear(own);
    const now = years.get(year);
    if (!now) return [];
    const then = years.get(String(Number(year) - 1))?.flows;
    const grown = (/** @type {"exports" | "imports" | "turnover"} */ flow) => (then ? growth(then[flow], now.flows[flow]) : UNKNOWN);
    return [{ item, now: now.flows, growth: { exports: grown("exports"), imports: grown("imports"), turnover: grown("turnover"), balance: UNKNOWN }, rivals: now.rivals }];
  }).sort((a, b) => (b.now.turnover.value ?? -1) - (a.now.turnover.value ?? -1));
  const union = found.find((one) => one.item === "EU");
  return found.filter((one) => one.item !== "EU27" || !union || FLOWS.some((flow) => one.now[flow].value !== union.now[flow].value));
}

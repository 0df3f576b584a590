/** Tables out of the trade store: partners or products of a country, each source and edition for itself, and the two sides of a trade compared. */
import { html, useMemo } from "./vendor/preact.js";
import { useDocument } from "./asking.js";
import { useWords } from "./figure_words.js";
import * as figures from "./figures.js";
import { usePage } from "./page.js";
import { Failed } from "./parts.js";
import { TradeChart } from "./trade_chart.js";
import { TradeTable } from "./trade_table.js";
import { FLOWS, UNKNOWN } from "./trade_tables.js";

const MILLION = 1e6;

/** @param {{subject: string, partner: string, named: (code: string) => string}} props */
export function StoreTables({ subject, partner, named }) {
  const { state, go, t } = usePage();
  const w = useWords();
  const period = state.year;
  const asked = new URLSearchParams({ reporter: subject, partner, period, by: partner ? "product" : "partner" });
  const { found, failure, busy, again } = useDocument(`/trade?${asked}`, 300);
  const two = partner && partner !== "WLD" ? new URLSearchParams({ reporter: subject, partner, period }) : null;
  const mirrors = useDocument(two ? `/trade/mirror?${two}` : "", 300);
  const history = useDocument(`/trade/years?${new URLSearchParams({ reporter: subject, partner })}`).found;
  const charts = useMemo(() => byYears(history?.years ?? []), [history]);
  const box = html`<label class="stacked period">${w("slot_period")}<input type="text" name="period" value=${period} placeholder=${found?.period ?? ""} onChange=${(/** @type {Event} */ event) => go({ year: /** @type {HTMLInputElement} */ (event.target).value.trim() })} /></label>`;
  if (failure) return html`${box}<${Failed} failure=${failure} again=${again} />`;
  if (!found) return html`<p class="small">${t("loading")}</p>`;
  return html`<div class=${busy ? "former" : ""}>
    ${charts.map(({ series, years, currency }) => html`<${TradeChart} years=${years} currency=${currency} title=${`${w("trade_over", { name: named(subject), partner: named(partner || "WLD") })} · ${heading(series, named)}`} />`)}
    ${box}
    ${found.answers.map((/** @type {any} */ one) => html`<h2>${[heading(one, named), found.period].join(" · ")}</h2>
      <${TradeTable} title=${partner ? w("trade_whole", { partner: named(partner) }) : w("trade_partners", { year: found.period })} head=${w(partner ? "slot_commodity" : "slot_partner")} currency=${one.currency} lines=${[whole(one, partner), ...parts(one)]} named=${(/** @type {string} */ item) => (item === partner && partner ? w("goods_all") : named(item || "WLD"))}
        chosen=${state.partner} pick=${partner ? undefined : (/** @type {string} */ item) => go({ partner: item || "WLD" })} />`)}
    ${mirrors.found && html`<${Mirrors} found=${mirrors.found} named=${named} />`}
  </div>`;
}

/** What an answer is of. @param {any} one @param {(code: string) => string} named */
function heading(one, named) {
  return [one.source, one.edition, one.declared_by && named(one.declared_by)].filter(Boolean).join(" · ");
}

/**
 * Trade over the years for each series that has two of them; series are never joined.
 * @param {any[]} briefs one for each year
 * @returns {{series: any, currency: string, years: Map<string, {flows: import("./trade_tables.js").Flows}>}[]}
 */
export function byYears(briefs) {
  /** @type {Map<string, {series: any, currency: string, years: Map<string, {flows: import("./trade_tables.js").Flows}>}>} */
  const found = new Map();
  for (const { period, answers } of briefs) {
    for (const one of answers) {
      const key = [one.source, one.edition, one.declared_by, one.currency].join("|");
      const chart = found.get(key) ?? { series: one, currency: one.currency, years: new Map() };
      if (!chart.years.has(period)) chart.years.set(period, { flows: whole(one, "").now }); // else by another list of goods
      found.set(key, chart);
    }
  }
  return [...found.values()].filter(({ years }) => years.size > 1);
}

/** The whole of an answer as a line. @param {any} one @param {string} partner @returns {import("./trade_tables.js").Line} */
function whole(one, partner) {
  const of = (/** @type {string} */ key) => /** @type {any} */ (Object.fromEntries(FLOWS.map((flow) => [flow, one[flow].value[key] ?? UNKNOWN])));
  return { item: partner, now: of("now"), growth: of("growth"), rivals: 0 };
}

/** Partners or products of an answer as lines, the largest turnover first. @param {any} one @returns {import("./trade_tables.js").Line[]} */
function parts(one) {
  return one.parts.map((/** @type {any} */ part) => {
    const of = (/** @type {string} */ key) => Object.fromEntries(FLOWS.map((flow) => [flow, part[flow][key] ?? UNKNOWN]));
    return { item: part.item, now: of("value"), growth: of("growth"), rivals: 0 };
  }).sort((/** @type {any} */ a, /** @type {any} */ b) => (b.now.turnover.value ?? -1) - (a.now.turnover.value ?? -1));
}

/** What both countries declare of the same goods. @param {{found: any, named: (code: string) => string}} props */
function Mirrors({ found, named }) {
  const { lang, t } = usePage();
  const w = useWords();
  const level = (/** @type {number | null} */ value, currency = "") => (value == null ? t("unknown") : w("trade_amount", { value: figures.plain(lang, value / MILLION, 1), currency }));
  if (!found.mirrors.length) return null;
  return html`<section><div class="scroll trade-table" tabindex="0" role="group" aria-label=${w("mirror_title")}><table><caption>${w("mirror_title")} <span class="small">${found.period}</span></caption>
    <thead><tr><th scope="col">${w("mirror_goods")}</th><th scope="col" class="number">${w("mirror_sent")}</th><th scope="col" class="number">${w("mirror_received")}</th><th scope="col" class="number">${w("mirror_asymmetry")}</th><th scope="col">${w("mirror_why")}</th></tr></thead>
    <tbody>${found.mirrors.map((/** @type {any} */ one) => html`<tr><th scope="row">${named(one.exporter)} → ${named(one.importer)}</th><td class="number">${level(one.exports.value, one.exports.series?.currency)}</td><td class="number">${level(one.imports.value, one.imports.series?.currency)}</td>
      <td class="number">${one.asymmetry == null ? t("unknown") : figures.short(lang, one.asymmetry, 2)}</td>
      <td>${one.explained_by_freight ? w("mirror_freight") : one.reasons.map((/** @type {any} */ reason) => w(/** @type {"why_re_export"} */ (`why_${reason.reason}`))).join(", ") || t("unknown")}</td></tr>`)}</tbody></table></div></section>`;
}

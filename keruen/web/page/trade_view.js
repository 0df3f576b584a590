/**
 * The trade page: trade of a country by partner and year, and what is on record of it with one partner, rivals side by side.
 *
 * The figures are those of the trade store where the user has made one, each source and edition for itself, else those of the ledger,
 * which ship.
 */
import { html, useMemo } from "./vendor/preact.js";
import { BASE } from "./api.js";
import { useDocument } from "./asking.js";
import { known, useWords } from "./figure_words.js";
import { usePage } from "./page.js";
import { Failed } from "./parts.js";
import { Records } from "./records.js";
import { SourceDrawer } from "./source_drawer.js";
import { StoreTables } from "./store_tables.js";
import { TradeChart } from "./trade_chart.js";
import { TradeTable } from "./trade_table.js";
import { byYear, lines, yearly } from "./trade_tables.js";

/** @typedef {import("./answer").Thing} Thing */

const USUAL = "KAZ";
const BRIEFS = /** @type {const} */ (["docx", "pdf", "html", "xlsx"]);

export function TradeView() {
  const { state, go, lang, t } = usePage();
  const w = useWords();
  const subject = state.subject || USUAL;
  const ledger = state.of === "ledger"; // the store may be looked past
  const countries = useDocument("/tables/countries?limit=1000").found;
  const subjects = useDocument("/figures/subjects").found;
  const store = useDocument("/trade/store");
  const { found, failure, again } = useDocument(`/figures?${new URLSearchParams({ subject })}`);
  const names = useMemo(() => new Map(/** @type {any[]} */ (countries?.rows ?? []).map((row) => [row.iso3, (lang === "ru" && row.name_ru) || row.name])), [countries, lang]);
  const named = (/** @type {string} */ code) => {
    const key = `area_${code}`;
    return known(key) ? w(key) : names.get(code) ?? code;
  };
  const things = /** @type {Thing[]} */ (found?.things ?? []);
  const years = useMemo(() => [...new Set(yearly(things).map((one) => one.period))].sort().reverse(), [found]);
  const year = years.includes(state.year) ? state.year : years[0] || ""; // of a store a period may be asked that is no year
  const table = useMemo(() => lines(things, year), [found, year]);
  const own = useMemo(() => things.filter((one) => one.partner === state.partner), [found, state.partner]);
  const countriesKnown = Object.keys(subjects?.subjects ?? { [subject]: 1 }).filter((code) => names.has(code));
  const stored = Boolean(store.found?.imports.length) && !ledger;
  return html`<div class="pageful trade">
    <h1>${w("trade_title", { name: named(subject) })}</h1>
    <p class="lead">${w(stored ? "trade_lead_store" : "trade_lead")}</p>
    <div class="filters" role="group" aria-label=${t("filters")}>
      <label>${w("slot_subject")}<select name="subject" value=${subject} onChange=${(/** @type {Event} */ event) => go({ subject: /** @type {HTMLSelectElement} */ (event.target).value, partner: "", year: "" })}>
        ${[...new Set([subject, ...countriesKnown])].map((code) => html`<option value=${code} selected=${code === subject}>${named(code)}</option>`)}</select></label>
      <label>${w("slot_partner")}<select name="partner" value=${state.partner} onChange=${(/** @type {Event} */ event) => go({ partner: /** @type {HTMLSelectElement} */ (event.target).value })}>
        <option value="" selected=${!state.partner}>${t("all")}</option>${[...new Set(things.map((one) => one.partner).filter(Boolean))].map((code) => html`<option value=${code} selected=${code === state.partner}>${named(code)}</option>`)}</select></label>
      ${!stored && html`<label>${t("filter_year")}<select name="year" value=${year} onChange=${(/** @type {Event} */ event) => go({ year: /** @type {HTMLSelectElement} */ (event.target).value })}>
        ${years.map((one) => html`<option value=${one} selected=${one === year}>${one}</option>`)}</select></label>`}
    </div>
    ${store.found && !store.found.imports.length && html`<details class="notice"><summary>${w("trade_no_store")}</summary><p>${w("trade_make")}</p><pre class="command" tabindex="0">keruen trade import FILE</pre></details>`}
    ${Boolean(store.found?.imports.length) && html`<div class="switch" role="group" aria-label=${w("trade_from")}>${[false, true].map((one) => html`<button type="button" aria-pressed=${ledger === one} onClick=${() => go({ of: one ? "ledger" : "" })}>${w(one ? "trade_of_ledger" : "trade_of_store")}</button>`)}</div>`}
    ${store.failure && html`<${Failed} failure=${store.failure} />`}
    ${failure && html`<${Failed} failure=${failure} again=${again} />`}
    ${!found && !failure && html`<p class="small">${t("loading")}</p>`}
    ${state.partner && names.has(state.partner) && names.has(subject) && html`<section class="brief" aria-label=${w("brief_title")}><h2>${w("brief_title")}</h2><p class="small">${w("brief_lead", { name: named(subject), partner: named(state.partner) })}</p>
      <ul class="file-list">${BRIEFS.map((one) => html`<li><a download="" href=${`${BASE}/brief/file/${one}?${new URLSearchParams({ about: subject, partner: state.partner, lang })}`}><strong>${one.toUpperCase()}</strong></a></li>`)}</ul></section>`}
    ${stored && html`<${StoreTables} subject=${subject} partner=${state.partner} named=${named} />`}
    ${!stored && byYear(own).size > 1 && html`<${TradeChart} years=${byYear(own)} title=${w("trade_over", { name: named(subject), partner: named(state.partner) })} />`}
    ${state.partner && own.length > 0 && html`<${Records} named=${named} things=${own} title=${w("records_title", { name: named(subject), partner: named(state.partner) })} />`}
    ${!stored && table.length > 0 && html`<${TradeTable} title=${w("trade_partners", { year })} head=${w("slot_partner")} lines=${table} named=${named} chosen=${state.partner} pick=${(/** @type {string} */ item) => go({ partner: item })} />`}
    ${state.figure && html`<${SourceDrawer} key=${state.figure} answer=${null} chosen=${0} prices=${{ vot: 0, carbon: 0, tonnes: 0 }} />`}
  </div>`;
}

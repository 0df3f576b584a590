/** What a unit of a chain costs and emits, step by step with ranges, beside what others publish; and its cheapest way from the ore to a market. */
import { html, useState } from "./vendor/preact.js";
import { useStream } from "./asking.js";
import * as figures from "./figures.js";
import { known, useWords } from "./materials_words.js";
import { nameOf, usePage } from "./page.js";
import { Failed, Working } from "./parts.js";
import { RowButton } from "./records.js";

const DIGITS = 3;

/** How numbers, goods and steps are said here. @param {any[]} goods @param {any[]} recipes */
function useSaying(goods, recipes) {
  const { lang, t } = usePage();
  const w = useWords();
  const number = (/** @type {number | null} */ one) => (one == null ? t("unknown") : figures.short(lang, Number(one.toPrecision(DIGITS)), 6));
  const ends = (/** @type {number[] | null} */ one) => (one && Number(one[1]) - Number(one[0]) > 1e-9 * Math.abs(Number(one[1])) ? w("interval", { low: number(one[0] ?? null), high: number(one[1] ?? null) }) : "");
  const good = (/** @type {string} */ key) => nameOf(lang, goods.find((one) => one.good === key) ?? { name: key });
  const step = (/** @type {string} */ key) => nameOf(lang, recipes.find((one) => one.recipe === key) ?? { name: key });
  const either = (/** @type {string} */ key) => (recipes.some((one) => one.recipe === key) ? step(key) : good(key));
  const unit = (/** @type {string} */ key) => {
    const own = goods.find((one) => one.good === key)?.unit ?? "";
    return known(`unit_${own}`) ? w(/** @type {"unit_t"} */ (`unit_${own}`)) : own;
  };
  return { w, number, ends, good, step, either, unit };
}

/**
 * Cost and CO2e of a unit, a row for each step and each good that is bought.
 * @param {{found: any, goods: any[], recipes: any[], land: (code: string) => string}} props found: an answer of /chain
 */
export function ChainCost({ found, goods, recipes, land }) {
  const { w, number, ends, good, step, either, unit } = useSaying(goods, recipes);
  const cost = found.cost;
  const least = (/** @type {number} */ value, /** @type {string[]} */ unknown) => (unknown.length ? w("at_least", { value: number(value) }) : number(value));
  const left = [["cost_unknown", cost.usd_unknown_of], ["cost_unknown_co2e", cost.kg_co2e_unknown_of]].filter(([, of]) => of.length > 0);
  const heads = [w("head_usd"), w("head_range"), w("head_co2e"), w("head_range")];
  return html`<div class="chain-cost"><h3>${w("cost_title", { unit: unit(found.good), good: good(found.good) })}</h3>
    <div class="scroll chain-table" tabindex="0" role="group" aria-label=${w("cost_table")}><table><thead><tr><th scope="col">${w("head_step")}</th><th scope="col">${w("head_country")}</th>${heads.map((one, index) => html`<th scope="col" class=${index % 2 ? "" : "number"}>${one}</th>`)}</tr></thead>
      <tbody>${cost.rows.map((/** @type {any} */ one) => html`<tr data-step=${one.recipe ?? one.good}><th scope="row">${one.recipe ? step(one.recipe) : good(one.good)}</th><td>${one.recipe ? land(one.country) : w("role_bought")}</td>
        <td class="number">${number(one.usd)}</td><td>${ends(one.usd_range)}</td><td class="number">${number(one.kg_co2e)}</td><td>${ends(one.kg_co2e_range)}</td></tr>`)}</tbody>
      <tfoot><tr class="chosen"><th scope="row">${w("cost_total")}</th><td></td><td class="number">${least(cost.usd_known, cost.usd_unknown_of)}</td><td>${ends(cost.usd_range)}</td><td class="number">${least(cost.kg_co2e_known, cost.kg_co2e_unknown_of)}</td><td>${ends(cost.kg_co2e_range)}</td></tr></tfoot></table></div>
    ${left.map(([key, of]) => html`<p class="small">${w(/** @type {"cost_unknown"} */ (key), { of: of.map(either).join(", ") })}</p>`)}
    ${cost.published.length > 0 && html`<${Beside} rows=${cost.published} saying=${{ w, number, ends, good, unit }} />`}
    <p class="small">${w("cost_note")}</p></div>`;
}

/**
 * Ours beside what others publish: a bar of our range, a band of theirs, both in numbers too.
 * @param {{rows: any[], saying: {w: ReturnType<typeof useWords>, number: (one: number | null) => string, ends: (one: number[] | null) => string, good: (key: string) => string, unit: (key: string) => string}}} props
 */
function Beside({ rows, saying: { w, number, ends, good, unit } }) {
  const theirs = (/** @type {any} */ one) => (one.published_high == null ? w("at_least", { value: number(one.published) }) : one.published === one.published_high ? number(one.published) : w("interval", { low: number(one.published), high: number(one.published_high) }));
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${w("beside_title")}><table class="beside"><caption>${w("beside_title")}</caption>
    <thead><tr><th scope="col">${w("head_good")}</th><th scope="col">${w("head_measure")}</th><th scope="col" class="number">${w("head_ours")}</th><th scope="col">${w("head_range")}</th><th scope="col">${w("head_published")}</th><th scope="col">${w("head_rows")}</th></tr></thead>
    <tbody>${rows.map((one) => html`<tr data-beside=${`${one.good}/${one.measure}`}><th scope="row">${good(one.good)}</th><td>${w(one.measure === "usd" ? "measure_usd" : "measure_kg_co2e", { unit: unit(one.good) })}</td><td class="number">${number(one.ours)}</td><td>${ends(one.ours_range)}</td><td>${theirs(one)}</td><td><${RowButton} row=${one.row} /></td></tr>`)}</tbody></table></div>`;
}

/**
 * The cheapest way of a unit from the ore to a market, plant by plant, when asked for: some seconds of search.
 * @param {{good: string, market: string, carbon: number, goods: any[], recipes: any[], markets: any[], land: (code: string) => string}} props
 */
export function OreToMarket({ good: wanted, market, carbon, goods, recipes, markets, land }) {
  const { go, t } = usePage();
  const { w, number, good, step, either, unit } = useSaying(goods, recipes);
  const [asked, setAsked] = useState("");
  const question = `/chain/way/stream?${new URLSearchParams({ good: wanted, market, carbon_price: String(carbon) })}`;
  const run = useStream(asked === wanted ? question : ""); // another good is another question
  const found = run.answer?.good === wanted ? run.answer : null;
  const place = (/** @type {string} */ key) => markets.find((one) => one.market === key)?.name ?? key;
  return html`<div class="ore-to-market"><h3>${w("way_title")}</h3><p class="small">${w("way_lead")}</p>
    <div class="filters" role="group" aria-label=${w("way_title")}>
      <label>${w("market")}<select name="way-market" value=${market} onChange=${(/** @type {Event} */ event) => go({ market: /** @type {HTMLSelectElement} */ (event.target).value })}>${markets.map((one) => html`<option value=${one.market} selected=${one.market === market}>${one.name}, ${land(one.country)}</option>`)}</select></label>
      ${asked !== wanted && html`<div class="plan-do"><button type="button" class="main" onClick=${() => setAsked(wanted)}>${w("way_ask")}</button></div>`}</div>
    ${run.work && html`<${Working} work=${run.work} cancel=${run.cancel} />`}
    ${run.failure && html`<${Failed} failure=${run.failure} again=${run.again} />`}
    ${run.cancelled && html`<div class="notice"><strong>${t("cancelled")}</strong><button type="button" class="again" onClick=${run.again}>${t("again")}</button></div>`}
    ${found && html`<div class=${run.work ? "former" : ""}><p>${w("way_said", { unit: unit(found.good), good: good(found.good), market: place(found.market), usd: number(found.usd), co2e: number(found.kg_co2e) })}</p>
      <div class="scroll chain-table" tabindex="0" role="group" aria-label=${w("way_title")}><table><thead><tr><th scope="col">${w("head_step")}</th><th scope="col" class="number">${w("head_amount")}</th><th scope="col" class="number">${w("head_usd")}</th><th scope="col" class="number">${w("head_duty")}</th><th scope="col" class="number">${w("head_co2e")}</th></tr></thead>
        <tbody>${found.steps.map((/** @type {any} */ one) => html`<tr class=${one.recipe ? "made-here" : ""}><th scope="row">${one.recipe ? w("way_made", { step: step(one.recipe), place: one.to, country: land(one.country) }) : w("way_carried", { good: good(one.good), from: one.from, to: one.to, modes: one.modes.map((/** @type {string} */ mode) => t(/** @type {"mode_rail"} */ (`mode_${mode}`))).join(", ") })}</th>
          <td class="number">${number(one.amount)} ${unit(one.good)}</td><td class="number">${number(one.usd)}</td><td class="number">${number(one.duty_usd)}</td><td class="number">${number(one.kg_co2e)}</td></tr>`)}</tbody></table></div>
      ${found.kg_co2e_unknown_of.length > 0 && html`<p class="small">${w("cost_unknown_co2e", { of: found.kg_co2e_unknown_of.map(either).join(", ") })}</p>`}</div>`}</div>`;
}

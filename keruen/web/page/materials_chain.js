/** What a product takes along its chain, with a slider for scrap recycled, and where its cells would be cheaper, with one for the carbon price. */
import { html, useRef, useState } from "./vendor/preact.js";
import { BASE } from "./api.js";
import { useDocument, useStream } from "./asking.js";
import { ChartFiles } from "./chart_files.js";
import { heightOf, onMap, pathOf } from "./earth.js";
import * as figures from "./figures.js";
import { ChainCost, OreToMarket } from "./materials_costs.js";
import { Files, part } from "./materials_table.js";
import { useWords, known } from "./materials_words.js";
import { nameOf, usePage } from "./page.js";
import { Failed, Working, useSize } from "./parts.js";

const [GOOD, FIRST, OTHER, MARKET] = ["electric_car", "KZ", "HU", "de_munich"];
const BILLION = 1e9;
const ROLES = ["product", "made", "bought", "raw", "by_product"];
const [SETTLED_MS, DEAREST_CARBON] = [250, 300]; // USD per t CO2e at the end of the slider

/** @param {{named: (code: string) => string, codes: Map<string, string>}} props codes: alpha-3 of countries by alpha-2 */
export function Chains({ named, codes }) {
  const { t } = usePage();
  const goods = useDocument("/tables/chain_goods?limit=1000").found?.rows;
  const recipes = useDocument("/tables/recipes?limit=1000").found?.rows;
  const sites = useDocument("/tables/chain_sites?limit=1000").found?.rows;
  const markets = useDocument("/tables/car_markets?limit=1000").found?.rows;
  if (!goods || !recipes || !sites || !markets) return html`<p class="small">${t("loading")}</p>`;
  const land = (/** @type {string} */ code) => named(codes.get(code) ?? code);
  return html`<${Chain} goods=${goods} recipes=${recipes} markets=${markets} land=${land} /><${Cells} goods=${goods} sites=${sites} markets=${markets} land=${land} />`;
}

/** @param {Event} event */
const value = (event) => /** @type {HTMLInputElement} */ (event.target).value;

/** @param {{goods: any[], recipes: any[], markets: any[], land: (code: string) => string}} props */
function Chain({ goods, recipes, markets, land }) {
  const { state, go, lang, t } = usePage();
  const w = useWords();
  const good = state.good || GOOD;
  const made = new Set(recipes.map((one) => one.product));
  const country = state.made_in || FIRST;
  const lands = /** @type {string[]} */ ((useDocument("/tables/country_costs?limit=1000").found?.rows ?? []).map((/** @type {any} */ one) => one.country)).sort((a, b) => land(a).localeCompare(land(b), lang));
  const per = Math.min(100, Math.max(0, Number(state.recycled) || 0));
  const asked = new URLSearchParams({ good, recycled: String(per / 100), country });
  const { found, failure, busy, again } = useDocument(`/chain?${asked}`, SETTLED_MS);
  const amount = (/** @type {number} */ one) => figures.short(lang, Number(one.toPrecision(3)), 6);
  const unit = (/** @type {string} */ one) => (known(`unit_${one}`) ? w(/** @type {"unit_t"} */ (`unit_${one}`)) : one);
  const rows = [...(found?.goods ?? [])].sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || b.mass_t - a.mass_t);
  return html`<section class="chain" aria-label=${w("chain_title")}><h2>${w("chain_title")}</h2><p class="small">${w("chain_lead")}</p>
    <div class="filters" role="group" aria-label=${w("chain_title")}>
      <label>${w("head_good")}<select name="good" value=${good} onChange=${(/** @type {Event} */ event) => go({ good: value(event) })}>${goods.filter((one) => made.has(one.good)).map((one) => html`<option value=${one.good} selected=${one.good === good}>${nameOf(lang, one)}</option>`)}</select></label>
      <label>${w("made_in")}<select name="made-in" value=${country} onChange=${(/** @type {Event} */ event) => go({ made_in: value(event) === FIRST ? "" : value(event) })}>${lands.map((code) => html`<option value=${code} selected=${code === country}>${land(code)}</option>`)}</select></label>
      <label class="slider"><span>${w("recycled")} <output>${per} %</output></span><input type="range" name="recycled" min="0" max="100" step="5" value=${per} onInput=${(/** @type {Event} */ event) => go({ recycled: value(event) === "0" ? "" : value(event) })} /></label></div>
    ${failure && html`<${Failed} failure=${failure} again=${again} />`}
    ${found && html`<div class=${`scroll chain-table${busy ? " former" : ""}`} tabindex="0" role="group" aria-label=${w("chain_table")}><table><thead><tr><th scope="col">${w("head_good")}</th><th scope="col">${w("head_role")}</th><th scope="col" class="number">${w("head_amount")}</th><th scope="col">${w("head_range")}</th><th scope="col" class="number">${w("head_mass")}</th></tr></thead>
      <tbody>${rows.map((one) => html`<tr key=${one.good} class=${one.role === "product" ? "chosen" : ""} data-good=${one.good}><th scope="row">${nameOf(lang, one)}</th><td>${w(/** @type {"role_raw"} */ (`role_${one.role}`))}</td><td class="number">${amount(one.amount)} ${unit(one.unit)}</td>
        <td>${Math.abs(one.high - one.low) > 1e-9 * Math.abs(one.high) ? w("interval", { low: amount(one.low), high: amount(one.high) }) : ""}</td><td class="number">${one.mass_t == null ? t("unknown") : `${amount(one.mass_t)} ${w("unit_t")}`}</td></tr>`)}</tbody></table></div>
      <p class="small">${w("chain_balance", { error: found.mass_error_t === 0 ? "0" : Math.abs(found.mass_error_t).toExponential(0) })}</p>
      <div class=${busy ? "former" : ""}><${ChainCost} found=${found} goods=${goods} recipes=${recipes} land=${land} /></div><${Files} label=${w("files_chain")} path=${`${BASE}/chain/file`} asked=${asked} />`}
    <${OreToMarket} good=${good} market=${state.market || MARKET} carbon=${Math.max(0, Number(state.carbon_price) || 0)} goods=${goods} recipes=${recipes} markets=${markets} land=${land} />
  </section>`;
}

/** @param {{goods: any[], sites: any[], markets: any[], land: (code: string) => string}} props */
function Cells({ goods, sites, markets, land }) {
  const { state, go, lang, t } = usePage();
  const w = useWords();
  const [wanted, setWanted] = useState(false);
  const [first = FIRST, other = OTHER] = /^[A-Z]{2}:[A-Z]{2}$/.test(state.pair) ? state.pair.split(":") : [FIRST, OTHER];
  const market = state.market || MARKET;
  const carbon = Math.min(DEAREST_CARBON, Math.max(0, Number(state.carbon_price) || 0));
  const asked = new URLSearchParams({ pair: `${first}:${other}`, market, carbon_price: String(carbon) });
  const run = useStream(wanted || state.pair ? `/siting/compare/stream?${asked}` : ""); // some seconds of search: only when asked for
  const can = [...new Set(sites.filter((one) => String(one.stages).includes("cell")).map((one) => one.country))].sort((a, b) => land(a).localeCompare(land(b), lang));
  const usd = (/** @type {number | null} */ one) => (one == null ? t("unknown") : t("unit_usd", { value: figures.plain(lang, one, 1) }));
  const name = (/** @type {string} */ good) => nameOf(lang, goods.find((one) => one.good === good) ?? { name: good });
  const pair = (/** @type {string} */ label, /** @type {string} */ field, /** @type {string} */ chosen, /** @type {(code: string) => string} */ to) => html`<label>${label}<select name=${field} value=${chosen} onChange=${(/** @type {Event} */ event) => go({ pair: to(value(event)) })}>${can.map((code) => html`<option value=${code} selected=${code === chosen}>${land(code)}</option>`)}</select></label>`;
  const units = /** @type {Record<string, "unit_usd_kwh" | "unit_usd_h" | "unit_percent" | "unit_usd_unit">} */ ({ "USD/kWh": "unit_usd_kwh", "USD/h": "unit_usd_h", "%": "unit_percent", "USD/unit": "unit_usd_unit" });
  return html`<section class="compared-cells" aria-label=${w("even_title")}><h2>${w("even_title")}</h2><p class="small">${w("even_lead")}</p>
    <div class="filters" role="group" aria-label=${w("even_title")}>
      ${pair(w("even_first"), "even-first", first, (code) => `${code}:${other}`)}${pair(w("even_other"), "even-other", other, (code) => `${first}:${code}`)}
      <label>${w("market")}<select name="market" value=${market} onChange=${(/** @type {Event} */ event) => { setWanted(true); go({ market: value(event) }); }}>${markets.map((one) => html`<option value=${one.market} selected=${one.market === market}>${one.name}, ${land(one.country)}</option>`)}</select></label>
      <label class="slider"><span>${w("carbon")} <output>${t("carbon_value", { value: carbon })}</output></span><input type="range" name="carbon" min="0" max=${DEAREST_CARBON} step="10" value=${carbon} onInput=${(/** @type {Event} */ event) => go({ carbon_price: value(event) === "0" ? "" : value(event) })} /></label></div>
    ${!wanted && !state.pair && html`<button type="button" class="main" onClick=${() => setWanted(true)}>${w("even_ask")}</button>`}
    ${run.work && html`<${Working} work=${run.work} cancel=${run.cancel} />`}
    ${run.failure && html`<${Failed} failure=${run.failure} again=${run.again} />`}
    ${run.cancelled && html`<div class="notice"><strong>${t("cancelled")}</strong><button type="button" class="again" onClick=${run.again}>${t("again")}</button></div>`}
    ${run.answer && html`<div class=${`even${run.work ? " former" : ""}`}>${run.answer.rows.map((/** @type {any} */ row) => html`<div class="even-good"><h3>${name(row.good)}</h3>
      <p>${row.usd_per_kwh == null || row.other_usd_per_kwh == null ? w("even_no_way", { good: name(row.good) }) : w("even_said", { good: name(row.good), country: land(row.country), site: row.site, usd: usd(row.usd_per_kwh), other: land(row.other), other_site: row.other_site, other_usd: usd(row.other_usd_per_kwh) })}</p>
      ${row.break_evens.length > 0 && html`<div class="scroll" tabindex="0" role="group" aria-label=${w("even_table", { good: name(row.good) })}><table><thead><tr><th scope="col">${w("head_condition", { country: land(row.country) })}</th><th scope="col" class="number">${w("head_now")}</th><th scope="col" class="number">${w("head_then")}</th></tr></thead>
        <tbody>${row.break_evens.map((/** @type {any} */ one) => {
          const unit = units[one.unit] ? w(units[one.unit] ?? "unit_percent") : one.unit;
          return html`<tr><th scope="row">${w(/** @type {"what_labour"} */ (`what_${one.what}`))}</th><td class="number">${figures.short(lang, one.now)} ${unit}</td><td class="number">${one.then == null ? w("even_never") : `${figures.short(lang, one.then)} ${unit}`}</td></tr>`;
        })}</tbody></table></div>`}</div>`)}</div>`}
  </section>
  <${Plan} sites=${sites} markets=${markets} own=${[first, other]} market=${market} land=${land} carbon=${carbon} />`;
}

/**
 * Where each plant should stand for all markets at once, when asked for: half a minute of search.
 * @param {{sites: any[], markets: any[], own: string[], market: string, land: (code: string) => string, carbon: number}} props
 */
function Plan({ sites, markets, own, market, land, carbon }) {
  const { lang, t } = usePage();
  const w = useWords();
  const [asked, setAsked] = useState("");
  const [most, setMost] = useState(100);
  const run = useStream(asked);
  const recipes = useDocument("/tables/recipes?limit=1000").found?.rows ?? [];
  const step = (/** @type {string} */ recipe) => nameOf(lang, recipes.find((/** @type {any} */ one) => one.recipe === recipe) ?? { name: recipe });
  const billions = (/** @type {number} */ usd) => figures.plain(lang, usd / BILLION, 1);
  return html`<section class="compared-cells plan" aria-label=${w("plan_title")}><h2>${w("plan_title")}</h2><p class="small">${w("plan_lead")}</p>
    <div class="filters" role="group" aria-label=${w("plan_title")}>
      <label class="slider"><span>${w("plan_most")} <output>${most} %</output></span><input type="range" name="most" min="40" max="100" step="5" value=${most} onInput=${(/** @type {Event} */ event) => setMost(Number(value(event)))} /></label>
      <div class="plan-do"><button type="button" class="main" onClick=${() => setAsked(`/siting/plan/stream?${new URLSearchParams({ carbon_price: String(carbon), most_of_one_country: String(most / 100) })}`)}>${w("plan_ask")}</button></div></div>
    ${run.work && html`<${Working} work=${run.work} cancel=${run.cancel} />`}
    ${run.failure && html`<${Failed} failure=${run.failure} again=${run.again} />`}
    ${run.cancelled && html`<div class="notice"><strong>${t("cancelled")}</strong><button type="button" class="again" onClick=${run.again}>${t("again")}</button></div>`}
    ${run.answer && html`<p>${w("plan_said", { cost: billions(run.answer.cost_usd), gap: figures.plain(lang, run.answer.gap * 100, 2), bound: billions(run.answer.bound_usd), n: run.answer.plants.length })}</p>`}
    <${SiteMap} sites=${sites} markets=${markets} own=${own} market=${market} land=${land} plants=${run.answer?.plants ?? []} step=${step} />
    ${run.answer && html`<div class="scroll chain-table" tabindex="0" role="group" aria-label=${w("plan_shares")}><table><thead><tr><th scope="col">${w("head_step")}</th><th scope="col">${w("head_country")}</th><th scope="col" class="number">${w("head_share")}</th><th scope="col" class="number">${w("head_plants")}</th></tr></thead>
      <tbody>${run.answer.shares.map((/** @type {any} */ one) => html`<tr><th scope="row">${step(one.recipe)}</th><td>${land(one.country)}</td><td class="number">${part(lang, one.share)}</td><td class="number">${one.plants}</td></tr>`)}</tbody></table></div>`}
  </section>`;
}

/**
 * Where plants may stand, where a plan has them, and the markets; those of the two countries and the market asked about stand out.
 * @param {{sites: any[], markets: any[], own: string[], market: string, land: (code: string) => string, plants: any[], step: (recipe: string) => string}} props
 */
function SiteMap({ sites, markets, own, market, land, plants, step }) {
  const w = useWords();
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const { width } = useSize(box);
  const countries = useDocument("/map/countries").found;
  const at = (/** @type {any} */ one) => onMap(width, Number(one.lon), Number(one.lat));
  return html`<figure class="chart tall site-map" ref=${box}><figcaption class="small">${w("sites_title")}</figcaption>
    ${countries && width > 0 && html`<svg width=${width} height=${heightOf(width)} role="img" aria-label=${w("sites_title")}>
      ${countries.map((/** @type {any} */ one) => html`<path class=${`land ${own.includes(one.country) ? "class-2" : "class-0"}`} d=${pathOf(width, one.rings)} />`)}
      ${sites.map((one) => html`<circle class=${`site${own.includes(one.country) ? " own" : ""}`} cx=${at(one)[0]} cy=${at(one)[1]} r=${own.includes(one.country) ? 4.5 : 3}><title>${one.name}, ${land(one.country)}</title></circle>`)}
      ${sites.filter((one) => plants.some((plant) => plant.site === one.site)).map((one) => {
        const here = plants.filter((plant) => plant.site === one.site);
        return html`<circle class="plant" cx=${at(one)[0]} cy=${at(one)[1]} r=${4 + 2 * Math.sqrt(here.length)}><title>${one.name}, ${land(one.country)}: ${[...new Set(here.map((plant) => step(plant.recipe)))].join("; ")}</title></circle>`;
      })}
      ${markets.map((one) => html`<rect class=${`market${one.market === market ? " own" : ""}`} x=${at(one)[0] - 3} y=${at(one)[1] - 3} width="6" height="6"><title>${one.name}, ${land(one.country)}</title></rect>`)}</svg>`}
    <p class="chart-note">${w("sites_said")}</p><${ChartFiles} box=${box} name="keruen-sites" numbers=${[]} /></figure>`;
}

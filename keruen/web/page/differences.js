/** Base beside scenario, corridor by corridor: what each was, what it becomes, and by how much; and what was changed, with its reasons. */
import { html } from "./vendor/preact.js";
import { BASE } from "./api.js";
import * as figures from "./figures.js";
import { corridorOf, usePage } from "./page.js";
import { query } from "./question.js";
import { word } from "./scenario_words.js";

/** @typedef {import("./answer").Comparison} Comparison */
/** @typedef {import("./answer").Difference} Difference */

/** @type {["p50_h" | "p90_h" | "cost_usd" | "co2e_kg", "p50_short" | "p90_short" | "cost" | "co2e_short", (lang: import("./answer").Lang, value: import("./answer").Figure) => string][]} */
const MEASURES = [["p50_h", "p50_short", figures.days], ["p90_h", "p90_short", figures.days], ["cost_usd", "cost", figures.usd], ["co2e_kg", "co2e_short", figures.co2e]];

const FILES = /** @type {const} */ (["csv", "xlsx", "geojson", "gpkg", "json"]);

/** @param {{comparison: Comparison}} props */
export function Differences({ comparison }) {
  const { state, lang, t } = usePage();
  const { scenario, differences } = comparison;
  const touched = differences.filter(isTouched);
  const rest = differences.filter((one) => !isTouched(one));
  const said = (/** @type {any} */ one) => (typeof one === "string" ? one : (lang === "ru" && one.text_ru) || one.text);
  return html`<section class="differences" aria-label=${t("differences")}>
    <h2>${t("differences")}: ${(lang === "ru" && scenario.title_ru) || scenario.title || scenario.name}</h2>
    ${scenario.changes.length > 0 && html`<details class="reasons"><summary>${word(lang, "reasons")} (${scenario.changes.length})</summary>
      <ul class="small">${scenario.changes.map((one) => html`<li>${said(one)}</li>`)}</ul></details>`}
    ${touched.length === 0 && html`<p class="notice">${word(lang, "same")}</p>`}
    ${touched.length > 0 && html`<table><thead><tr><td></td>${MEASURES.map(([, key]) => html`<th scope="col" class="number">${t(key)}</th>`)}</tr></thead>
      ${touched.map((one) => html`<tbody class=${one.base ? (one.with ? "" : "gone") : "new"}>
        <tr><th scope="rowgroup" colspan=${MEASURES.length + 1}>${corridorOf(lang, one)}${
          one.base && one.with ? "" : html` <span class=${`mark ${one.with ? "" : "gone"}`}>${one.with ? t("way_new") : t("way_gone")}</span>`}</th></tr>
        ${one.base && html`<${Sums} name=${word(lang, "base")} sums=${one.base} kind="was" />`}
        ${one.with && html`<${Sums} name=${word(lang, "with")} sums=${one.with} kind="now" />`}
        ${one.base && one.with && html`<tr class="by"><th scope="row">${word(lang, "difference")}</th>${MEASURES.map(([key, , format]) =>
          html`<td class=${`number ${signOf(one.change?.[key])}`}>${figures.change(lang, one.change?.[key], format)}</td>`)}</tr>`}</tbody>`)}
    </table>`}
    <p class="links" role="group" aria-label=${t("differences_files")}>${FILES.map((one) => html`<a download="" href=${`${BASE}/compare/file/${one}?${query(state)}`}>${one.toUpperCase()}</a>`)}</p>
    ${rest.length > 0 && touched.length > 0 && html`<p class="small">${word(lang, "rest", { names: [...new Set(rest.map((one) => corridorOf(lang, one)))].join(", ") })}</p>`}
  </section>`;
}

/**
 * What a comparison comes to: how many corridors vanish, appear, change; null where one side has no way at all.
 * @param {Comparison} comparison
 */
export function countsOf({ with: side, differences }) {
  if ("error" in side) return null;
  const touched = differences.filter(isTouched);
  const [gone, fresh] = [touched.filter((one) => !one.with).length, touched.filter((one) => !one.base).length];
  return { gone, new: fresh, other: touched.length - gone - fresh };
}

/** @param {{name: string, sums: import("./answer").Sums, kind: string}} props */
function Sums({ name, sums, kind }) {
  const { lang } = usePage();
  return html`<tr class=${kind}><th scope="row">${name}</th>${MEASURES.map(([key, , format]) => html`<td class="number">${format(lang, sums[key])}</td>`)}</tr>`;
}

/** Whether anything of a corridor differs. @param {Difference} one */
function isTouched(one) {
  return !one.base || !one.with || MEASURES.some(([key]) => signOf(one.change?.[key]));
}

/** Whether a change is for the worse, the better, or none. @param {import("./answer").Figure} value */
function signOf(value) {
  return value == null || Math.abs(value) < 1e-6 ? "" : value > 0 ? "more" : "less";
}

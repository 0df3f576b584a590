/** Base beside scenario, corridor by corridor: what each was, what it becomes, and by how much. */
import { html } from "./vendor/preact.js";
import * as figures from "./figures.js";
import { corridorOf, usePage } from "./page.js";

/** @typedef {import("./answer").Comparison} Comparison */

/** @type {["p50_h" | "p90_h" | "cost_usd" | "co2e_kg", "p50_short" | "p90_short" | "cost" | "co2e_short", (lang: import("./answer").Lang, value: import("./answer").Figure) => string][]} */
const MEASURES = [["p50_h", "p50_short", figures.days], ["p90_h", "p90_short", figures.days], ["cost_usd", "cost", figures.usd], ["co2e_kg", "co2e_short", figures.co2e]];

/** @param {{comparison: Comparison}} props */
export function Differences({ comparison }) {
  const { lang, t } = usePage();
  const { scenario, differences } = comparison;
  return html`<section class="differences" aria-label=${t("differences")}>
    <h2>${t("differences")}: ${(lang === "ru" && scenario.title_ru) || scenario.title || scenario.name}</h2>
    ${scenario.changes.length > 0 && html`<ul class="small">${scenario.changes.map((one) => html`<li>${typeof one === "string" ? one : (lang === "ru" && one.text_ru) || one.text}</li>`)}</ul>`}
    <table><thead><tr>${MEASURES.map(([, word]) => html`<th scope="col">${t(word)}</th>`)}</tr></thead>
      ${differences.map((one) => html`<tbody><tr><th scope="rowgroup" colspan=${MEASURES.length}>${corridorOf(lang, one)}${
        one.base && one.with ? "" : html` <span class="mark beaten">${one.with ? t("way_new") : t("way_gone")}</span>`}</th></tr>
        <tr>${MEASURES.map(([key, , format]) => html`<td>${one.base && html`<span class="was">${format(lang, one.base[key])}</span>`}
          ${one.with && html`<span class="now">${format(lang, one.with[key])}</span>`}
          ${one.base && one.with && html`<span class=${`by ${signOf(one.change?.[key])}`}>${figures.change(lang, one.change?.[key], format)}</span>`}</td>`)}</tr></tbody>`)}
    </table>
    <p class="small">${t("differences_note")}</p>
  </section>`;
}

/** Whether a change is for the worse, the better, or none. @param {import("./answer").Figure} value */
function signOf(value) {
  return value == null || Math.abs(value) < 1e-6 ? "" : value > 0 ? "more" : "less";
}

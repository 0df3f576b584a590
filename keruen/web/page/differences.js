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
    ${scenario.changes.length > 0 && html`<ul class="small">${scenario.changes.map((one) => html`<li>${one}</li>`)}</ul>`}
    <div class="scroll" tabindex="0" role="group" aria-label=${t("differences")}><table>
      <thead><tr><th scope="col">${t("corridor")}</th>${MEASURES.map(([, word]) => html`<th scope="col" class="number">${t(word)}</th>`)}</tr></thead>
      <tbody>${differences.map((one) => html`<tr><th scope="row">${corridorOf(lang, one)}</th>
        ${one.base && one.with
          ? MEASURES.map(([key, , format]) => html`<td class="number"><span class="was">${format(lang, one.base?.[key])} →</span> ${format(lang, one.with?.[key])}
              <span class=${`by ${signOf(one.change?.[key])}`}>${figures.change(lang, one.change?.[key], format)}</span></td>`)
          : html`<td colspan=${MEASURES.length}>${one.with ? t("way_new") : t("way_gone")}</td>`}
      </tr>`)}</tbody></table></div>
  </section>`;
}

/** Whether a change is for the worse, the better, or none. @param {import("./answer").Figure} value */
function signOf(value) {
  return value == null || Math.abs(value) < 1e-6 ? "" : value > 0 ? "more" : "less";
}

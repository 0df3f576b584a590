/** What the Union holds itself to, beside what it has of a material, and what is on record of it in Kazakhstan: facts, exports, governance. */
import { html } from "./vendor/preact.js";
import * as figures from "./figures.js";
import { part } from "./materials_table.js";
import { known, useWords } from "./materials_words.js";
import { usePage } from "./page.js";
import { RowButton } from "./records.js";

const SIGNS = /** @type {const} */ ({ true: "met", false: "missed", null: "open" });

/** The benchmarks of the Union for 2030, and where a what-if moves a share what it was. @param {{all: any[], was: any[], named: (code: string) => string}} props */
export function Benchmarks({ all, was, named }) {
  const { lang } = usePage();
  const w = useWords();
  if (all.length === 0) return null;
  return html`<ul class="benchmarks" aria-label=${w("bench_title")}>${all.map((one) => {
    const before = was.find((other) => other.benchmark === one.benchmark);
    const sign = SIGNS[/** @type {"true"} */ (String(one.met))];
    return html`<li class=${sign} data-benchmark=${one.benchmark}><span class="bench-name">${w(/** @type {"bench_recycling"} */ (`bench_${one.benchmark}`), { country: one.country ? named(one.country) : "" })}</span>
      <strong>${part(lang, one.share)}</strong>${before && Math.abs(before.share - one.share) > 0.0005 && html`<small class="was">${w("was", { value: part(lang, before.share) })}</small>`}
      <span class="bench-gauge" aria-hidden="true"><i style=${`width: ${Math.min(100, 100 * one.share)}%`}></i><b style=${`left: ${100 * one.wanted}%`}></b></span>
      <span class="small">${w(one.benchmark.startsWith("single") ? "bench_at_most" : "bench_at_least", { wanted: part(lang, one.wanted) })}: <em>${w(/** @type {"bench_met"} */ (`bench_${sign}`))}</em></span></li>`;
  })}</ul>`;
}

/** Producers, stages, reserves, projects and exports on record. @param {{found: any, named: (code: string) => string}} props */
export function Kazakhstan({ found, named }) {
  const { lang } = usePage();
  const w = useWords();
  if (found.facts.length + found.exports.length === 0) return null;
  const amount = (/** @type {any} */ one) => (one.value == null ? (one.value_text ?? "") : `${figures.short(lang, one.value, 3)}${one.value_max == null ? "" : `–${figures.short(lang, one.value_max, 3)}`} ${one.unit ?? ""}`);
  const kind = (/** @type {string} */ one) => (known(`kz_${one}`) ? w(/** @type {"kz_output"} */ (`kz_${one}`)) : one.replaceAll("_", " "));
  const sorted = [...found.facts].sort((a, b) => order(a.kind) - order(b.kind));
  return html`<section class="kazakhstan"><h3>${w("kz_title")}</h3>
    ${found.exports.map((/** @type {any} */ one) => html`<p class="kz-exports">${w("kz_exports", { product: one.product, hs: one.hs, year: one.year, usd: figures.short(lang, one.total_thousand_usd / 1000, 3) })} ${one.destinations.map((/** @type {any} */ to, /** @type {number} */ index) => html`${index > 0 && ", "}<span class="kz-to">${named(to.country) || to.country} ${part(lang, to.share)}</span>`)}</p>`)}
    ${sorted.length > 0 && html`<div class="scroll" tabindex="0" role="group" aria-label=${w("kz_title")}><table><thead><tr>${/** @type {const} */ (["kz_kind", "kz_what", "head_value", "kz_when", "kz_who", "head_rows"]).map((key) => html`<th scope="col">${w(key)}</th>`)}</tr></thead>
      <tbody>${sorted.map((one) => html`<tr data-fact=${one.fact}><th scope="row">${kind(one.kind)}</th><td>${[one.product, one.indicator].filter(Boolean).join(": ")}</td><td>${amount(one)}</td><td>${one.period ?? ""}</td>
        <td>${[one.company, one.site].filter(Boolean).join(", ")}</td><td><${RowButton} row=${`kazakhstan_materials:${one.fact}`} /></td></tr>`)}</tbody></table></div>`}
  </section>`;
}

/** What is made stands before what is said. @param {string} kind */
function order(kind) {
  const found = ["output", "operation", "capacity", "reserves", "resources", "deposit", "project", "exploration"].indexOf(kind);
  return found < 0 ? 9 : found;
}

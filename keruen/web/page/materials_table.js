/** The risk of each material of a list as a table: a bar from the lower to the upper end of the interval, a mark at the value. */
import { html } from "./vendor/preact.js";
import * as figures from "./figures.js";
import { useWords } from "./materials_words.js";
import { nameOf, usePage } from "./page.js";

const [BAR_PX, LEAST_SHOWN] = [64, 0.005];

/** @param {{entries: import("./materials_tables.js").Entry[], chosen: string, pick: (material: string) => void}} props */
export function RiskTable({ entries, chosen, pick }) {
  const { lang, t } = usePage();
  const w = useWords();
  const most = Math.max(1, ...entries.map((one) => one.risk?.SR_high ?? 0));
  const names = new Map(entries.map((one) => [one.country.material, nameOf(lang, one.country)]));
  const made = (/** @type {string[]} */ by) =>
    w(by.includes("plain") ? "made_plain" : by.includes("any") ? "made_any" : by.includes("any_or_planned") ? "made_planned" : by.includes("on_record") ? "made_record" : "made_no");
  return html`<div class="scroll material-table" tabindex="0" role="group" aria-label=${w("risk_title")}><table><caption>${w("risk_title")}</caption>
    <thead><tr><th scope="col">${w("head_material")}</th><th scope="col">${w("head_stage")}</th><th scope="col" class="number">${w("head_sr")}</th><th scope="col"><span class="unseen">${w("head_range")}</span></th>
      <th scope="col" class="number">${w("head_ei")}</th><th scope="col">${w("head_made")}</th></tr></thead>
    <tbody>${entries.map((one) => html`<tr key=${one.code} class=${one.code === chosen ? "chosen" : ""} data-material=${one.code}>
      <th scope="row">${one.risk ? html`<button type="button" class="figure" aria-pressed=${one.code === chosen} onClick=${() => pick(one.code)}>${nameOf(lang, one)}</button>` : nameOf(lang, one)}
        ${one.risk?.critical && html` <span class="mark critical">${w("critical")}</span>`}
        ${one.part_of && html`<small class="part" title=${names.get(one.part_of) ?? one.part_of}>${w("part", { name: names.get(one.part_of) ?? one.part_of })}</small>`}</th>
      <td>${one.risk?.stage ? w(/** @type {"stage_extraction"} */ (`stage_${one.risk.stage}`)) : ""}</td>
      <td class="number">${one.risk ? html`<strong>${figures.plain(lang, one.risk.SR, 2)}</strong>` : html`<span class="nil">${t("unknown")}</span>`}
        ${one.risk?.SR_before != null && Math.abs(one.risk.SR_before - one.risk.SR) > 0.005 && html`<small class="was">${w("was", { value: figures.plain(lang, one.risk.SR_before, 2) })}</small>`}</td>
      <td>${one.risk && html`<${Interval} low=${one.risk.SR_low} value=${one.risk.SR} high=${one.risk.SR_high} most=${most} />`}</td>
      <td class="number">${one.risk?.EI == null ? html`<span class="nil">${t("unknown")}</span>` : figures.plain(lang, one.risk.EI, 1)}</td>
      <td>${made(one.made)}</td></tr>`)}</tbody></table></div>`;
}

/** A share that is there is never written as none. @param {import("./answer").Lang} lang @param {number} share */
export const part = (lang, share) => (share > 0 && share < LEAST_SHOWN ? `< ${figures.percent(lang, 2 * LEAST_SHOWN)}` : figures.percent(lang, share));

/** An interval as a bar. @param {{low: number, value: number, high: number, most: number}} props */
function Interval({ low, value, high, most }) {
  const { lang } = usePage();
  const w = useWords();
  const at = (/** @type {number} */ one) => (one / most) * BAR_PX;
  const said = w("interval", { low: figures.plain(lang, low, 2), high: figures.plain(lang, high, 2) });
  return html`<svg class="interval" width=${BAR_PX + 4} height="14" role="img" aria-label=${said}><title>${said}</title>
    <rect class="ground" x="0" y="5" width=${BAR_PX} height="4" /><rect class="span" x=${at(low)} y="4" width=${Math.max(1, at(high) - at(low))} height="6" /><rect class="value" x=${at(value) - 1} y="1" width="2.5" height="12" /></svg>`;
}

/** Links to a table as CSV and as a workbook. @param {{label: string, path: string, asked: URLSearchParams}} props */
export function Files({ label, path, asked }) {
  return html`<p class="links material-files" role="group" aria-label=${label}><span class="small">${label}:</span> ${["csv", "xlsx"].map((one) => html`<a download="" href=${`${path}/${one}?${asked}`}>${one.toUpperCase()}</a>`)}</p>`;
}

/** A table of trade: a line for each partner or product with turnover, exports, imports, balance, and growth with what rounding allows. */
import { html, useState } from "./vendor/preact.js";
import { useWords } from "./figure_words.js";
import * as figures from "./figures.js";
import { usePage } from "./page.js";
import { FLOWS } from "./trade_tables.js";

/** @typedef {import("./trade_tables.js").Amount} Amount */

const MILLION = 1e6;
const AT_ONCE = 25;

/**
 * @param {object} props
 * @param {string} props.title
 * @param {string} props.head what a line is of
 * @param {string} [props.currency]
 * @param {import("./trade_tables.js").Line[]} props.lines
 * @param {(item: string) => string} props.named
 * @param {string} [props.chosen]
 * @param {(item: string) => void} [props.pick] where a line can be chosen
 */
export function TradeTable({ title, head, currency = "USD", lines, named, chosen = "", pick }) {
  const { lang, t } = usePage();
  const w = useWords();
  const [all, setAll] = useState(false);
  const shown = all ? lines : lines.slice(0, AT_ONCE);
  const level = (/** @type {Amount} */ one) => (one.value == null ? html`<span class="nil">${t("unknown")}</span>` : figures.plain(lang, one.value / MILLION, 1).replace("-", "−"));
  return html`<section><div class="scroll trade-table" tabindex="0" role="group" aria-label=${title}><table><caption>${title} <span class="small">${w("trade_million", { currency })}</span></caption>
    <thead><tr><th scope="col">${head}</th>${FLOWS.map((flow) => html`<th scope="col" class="number">${w(`trade_${flow}`)}</th>${flow !== "balance" && html`<th scope="col" class="number">${w("slot_growth_pct")}</th>`}`)}</tr></thead>
    <tbody>${shown.map((one) => html`<tr key=${one.item} class=${one.item === chosen ? "chosen" : ""}><th scope="row">${pick ? html`<button type="button" class="figure" aria-pressed=${one.item === chosen} onClick=${() => pick(one.item)}>${named(one.item)}</button>` : named(one.item)}
        ${one.rivals > 0 && html` <span class="small" title=${w("trade_rivals_note")}>${w("trade_rivals", { n: one.rivals })}</span>`}</th>
      ${FLOWS.map((flow) => html`<td class="number">${level(one.now[flow])}</td>${flow !== "balance" && html`<td class="number"><${Growth} growth=${one.growth[flow]} /></td>`}`)}</tr>`)}</tbody></table></div>
    ${lines.length > shown.length && html`<button type="button" class="again" onClick=${() => setAll(true)}>${t("show_all", { n: lines.length })}</button>`}</section>`;
}

/** A change in per cent; the range that rounding allows where it can be seen. @param {{growth: Amount}} props */
function Growth({ growth }) {
  const { lang, t } = usePage();
  const w = useWords();
  if (growth.value == null) return html`<span class="nil">${t("unknown")}</span>`;
  const sign = (/** @type {number} */ share) => `${share > 0 ? "+" : share < 0 ? "−" : ""}${figures.plain(lang, Math.abs(share) * 100, 1)}`;
  const { low, high } = growth;
  const range = low != null && high != null ? `${sign(low)} … ${sign(high)} %` : "";
  const wide = low != null && high != null && sign(low) !== sign(high);
  return html`<span title=${range && w("trade_range", { range })}>${growth.value > 9 ? `× ${figures.short(lang, 1 + growth.value, 1)}` : `${sign(growth.value)} %`}${wide && html`<small class="range">${range}</small>`}</span>`;
}

/** What is on record of one country with another: a heading for each thing, under it its figures side by side, and which differ by more than rounding explains. */
import { html } from "./vendor/preact.js";
import { Sign } from "./claim_list.js";
import { known, useWords } from "./figure_words.js";
import * as figures from "./figures.js";
import { usePage } from "./page.js";
import { has } from "./words.js";

/** @typedef {import("./answer").Thing} Thing */

/** @param {{things: Thing[], title: string, named: (area: string) => string}} props named: the name of a country from its code */
export function Records({ things, title, named }) {
  const { lang, t } = usePage();
  const w = useWords();
  const said = (/** @type {string} */ kind, /** @type {string | null} */ value) => {
    const key = `${kind}_${value}`;
    return known(key) ? w(key) : (value ?? "").replaceAll("_", " ");
  };
  const goods = (/** @type {Thing} */ one) => {
    if (one.goods === "TOTAL") return w("goods_all");
    const told = one.figures.find((figure) => figure.commodity);
    const words = (lang === "ru" && told?.commodity_ru) || told?.commodity;
    return /^\d+$/.test(one.goods) ? `${w("goods_code", { code: one.goods })}${words ? `, ${words}` : ""}` : words || one.goods;
  };
  const mode = (/** @type {Thing} */ one) => one.mode && (has(`mode_${one.mode}`) ? t(/** @type {"mode_rail"} */ (`mode_${one.mode}`)) : one.mode);
  const heading = (/** @type {Thing} */ one) => [said("flow", one.flow), goods(one), mode(one), one.measure.replaceAll("_", " "), one.scope, one.period || w("undated")].filter(Boolean).join(" · ");
  const several = things.filter((one) => one.figures.length > 1);
  return html`<section class="records" aria-label=${title}><h2>${title}</h2>
    <p class="small">${w("records_note", { n: several.length })}</p>
    <div class="scroll" tabindex="0" role="group" aria-label=${title}><table><thead><tr><th scope="col">${w("records_value")}</th><th scope="col">${w("records_kind")}</th>
      <th scope="col">${w("records_whose")}</th><th scope="col">${w("slot_edition")}</th><th scope="col">${w("records_published")}</th><th scope="col">${w("check_rows")}</th></tr></thead>
      ${(several.length ? several : things).map((one) => html`<tbody><tr class="thing"><th colspan="6" scope="rowgroup">${heading(one)}${one.conflicts.length > 0 && html` <span class="conflict"><${Sign} verdict="differs" /> ${w("records_conflict", { apart: figures.short(lang, Math.max(...one.conflicts.map((two) => two.share)) * 100, 2) })}</span>`}</th></tr>
        ${one.figures.map((figure) => html`<tr><td>${figure.qualifier ? `${said("qualifier", figure.qualifier)} ` : ""}${figure.value == null ? (figure.growth_pct == null ? t("unknown") : `${figures.short(lang, figure.growth_pct)} %`) : `${figures.short(lang, figure.value)} ${figure.unit ?? ""}`}</td>
          <td>${said("kind", figure.kind)}${figure.weight === "derived" ? `, ${w("records_sum")}` : ""}</td><td>${figure.perspective ? named(figure.perspective) : ""}</td><td>${said("edition", figure.edition)}</td><td>${figure.published ? figures.date(lang, figure.published) : ""}</td>
          <td><span class="evidence-rows">${figure.rows.map((row) => html`<${RowButton} row=${row} />`)}</span></td></tr>`)}</tbody>`)}</table></div>
  </section>`;
}

/** A row of evidence that opens in the drawer. @param {{row: string}} props */
export function RowButton({ row }) {
  const { state, go } = usePage();
  return html`<button type="button" class="figure" data-row=${row} aria-expanded=${state.figure === `row/${row}`} onClick=${() => go({ figure: `row/${row}` })}>${row}</button>`;
}

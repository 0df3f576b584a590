/** The sheets under the map that look into the answer, one at a time: compare, distance, legs, surety, take away. */
import { html, useRef, useState } from "./vendor/preact.js";
import { DistanceChart } from "./distance_chart.js";
import { Downloads } from "./downloads.js";
import { LegTable } from "./leg_table.js";
import { usePage } from "./page.js";
import { ParetoChart } from "./pareto_chart.js";
import { Surety } from "./surety.js";

const SHEETS = /** @type {const} */ (["compare", "distance", "legs", "surety", "files"]);

/**
 * @typedef {object} SheetProps
 * @property {import("./answer").Answer} answer
 * @property {import("./ranking.js").Prices} prices
 * @property {number[]} order
 * @property {number} chosen
 * @property {{current: any}} map
 * @property {(index: number | null) => void} point
 */

/** @param {SheetProps} props */
export function Sheets(props) {
  const { state, go, t } = usePage();
  const [low, setLow] = useState(false);
  const tabs = useRef(/** @type {HTMLElement | null} */ (null));
  const shown = SHEETS.find((one) => one === state.show) ?? "compare";
  const key = (/** @type {KeyboardEvent} */ event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const next = SHEETS[(SHEETS.indexOf(shown) + step + SHEETS.length) % SHEETS.length];
    go({ show: next });
    /** @type {HTMLElement | null | undefined} */ (tabs.current?.querySelector(`#tab-${next}`))?.focus();
  };
  const Sheet = { compare: ParetoChart, distance: DistanceChart, legs: LegTable, surety: Surety, files: Downloads }[shown];
  return html`<section class=${`sheets${low ? " low" : ""}`} aria-label=${t("sheets")}>
    <div class="sheet-head">
      <div role="tablist" aria-label=${t("sheets")} ref=${tabs} onKeyDown=${key}>
        ${SHEETS.map((one) => html`<button type="button" role="tab" id=${`tab-${one}`} aria-selected=${one === shown} aria-controls="sheet"
          tabindex=${one === shown ? 0 : -1} onClick=${() => { setLow(false); go({ show: one }); }}>${t(`sheet_${one}`)}</button>`)}
      </div>
      <button type="button" class="plain" aria-expanded=${!low} aria-controls="sheet" aria-label=${t("fold_sheet")} title=${t("fold_sheet")} onClick=${() => setLow(!low)}>
        <svg class="sign" viewBox="0 0 16 16" aria-hidden="true"><path d=${low ? "M3 10 L8 5 L13 10" : "M3 6 L8 11 L13 6"} /></svg></button>
    </div>
    <div id="sheet" role="tabpanel" aria-labelledby=${`tab-${shown}`} tabindex="0" hidden=${low}><${Sheet} ...${props} /></div>
  </section>`;
}

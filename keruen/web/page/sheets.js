/** The sheets under the map that look into the answer, one at a time: compare, distance, legs, surety, take away. */
import { html } from "./vendor/preact.js";
import { DistanceChart } from "./distance_chart.js";
import { Downloads } from "./downloads.js";
import { LegTable } from "./leg_table.js";
import { usePage } from "./page.js";
import { ParetoChart } from "./pareto_chart.js";
import { Surety } from "./surety.js";
import { Tabbed } from "./tabbed.js";

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

const SHOWN = { compare: ParetoChart, distance: DistanceChart, legs: LegTable, surety: Surety, files: Downloads };

/** @param {SheetProps} props */
export function Sheets(props) {
  const { t } = usePage();
  return html`<${Tabbed} order=${SHEETS} label=${t("sheets")} named=${(/** @type {keyof typeof SHOWN} */ one) => t(`sheet_${one}`)}>
    ${(/** @type {keyof typeof SHOWN} */ one) => html`<${SHOWN[one]} ...${props} />`}<//>`;
}

/** The legs of the chosen route: what each takes in hours by kind, dollars and CO2e. Every number opens where it is from. */
import { html } from "./vendor/preact.js";
import * as figures from "./figures.js";
import { isNothing } from "./map_lines.js";
import { corridorOf, nameOf, usePage } from "./page.js";
import { Figure } from "./parts.js";

/** @typedef {import("./answer").Leg} Leg */

const KINDS = /** @type {const} */ (["running_h", "waiting_h", "handling_h", "border_h"]);

/** Which kinds of component make up each figure. */
export const PARTS = /** @type {Record<string, string[]>} */ ({
  running_h: ["running"], waiting_h: ["waiting"], handling_h: ["handling"], border_h: ["border"],
});

/** @param {import("./sheets.js").SheetProps} props */
export function LegTable({ answer, chosen }) {
  const { lang, t } = usePage();
  const route = answer.routes[chosen];
  if (!route) return null;
  const nameAt = (/** @type {string} */ id) => {
    const place = answer.places[id];
    return place ? nameOf(lang, place) : id;
  };
  const cell = (/** @type {string} */ figure, /** @type {number | null | undefined} */ value, /** @type {string} */ label, /** @type {boolean} */ assumed, digits = 0) =>
    html`<td class="number">${value === 0 ? html`<span class="nil">–</span>` : html`<${Figure} figure=${figure} way=${chosen} label=${label} assumed=${assumed}
      text=${value == null ? t("unknown") : figures.plain(lang, value, digits)} />`}</td>`;
  const cells = (/** @type {string} */ of, /** @type {Leg | import("./answer").Route} */ one) => html`
    <td class="number">${one.distance_km ? figures.plain(lang, one.distance_km) : html`<span class="nil">–</span>`}</td>
    ${KINDS.map((kind) => cell(`${of}/${kind}`, one[kind], t(`head_${kind}`), false, 1))}
    ${cell(`${of}/time_h`, one.time_h, t("head_time_h"), one.assumed.includes("time_h"), 1)}
    ${cell(`${of}/cost_usd`, one.cost_usd, t("head_cost_usd"), one.assumed.includes("cost_usd"))}
    ${cell(`${of}/co2e_kg`, one.co2e_kg, t("head_co2e_kg"), one.assumed.includes("co2e_kg"))}`;
  return html`<div class="scroll legs" tabindex="0" role="group" aria-label=${t("sheet_legs")}><table>
    <caption>${chosen + 1}. ${corridorOf(lang, route)} <span class="small">${t("assumed_sign")}</span></caption>
    <thead><tr><th scope="col">${t("head_leg")}</th><th scope="col" class="number">${t("head_km")}</th>${KINDS.map((kind) => html`<th scope="col" class="number">${t(`head_${kind}`)}</th>`)}
      <th scope="col" class="number">${t("head_time_h")}</th><th scope="col" class="number">${t("head_cost_usd")}</th><th scope="col" class="number">${t("head_co2e_kg")}</th></tr></thead>
    <tbody>${route.legs.map((leg, index) => html`<tr class=${leg.distance_km ? "moving" : isNothing(leg) ? "standing passed" : "standing"}>
      <th scope="row"><div class="leg-name"><span class=${`mode mode-${leg.mode}`}>${t(/** @type {"mode_rail"} */ (`mode_${leg.mode}`))}</span> <span class="where">${
        leg.from === leg.to ? (lang === "ru" && leg.name_ru) || leg.name || nameAt(leg.to) : `${nameAt(leg.from)} → ${nameAt(leg.to)}`}${
        leg.from !== leg.to && leg.name ? html`<small>${(lang === "ru" && leg.name_ru) || leg.name}</small>` : ""}</span></div></th>
      ${cells(`leg/${index}`, leg)}</tr>`)}</tbody>
    <tfoot><tr><th scope="row">${t("total")}</th>${cells("route", route)}</tr></tfoot>
  </table></div>`;
}

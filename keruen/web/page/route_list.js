/** The list of corridors in order of generalized cost, and the two prices that set this order. */
import { html, useRef } from "./vendor/preact.js";
import { routeColours } from "./colours.js";
import * as figures from "./figures.js";
import { corridorOf, usePage } from "./page.js";
import { Figure } from "./parts.js";
import { generalizedCost, leasts } from "./ranking.js";

/** @typedef {import("./answer").Answer} Answer */
/** @typedef {import("./ranking.js").Prices} Prices */

/** @param {{answer: Answer, order: number[], prices: Prices, chosen: number, point: (index: number | null) => void}} props */
export function RouteList({ answer, order, prices, chosen, point }) {
  const { go, lang, t, dark } = usePage();
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const colours = routeColours(answer.routes.length, dark);
  const least = leasts(answer.routes);
  const pick = (/** @type {number} */ index) => go({ way: String(index + 1), figure: "" });
  const key = (/** @type {KeyboardEvent} */ event, /** @type {number} */ place) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const next = order[place + step];
    if (!step || next === undefined) return;
    event.preventDefault();
    pick(next);
    /** @type {HTMLElement | null | undefined} */ (list.current?.querySelector(`[data-route="${next}"] .pick`))?.focus();
  };
  const first = order[0];
  return html`<${Sliders} answer=${answer} prices=${prices} />
    <div class="sum-heads" aria-hidden="true"><span>P50</span><span>P90</span><span>${t("cost")}</span><span>CO₂e</span></div>
    <ol class="routes" ref=${list} aria-label=${t("corridors")}>
      ${order.map((index, place) => {
        const one = answer.routes[index];
        if (!one) return null;
        const marks = [
          index === first && t("mark_best"), least.p50_h === index && t("mark_fastest"), least.p90_h === index && t("mark_surest"),
          least.cost_usd === index && t("mark_cheapest"), least.co2e_kg === index && t("mark_cleanest"),
        ].filter(Boolean);
        return html`<li key=${index} data-route=${index} class=${index === chosen ? "chosen" : ""} onClick=${() => pick(index)}
          onMouseEnter=${() => point(index)} onMouseLeave=${() => point(null)}>
          <button type="button" class="pick" aria-pressed=${index === chosen} onKeyDown=${(/** @type {KeyboardEvent} */ event) => key(event, place)}
            onFocus=${() => point(index)} onBlur=${() => point(null)}>
            <span class="disc" style=${{ background: colours[index] }}>${index + 1}</span>
            <span class="corridor">${corridorOf(lang, one)}</span>
          </button>
          <div class="sums">
            <${Figure} way=${index} figure="route/p50_h" label=${t("p50_label")} assumed=${one.assumed.includes("time_h")} text=${figures.days(lang, one.p50_h)} strong />
            <${Figure} way=${index} figure="route/p90_h" label=${t("p90_label")} assumed=${one.assumed.includes("time_h")} text=${figures.days(lang, one.p90_h)} />
            <${Figure} way=${index} figure="route/cost_usd" label=${t("cost")} assumed=${one.assumed.includes("cost_usd")} text=${figures.usd(lang, one.cost_usd)} strong />
            <${Figure} way=${index} figure="route/co2e_kg" label=${t("co2e")} assumed=${one.assumed.includes("co2e_kg")} text=${figures.co2e(lang, one.co2e_kg)} />
          </div>
          <div class="about"><span>${one.modes.map((mode) => t(/** @type {"mode_rail"} */ (`mode_${mode}`))).join(" → ")}</span>
            <span>${t("generalized_short")} <${Figure} way=${index} figure="route/generalized" label=${t("head_generalized")} text=${figures.usd(lang, generalizedCost(one, prices))} /></span>
            ${one.on_time != null && answer.within_days != null && html`<span>${t("on_time", { days: answer.within_days, share: figures.percent(lang, one.on_time) })}</span>`}
            ${marks.map((mark) => html`<span class="mark">${mark}</span>`)}
            ${one.beaten_by && html`<span class="mark beaten" title=${t("beaten_note")}>${t("beaten_by", { name: one.beaten_by_way ? corridorOf(lang, one.beaten_by_way) : one.beaten_by })}</span>`}
          </div>
        </li>`;
      })}
    </ol>
    <p class="small">${t("assumed_sign")} ${answer.coverage.truncated ? t("truncated") : ""} ${answer.coverage.certified ? "" : t("uncertified")}</p>`;
}

/** What an hour and a tonne of CO2e are worth; moving them orders the list anew. @param {{answer: Answer, prices: Prices}} props */
function Sliders({ answer, prices }) {
  const { state, go, lang, t } = usePage();
  const own = answer.shipment.value_of_time_usd_per_t_day;
  const most = Math.max(100, 5 * own);
  const move = (/** @type {"vot" | "carbon_price"} */ which) => (/** @type {Event} */ event) =>
    go({ [which]: /** @type {HTMLInputElement} */ (event.target).value, way: "" });
  const vot = t("vot_value", { value: figures.plain(lang, prices.vot) });
  const carbon = t("carbon_value", { value: figures.plain(lang, prices.carbon) });
  return html`<div class="sliders" role="group" aria-label=${t("ranking")}>
    <label><span>${t("value_of_time")}<output>${vot}</output></span>
      <input type="range" min="0" max=${most} step="1" value=${prices.vot} aria-label=${t("value_of_time")} aria-valuetext=${vot} onInput=${move("vot")} /></label>
    <label><span>${t("carbon_price")}<output>${carbon}</output></span>
      <input type="range" min="0" max="300" step="5" value=${prices.carbon} aria-label=${t("carbon_price")} aria-valuetext=${carbon} onInput=${move("carbon_price")} /></label>
    ${(state.vot || state.carbon_price) && html`<button type="button" class="plain text" onClick=${() => go({ vot: "", carbon_price: "", way: "" })}>${t("prices_usual")}</button>`}
  </div>`;
}

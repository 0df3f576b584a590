/** The Pareto picture: median time across, cost upwards, CO2e as the area of the bubble; a line joins what nothing beats. */
import { html, useRef, useState } from "./vendor/preact.js";
import { Axes } from "./axes.js";
import { ChartFiles } from "./chart_files.js";
import { routeColours } from "./colours.js";
import * as figures from "./figures.js";
import { corridorOf, usePage } from "./page.js";
import { useSize } from "./parts.js";
import { linear, logarithmic } from "./scales.js";

const BIGGEST = 28; // pixels, radius of the most CO2e
const SMALLEST = 11; // so that a number fits in
const FAR_APART = 5; // greatest over least, from which an even scale would press the small ones together

/**
 * A scale on which all values can be told apart: even, or logarithmic where they lie far apart.
 * @param {number[]} values @param {number} start @param {number} end
 */
function fitting(values, start, end) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (low > 0 && high / low > FAR_APART) return logarithmic(low * 0.85, high * 1.15, start, end);
  return linear(0, high * 1.08, start, end, { count: 6 });
}

/** @param {import("./sheets.js").SheetProps} props */
export function ParetoChart({ answer, chosen, point }) {
  const { go, lang, t, dark } = usePage();
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const { width, height } = useSize(box);
  const [tip, setTip] = useState(/** @type {number | null} */ (null));
  const { routes } = answer;
  const colours = routeColours(routes.length, dark);
  const timeOf = (/** @type {import("./answer").Route} */ one) => (one.p50_h ?? one.time_h) / 24;
  const frame = { left: 70, right: Math.max(200, width - 28), top: 34, bottom: Math.max(120, height - 44) };
  const x = fitting(routes.map(timeOf), frame.left, frame.right);
  const y = fitting(routes.map((one) => one.cost_usd), frame.bottom, frame.top);
  const most = Math.max(...routes.map((one) => one.co2e_kg ?? 0), 1);
  const radius = (/** @type {number | null | undefined} */ kg) => (kg == null ? SMALLEST : Math.max(SMALLEST, BIGGEST * Math.sqrt(kg / most)));
  const drawn = routes.map((one, index) => ({ one, index, r: radius(one.co2e_kg) })).sort((a, b) => b.r - a.r);
  const select = (/** @type {number} */ index) => go({ way: String(index + 1), figure: "" });
  const show = (/** @type {number | null} */ index) => {
    setTip(index);
    point(index);
  };
  const key = (/** @type {KeyboardEvent} */ event, /** @type {number} */ index) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    select(index);
  };
  const told = tip === null ? undefined : routes[tip];
  return html`<div class="chart" ref=${box}>
    ${width > 0 && html`<svg width=${width} height=${height} role="group" aria-label=${t("pareto_title")}>
      <${Axes} x=${x} y=${y} frame=${frame} xTitle=${t("axis_days_p50")} yTitle=${t("axis_usd")} xText=${(/** @type {number} */ v) => figures.plain(lang, v)} yText=${(/** @type {number} */ v) => figures.plain(lang, v)} />
      ${drawn.map(({ one, index, r }) => html`<g class=${`bubble${index === chosen ? " chosen" : ""}${one.beaten_by ? " beaten" : ""}`} tabindex="0" role="button" aria-pressed=${index === chosen} data-route=${index}
        aria-label=${`${index + 1}. ${corridorOf(lang, one)}: ${figures.days(lang, one.p50_h ?? one.time_h)}, ${figures.usd(lang, one.cost_usd)}, ${t("co2e")} ${figures.co2e(lang, one.co2e_kg)}${one.beaten_by ? `, ${t("beaten")}` : ""}`}
        onClick=${() => select(index)} onKeyDown=${(/** @type {KeyboardEvent} */ event) => key(event, index)}
        onMouseEnter=${() => show(index)} onMouseLeave=${() => show(null)} onFocus=${() => show(index)} onBlur=${() => show(null)}>
        <circle cx=${x.at(timeOf(one))} cy=${y.at(one.cost_usd)} r=${r} fill=${colours[index]} stroke=${colours[index]} stroke-dasharray=${one.co2e_kg == null ? "2 3" : undefined} />
        <circle class="core" cx=${x.at(timeOf(one))} cy=${y.at(one.cost_usd)} r="8" />
        <text x=${x.at(timeOf(one))} y=${y.at(one.cost_usd)} dy="0.35em" text-anchor="middle">${index + 1}</text>
      </g>`)}
    </svg>`}
    ${told && html`<div class="tip" style=${{ left: `${Math.min(x.at(timeOf(told)) + 14, width - 250)}px`, top: `${Math.max(4, y.at(told.cost_usd) - 96)}px` }} aria-hidden="true">
      <strong>${(tip ?? 0) + 1}. ${corridorOf(lang, told)}</strong>
      <span>P50 ${figures.days(lang, told.p50_h)} · P90 ${figures.days(lang, told.p90_h)}</span>
      <span>${figures.usd(lang, told.cost_usd)} · CO₂e ${figures.co2e(lang, told.co2e_kg)}</span>
      ${told.beaten_by && html`<span>${t("beaten_by", { name: told.beaten_by_way ? corridorOf(lang, told.beaten_by_way) : told.beaten_by })}</span>`}</div>`}
    <${ChartFiles} box=${box} name="keruen-pareto" numbers=${routes.map((one, index) => ({ text: corridorOf(lang, one), colour: colours[index] ?? "" }))} />
    <p class="chart-note">${t("pareto_note")}</p>
  </div>`;
}

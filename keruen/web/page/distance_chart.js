/** The time-cost-distance diagram: hours, dollars or CO2e pile up along the kilometres; stops stand upright, borders hollow. */
import { html, useRef, useState } from "./vendor/preact.js";
import { Axes } from "./axes.js";
import { routeColours } from "./colours.js";
import { curve, end } from "./curves.js";
import * as figures from "./figures.js";
import { corridorOf, nameOf, usePage } from "./page.js";
import { useSize } from "./parts.js";
import { linear } from "./scales.js";

/** @typedef {import("./curves.js").Measure} Measure */

const MEASURES = /** @type {Measure[]} */ (["time_h", "cost_usd", "co2e_kg"]);
const DASHES = /** @type {Record<string, string>} */ ({ sea: "9 4", ferry: "4 3", road: "2 3", air: "1 5", inland_waterway: "9 3 2 3" });

/** @param {import("./sheets.js").SheetProps} props */
export function DistanceChart({ answer, chosen }) {
  const { state, go, lang, t, dark } = usePage();
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const { width, height } = useSize(box);
  const [tip, setTip] = useState(/** @type {{text: string, more: string, x: number, y: number} | null} */ (null));
  const measure = MEASURES.find((one) => one === state.against) ?? "time_h";
  const colours = routeColours(answer.routes.length, dark);
  const whose = state.of === "one" ? [chosen] : answer.routes.map((_, index) => index);
  const curves = whose.flatMap((index) => {
    const pieces = curve(answer.routes[index]?.legs ?? [], measure);
    return pieces ? [{ index, pieces }] : [];
  });
  curves.sort((a, b) => Number(a.index === chosen) - Number(b.index === chosen));
  const frame = { left: 70, right: Math.max(200, width - 40), top: 34, bottom: Math.max(120, height - 44) };
  const scale = measure === "time_h" ? 1 / 24 : measure === "co2e_kg" ? 1 / 1000 : 1;
  const x = linear(0, Math.max(1, ...curves.map((one) => end(one.pieces).km)), frame.left, frame.right, { count: 8 });
  const y = linear(0, Math.max(0.1, ...curves.map((one) => end(one.pieces).value * scale)), frame.bottom, frame.top, { count: 5 });
  const format = measure === "time_h" ? figures.hours : measure === "cost_usd" ? figures.usd : figures.kilograms;
  const tell = (/** @type {number} */ route, /** @type {import("./curves.js").Piece} */ piece) => {
    const leg = answer.routes[route]?.legs[piece.leg];
    if (!leg) return "";
    const place = answer.places[leg.to];
    const where = (lang === "ru" && leg.name_ru) || leg.name || (place ? nameOf(lang, place) : leg.to);
    return `${t(/** @type {"mode_rail"} */ (`mode_${leg.mode}`))}, ${where}: ${format(lang, piece.to.value - piece.from.value)}${piece.stop ? "" : `, ${figures.km(lang, leg.distance_km)}`}`;
  };
  const set = (/** @type {"against" | "of"} */ which, /** @type {string} */ value) => () => go({ [which]: value });
  const unknown = whose.length - curves.length;
  return html`<div class="chart" ref=${box}>
    <div class="chart-choice"><div class="switch" role="group" aria-label=${t("against")}>
        ${MEASURES.map((one) => html`<button type="button" aria-pressed=${measure === one} onClick=${set("against", one === "time_h" ? "" : one)}>${t(`against_${one}`)}</button>`)}</div>
      <div class="switch" role="group" aria-label=${t("whose")}>
        <button type="button" aria-pressed=${state.of !== "one"} onClick=${set("of", "")}>${t("whose_all")}</button>
        <button type="button" aria-pressed=${state.of === "one"} onClick=${set("of", "one")}>${t("whose_one")}</button></div></div>
    ${width > 0 && html`<svg width=${width} height=${height} role="group" aria-label=${t("distance_title")}>
      <${Axes} x=${x} y=${y} frame=${frame} xTitle=${t("axis_km")} yTitle=${t(`axis_${measure}`)} xText=${(/** @type {number} */ v) => figures.plain(lang, v)}
        yText=${(/** @type {number} */ v) => figures.plain(lang, v, y.high < 4 ? 1 : 0)} />
      ${curves.map(({ index, pieces }) => html`<g class=${`curve${index === chosen ? " chosen" : ""}`} stroke=${colours[index]} data-route=${index}>
        ${pieces.map((piece) => {
          const [x1, y1, x2, y2] = [x.at(piece.from.km), y.at(piece.from.value * scale), x.at(piece.to.km), y.at(piece.to.value * scale)];
          const own = index === chosen;
          const show = () => setTip({ text: tell(index, piece), more: `${figures.km(lang, piece.to.km)} · ${format(lang, piece.to.value)}`, x: x2, y: y2 });
          const focus = own && piece.stop ? { tabindex: 0, role: "img", "aria-label": tell(index, piece) } : {};
          return html`<g class="piece" ...${focus} onMouseEnter=${show} onMouseLeave=${() => setTip(null)} onFocus=${show} onBlur=${() => setTip(null)}>
            <line class="touch" x1=${x1} y1=${y1} x2=${x2} y2=${y2} />
            <line class=${piece.border ? "border" : piece.stop ? "stop" : "move"} x1=${x1} y1=${y1} x2=${x2} y2=${y2} stroke-dasharray=${piece.stop ? undefined : DASHES[piece.mode]} />
            ${piece.border && html`<line class="hollow" x1=${x1} y1=${y1} x2=${x2} y2=${y2} />`}</g>`;
        })}
        <g class="end" aria-hidden="true"><circle cx=${x.at(end(pieces).km)} cy=${y.at(end(pieces).value * scale)} r="9" fill=${colours[index]} />
          <text x=${x.at(end(pieces).km)} y=${y.at(end(pieces).value * scale)} dy="0.35em" text-anchor="middle">${index + 1}</text></g>
      </g>`)}
    </svg>`}
    ${tip && html`<div class="tip" style=${{ left: `${Math.min(tip.x + 12, width - 250)}px`, top: `${Math.max(4, tip.y - 60)}px` }} aria-hidden="true"><strong>${tip.text}</strong><span>${t("so_far")} ${tip.more}</span></div>`}
    <p class="chart-note">${t("distance_note")} ${unknown > 0 ? t("distance_unknown", { n: unknown }) : ""}
      <span class="dash-key">${["rail", "sea", "ferry", "road"].map((mode) => html`<span><svg width="26" height="8" aria-hidden="true"><line x1="0" x2="26" y1="4" y2="4" stroke-dasharray=${DASHES[mode]} /></svg>${t(/** @type {"mode_rail"} */ (`mode_${mode}`))}</span>`)}</span></p>
  </div>`;
}

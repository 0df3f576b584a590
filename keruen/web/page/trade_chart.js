/** Exports and imports over the years as lines: exports with full dots, imports with hollow ones and dashes. */
import { html, useRef } from "./vendor/preact.js";
import { Axes } from "./axes.js";
import { useWords } from "./figure_words.js";
import * as figures from "./figures.js";
import { usePage } from "./page.js";
import { useSize } from "./parts.js";
import { linear } from "./scales.js";

const MILLION = 1e6;
const HEIGHT = 260;

/** @param {{years: Map<string, {flows: import("./trade_tables.js").Flows}>, title: string, currency?: string}} props */
export function TradeChart({ years, title, currency = "USD" }) {
  const { lang } = usePage();
  const w = useWords();
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const { width } = useSize(box);
  const sorted = [...years].sort(([a], [b]) => Number(a) - Number(b));
  const values = sorted.flatMap(([, one]) => [one.flows.exports.value, one.flows.imports.value]).filter((one) => one != null).map((one) => one / MILLION);
  const frame = { left: 70, right: Math.max(200, width - 24), top: 30, bottom: HEIGHT - 44 };
  if (sorted.length < 2 || !values.length) return null;
  const x = { ...linear(Number(sorted[0]?.[0]), Number(sorted.at(-1)?.[0]), frame.left + 20, frame.right - 20, { zero: false, count: sorted.length }), ticks: sorted.map(([year]) => Number(year)) };
  const y = linear(0, Math.max(...values), frame.bottom, frame.top, {});
  const line = (/** @type {"exports" | "imports"} */ flow) => sorted.flatMap(([year, one]) => {
    const value = one.flows[flow].value;
    return value == null ? [] : [{ scope: one.flows[flow].scope, x: x.at(Number(year)), y: y.at(value / MILLION), text: `${w(`trade_${flow}`)}, ${year}: ${figures.short(lang, value / MILLION, 1)}` }];
  });
  return html`<figure class="chart tall" ref=${box}><figcaption class="small">${title}</figcaption>
    <svg width=${Math.max(220, width)} height=${HEIGHT} role="img" aria-label=${title}>
      <${Axes} x=${x} y=${y} frame=${frame} xTitle="" yTitle=${w("trade_million", { currency })} xText=${String} yText=${(/** @type {number} */ v) => figures.short(lang, v, 1)} />
      ${/** @type {const} */ (["exports", "imports"]).map((flow) => html`<g class=${`trade-line ${flow}`}>${strokes(line(flow)).map((points) => html`<polyline points=${points} />`)}
        ${line(flow).map((one) => html`<circle cx=${one.x} cy=${one.y} r="4.5"><title>${one.text}</title></circle>`)}</g>`)}</svg>
    <ul class="key">${/** @type {const} */ (["exports", "imports"]).map((flow) => html`<li><svg width="34" height="12" aria-hidden="true"><g class=${`trade-line ${flow}`}><polyline points="1,6 33,6" /><circle cx="17" cy="6" r="4" /></g></svg>${w(`trade_${flow}`)}</li>`)}</ul></figure>`;
}

/** Lines through points that may be compared; the line breaks where the scope changes. @param {{x: number, y: number, scope: string | undefined}[]} points */
function strokes(points) {
  /** @type {(typeof points)[]} */
  const runs = [];
  for (const one of points) {
    const last = runs.at(-1);
    if (last && last.at(-1)?.scope === one.scope) last.push(one);
    else runs.push([one]);
  }
  return runs.map((run) => run.map((one) => `${one.x},${one.y}`).join(" "));
}

/** Observed across, predicted upwards, both logarithmic, with P10-P90 as a whisker; on the diagonal both are equal. */
import { html, useRef, useState } from "./vendor/preact.js";
import { Axes } from "./axes.js";
import { routeColours } from "./colours.js";
import { isEvidence } from "./compared.js";
import * as figures from "./figures.js";
import { usePage } from "./page.js";
import { useSize } from "./parts.js";
import { logarithmic } from "./scales.js";

const SHAPES = ["M0 -5 A5 5 0 1 1 0 5 A5 5 0 1 1 0 -5", "M-4.6 -4.6 H4.6 V4.6 H-4.6 Z", "M0 -6 L5.6 4.2 H-5.6 Z", "M0 -6 L6 0 L0 6 L-6 0 Z"];

/** @param {{rows: import("./answer").Compared[], measure: string, nameOf: (key: string | null) => string}} props */
export function ScatterChart({ rows, measure, nameOf }) {
  const { go, lang, t, dark } = usePage();
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const { width } = useSize(box);
  const [tip, setTip] = useState(/** @type {number | null} */ (null));
  const height = 420;
  const counts = new Map();
  for (const row of rows) counts.set(row.corridor, (counts.get(row.corridor) ?? 0) + 1);
  const groups = [...counts].sort((a, b) => b[1] - a[1]).map(([key]) => key);
  const colours = routeColours(groups.length, dark);
  const values = rows.flatMap((row) => [row.observed, row.predicted_p10 ?? row.predicted_p50, row.predicted_p90 ?? row.predicted_p50]).filter((one) => one != null && one > 0);
  const low = Math.min(...values.map(Number));
  const high = Math.max(...values.map(Number));
  const frame = { left: 72, right: Math.max(220, width - 20), top: 34, bottom: height - 46 };
  if (!values.length) return html`<div ref=${box}><p class="notice">${t("scatter_empty")}</p></div>`;
  const x = logarithmic(low, high, frame.left, frame.right);
  const y = logarithmic(low, high, frame.bottom, frame.top);
  const told = tip === null ? undefined : rows[tip];
  const number = (/** @type {number} */ v) => figures.plain(lang, v, v < 1 ? 1 : 0);
  const unit = measure === "time" ? t("obs_days") : "USD";
  const words = (/** @type {import("./answer").Compared} */ row) =>
    t("scatter_point", { observed: number(Number(row.observed)), predicted: number(Number(row.predicted_p50)), unit, error: figures.change(lang, (row.error_pct ?? 0) / 100, figures.percent) });
  return html`<div class="chart tall" ref=${box}>
    ${width > 0 && html`<svg width=${width} height=${height} role="group" aria-label=${t("scatter_title")}>
      <${Axes} x=${x} y=${y} frame=${frame} xTitle=${t(`axis_observed_${/** @type {"time"} */ (measure)}`)} yTitle=${t(`axis_predicted_${/** @type {"time"} */ (measure)}`)} xText=${number} yText=${number} />
      <line class="diagonal" x1=${frame.left} y1=${frame.bottom} x2=${frame.right} y2=${frame.top} />
      ${rows.map((row, index) => {
        if (row.observed == null || row.predicted_p50 == null) return null;
        const group = groups.indexOf(row.corridor);
        const [cx, cy] = [x.at(row.observed), y.at(row.predicted_p50)];
        const open = () => go({ figure: `row/${row.id}` });
        const opening = isEvidence(row) ? { role: "button", onClick: open, onKeyDown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && open() } : { role: "img" };
        return html`<g class="dot" tabindex="0" ...${opening} stroke=${colours[group]} aria-label=${`${row.origin} – ${row.destination}, ${nameOf(row.corridor)}: ${words(row)}`} data-row=${row.id}
          onMouseEnter=${() => setTip(index)} onMouseLeave=${() => setTip(null)} onFocus=${() => setTip(index)} onBlur=${() => setTip(null)}>
          ${row.predicted_p10 != null && row.predicted_p90 != null && html`<line x1=${cx} x2=${cx} y1=${y.at(row.predicted_p10)} y2=${y.at(row.predicted_p90)} />`}
          <path d=${SHAPES[group % SHAPES.length]} fill=${colours[group]} transform=${`translate(${cx} ${cy})`} /></g>`;
      })}</svg>`}
    ${told && html`<div class="tip" style=${{ left: `${Math.min(x.at(Number(told.observed)) + 12, width - 260)}px`, top: `${Math.max(4, y.at(Number(told.predicted_p50)) - 84)}px` }} aria-hidden="true">
      <strong>${told.origin} – ${told.destination}</strong><span>${nameOf(told.corridor)}, ${told.year ?? t("unknown")}</span><span>${words(told)}</span></div>`}
    <ul class="key">${groups.map((group, index) => html`<li><svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true"><path d=${SHAPES[index % SHAPES.length]} fill=${colours[index]} /></svg>${nameOf(group)} (${counts.get(group)})</li>`)}</ul>
    <p class="chart-note">${t("scatter_note")}</p>
  </div>`;
}

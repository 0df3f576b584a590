/** Supply risk upwards, economic importance across, thresholds as lines, intervals as whiskers. One point takes the focus; arrow keys lead to the others. */
import { html, useRef, useState } from "./vendor/preact.js";
import { Axes } from "./axes.js";
import { ChartFiles } from "./chart_files.js";
import * as figures from "./figures.js";
import { useWords } from "./materials_words.js";
import { nameOf, usePage } from "./page.js";
import { useSize } from "./parts.js";
import { linear } from "./scales.js";

const HEIGHT = 430;
const [LETTER_PX, LINE_PX] = [6.1, 12]; // of a label, for whether it fits
const STEPS = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 });

/** @param {{rows: any[], thresholds: {SR: number, EI: number}, chosen: string, pick: (material: string) => void}} props */
export function RiskMatrix({ rows, thresholds, chosen, pick }) {
  const { lang } = usePage();
  const w = useWords();
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const { width } = useSize(box);
  const [tip, setTip] = useState("");
  const drawn = rows.filter((row) => row.SR != null && row.EI != null);
  const frame = { left: 58, right: Math.max(240, width - 16), top: 46, bottom: HEIGHT - 46 };
  const x = linear(0, Math.max(thresholds.EI, ...drawn.map((row) => row.EI)) * 1.04, frame.left, frame.right);
  const y = linear(0, Math.max(thresholds.SR, ...drawn.map((row) => row.SR)) * 1.04, frame.bottom, frame.top);
  const inside = (/** @type {number} */ value, /** @type {import("./scales.js").Scale} */ scale) => scale.at(Math.min(Math.max(value, scale.low), scale.high));
  const number = (/** @type {number} */ value) => figures.plain(lang, value, 1);
  const words = (/** @type {any} */ row) => w("matrix_point", { name: nameOf(lang, row), sr: figures.plain(lang, row.SR, 2), ei: number(row.EI) });
  const focus = drawn.some((row) => row.code === chosen) ? chosen : drawn[0]?.code;
  const key = (/** @type {KeyboardEvent} */ event, /** @type {number} */ index) => {
    const step = STEPS[event.key];
    if (event.key === "Enter" || event.key === " ") pick(drawn[index].code);
    else if (step) /** @type {SVGElement | null | undefined} */ (box.current?.querySelector(`[data-dot="${drawn[(index + step + drawn.length) % drawn.length].code}"]`))?.focus();
    else return;
    event.preventDefault();
  };
  const spots = drawn.map((row) => ({ row, cx: x.at(row.EI), cy: y.at(row.SR), text: nameOf(lang, row) }));
  const labels = placed(spots.sort((a, b) => Number(b.row.code === chosen) - Number(a.row.code === chosen)), frame, chosen);
  const told = drawn.find((row) => row.code === tip);
  return html`<figure class="chart tall matrix" ref=${box}><figcaption class="small">${w("matrix_title")}</figcaption>
    ${width > 0 && html`<svg width=${width} height=${HEIGHT} role="group" aria-label=${w("matrix_title")}>
      <rect class="critical-area" x=${x.at(thresholds.EI)} y=${frame.top} width=${Math.max(0, frame.right - x.at(thresholds.EI))} height=${Math.max(0, y.at(thresholds.SR) - frame.top)} />
      <${Axes} x=${x} y=${y} frame=${{ ...frame, left: frame.left }} xTitle=${w("axis_ei")} yTitle=${w("axis_sr")} xText=${number} yText=${number} />
      <line class="threshold" x1=${x.at(thresholds.EI)} x2=${x.at(thresholds.EI)} y1=${frame.top} y2=${frame.bottom} />
      <line class="threshold" x1=${frame.left} x2=${frame.right} y1=${y.at(thresholds.SR)} y2=${y.at(thresholds.SR)} />
      ${drawn.map((row) => html`<g class=${`whiskers${row.code === chosen || row.code === tip ? " chosen" : ""}`} aria-hidden="true">
        <line x1=${x.at(row.EI)} x2=${x.at(row.EI)} y1=${inside(row.SR_low, y)} y2=${inside(row.SR_high, y)} />
        ${row.EI_low != null && html`<line y1=${y.at(row.SR)} y2=${y.at(row.SR)} x1=${inside(row.EI_low, x)} x2=${inside(row.EI_high, x)} />`}</g>`)}
      ${drawn.map((row, index) => html`<g class=${`dot material-dot${row.critical ? " critical" : ""}${row.code === chosen ? " chosen" : ""}`} role="button" data-dot=${row.code} tabindex=${row.code === focus ? 0 : -1}
        aria-pressed=${row.code === chosen} aria-label=${words(row)} onClick=${() => pick(row.code)} onKeyDown=${(/** @type {KeyboardEvent} */ event) => key(event, index)}
        onMouseEnter=${() => setTip(row.code)} onMouseLeave=${() => setTip("")} onFocus=${() => setTip(row.code)} onBlur=${() => setTip("")}>
        <circle class="touch" cx=${x.at(row.EI)} cy=${y.at(row.SR)} r="11" /><path d=${row.critical ? "M-4.6 -4.6 H4.6 V4.6 H-4.6 Z" : "M0 -5 A5 5 0 1 1 0 5 A5 5 0 1 1 0 -5"} transform=${`translate(${x.at(row.EI)} ${y.at(row.SR)})`} /></g>`)}
      <g class="dot-names" aria-hidden="true">${labels.map((one) => html`<text x=${one.x} y=${one.y} text-anchor=${one.anchor} class=${one.code === chosen ? "chosen" : ""}>${one.text}</text>`)}</g>
    </svg>`}
    ${told && html`<div class="tip" style=${{ left: `${Math.max(4, Math.min(x.at(told.EI) + 14, width - 250))}px`, top: `${Math.max(30, y.at(told.SR) - 8)}px` }} aria-hidden="true"><strong>${nameOf(lang, told)}</strong>
      <span>${w("head_sr")}: ${figures.plain(lang, told.SR, 2)} (${w("interval", { low: figures.plain(lang, told.SR_low, 2), high: figures.plain(lang, told.SR_high, 2) })})</span><span>${w("head_ei")}: ${number(told.EI)}</span></div>`}
    <p class="chart-note">${w("matrix_note")} ${rows.length > drawn.length && w("matrix_unknown", { n: rows.length - drawn.length })}</p>
    <${ChartFiles} box=${box} name="keruen-risk-matrix" numbers=${[]} />
  </figure>`;
}

/**
 * Names beside their points, each where it covers no point's middle and no other name; those that find no room are left to the tip and the table.
 * @param {{row: any, cx: number, cy: number, text: string}[]} spots the first are placed first @param {{left: number, right: number, top: number}} frame
 * @param {string} chosen named even where it covers other points
 */
export function placed(spots, frame, chosen) {
  /** @type {{left: number, right: number, top: number, bottom: number}[]} */
  const taken = spots.map((one) => ({ left: one.cx - 5, right: one.cx + 5, top: one.cy - 5, bottom: one.cy + 5 }));
  return spots.flatMap(({ row, cx, cy, text }, own) => {
    const wide = text.length * LETTER_PX;
    for (const [dx, dy, anchor] of /** @type {[number, number, string][]} */ ([[8, 4, "start"], [-8, 4, "end"], [0, -9, "middle"], [0, 17, "middle"]])) {
      const left = cx + dx - (anchor === "end" ? wide : anchor === "middle" ? wide / 2 : 0);
      const room = { left, right: left + wide, top: cy + dy - LINE_PX + 2, bottom: cy + dy + 2 };
      const free = room.left >= frame.left && room.right <= frame.right && room.top >= frame.top - LINE_PX
        && taken.every((one, index) => index === own || one.right < room.left || one.left > room.right || one.bottom < room.top || one.top > room.bottom);
      if (!free && (row.code !== chosen || anchor !== (left < frame.right - 2 * wide ? "start" : "end"))) continue;
      taken.push(room);
      return [{ code: row.code, text, x: cx + dx, y: cy + dy, anchor }];
    }
    return [];
  });
}

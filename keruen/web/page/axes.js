/** Axes of a chart as SVG: rules, ticks and titles. Whoever draws says what a tick's words are. */
import { html } from "./vendor/preact.js";

/** @typedef {import("./scales.js").Scale} Scale */
/** @typedef {{left: number, right: number, top: number, bottom: number}} Frame */

/**
 * @param {{x: Scale, y: Scale, frame: Frame, xTitle: string, yTitle: string, xText: (v: number) => string, yText: (v: number) => string}} props
 */
export function Axes({ x, y, frame, xTitle, yTitle, xText, yText }) {
  const fewX = thinned(x, 46);
  const fewY = thinned(y, 22);
  return html`<g class="axes" aria-hidden="true">
    ${fewY.map((tick) => html`<g><line class="rule" x1=${frame.left} x2=${frame.right} y1=${y.at(tick)} y2=${y.at(tick)} />
      <text x=${frame.left - 8} y=${y.at(tick)} dy="0.32em" text-anchor="end">${yText(tick)}</text></g>`)}
    ${fewX.map((tick) => html`<g><line class="rule" y1=${frame.top} y2=${frame.bottom} x1=${x.at(tick)} x2=${x.at(tick)} />
      <text x=${x.at(tick)} y=${frame.bottom + 16} text-anchor="middle">${xText(tick)}</text></g>`)}
    <text class="title" x=${frame.right} y=${frame.bottom + 34} text-anchor="end">${xTitle}</text>
    <text class="title" x=${frame.left - 44} y=${frame.top - 10}>${yTitle}</text>
  </g>`;
}

/** Ticks at least so many pixels apart. @param {Scale} scale @param {number} apart */
function thinned(scale, apart) {
  /** @type {number[]} */
  const kept = [];
  for (const tick of scale.ticks) {
    const last = kept.at(-1);
    if (last === undefined || Math.abs(scale.at(tick) - scale.at(last)) >= apart) kept.push(tick);
  }
  return kept;
}

/**
 * How the lines of each mode look: the one definition from which the map draws them and its legend shows them. A line is told by its colour
 * and by its manner: rail solid and dark, road solid and ochre, sea dotted, a ferry dashed.
 */

/**
 * @typedef {object} Manner
 * @property {string} light colour on the light map
 * @property {string} dark colour on the dark map
 * @property {[number, ...number[]]} widths of a main line: zoom, pixels, zoom, pixels ... rising
 * @property {[number, number] | null} dash stroke and gap in widths of the line; null: solid
 * @property {number} opacity
 */

/** @satisfies {Record<string, Manner>} */
export const MANNERS = {
  rail: { light: "#55525c", dark: "#a6a1b0", widths: /** @type {[number, ...number[]]} */ ([0, 0.55, 3, 0.9, 6, 1.5, 9, 2.6]), dash: null, opacity: 1 },
  road: { light: "#cf9a4e", dark: "#8f7142", widths: /** @type {[number, ...number[]]} */ ([4, 0.5, 6, 1, 9, 2.2]), dash: null, opacity: 0.85 },
  sea: { light: "#7fa3b8", dark: "#3f5f73", widths: /** @type {[number, ...number[]]} */ ([0, 0.7, 6, 1.1]), dash: /** @type {[number, number]} */ ([1.2, 2.6]), opacity: 0.95 },
  ferry: { light: "#3c7fa8", dark: "#5fa3cc", widths: /** @type {[number, ...number[]]} */ ([3, 0.7, 8, 1.5]), dash: /** @type {[number, number]} */ ([4, 2.5]), opacity: 0.8 },
};
export const LINE_MODES = /** @type {(keyof typeof MANNERS)[]} */ (Object.keys(MANNERS));

const LEGEND_LEAST_PX = 1.6; // a thinner line would not show its manner in the legend

/**
 * How the legend strokes a mode: as the nearest zoom of the map does, at least so wide that its dashes are seen.
 * @param {keyof typeof MANNERS} mode @param {boolean} dark
 */
export function legendStroke(mode, dark) {
  const manner = MANNERS[mode];
  const width = Math.max(manner.widths.at(-1) ?? 1, LEGEND_LEAST_PX);
  const dashes = manner.dash?.map((part) => part * width).join(" ");
  return { stroke: dark ? manner.dark : manner.light, "stroke-width": width, "stroke-dasharray": dashes, "stroke-opacity": manner.opacity };
}

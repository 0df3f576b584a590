/**
 * Colours of routes, the same on the map, in lists and in charts, and told apart by colour-blind readers (after Okabe and
 * Ito). A route also has its number everywhere, so that no one depends on colour.
 */

const LIGHT = ["#0072b2", "#c74e00", "#00805d", "#b0497f", "#8f6a00", "#2f7fae", "#7a4fa3", "#5b5b5b"];
const DARK = ["#5cb3ee", "#f2894a", "#35c496", "#e99ac4", "#e6b13c", "#9fd3f5", "#b794dd", "#b5b5b5"];

/** So many colours. @param {number} count @param {boolean} dark @returns {string[]} */
export function routeColours(count, dark) {
  const own = dark ? DARK : LIGHT;
  return Array.from({ length: count }, (_, index) => own[index % own.length] ?? "#5b5b5b");
}

/** The world on paper with true areas: the Equal Earth projection (Savric, Patterson, Jenny 2018). */

const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796];
const HALF_ROOT_3 = Math.sqrt(3) / 2;
const WIDEST = 2.7066; // half the width of the world, at the equator
const [NORTH, SOUTH] = [84, -57]; // degrees: no one supplies from beyond

/**
 * Longitude and latitude in degrees on the unit projection.
 * @param {number} lon @param {number} lat @returns {[number, number]} x to the east, y to the north
 */
export function equalEarth(lon, lat) {
  const theta = Math.asin(HALF_ROOT_3 * Math.sin((lat * Math.PI) / 180));
  const [two, six] = [theta ** 2, theta ** 6];
  const x = ((lon * Math.PI) / 180) * Math.cos(theta) / (HALF_ROOT_3 * (A1 + 3 * A2 * two + six * (7 * A3 + 9 * A4 * two)));
  return [x, theta * (A1 + A2 * two + six * (A3 + A4 * two))];
}

const TOP = equalEarth(0, NORTH)[1];
const BOTTOM = equalEarth(0, SOUTH)[1];

/** Height of the map for a width, pixels. @param {number} width */
export const heightOf = (width) => Math.round(((TOP - BOTTOM) / (2 * WIDEST)) * width);

/** Where a place lies on a map so wide, pixels. @param {number} width @param {number} lon @param {number} lat @returns {[number, number]} */
export function onMap(width, lon, lat) {
  const [x, y] = equalEarth(lon, lat);
  const scale = width / (2 * WIDEST);
  return [(x + WIDEST) * scale, (TOP - y) * scale];
}

/** Rings as the path of a drawing. @param {number} width @param {[number, number][][]} rings */
export function pathOf(width, rings) {
  return rings.map((ring) => `M${ring.map(([lon, lat]) => onMap(width, lon, lat).map((one) => one.toFixed(1)).join(" ")).join("L")}Z`).join("");
}

/**
 * Routes as features for drawing: lines that never jump over the antimeridian, side by side where routes share a stretch.
 *
 * Routes of an answer are cut from one network, so a stretch that two of them use has the same points in both. Of k routes on a stretch
 * the i-th is drawn (i - (k - 1) / 2) lanes beside the middle, to the right of the way the first of them goes.
 */

/** @typedef {[number, number]} Point longitude, latitude */
/**
 * @typedef {object} DrawnLeg
 * @property {string} mode
 * @property {string} name
 * @property {string} name_ru
 * @property {Point[]} [geometry]
 * @property {number | null} [time_h]
 * @property {number | null} [cost_usd]
 */
/** @typedef {{beaten_by: string | null, legs: DrawnLeg[]}} DrawnRoute */
/** @typedef {{route: number, mode: string, lane: number, points: Point[]}} Stretch */
/** @typedef {{kind: string, name: string, name_ru: string, at: Point, hours: number | null}} Stop hours: what all that is done at the spot takes; null: not known */

export const LANE_PX = 3.2;
export const WIDEST_PX = 14;
const STANDING = new Set(["terminal", "border", "gauge_change"]);
const STEP_DEG = 2;

/**
 * A line laid out without jumps: each step goes the short way round, beyond 180 degrees if need be.
 * @param {readonly Point[]} points @param {number} [near] longitude in whose turn the first point is put
 * @returns {Point[]}
 */
export function laidOut(points, near) {
  const first = points[0];
  let last = near ?? first?.[0] ?? 0;
  return points.map(([lon, lat]) => {
    last = lon - 360 * Math.round((lon - last) / 360);
    return [last, lat];
  });
}

/**
 * The great circle between two points in steps, both ends included.
 * @param {Point} a @param {Point} b
 * @returns {Point[]}
 */
export function greatCircle(a, b) {
  const [p, q] = [vector(a), vector(b)];
  const dot = Math.min(1, Math.max(-1, p[0] * q[0] + p[1] * q[1] + p[2] * q[2]));
  const angle = Math.acos(dot);
  const pieces = Math.ceil((angle * 180) / Math.PI / STEP_DEG);
  if (pieces < 2 || Math.sin(angle) < 1e-9) return [a, b];
  /** @type {Point[]} */
  const line = [a];
  for (let k = 1; k < pieces; k++) {
    const [s, t] = [Math.sin((1 - k / pieces) * angle) / Math.sin(angle), Math.sin((k / pieces) * angle) / Math.sin(angle)];
    const [x, y, z] = [s * p[0] + t * q[0], s * p[1] + t * q[1], s * p[2] + t * q[2]];
    line.push([(Math.atan2(y, x) * 180) / Math.PI, (Math.atan2(z, Math.hypot(x, y)) * 180) / Math.PI]);
  }
  return [...line, b];
}

/** @param {Point} point @returns {[number, number, number]} */
function vector([lon, lat]) {
  const [lam, phi] = [(lon * Math.PI) / 180, (lat * Math.PI) / 180];
  return [Math.cos(phi) * Math.cos(lam), Math.cos(phi) * Math.sin(lam), Math.sin(phi)];
}

/**
 * The moving legs of routes in stretches of one mode and one lane, laid out without jumps, all starting in the same turn of the globe.
 * @param {readonly DrawnRoute[]} routes
 * @returns {Stretch[]}
 */
export function stretches(routes) {
  const start = routes[0]?.legs.find((leg) => leg.geometry?.length)?.geometry?.[0]?.[0];
  const ways = routes.map((route) => segmentsOf(route, start));
  /** @type {Map<string, {routes: number[], from: string}>} */
  const shared = new Map();
  ways.forEach((segments, route) => {
    for (const { key, from } of segments) {
      const users = shared.get(key);
      if (!users) shared.set(key, { routes: [route], from });
      else if (!users.routes.includes(route)) users.routes.push(route);
    }
  });
  return ways.flatMap((segments, route) => {
    /** @type {Stretch[]} */
    const found = [];
    /** @type {Stretch | null} */
    let open = null;
    for (const { a, b, key, from, mode } of segments) {
      const users = shared.get(key) ?? { routes: [route], from };
      const lane = laneOf(users.routes.indexOf(route), users.routes.length) * (users.from === from ? 1 : -1);
      const end = open?.points.at(-1);
      if (open && open.mode === mode && open.lane === lane && end && end[0] === a[0] && end[1] === a[1]) open.points.push(b);
      else found.push((open = { route, mode, lane, points: [a, b] }));
    }
    return found;
  });
}

/**
 * Pixels beside the middle for the i-th of k lines, closer together when they are many.
 * @param {number} i @param {number} k
 */
export function laneOf(i, k) {
  return k < 2 ? 0 : (i - (k - 1) / 2) * Math.min(LANE_PX, WIDEST_PX / (k - 1));
}

/**
 * @param {DrawnRoute} route @param {number | undefined} start
 * @returns {{a: Point, b: Point, key: string, from: string, mode: string}[]}
 */
function segmentsOf(route, start) {
  const segments = [];
  let near = start;
  for (const { mode, geometry } of route.legs) {
    if (!geometry || geometry.length < 2 || STANDING.has(mode)) continue;
    const drawn = mode === "air" ? geometry.flatMap((point, i) => (i ? greatCircle(/** @type {Point} */ (geometry[i - 1]), point).slice(i > 1 ? 1 : 0) : [])) : geometry;
    const points = laidOut(drawn, near);
    near = points.at(-1)?.[0];
    for (let i = 1; i < points.length; i++) {
      const [a, b] = [/** @type {Point} */ (points[i - 1]), /** @type {Point} */ (points[i])];
      const [p, q] = [name(a), name(b)];
      if (p !== q) segments.push({ a, b, key: p < q ? `${p} ${q}` : `${q} ${p}`, from: p, mode });
    }
  }
  return segments;
}

/** A point by name, the same in every turn of the globe. @param {Point} point */
function name([lon, lat]) {
  const turned = lon - 360 * Math.floor((lon + 180) / 360);
  return `${Math.round(turned * 1e4)},${Math.round(lat * 1e4)}`; // 10 m; a good deal faster than by decimals
}

/** Whether a leg takes neither time nor money, as a border that is only passed; what is not known may. @param {{time_h?: number | null, cost_usd?: number | null}} leg */
export function isNothing({ time_h, cost_usd }) {
  return time_h === 0 && cost_usd === 0;
}

/**
 * Where a route stops between its ends: its terminals, borders and changes of gauge; of several at one spot the first. A border that is only passed is none.
 * @param {DrawnRoute} route @param {number} [start] longitude in whose turn the route starts
 * @returns {Stop[]}
 */
export function stopsOf(route, start) {
  /** @type {Map<string, Stop>} */
  const found = new Map();
  let near = start;
  for (const [i, leg] of route.legs.entries()) {
    const [first, last] = [leg.geometry?.[0], leg.geometry?.at(-1)];
    if (!first || !last) continue;
    if (STANDING.has(leg.mode) && !isNothing(leg) && i > 0 && i < route.legs.length - 1) {
      const at = /** @type {Point} */ (laidOut([first], near)[0]);
      const known = found.get(name(at));
      if (!known) found.set(name(at), { kind: leg.mode, name: leg.name, name_ru: leg.name_ru, at, hours: leg.time_h ?? null });
      else known.hours = known.hours === null || leg.time_h == null ? null : known.hours + leg.time_h;
    }
    near = laidOut(/** @type {Point[]} */ (leg.geometry), near).at(-1)?.[0];
  }
  return [...found.values()];
}

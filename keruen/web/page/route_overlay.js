/**
 * Routes drawn over the map at once, in the view that is seen, until the map has them itself: without a graphics card its next frame takes
 * tenths of a second, a drawing of lines alone some milliseconds.
 */
import { CASING_PX, CASING_SHARE, dashesOf, isCased } from "./map_style.js";

/** @typedef {import("./map_lines.js").Point} Point */
/** @typedef {{x: number, y: number, world: number, width: number, height: number}} View the middle in the unit square of the world, the width of the world and the size of the view, px */
/** @typedef {{points: Point[], mode: string, lane: number, width: number, order: number, opacity: number, colour: string}} Line as the map draws it: lane and width in px, the greatest order above */
/** @typedef {Line & {square: Float64Array}} Placed */

const APART_PX = 0.7; // points nearer than this to the last one drawn are left out
const SHARPEST = 2; // lanes at a sharp corner lie at most so many times their distance away

export class RouteOverlay {
  #box;
  #canvas = document.createElement("canvas");
  /** @type {Placed[]} */
  #lines = [];

  /** @param {HTMLElement} box the canvas lies in it while there is something on it */
  constructor(box) {
    this.#box = box;
    this.#canvas.className = "route-overlay";
    this.#canvas.setAttribute("aria-hidden", "true");
  }

  /** Whether something is shown. */
  get shown() {
    return this.#canvas.isConnected;
  }

  /**
   * Show lines in a view, if those that are cased lie in it.
   * @param {readonly Line[]} lines @param {View} view @param {string} casing colour @returns {boolean} whether they are shown
   */
  show(lines, view, casing) {
    this.#lines = lines.map((line) => ({ ...line, square: squareOf(line.points) })).sort((a, b) => a.order - b.order);
    const main = this.#lines.filter(({ width }) => isCased(width));
    const seen = main.length > 0 && turnsOf(main, view).some((turn) => main.every(({ square }) => isWithin(square, view, turn)));
    if (seen) this.draw(view, casing);
    else this.clear();
    return seen;
  }

  /** Draw the same lines in another view. @param {View} view @param {string} casing colour */
  draw(view, casing) {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const [canvas, brush] = [this.#canvas, this.#canvas.getContext("2d")];
    if (!brush) return;
    canvas.width = Math.round(view.width * ratio); // this clears it as well
    canvas.height = Math.round(view.height * ratio);
    canvas.style.width = `${view.width}px`;
    canvas.style.height = `${view.height}px`;
    brush.scale(ratio, ratio);
    brush.lineJoin = "round";
    for (const turn of turnsOf(this.#lines, view)) {
      const paths = this.#lines.map(({ square, lane }) => beside(pixelsOf(square, view, turn), lane));
      this.#lines.forEach(({ width, opacity }, i) => isCased(width) && stroke(brush, paths[i], casing, width + CASING_PX, CASING_SHARE * opacity));
      this.#lines.forEach(({ colour, width, opacity, mode }, i) => stroke(brush, paths[i], colour, width, opacity, dashesOf(mode)));
    }
    if (!this.shown) this.#box.append(canvas);
  }

  /** Show nothing. */
  clear() {
    this.#canvas.remove();
  }
}

/** @param {CanvasRenderingContext2D} brush @param {readonly number[] | undefined} path @param {string} colour @param {number} width @param {number} opacity @param {readonly number[]} [dashes] in widths */
function stroke(brush, path = [], colour, width, opacity, dashes = []) {
  brush.strokeStyle = colour;
  brush.lineWidth = width;
  brush.globalAlpha = opacity;
  brush.setLineDash(dashes.map((part) => part * width));
  brush.beginPath();
  for (let i = 0; i < path.length; i += 2) brush.lineTo(/** @type {number} */ (path[i]), /** @type {number} */ (path[i + 1]));
  brush.stroke();
}

/** Points in the unit square of the world (Web Mercator), x and y in turn; x beyond 0 and 1 in other turns of the globe. @param {readonly Point[]} points */
export function squareOf(points) {
  const square = new Float64Array(2 * points.length);
  points.forEach(([lon, lat], i) => {
    square[2 * i] = (lon + 180) / 360;
    square[2 * i + 1] = (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2;
  });
  return square;
}

/** How often the world must be turned for lines to be seen in a view, from left to right. @param {readonly Placed[]} lines @param {View} view @returns {number[]} */
function turnsOf(lines, view) {
  let [west, east] = [Infinity, -Infinity];
  for (const { square } of lines) {
    for (let i = 0; i < square.length; i += 2) {
      const x = /** @type {number} */ (square[i]);
      if (x < west) west = x;
      if (x > east) east = x;
    }
  }
  const half = view.width / 2 / view.world;
  const first = Math.ceil(view.x - half - east);
  const last = Math.floor(view.x + half - west);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}

/** @param {Float64Array} square @param {View} view @param {number} turn */
function isWithin(square, view, turn) {
  const [half, high] = [view.width / 2 / view.world, view.height / 2 / view.world];
  for (let i = 0; i < square.length; i += 2) {
    if (Math.abs(/** @type {number} */ (square[i]) + turn - view.x) > half || Math.abs(/** @type {number} */ (square[i + 1]) - view.y) > high) return false;
  }
  return true;
}

/** Pixels of a line in a view, x and y in turn, without points that could not be told apart. @param {Float64Array} square @param {View} view @param {number} turn @returns {number[]} */
export function pixelsOf(square, view, turn) {
  /** @type {number[]} */
  const path = [];
  let [lastX, lastY] = [NaN, NaN];
  for (let i = 0; i < square.length; i += 2) {
    const x = (/** @type {number} */ (square[i]) + turn - view.x) * view.world + view.width / 2;
    const y = (/** @type {number} */ (square[i + 1]) - view.y) * view.world + view.height / 2;
    const end = i === square.length - 2;
    if (Math.abs(x - lastX) < APART_PX && Math.abs(y - lastY) < APART_PX && !end) continue;
    path.push(x, y);
    [lastX, lastY] = [x, y];
  }
  return path;
}

/** A line so many pixels to the right of another. @param {readonly number[]} path x and y in turn @param {number} lane @returns {readonly number[]} */
export function beside(path, lane) {
  const count = path.length / 2;
  if (!lane || count < 2) return path;
  const at = (/** @type {number} */ i) => /** @type {number} */ (path[i]);
  const right = (/** @type {number} */ i) => {
    const [dx, dy] = [at(2 * i + 2) - at(2 * i), at(2 * i + 3) - at(2 * i + 1)];
    const length = Math.hypot(dx, dy) || 1;
    return [-dy / length, dx / length];
  };
  /** @type {number[]} */
  const moved = [];
  for (let i = 0; i < count; i++) {
    const [ax, ay] = /** @type {[number, number]} */ (right(Math.max(0, i - 1)));
    const [bx, by] = /** @type {[number, number]} */ (right(Math.min(count - 2, i)));
    const both = Math.hypot(ax + bx, ay + by) || 1;
    const away = lane * Math.min(SHARPEST, 2 / both); // so far along the line between both sides
    moved.push(at(2 * i) + (away * (ax + bx)) / both, at(2 * i + 1) + (away * (ay + by)) / both);
  }
  return moved;
}

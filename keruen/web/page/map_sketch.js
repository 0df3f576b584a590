/**
 * Drawing on the map: clicks (or Space, for the middle of the map) set points; Enter or a double click ends a line, Escape gives up,
 * Backspace takes the last point back.
 */

/** @typedef {import("./map_lines.js").Point} Point */
/** @typedef {import("maplibre-gl").Map} Canvas */

export class Sketch {
  /** The points drawn, or null. @type {Promise<Point[] | null>} */
  done;

  #map;
  #kind;
  #show;
  /** @type {Point[]} */
  #points = [];
  /** @type {(points: Point[] | null) => void} */
  #settle = () => {};
  #note;

  /** @param {Canvas} map @param {"line" | "point"} kind @param {string} hint @param {(points: Point[]) => void} show called with what is drawn so far */
  constructor(map, kind, hint, show) {
    this.#map = map;
    this.#kind = kind;
    this.#show = show;
    this.done = new Promise((resolve) => (this.#settle = resolve));
    this.#note = document.createElement("p");
    this.#note.className = "map-note hint";
    this.#note.setAttribute("role", "status");
    this.#note.textContent = hint;
    map.getContainer().append(this.#note);
    map.getCanvas().style.cursor = "crosshair";
    map.doubleClickZoom.disable();
    map.on("click", this.#click);
    map.on("dblclick", this.#doubled);
    document.addEventListener("keydown", this.#key, true);
    map.getCanvas().focus();
  }

  /** End the line as Enter does; nothing happens before it has two points. */
  finish() {
    this.#finish();
  }

  /** Stop drawing. @param {Point[] | null} points */
  end(points) {
    this.#note.remove();
    document.removeEventListener("keydown", this.#key, true);
    if (this.#map.style) {
      this.#map.off("click", this.#click);
      this.#map.off("dblclick", this.#doubled);
      this.#map.doubleClickZoom.enable();
      this.#map.getCanvas().style.cursor = "";
    }
    this.#settle(points);
  }

  #click = (/** @type {import("maplibre-gl").MapMouseEvent} */ event) => this.#add([event.lngLat.lng, event.lngLat.lat]);

  /** @param {Point} point */
  #add([lon, lat]) {
    const point = /** @type {Point} */ ([round(lon - 360 * Math.floor((lon + 180) / 360)), round(lat)]);
    const last = this.#points.at(-1);
    if (last && last[0] === point[0] && last[1] === point[1]) return; // the second click of two
    this.#points.push(point);
    if (this.#kind === "point") this.end(this.#points);
    else this.#show(this.#points);
  }

  // The map would zoom by the same click, since drawing is over when it asks whether it may.
  #doubled = (/** @type {import("maplibre-gl").MapMouseEvent} */ event) => {
    event.preventDefault();
    this.#finish();
  };

  #finish = () => {
    if (this.#points.length > 1) this.end(this.#points);
  };

  #key = (/** @type {KeyboardEvent} */ event) => {
    const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select, button, [contenteditable]");
    if (event.key === "Escape") this.end(null);
    else if (typing) return;
    else if (event.key === "Enter") this.#finish();
    else if (event.key === "Backspace") this.#show((this.#points = this.#points.slice(0, -1)));
    else if (event.key === " ") {
      const { lng, lat } = this.#map.getCenter();
      this.#add([lng, lat]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

/** Degrees to a millionth, some decimetres. @param {number} degrees */
function round(degrees) {
  return Math.round(degrees * 1e6) / 1e6;
}

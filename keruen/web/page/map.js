/**
 * The world map of the workspace: ground and network from vector tiles, and on it the routes of an answer, their ends and stops, what is
 * avoided or required, and what is sketched. It draws and tells of clicks; what they mean is the page's business.
 */
import { AttributionControl, NavigationControl, setWorkerUrl } from "./vendor/maplibre-gl.mjs";
import { mapFonts } from "./map_fonts.js";
import { laidOut, stopsOf, stretches } from "./map_lines.js";
import { Sketch } from "./map_sketch.js";
import { MODE_LAYERS, NAMED_DRAWN, NAME_LAYERS, POINT_LAYERS, ROUTE_SOURCES, SERVICE_LAYERS, drawnLayers, groundLayers, nameIn, palette, pointNameFilter, styleOf, unsaid } from "./map_style.js";
import { mapWord } from "./map_words.js";
import { PatientMap } from "./patient_map.js";
import { RouteOverlay, squareOf } from "./route_overlay.js";

/** @typedef {import("./map_words.js").Lang} Lang */
/** @typedef {import("./map_lines.js").Point} Point */
/** @typedef {import("./map_lines.js").DrawnRoute} DrawnRoute */
/** @typedef {{key: string, kind: string, name: string, name_ru: string}} Feature */
/** @typedef {{lat: number, lon: number, feature: Feature | null, x: number, y: number, under?: string[]}} MapClick under: keys of a service and a country that lie there, where no point does */
/** @typedef {{lat: number, lon: number, name: string, name_ru: string}} End */
/** @typedef {{kind: "line" | "point", points: Point[], label?: string}} Drawn */
/** @typedef {keyof typeof MODE_LAYERS} Mode */
/** @typedef {{type: "Point", coordinates: Point} | {type: "LineString", coordinates: Point[]}} Geometry */
/** @typedef {Record<string, string | number | undefined>} About */
/** @typedef {{type: "Feature", geometry: Geometry, properties: About}} Shape */

const BASE = new URL("./api/v1/map", import.meta.url).href;
const REACH_PX = 12;
const LINE_REACH_PX = 4;
const TILE_PX = 512; // width of the world at zoom 0
const MOST_UNDER = 2; // more would not be a menu
const FIRST_SEEN = /** @type {[Point, Point]} */ ([[-20, -40], [150, 70]]); // Eurasia, Africa and the seas between them
const NAMED_FROM = 1; // the zoom from which countries and straits have names: the first view is not smaller

setWorkerUrl(new URL("./vendor/maplibre-gl-worker.mjs", import.meta.url).href);

export class WorldMap {
  /** @type {(event: MapClick) => void} */
  onClick = () => {};
  /** @type {(zoom: number) => void} */
  onZoom = () => {};
  /** First view drawn. @type {Promise<void>} */
  ready;

  #lang;
  #dark;
  #container;
  #gone = false;
  /** @type {PatientMap | null} */
  #map = null;
  /** @type {Promise<PatientMap>} */
  #made;
  /** @type {Record<string, Shape[]>} */
  #shapes = {};
  /** @type {Partial<Record<Mode, boolean>>} */
  #modes = {};
  /** @type {{routes: readonly DrawnRoute[], colours: readonly string[], chosen: number | null, pointed: number | null}} */
  #answer = { routes: [], colours: [], chosen: null, pointed: null };
  /** @type {ReturnType<typeof stretches>} */
  #stretches = [];
  /** @type {Sketch | null} */
  #sketch = null;
  /** @type {Drawn[]} */
  #kept = [];
  #marked = 0;
  #said = "";
  /** @type {NavigationControl | null} */
  #zoom = null;
  /** @type {AttributionControl | null} */
  #credit = null;
  /** @type {RouteOverlay | null} */
  #overlay = null;
  /** What the last frame of the map showed. @type {import("./route_overlay.js").View | null} */
  #view = null;
  /** @type {import("./route_overlay.js").Line[]} */
  #lines = [];
  /** Whether routes were told that no frame of the map shows yet. */
  #awaited = false;
  /** Resolves when what lies over the map has been seen; null: nothing is waited for. @type {Promise<void> | null} */
  #painting = null;

  /** @param {HTMLElement} container @param {{lang: Lang, dark: boolean}} options */
  constructor(container, { lang, dark }) {
    this.#lang = lang;
    this.#dark = dark;
    this.#container = container;
    this.#made = mapFonts().then(() => this.#make());
    this.ready = this.#made.then((map) => new Promise((resolve) => void (map.loaded() ? resolve() : map.once("load", () => resolve()))));
    this.ready.then(() => performance.mark("map-ready"), () => {});
    this.#made.catch(() => {});
    this.ready.catch(() => {}); // whoever waits for it is told; who does not is not disturbed
  }

  /** @returns {PatientMap} */
  #make() {
    if (this.#gone) throw new Error("The map was taken away before it was drawn.");
    const map = new PatientMap({
      container: this.#container,
      style: styleOf(BASE, this.#dark, this.#lang),
      bounds: FIRST_SEEN,
      minZoom: 0.3,
      maxZoom: 12,
      fadeDuration: 0,
      dragRotate: false,
      touchPitch: false,
      pitchWithRotate: false,
      attributionControl: false,
      validateStyle: false,
      pixelRatio: Math.min(window.devicePixelRatio || 1, 2),
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    if (map.getZoom() < NAMED_FROM) map.setZoom(NAMED_FROM);
    this.#map = map;
    this.#overlay = new RouteOverlay(map.getCanvasContainer());
    this.#name();
    map.on("render", () => this.#rendered(map));
    map.on("zoomend", () => this.onZoom(map.getZoom()));
    map.on("click", (event) => {
      if (!this.#sketch) this.#tell(event.point.x, event.point.y);
    });
    map.on("mousemove", (event) => {
      if (!this.#sketch) map.getCanvas().style.cursor = this.#featureAt(event.point.x, event.point.y) ? "pointer" : "";
    });
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || this.#sketch) return;
      event.preventDefault();
      const { clientWidth, clientHeight } = map.getCanvas();
      this.#tell(clientWidth / 2, clientHeight / 2);
    });
    map.once("style.load", () => {
      this.#applyModes();
      for (const source of ROUTE_SOURCES) this.#put(source);
    });
    return map;
  }

  /** The words of the map's own controls and its name for who cannot see it. */
  #name() {
    const map = this.#map;
    if (!map) return;
    const canvas = map.getCanvas();
    canvas.setAttribute("aria-label", mapWord(this.#lang, "map"));
    if (this.#zoom) map.removeControl(this.#zoom);
    if (this.#credit) map.removeControl(this.#credit);
    this.#zoom = new NavigationControl({ showCompass: false });
    this.#credit = new AttributionControl({ compact: true, customAttribution: mapWord(this.#lang, "credit") });
    map.addControl(this.#zoom, "bottom-right");
    map.addControl(this.#credit, "bottom-right");
    for (const [part, word] of /** @type {const} */ ([["ctrl-zoom-in", "zoom_in"], ["ctrl-zoom-out", "zoom_out"], ["ctrl-attrib-button", "sources"]])) {
      const button = map.getContainer().querySelector(`.maplibregl-${part}`);
      button?.setAttribute("aria-label", mapWord(this.#lang, word));
      button?.setAttribute("title", mapWord(this.#lang, word));
    }
    const credit = map.getContainer().querySelector(".maplibregl-ctrl-attrib");
    credit?.removeAttribute("open");
    credit?.classList.remove("maplibregl-compact-show");
  }

  /** @param {Lang} lang */
  setLanguage(lang) {
    if (lang === this.#lang) return;
    this.#lang = lang;
    this.#later((map) => {
      this.#name();
      for (const layer of [...NAME_LAYERS, ...NAMED_DRAWN]) if (map.getLayer(layer)) map.setLayoutProperty(layer, "text-field", nameIn(lang));
    });
  }

  /** @param {boolean} dark */
  setDark(dark) {
    if (dark === this.#dark) return;
    this.#dark = dark;
    this.#later((map) => {
      const colours = palette(dark);
      for (const layer of [...groundLayers(colours, this.#lang), ...drawnLayers(colours, this.#lang)]) {
        if (!map.getLayer(layer.id)) continue;
        for (const [property, value] of Object.entries(layer.paint ?? {})) map.setPaintProperty(layer.id, /** @type {any} */ (property), value);
      }
    });
  }

  /** Which modes of the network are shown. @param {Partial<Record<Mode, boolean>>} modes */
  setModes(modes) {
    this.#modes = { ...this.#modes, ...modes };
    this.#later(() => this.#applyModes());
  }

  #applyModes() {
    for (const [mode, layers] of Object.entries(MODE_LAYERS)) {
      const shown = this.#modes[/** @type {Mode} */ (mode)] ?? true;
      for (const layer of layers) this.#map?.setLayoutProperty(layer, "visibility", shown ? "visible" : "none");
    }
  }

  /**
   * The routes of an answer, side by side; the chosen one wider, above the others and with its stops.
   * @param {readonly DrawnRoute[]} routes @param {{colours: readonly string[], chosen: number | null}} how
   */
  showRoutes(routes, { colours, chosen }) {
    const fresh = routes !== this.#answer.routes;
    if (fresh) this.#stretches = stretches(routes);
    this.#answer = { routes, colours, chosen, pointed: null };
    this.#layRoutes();
    if (fresh) this.#overlayRoutes();
    this.#drawRoutes();
    const start = this.#stretches[0]?.points[0]?.[0];
    const route = chosen === null ? undefined : routes[chosen];
    const stops = route ? stopsOf(route, start) : [];
    this.#shapes.stops = stops.map((stop) => shape({ type: "Point", coordinates: stop.at }, { kind: stop.kind, hours: stop.hours ?? undefined, ...named(stop) }));
    this.#put("stops");
    this.#nameOnce();
  }

  /** What a stop or an end is called is not said again by the ground and the network. */
  #nameOnce() {
    const said = [...(this.#shapes.stops ?? []), ...(this.#shapes.ends ?? [])].map((one) => String(one.properties.name_en)).sort();
    if (said.join("|") === this.#said) return;
    this.#said = said.join("|");
    this.#afterwards(() => this.#later((map) => {
      // the names of all tiles are laid out anew, so the routes are drawn first
      map.once("idle", () => {
        if (this.#gone || said.join("|") !== this.#said) return;
        map.setFilter("point-names", pointNameFilter(said));
        map.setFilter("cities", unsaid(said));
      });
      map.triggerRepaint();
    }));
  }

  /** Show one route clearer than the others. @param {number | null} index */
  highlight(index) {
    if (index === this.#answer.pointed) return;
    this.#answer.pointed = index;
    this.#layRoutes();
    this.#drawRoutes();
  }

  #layRoutes() {
    const { routes, colours, chosen, pointed } = this.#answer;
    const seen = pointed ?? chosen;
    this.#lines = this.#stretches.map(({ route, mode, lane, points }) => {
      const [main, beaten] = [route === seen, routes[route]?.beaten_by != null];
      const width = main ? 4.6 : beaten ? 1.5 : 2.6;
      const order = main ? 1000 : beaten ? 100 - route : 500 - route;
      const opacity = main || seen === null ? 1 : beaten ? 0.55 : 0.8;
      return { points, mode, lane, width, order, opacity, colour: colours[route] ?? palette(this.#dark).end };
    });
    this.#shapes.routes = this.#lines.map(({ points, ...about }) => shape({ type: "LineString", coordinates: points }, about));
  }

  /** Show the routes over the map until it has drawn them itself; it begins with that when they have been seen. */
  #overlayRoutes() {
    const overlay = this.#overlay;
    if (!this.#view || !overlay?.show(this.#lines, this.#view, palette(this.#dark).casing)) return;
    const seen = painted().then(() => {
      performance.mark("routes-drawn");
      if (this.#painting === seen) this.#painting = null;
    });
    this.#painting = seen;
  }

  /** Let the map draw the routes; it draws nothing else until they are cut. */
  #drawRoutes() {
    this.#afterwards(() => {
      this.#awaited = this.#stretches.length > 0;
      if (this.#awaited) this.#later((map) => map.holdFor("routes"));
    });
    this.#put("routes");
  }

  /** A frame of the map is there. @param {PatientMap} map */
  #rendered(map) {
    const { lng, lat } = map.getCenter();
    const { clientWidth: width, clientHeight: height } = map.getCanvas();
    const [x = 0, y = 0] = squareOf([[lng, lat]]);
    this.#view = { x, y, world: TILE_PX * 2 ** map.getZoom(), width, height };
    if (!this.#awaited || !map.getSource("routes")) return;
    if (map.isSourceLoaded("routes")) {
      this.#awaited = false;
      if (!this.#overlay?.shown) performance.mark("routes-drawn");
      performance.mark("routes-on-map");
      this.#overlay?.clear();
    } else if (this.#overlay?.shown) this.#overlay.draw(this.#view, palette(this.#dark).casing);
  }

  /** Do something when what lies over the map has been seen; now, if nothing is to be seen there. @param {() => void} act */
  #afterwards(act) {
    if (this.#painting) this.#painting.then(() => this.#gone || act());
    else act();
  }

  /** @param {{origin: End | null, destination: End | null}} ends */
  setEnds({ origin, destination }) {
    const start = origin?.lon ?? 0;
    this.#shapes.ends = /** @type {const} */ ([["origin", origin], ["destination", destination]]).flatMap(([what, end]) =>
      end ? [shape({ type: "Point", coordinates: [what === "origin" ? start : end.lon, end.lat] }, { what, ...named(end) })] : [],
    );
    this.#put("ends");
    this.#nameOnce();
  }

  /** Features shown crossed out or ringed; what has no place on the map is not shown. @param {{avoid: readonly string[], require: readonly string[]}} keys */
  async mark({ avoid, require }) {
    const turn = ++this.#marked;
    const keys = [...new Set([...avoid, ...require])];
    const query = new URLSearchParams(keys.map((key) => ["key", key]));
    /** @type {(Feature & {lat: number, lon: number})[]} */
    let found = [];
    if (keys.length) {
      const response = await fetch(`${BASE}/features?${query}`).catch(() => null);
      if (response?.ok) found = (await response.json()).features;
    }
    if (turn !== this.#marked || this.#gone) return; // a later call has answered already
    this.#shapes.marks = found.map((one) =>
      shape({ type: "Point", coordinates: [one.lon, one.lat] }, { what: avoid.includes(one.key) ? "avoid" : "require", ...named(one) }),
    );
    this.#put("marks");
  }

  /**
   * Let the reader draw a line or a point; null if they think better of it.
   * @param {"line" | "point"} kind @param {{hint?: string}} [options] @returns {Promise<Point[] | null>}
   */
  async sketch(kind, { hint } = {}) {
    const map = await this.#made;
    this.#sketch?.end(null);
    const sketch = new Sketch(map, kind, hint || mapWord(this.#lang, kind === "line" ? "line_hint" : "point_hint"), (points) => {
      this.#shapes.sketches = drawn([...this.#kept, ...(points.length ? [{ kind: /** @type {const} */ ("line"), points }] : [])]);
      this.#put("sketches");
    });
    this.#sketch = sketch;
    const points = await sketch.done;
    if (this.#sketch === sketch) this.#sketch = null;
    this.showSketches(this.#kept);
    return points;
  }

  /** For who has no keys: end what is being drawn, or give it up. @param {boolean} keep */
  endSketch(keep) {
    if (keep) this.#sketch?.finish();
    else this.#sketch?.end(null);
  }

  /** @param {readonly Drawn[]} sketches */
  showSketches(sketches) {
    this.#kept = [...sketches];
    this.#shapes.sketches = drawn(this.#kept);
    this.#put("sketches");
  }

  /**
   * Flows as bands: lines in degrees, width 0 to 1 of the widest; less: drawn in dashes.
   * @param {readonly {lines: Point[][], width: number, colour: string, less: boolean}[]} bands
   */
  showBands(bands) {
    this.#shapes.bands = bands.flatMap(({ lines, ...about }, order) => lines.map((line) => shape({ type: "LineString", coordinates: line }, { colour: about.colour, width: about.width, less: about.less ? 1 : 0, order })));
    this.#put("bands");
  }

  /** Facilities where flows stick, as rings with names. @param {readonly {lat: number, lon: number, name: string, name_ru: string, chosen: boolean}[]} places */
  showSticking(places) {
    this.#shapes.sticking = places.map((one) => shape({ type: "Point", coordinates: [one.lon, one.lat] }, { chosen: one.chosen ? 1 : 0, ...named(one) }));
    this.#put("sticking");
  }

  /** Show a box: [[west, south], [east, north]], degrees; at once, since each frame between costs a slow screen as much as the last. @param {[Point, Point]} box @param {number} [padding] pixels */
  fit(box, padding = 40) {
    this.#afterwards(() => this.#later((map) => {
      const room = Math.min(this.#container.clientWidth, this.#container.clientHeight);
      map.fitBounds(box, { padding: Math.min(padding, room / 4), maxZoom: 9, duration: 0 });
    }));
  }

  /** What is seen, as PNG, with the routes. @returns {Promise<Blob>} */
  async picture() {
    const map = await this.#made;
    await this.ready;
    if (this.#painting || this.#awaited) await this.settled();
    return new Promise((resolve, reject) => {
      // the drawing is still in the buffer while it is told of, so that it need not be kept at all times
      map.once("render", () => map.getCanvas().toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser gave no picture."))), "image/png"));
      map.triggerRepaint();
    });
  }

  /** Resolves when all that was asked for is drawn. @returns {Promise<void>} */
  async settled() {
    const map = await this.#made;
    await this.ready;
    await this.#painting;
    return new Promise((resolve) => {
      map.once("idle", () => resolve());
      map.triggerRepaint(); // an idle map would not tell again
    });
  }

  /** Take the map away. */
  remove() {
    this.#gone = true;
    this.#sketch?.end(null);
    this.#map?.remove();
    this.#map = null;
  }

  /** Do something with the map now, or when its style is there. @param {(map: PatientMap) => void} act */
  #later(act) {
    this.#made.then((map) => {
      if (this.#gone) return;
      if (map.style && map.isStyleLoaded() !== undefined && map.getLayer("water")) act(map);
      else map.once("style.load", () => this.#gone || act(map));
    }, () => {});
  }

  /** Bring the shapes of a source onto the map. @param {string} source */
  #put(source) {
    this.#afterwards(() => this.#bring(source));
  }

  /** The same at once; a source and its layers come with the first shape. @param {string} source */
  #bring(source) {
    const map = this.#map;
    const shapes = this.#shapes[source] ?? [];
    if (!map?.getLayer("water")) return; // they are put when the style is there
    const data = { type: /** @type {const} */ ("FeatureCollection"), features: shapes };
    const there = /** @type {import("maplibre-gl").GeoJSONSource | undefined} */ (map.getSource(source));
    if (there) {
      there.setData(data);
      return;
    }
    if (!shapes.length) return;
    map.addSource(source, { type: "geojson", data, tolerance: 0.3, maxzoom: 12, buffer: 32 });
    const all = drawnLayers(palette(this.#dark), this.#lang);
    all.forEach((layer, i) => {
      if (!("source" in layer) || layer.source !== source) return;
      const above = all.slice(i + 1).find((one) => map.getLayer(one.id));
      // lines lie under the names of the ground, all else above
      map.addLayer(layer, above && layer.type !== "line" ? above.id : layer.type === "line" ? "points" : undefined);
    });
  }

  /** @param {number} x @param {number} y */
  #tell(x, y) {
    const map = this.#map;
    if (!map) return;
    const feature = this.#featureAt(x, y);
    const { lat, lng } = map.unproject(feature?.at ?? [x, y]).wrap();
    this.onClick({ lat, lon: lng, feature: feature?.feature ?? null, x, y, under: feature ? [] : this.#under(x, y) });
  }

  /** Keys of what is drawn at a pixel without being a point: the services that pass near, then the country. @param {number} x @param {number} y @returns {string[]} */
  #under(x, y) {
    const map = this.#map;
    if (!map?.getLayer("land")) return [];
    const box = /** @type {[[number, number], [number, number]]} */ ([[x - LINE_REACH_PX, y - LINE_REACH_PX], [x + LINE_REACH_PX, y + LINE_REACH_PX]]);
    const found = [...map.queryRenderedFeatures(box, { layers: SERVICE_LAYERS }), ...map.queryRenderedFeatures([x, y], { layers: ["land"] })];
    return [...new Set(found.flatMap((one) => (one.properties.key ? [String(one.properties.key)] : [])))].slice(0, MOST_UNDER);
  }

  /** The nearest thing within reach that can be named. @param {number} x @param {number} y @returns {{feature: Feature, at: [number, number]} | null} */
  #featureAt(x, y) {
    const map = this.#map;
    if (!map?.getLayer("points")) return null;
    /** @type {{feature: Feature, at: [number, number]} | null} */
    let best = null;
    let least = REACH_PX;
    const box = /** @type {[[number, number], [number, number]]} */ ([[x - REACH_PX, y - REACH_PX], [x + REACH_PX, y + REACH_PX]]);
    for (const found of map.queryRenderedFeatures(box, { layers: POINT_LAYERS })) {
      if (found.geometry.type !== "Point") continue;
      const [lon, lat] = found.geometry.coordinates;
      const at = map.project(nearTurn(map, lon ?? 0, lat ?? 0, x, y));
      const away = Math.hypot(at.x - x, at.y - y);
      if (away < least) [least, best] = [away, { feature: featureOf(found.properties), at: [at.x, at.y] }];
    }
    if (best) return best;
    const named = map.queryRenderedFeatures([x, y], { layers: NAME_LAYERS.filter((layer) => layer !== "cities") })[0];
    return named?.properties.key ? { feature: featureOf(named.properties), at: [x, y] } : null;
  }
}

/** Resolves when what is on the page now has been painted. @returns {Promise<void>} */
function painted() {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => resolve();
    requestAnimationFrame(() => port2.postMessage(null)); // it arrives after the frame
  });
}

/** A point in the turn of the globe that is seen at a pixel. @param {PatientMap} map @param {number} lon @param {number} lat @param {number} x @param {number} y @returns {Point} */
function nearTurn(map, lon, lat, x, y) {
  const here = map.unproject([x, y]).lng;
  return [lon + 360 * Math.round((here - lon) / 360), lat];
}

/** @param {Record<string, any>} about @returns {Feature} */
function featureOf(about) {
  return { key: String(about.key), kind: String(about.kind), name: String(about.name_en ?? ""), name_ru: String(about.name_ru ?? "") };
}

/** Names as tiles have them: no Russian name where it is not known. @param {{name: string, name_ru: string}} one */
function named({ name, name_ru }) {
  return name_ru ? { name_en: name, name_ru } : { name_en: name };
}

/** @param {Geometry} geometry @param {About} properties @returns {Shape} */
function shape(geometry, properties) {
  return { type: "Feature", geometry, properties };
}

/** @param {readonly Drawn[]} sketches @returns {Shape[]} */
function drawn(sketches) {
  return sketches.flatMap(({ kind, points, label }) => {
    const line = laidOut(points);
    const middle = line[Math.floor(line.length / 2)];
    const shapes = line.map((at) => shape({ type: "Point", coordinates: at }, {}));
    if (kind === "line" && line.length > 1) shapes.unshift(shape({ type: "LineString", coordinates: line }, {}));
    if (label && middle) shapes.push(shape({ type: "Point", coordinates: middle }, { label }));
    return shapes;
  });
}

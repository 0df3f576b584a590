/**
 * How the map looks: a quiet atlas, light or dark. Land and water are muted, so that the routes speak; modes are told by the
 * colour and manner of their lines (line_manners.js), names are in Noto Sans with a halo of the ground.
 */
import { MANNERS } from "./line_manners.js";
import { MEDIUM, REGULAR } from "./map_fonts.js";

/** @typedef {import("maplibre-gl").LayerSpecification} Layer */
/** @typedef {import("maplibre-gl").StyleSpecification} Style */
/** @typedef {import("maplibre-gl").ExpressionSpecification} Expression */
/** @typedef {import("./map_words.js").Lang} Lang */
/** @typedef {typeof LIGHT} Palette */

const LONGEST_H = 1e6; // for a stop of which it is not known how long it takes: named first

const LIGHT = {
  water: "#cddde5", land: "#f6f3ec", coast: "#9db7c4", border: "#b7a6a0", lake: "#cddde5",
  rail: MANNERS.rail.light, rail_minor: "#8b8893", road: MANNERS.road.light, sea: MANNERS.sea.light, ferry: MANNERS.ferry.light,
  country: "#8d7f7a", city: "#3c3a3d", water_name: "#3d6f8c", halo: "#fbf9f5",
  passage: "#2f6f94", port: "#2f6f94", station: "#55525c", frontier: "#a4493d", yard: "#8a3f96", airport: "#7a776f",
  disc: "#ffffff", casing: "#ffffff", avoid: "#c22f2f", require: "#1f7a4d", sketch: "#b0197e", end: "#1d1c20",
};
/** @type {Palette} */
const DARK = {
  water: "#141a20", land: "#252a30", coast: "#43525e", border: "#5d5560", lake: "#141a20",
  rail: MANNERS.rail.dark, rail_minor: "#6d6a76", road: MANNERS.road.dark, sea: MANNERS.sea.dark, ferry: MANNERS.ferry.dark,
  country: "#948a92", city: "#d9d6d2", water_name: "#8fbbd6", halo: "#1a1f24",
  passage: "#7fb8da", port: "#7fb8da", station: "#b5b1bd", frontier: "#e08a7c", yard: "#cf8fdb", airport: "#8f8c86",
  disc: "#1a1f24", casing: "#0e1216", avoid: "#ff7a70", require: "#5fd39b", sketch: "#ff8ad0", end: "#f4f2ee",
};

export const MODE_LAYERS = { rail: ["rail", "rail-main"], road: ["road"], sea: ["sea"], ferry: ["ferry"] };
export const NAME_LAYERS = ["point-names", "cities", "passage-names", "countries"];
export const POINT_LAYERS = ["points"];
export const SERVICE_LAYERS = ["ferry", "rail-main"]; // lines that may carry the key of a service
/** Strokes and gaps of a route by mode, in widths of its line. @type {Record<string, number[]>} */
const ROUTE_DASHES = { road: [3.2, 0.7], air: [0.5, 1.3] };
const OTHER_DASHES = [1.5, 1];
const BAND_LEAST_PX = 0.8;
const BAND_FAR_PX = 9; // of the widest band at zoom 1
const BAND_NEAR_PX = 18; // and from zoom 6
const CASED_FROM_PX = 4; // the width from which a route has a casing
export const CASING_PX = 2.4; // wider than its line
export const CASING_SHARE = 0.75; // of the opacity of its line
export const ROUTE_SOURCES = ["bands", "routes", "sticking", "stops", "marks", "sketches", "ends"];

/** @param {string} mode @returns {readonly number[]} empty: a solid line */
export function dashesOf(mode) {
  return mode === "rail" ? [] : (ROUTE_DASHES[mode] ?? OTHER_DASHES);
}

/** Whether a route of that width has a casing. @param {number} width */
export function isCased(width) {
  return width > CASED_FROM_PX;
}

/** @param {boolean} dark */
export function palette(dark) {
  return dark ? DARK : LIGHT;
}

/** The name in the language of the page, in English where it is not known. @param {Lang} lang @returns {Expression} */
export function nameIn(lang) {
  return lang === "ru" ? ["coalesce", ["get", "name_ru"], ["get", "name_en"]] : ["get", "name_en"];
}

/** @param {...number} stops zoom, value, zoom, value ... @returns {Expression} */
function byZoom(...stops) {
  return /** @type {any} */ (["interpolate", ["linear"], ["zoom"], ...stops]);
}

/** Widths of main lines, and half of each for the others. @param {readonly number[]} widths zoom, pixels, zoom, pixels ... @returns {Expression} */
function mainAndHalf(widths) {
  const stops = widths.map((one, i) => (i % 2 ? ["match", ["get", "rank"], 1, one, one / 2] : one));
  return /** @type {any} */ (["interpolate", ["linear"], ["zoom"], ...stops]);
}

/** The whole style. @param {string} base address of the map's interface @param {boolean} dark @param {Lang} lang @returns {Style} */
export function styleOf(base, dark, lang) {
  const tiles = (/** @type {string} */ part) => ({ type: /** @type {const} */ ("vector"), tiles: [`${base}/${part}/{z}/{x}/{y}.mvt`], maxzoom: 8 });
  return {
    version: 8,
    sources: { ground: tiles("ground"), network: tiles("network") },
    layers: groundLayers(palette(dark), lang),
  };
}

/** Land, network and names. @param {Palette} c @param {Lang} lang @returns {Layer[]} */
export function groundLayers(c, lang) {
  const name = nameIn(lang);
  /** @type {(id: string, mode: string, rest: {rank?: number, minzoom?: number, paint: any}) => Layer} */
  const line = (id, mode, { rank, ...rest }) => ({
    id, type: "line", source: "network", "source-layer": "lines",
    filter: /** @type {any} */ (["all", ["==", ["get", "mode"], mode], ...(rank ? [["==", ["get", "rank"], rank]] : [])]),
    layout: { "line-join": "round" }, ...rest,
  });
  const { rail, road, sea, ferry } = MANNERS;
  const label = { "text-field": name, "text-font": [REGULAR], "text-padding": 3 };
  const halo = { "text-halo-color": c.halo, "text-halo-width": 1.4, "text-halo-blur": 0.4 };
  return [
    { id: "water", type: "background", paint: { "background-color": c.water } },
    { id: "land", type: "fill", source: "ground", "source-layer": "land", paint: { "fill-color": c.land, "fill-antialias": false } },
    { id: "lakes", type: "fill", source: "ground", "source-layer": "lakes", paint: { "fill-color": c.lake } },
    { id: "coast", type: "line", source: "ground", "source-layer": "coast", layout: { "line-join": "round" },
      paint: { "line-color": c.coast, "line-width": byZoom(0, 0.6, 6, 1.1) } },
    { id: "borders", type: "line", source: "ground", "source-layer": "borders", layout: { "line-join": "round" },
      paint: { "line-color": c.border, "line-width": byZoom(0, 0.6, 5, 1.2, 8, 1.8), "line-dasharray": [5, 1.6] } },
    line("sea", "sea", { paint: { "line-color": c.sea, "line-width": byZoom(...sea.widths), "line-dasharray": sea.dash,
      "line-opacity": ["match", ["get", "rank"], 1, sea.opacity, 0.5] } }),
    line("road", "road", { minzoom: 4, paint: { "line-color": c.road, "line-width": mainAndHalf(road.widths), "line-opacity": byZoom(4, 0.5, 6, road.opacity) } }),
    line("rail", "rail", { rank: 2, paint: { "line-color": c.rail_minor, "line-width": byZoom(3, 0.45, 6, 0.8, 9, 1.6) } }),
    line("rail-main", "rail", { rank: 1, paint: { "line-color": c.rail, "line-width": byZoom(...rail.widths) } }),
    line("ferry", "ferry", { paint: { "line-color": c.ferry, "line-width": byZoom(...ferry.widths), "line-opacity": ferry.opacity, "line-dasharray": ferry.dash } }),
    { id: "points", type: "circle", source: "network", "source-layer": "points", paint: pointPaint(c) },
    { id: "point-names", type: "symbol", source: "network", "source-layer": "points", minzoom: 4,
      filter: pointNameFilter([]),
      layout: { ...label, "text-size": byZoom(4, 9.5, 8, 11.5), "text-max-width": 9, "text-variable-anchor": ["top", "left", "right", "bottom"],
        "text-radial-offset": 0.55, "symbol-sort-key": ["get", "label"], "text-justify": "auto" },
      paint: { "text-color": pointColour(c), ...halo } },
    { id: "cities", type: "symbol", source: "ground", "source-layer": "cities", minzoom: 1,
      layout: { ...label, "symbol-sort-key": ["-", ["get", "people"]], "text-max-width": 8,
        "text-size": ["interpolate", ["linear"], ["zoom"], 2, ["step", ["get", "people"], 10, 5e6, 11], 8, ["step", ["get", "people"], 11, 3e5, 13, 1e6, 15]] },
      paint: { "text-color": c.city, ...halo } },
    { id: "passage-names", type: "symbol", source: "network", "source-layer": "points", minzoom: 1, filter: ["==", ["get", "kind"], "passage"],
      layout: { ...label, "text-size": byZoom(1, 9.5, 6, 12.5), "text-max-width": 7, "text-variable-anchor": ["top", "bottom", "left", "right"],
        "text-radial-offset": 0.6, "text-justify": "auto" },
      paint: { "text-color": c.water_name, ...halo } },
    { id: "countries", type: "symbol", source: "ground", "source-layer": "country_names", maxzoom: 8,
      layout: { ...label, "text-font": [MEDIUM], "text-transform": "uppercase", "text-letter-spacing": 0.12, "text-max-width": 7,
        "symbol-sort-key": ["get", "size"],
        "text-size": ["interpolate", ["linear"], ["zoom"], 1, ["step", ["get", "size"], 10, 3, 8.5], 6, ["step", ["get", "size"], 15, 3, 13, 5, 10.5]] },
      paint: { "text-color": c.country, ...halo } },
  ];
}

/** Which points are named: at their zooms, and not where a stop of the chosen route says the same. @param {string[]} said @returns {any} */
export function pointNameFilter(said) {
  return ["all", ["!=", ["get", "kind"], "passage"], ["<=", ["get", "label"], ["zoom"]], [">", ["get", "until"], ["zoom"]], unsaid(said)];
}

/** @param {string[]} said @returns {any} */
export function unsaid(said) {
  return ["!", ["in", ["get", "name_en"], ["literal", said]]];
}

/** @param {Palette} c @returns {Expression} */
function pointColour(c) {
  return ["match", ["get", "kind"], ["passage", "service"], c.passage, ["seaport", "ferry_port", "inland_port"], c.port,
    ["rail_border", "road_border"], c.frontier, "gauge_yard", c.yard, "airport", c.airport, c.station];
}

/** @param {Palette} c */
function pointPaint(c) {
  const important = /** @type {Expression} */ (["match", ["get", "kind"], ["passage", "gauge_yard"], 1.35, ["service", "airport"], 0.75, 1]);
  return {
    "circle-color": /** @type {Expression} */ (["match", ["get", "kind"], ["passage", "gauge_yard", "rail_border", "road_border"], c.disc, pointColour(c)]),
    "circle-stroke-color": pointColour(c),
    "circle-stroke-width": byZoom(1, 1, 8, 1.6),
    "circle-radius": /** @type {Expression} */ (["interpolate", ["linear"], ["zoom"], 1, ["*", 1.7, important], 5, ["*", 2.1, important], 9, ["*", 4, important]]),
  };
}

/** Keeps names off the signs of a source, which are circles and so hold no room of their own: an unseen letter as large. @param {string} id @param {string} source @param {number} size pixels @returns {Layer} */
function room(id, source, size) {
  return { id, type: "symbol", source, layout: { "text-field": "O", "text-font": [MEDIUM], "text-size": size, "text-padding": 0, "text-allow-overlap": true },
    paint: { "text-opacity": 0 } };
}

/**
 * What is drawn on the map by the page: from below to above, with the source each layer is from. Names that lie above are placed first
 * and those below give way: first what the signs of stops need, then the names of the ends, of the stops at which most time is spent, and the ground's.
 * @param {Palette} c @param {Lang} lang @returns {Layer[]} */
export function drawnLayers(c, lang) {
  const round = /** @type {const} */ ({ "line-join": "round", "line-cap": "butt" });
  const label = { "text-font": [MEDIUM], "text-size": 12, "text-max-width": 10, "text-variable-anchor": /** @type {any} */ (["top", "bottom", "left", "right", "top-left", "top-right", "bottom-left", "bottom-right"]),
    "text-radial-offset": 0.9, "text-justify": /** @type {const} */ ("auto"), "text-field": nameIn(lang), "text-padding": 2 };
  const halo = { "text-color": c.end, "text-halo-color": c.halo, "text-halo-width": 1.8 };
  const sorted = { ...round, "line-sort-key": /** @type {Expression} */ (["get", "order"]) };
  return [
    ...[0, 1].map((less) => /** @type {Layer} */ ({ id: less ? "bands-less" : "bands", type: "line", source: "bands", filter: ["==", ["get", "less"], less], layout: { ...sorted, "line-cap": less ? "butt" : "round" },
      paint: { "line-color": ["get", "colour"], "line-opacity": 0.82, ...(less ? { "line-dasharray": [1.6, 0.8] } : {}),
        "line-width": ["interpolate", ["linear"], ["zoom"], 1, ["+", BAND_LEAST_PX, ["*", BAND_FAR_PX, ["get", "width"]]], 6, ["+", BAND_LEAST_PX, ["*", BAND_NEAR_PX, ["get", "width"]]]] } })),
    { id: "route-casing", type: "line", source: "routes", filter: [">", ["get", "width"], CASED_FROM_PX], layout: sorted,
      paint: { "line-color": c.casing, "line-width": ["+", ["get", "width"], CASING_PX], "line-offset": ["get", "lane"], "line-opacity": ["*", CASING_SHARE, ["get", "opacity"]] } },
    { id: "routes", type: "line", source: "routes", layout: sorted,
      paint: { "line-color": ["get", "colour"], "line-width": ["get", "width"], "line-offset": ["get", "lane"], "line-opacity": ["get", "opacity"],
        "line-dasharray": /** @type {any} */ (["match", ["get", "mode"], "rail", ["literal", [1, 0]], ...Object.entries(ROUTE_DASHES).flatMap(([mode, dashes]) => [mode, ["literal", dashes]]), ["literal", OTHER_DASHES]]) } },
    { id: "sketch-lines", type: "line", source: "sketches", filter: ["==", ["geometry-type"], "LineString"], layout: round,
      paint: { "line-color": c.sketch, "line-width": 3, "line-dasharray": [2, 1] } },
    { id: "sketch-points", type: "circle", source: "sketches", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 5, "circle-color": c.disc, "circle-stroke-color": c.sketch, "circle-stroke-width": 2.5 } },
    { id: "sketch-names", type: "symbol", source: "sketches", filter: ["has", "label"],
      layout: { ...label, "text-field": ["get", "label"] }, paint: { ...halo, "text-color": c.sketch } },
    { id: "sticking", type: "circle", source: "sticking",
      paint: { "circle-radius": ["match", ["get", "chosen"], 1, 9, 5.5], "circle-color": c.disc, "circle-stroke-width": ["match", ["get", "chosen"], 1, 4, 2.6], "circle-stroke-color": c.avoid } },
    { id: "sticking-names", type: "symbol", source: "sticking", minzoom: 2.2, layout: { ...label, "text-size": 11.5 }, paint: halo },
    { id: "stops", type: "circle", source: "stops",
      paint: { "circle-radius": byZoom(1, 2.6, 6, 4.2), "circle-color": c.disc, "circle-stroke-width": 1.8,
        "circle-stroke-color": ["match", ["get", "kind"], "border", c.frontier, "gauge_change", c.yard, c.end] } },
    { id: "stop-names", type: "symbol", source: "stops", minzoom: 1.5,
      layout: { ...label, "text-size": 11, "symbol-sort-key": ["-", ["coalesce", ["get", "hours"], LONGEST_H]] }, paint: halo },
    room("stop-room", "stops", 8),
    { id: "marks", type: "circle", source: "marks",
      paint: { "circle-radius": 9, "circle-color": c.disc, "circle-opacity": 0.55, "circle-stroke-width": 2.6,
        "circle-stroke-color": ["match", ["get", "what"], "avoid", c.avoid, c.require] } },
    { id: "mark-signs", type: "symbol", source: "marks", layout: { "text-field": ["match", ["get", "what"], "avoid", "×", "+"], "text-font": [MEDIUM],
      "text-size": 19, "text-allow-overlap": true, "text-ignore-placement": true, "text-offset": [0, -0.06] },
      paint: { "text-color": ["match", ["get", "what"], "avoid", c.avoid, c.require] } },
    { id: "ends", type: "circle", source: "ends",
      paint: { "circle-radius": 6.5, "circle-color": ["match", ["get", "what"], "origin", c.disc, c.end], "circle-stroke-color": c.end, "circle-stroke-width": 3 } },
    { id: "end-names", type: "symbol", source: "ends", layout: { ...label, "text-size": 13.5, "text-radial-offset": 1 }, paint: halo },
    room("end-room", "ends", 12),
  ];
}

/** Layers on the map that show names in the language of the page. */
export const NAMED_DRAWN = ["sticking-names", "stop-names", "end-names"];

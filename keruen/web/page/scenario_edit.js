/**
 * Editing a scenario as a document: pure functions from one document to the next, and the rows that are added with it. What the
 * document means is the interface's business, which writes its text and says what is wrong with it.
 */

/** @typedef {string | number | boolean | string[]} Cell */
/** @typedef {[number, number]} Point longitude, latitude in degrees */
/**
 * @typedef {object} Entry
 * @property {"close" | "change" | "add" | "caspian"} kind
 * @property {string} reason
 * @property {string} [reason_ru]
 * @property {string[]} [source]
 * @property {string[]} [evidence]
 * @property {boolean} [off]
 * @property {string} [what]
 * @property {string} [table]
 * @property {any} [row] close, change: text; add: the cells
 * @property {string} [column]
 * @property {Cell | null} [value]
 * @property {number | null} [factor]
 * @property {number} [level_change_m]
 * @property {string} [label]
 * @property {string} [label_ru]
 * @property {{kind: "line" | "point", points: Point[]} | null} [sketch]
 */
/** @typedef {{name: string, title: string, title_ru: string, entries: Entry[]}} Doc */

const EARTH_RADIUS_KM = 6371.0088;
export const KM_PER_NAUTICAL_MILE = 1.852;
export const WEEK_H = 168;
const LETTERS = /** @type {Record<string, string>} */ ({
  а: "a", б: "b", в: "v", г: "g", д: "d", е: "e", ё: "e", ж: "zh", з: "z", и: "i", й: "i", к: "k", л: "l", м: "m", н: "n", о: "o", п: "p",
  р: "r", с: "s", т: "t", у: "u", ф: "f", х: "kh", ц: "ts", ч: "ch", ш: "sh", щ: "shch", ъ: "", ы: "y", ь: "", э: "e", ю: "yu", я: "ya",
});
const CLOSABLE = /^(passage|border|country|service|place|pair):/;

/** @returns {Doc} */
export const blank = () => ({ name: "scenario", title: "", title_ru: "", entries: [] });

/** A name for files and keys: small letters a-z, digits and _, at most 60; empty if nothing of a text can be written so. @param {string} text */
export function slug(text) {
  return [...text.toLowerCase()].map((one) => LETTERS[one] ?? one).join("").normalize("NFD").replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 60).replace(/_+$/, "");
}

/**
 * Another title; the name follows it.
 * @param {Doc} doc @param {string} title @param {"en" | "ru"} lang
 */
export function titled(doc, title, lang) {
  const name = slug(title) || doc.name;
  return lang === "ru" ? { ...doc, name, title_ru: title, title: doc.title || title } : { ...doc, name, title };
}

/** What an entry is about, so that no two are about the same; null: nothing else can be. @param {Entry} entry */
function about(entry) {
  if (entry.kind === "close") return `close ${entry.what}`;
  if (entry.kind === "change") return `change ${entry.row} ${entry.column}`;
  return entry.kind === "caspian" ? "caspian" : null;
}

/**
 * With an entry in the place of another one, or at the end; an entry about the same thing gives way to it. A scenario without a
 * title takes that of its first entry.
 * @param {Doc} doc @param {Entry} entry @param {number} [index] @param {{title: string, title_ru: string}} [first]
 */
export function put(doc, entry, index = -1, first) {
  const same = about(entry);
  const entries = doc.entries.map((one, i) => (i === index ? entry : one)).filter((one) => one === entry || !same || about(one) !== same);
  if (index < 0) entries.push(entry);
  const next = { ...doc, entries };
  if (first && !doc.title && !doc.title_ru) return { ...next, ...first, name: slug(first.title) || doc.name };
  return next;
}

/** @param {Doc} doc @param {number} index */
export const without = (doc, index) => ({ ...doc, entries: doc.entries.filter((_, i) => i !== index) });

/** Switch an entry off or on. @param {Doc} doc @param {number} index */
export const switched = (doc, index) => ({ ...doc, entries: doc.entries.map((one, i) => (i === index ? { ...one, off: !one.off } : one)) });

/** Whether a thing on the map can be closed. @param {string} key */
export const closable = (key) => CLOSABLE.test(key);

/** The feature of what closes: a thing, in one mode or in all; with another country, the border between the two. @param {string} key @param {string} mode @param {string} [other] */
export function feature(key, mode, other = "") {
  const pair = other && /^country:..$/.test(key) && /^country:..$/.test(other) && other !== key;
  return (pair ? `pair:${key.slice(8)}-${other.slice(8)}` : key) + (mode ? `@${mode}` : "");
}

/** Keys of what is closed, as the map marks them. @param {Doc | null} doc */
export function closedKeys(doc) {
  return (doc?.entries ?? []).filter((one) => one.kind === "close" && !one.off).map((one) => (one.what ?? "").replace(/@.*$/, ""));
}

/** What is added, as the map shows it. @param {Doc | null} doc @param {"en" | "ru"} lang */
export function sketches(doc, lang) {
  return (doc?.entries ?? []).flatMap((one) => (one.sketch ? [{ ...one.sketch, label: (lang === "ru" && one.label_ru) || one.label || "" }] : []));
}

/** Length of a line through points, km along great circles. @param {Point[]} points */
export function lineKm(points) {
  let km = 0;
  for (let i = 1; i < points.length; i += 1) {
    const [[lonA, latA], [lonB, latB]] = /** @type {[Point, Point]} */ ([points[i - 1], points[i]]);
    const [a, b, turn] = [rad(latA), rad(latB), rad(lonB - lonA)];
    const h = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(turn / 2) ** 2;
    km += 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
  }
  return km;
}

/** @param {number} degrees */
function rad(degrees) {
  return (degrees * Math.PI) / 180;
}

const PORTS = new Set(["seaport", "ferry_port", "inland_port"]);

/** Whether a place of these kinds is a port. @param {string[]} kinds */
export const isPort = (kinds) => kinds.some((kind) => PORTS.has(kind));

/**
 * The ports that a scenario adds, as the interface tells of a place: a new ferry may end at them.
 * @param {Doc} doc @returns {(import("./answer").Place & {kinds: string[]})[]}
 */
export function addedPorts(doc) {
  return doc.entries.filter((one) => one.kind === "add" && one.table === "places" && !one.off && isPort(one.row.kind ?? [])).map(({ row }) => ({
    place: row.place, name: row.name, name_ru: row.name_ru ?? "", country: row.country, lat: row.lat, lon: row.lon, kinds: row.kind,
  }));
}

/** Those of some places one of whose names has a word that begins so, or whose key begins so. @template {{place: string, name: string, name_ru: string}} Place @param {Place[]} places @param {string} typed */
export function namedSo(places, typed) {
  const asked = typed.toLowerCase();
  return places.filter((one) => [one.place, one.name, one.name_ru].some((text) => ` ${text.toLowerCase()}`.includes(` ${asked}`)));
}

/** A key that no row added to a table has yet. @param {Doc} doc @param {string} table @param {string} column @param {string} wished */
export function freeKey(doc, table, column, wished) {
  const taken = new Set(doc.entries.filter((one) => one.kind === "add" && one.table === table).map((one) => one.row[column]));
  let key = wished;
  for (let number = 2; taken.has(key); number += 1) key = `${wished}_${number}`;
  return key;
}

/**
 * A new track of rail_lines through drawn points.
 * @param {Doc} doc @param {{name: string, points: Point[], gauge: string, km: number, tracks: number}} line
 */
export function railRow(doc, { name, points, gauge, km, tracks }) {
  const [start, end] = /** @type {[Point, Point]} */ ([points[0], points.at(-1)]);
  const via = points.slice(1, -1).map(([lon, lat]) => `${degrees(lat)} ${degrees(lon)}`);
  return {
    line: freeKey(doc, "rail_lines", "line", slug(name) || "new_line"), name,
    from_lat: degrees(start[1]), from_lon: degrees(start[0]), ...(via.length ? { via } : {}), to_lat: degrees(end[1]), to_lon: degrees(end[0]),
    gauges_mm: [gauge], length_km: km, tracks, status: "open", new_track: true,
  };
}

/** The points of a row of rail_lines that says its ends in degrees; none if it names places. @param {Record<string, any>} row @returns {Point[]} */
export function pointsOf(row) {
  if (row.from_lat == null || row.to_lat == null) return [];
  const via = /** @type {string[]} */ (row.via ?? []).map((text) => text.split(" ").map(Number)).map(([lat, lon]) => /** @type {Point} */ ([lon, lat]));
  return [[Number(row.from_lon), Number(row.from_lat)], ...via, [Number(row.to_lon), Number(row.to_lat)]];
}

const KIND_OF_MODE = /** @type {Record<string, string>} */ ({ rail: "rail_terminal", sea: "seaport", ferry: "ferry_port" });

/**
 * A new terminal as a row of places. A place that no ship and no train reaches is a dry port of the road.
 * @param {Doc} doc @param {{name: string, name_ru?: string, country: string, modes: string[], point: Point}} place
 */
export function placeRow(doc, { name, name_ru, country, modes, point }) {
  const code = country + (slug(name).replaceAll("_", "").toUpperCase().slice(0, 20) || "NEW");
  const kind = modes.flatMap((mode) => KIND_OF_MODE[mode] ?? []);
  return {
    place: freeKey(doc, "places", "place", code.length < 5 ? `${code}NEW` : code), name, ...(name_ru ? { name_ru } : {}), country,
    kind: kind.length ? kind : ["dry_port"], lat: degrees(point[1]), lon: degrees(point[0]),
  };
}

/** The modes that a row of places is reached by. @param {Record<string, any>} row */
export function modesOf(row) {
  return Object.keys(KIND_OF_MODE).filter((mode) => (row.kind ?? []).includes(KIND_OF_MODE[mode]));
}

/**
 * A service on other terms: sailings a week, hours under way, and its price per TEU, which the other prices follow.
 * @param {Record<string, any>} row @param {{week?: number, hours?: number, usd?: number}} terms
 */
export function serviceRow(row, { week, hours, usd }) {
  const next = { ...row };
  if (week) next.headway_h = tidy(WEEK_H / week);
  if (hours) next.running_h = tidy(hours);
  const price = row.usd_teu ?? row.usd_trailer;
  if (usd !== undefined && price) {
    for (const column of ["usd_teu", "usd_feu", "usd_trailer"]) if (row[column] != null) next[column] = Math.round((row[column] * usd) / price);
  }
  return next;
}

/** Degrees to some ten metres. @param {number} value */
function degrees(value) {
  return Math.round(value * 1e4) / 1e4;
}

/** A number to two digits after the sign. @param {number} value */
export function tidy(value) {
  return Math.round(value * 100) / 100;
}

/**
 * Numbers as a reader of the language writes them, each with its unit. What is not known says so; it is never a zero.
 * Hours become days where people speak of days. Digits follow what the number can carry: three figures are enough.
 */
import { say } from "./words.js";

/** @typedef {import("./answer").Figure} Figure */
/** @typedef {import("./answer").Lang} Lang */

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/**
 * A number with so many digits after the sign.
 * @param {Lang} lang @param {number} value @param {number} [digits]
 */
export function plain(lang, value, digits = 0) {
  const key = `${lang} ${digits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(key, format);
  }
  return format.format(Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value);
}

/** A number with at most so many digits after the sign, and no zeros at their end. @param {Lang} lang @param {number} value @param {number} [most] */
export function short(lang, value, most = 3) {
  const key = `${lang} to ${most}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(lang, { maximumFractionDigits: most });
  formats.set(key, format);
  return format.format(value);
}

/** Digits after the sign that leave about three figures. @param {number} value @param {number} most */
function digitsOf(value, most) {
  const size = Math.abs(value);
  return Math.min(most, size === 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
}

/**
 * @param {Lang} lang @param {Figure} value @param {import("./words.js").Key} unit key of a word with {value} @param {number} most digits
 */
function withUnit(lang, value, unit, most) {
  if (value == null || !Number.isFinite(value)) return say(lang, "unknown");
  return say(lang, unit, { value: plain(lang, value, digitsOf(value, most)) }).replaceAll(" ", "\u00a0");
}

/** Hours as days. @param {Lang} lang @param {Figure} hours */
export const days = (lang, hours) => withUnit(lang, hours == null ? hours : hours / 24, "unit_days", 1);
/** @param {Lang} lang @param {Figure} value */
export const hours = (lang, value) => withUnit(lang, value, "unit_hours", 1);
/** @param {Lang} lang @param {Figure} value */
export const usd = (lang, value) => withUnit(lang, value, "unit_usd", value != null && Math.abs(value) < 10 ? 2 : 0);
/** Kilograms as tonnes. @param {Lang} lang @param {Figure} kg */
export const co2e = (lang, kg) => withUnit(lang, kg == null ? kg : kg / 1000, "unit_t_co2e", 2);
/** @param {Lang} lang @param {Figure} value */
export const kilograms = (lang, value) => withUnit(lang, value, "unit_kg", 1);
/** @param {Lang} lang @param {Figure} value */
export const km = (lang, value) => withUnit(lang, value, "unit_km", 0);
/** @param {Lang} lang @param {Figure} value */
export const tonnes = (lang, value) => withUnit(lang, value, "unit_t", 1);
/** @param {Lang} lang @param {Figure} share 0 to 1 */
export const percent = (lang, share) => withUnit(lang, share == null ? share : share * 100, "unit_percent", 0);

/**
 * A change with its sign, by one of the functions above; nothing changed is said so.
 * @param {Lang} lang @param {Figure} value @param {(lang: Lang, value: Figure) => string} format
 */
export function change(lang, value, format) {
  if (value == null) return say(lang, "unknown");
  if (Math.abs(value) < 1e-6) return say(lang, "unchanged");
  return (value > 0 ? "+" : "\u2212") + format(lang, Math.abs(value));
}

/**
 * A day, or a part of a date as sources give it (a year, a month).
 * @param {Lang} lang @param {string | undefined} text
 */
export function date(lang, text) {
  if (!text) return say(lang, "unknown");
  const parts = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(text);
  if (!parts) return text;
  const [, year = "", month, day] = parts;
  if (!month) return year;
  /** @type {Intl.DateTimeFormatOptions} */
  const how = day ? { day: "numeric", month: "long", year: "numeric" } : { month: "long", year: "numeric" };
  const when = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1)));
  return new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { ...how, timeZone: "UTC" }).format(when);
}

/** Amounts of flows as a reader of the language writes them: millions of tonnes, thousands of TEU, millions and billions of dollars. */
import * as figures from "./figures.js";
import { word } from "./flows_words.js";
import { say } from "./words.js";

/** @typedef {import("./answer").Lang} Lang */
/** @typedef {number | null | undefined} Amount */

const THOUSAND = 1e3;
const MILLION = 1e6;
const BILLION = 1e9;
const SMALL_T = 1e5; // fewer tonnes are told one by one

/** About three figures. @param {Lang} lang @param {number} value */
export function three(lang, value) {
  const size = Math.abs(value);
  return figures.plain(lang, value, size === 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** @param {Lang} lang @param {Amount} value @param {string} unit t, teu, or another that facilities have */
export function amount(lang, value, unit) {
  if (value == null) return say(lang, "unknown");
  const key = unit === "t" ? "million_t" : "thousand_teu";
  if (unit === "t" && Math.abs(value) < SMALL_T) return figures.tonnes(lang, value);
  if (unit === "teu" && Math.abs(value) < THOUSAND) return `${figures.plain(lang, value)}\u00a0TEU`;
  if (unit === "t" || unit === "teu") return word(lang, key, { value: three(lang, value / (unit === "t" ? MILLION : THOUSAND)) }).replaceAll(" ", "\u00a0");
  return `${figures.plain(lang, value)}\u00a0${unit}`;
}

/** @param {Lang} lang @param {Amount} value */
export function dollars(lang, value) {
  if (value == null) return say(lang, "unknown");
  const large = Math.abs(value) >= BILLION;
  return word(lang, large ? "billion_usd" : "million_usd", { value: three(lang, value / (large ? BILLION : MILLION)) }).replaceAll(" ", "\u00a0");
}

/** A share as per cent with a digit that tells small ones. @param {Lang} lang @param {Amount} share */
export function percent(lang, share) {
  if (share == null) return say(lang, "unknown");
  return say(lang, "unit_percent", { value: figures.plain(lang, share * 100, Math.abs(share) < 0.0995 ? 2 : 1) }).replaceAll(" ", "\u00a0");
}

/** A change with its sign, without one where nothing of it can be seen. @param {string} text of its size @param {number} value */
export function signed(text, value) {
  return !/[1-9]/.test(text) ? text : `${value > 0 ? "+" : "\u2212"}${text}`;
}

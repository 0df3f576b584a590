/** What every part of the page needs to know: the state in the address, a way to change it, words, and light or dark. */
import { createContext, useContext } from "./vendor/preact.js";
import { BLANK } from "./address.js";
import { say } from "./words.js";

/** @typedef {import("./address.js").State} State */
/** @typedef {import("./answer").Options} Options */
/**
 * @typedef {object} PageContext
 * @property {State} state
 * @property {(change: Partial<State>) => void} go changes the state and with it the address
 * @property {import("./answer").Lang} lang
 * @property {(key: import("./words.js").Key, values?: Record<string, string | number>) => string} t
 * @property {boolean} dark
 * @property {(text: string) => void} announce tells a screen reader
 * @property {Options | null} options
 */

export const Page = createContext(
  /** @type {PageContext} */ ({
    state: BLANK, go: () => {}, lang: "en", t: (key) => say("en", key), dark: false, announce: () => {}, options: null,
  }),
);

export const usePage = () => useContext(Page);

/**
 * The name of a thing in the language of the page, the English one where there is no other.
 * @param {import("./answer").Lang} lang @param {{name: string, name_ru?: string}} thing
 */
export function nameOf(lang, thing) {
  return (lang === "ru" && thing.name_ru) || thing.name;
}

/**
 * What the server says under a key, in the language of the page: beside each of its texts stands the same in Russian.
 * @template T @template {keyof T & string} K @param {import("./answer").Lang} lang @param {T} one @param {K} key @returns {T[K]}
 */
export function saidOf(lang, one, key) {
  return (lang === "ru" && /** @type {any} */ (one)[`${key}_ru`]) || one[key];
}

/** The name of a corridor. @param {import("./answer").Lang} lang @param {{corridor_name: string, corridor_name_ru: string}} one */
export function corridorOf(lang, one) {
  return (lang === "ru" && one.corridor_name_ru) || one.corridor_name;
}

/** Parts that the forms of the scenario drawer share: the reason, a number, drawing on the map, the button that puts an entry in. */
import { html, useState } from "./vendor/preact.js";
import { saidOf, usePage } from "./page.js";
import { useTyped } from "./parts.js";
import { word } from "./scenario_words.js";

/** @typedef {import("./scenario_edit.js").Entry} Entry */
/** @typedef {import("./scenario_edit.js").Doc} Doc */
/** @typedef {import("./scenario_edit.js").Point} Point */
/** @typedef {import("./scenario_state.js").Problem} Problem */
/** @typedef {{title: string, title_ru: string}} First the title that a scenario takes from its first entry */
/**
 * @typedef {object} FormProps
 * @property {Doc} doc
 * @property {string} text the same as TOML
 * @property {Entry | null} entry what is edited; null: a new one
 * @property {(entry: Entry, first: First) => Promise<Problem[]>} put
 * @property {() => void} done
 * @property {(kind: "line" | "point", hint?: string) => Promise<Point[] | null>} sketch
 * @property {(more: {kind: "line" | "point", points: Point[], label: string}[]) => void} show what is being made, beside what is in the scenario
 */

/** Words of the drawer in the language of the page. */
export function useWords() {
  const { lang } = usePage();
  return (/** @type {import("./scenario_words.js").Key} */ key, /** @type {Record<string, string | number>} */ values = {}) => word(lang, key, values);
}

/**
 * The reason of an entry: what was written, else the default in both languages.
 * @param {Entry | null} entry @param {import("./scenario_words.js").Key} key
 */
export function useReason(entry, key) {
  const { lang } = usePage();
  const [own, setOwn] = useState(/** @type {string | null} */ (entry ? ((lang === "ru" && entry.reason_ru) || entry.reason) : null));
  /** @param {Record<string, string>} en @param {Record<string, string>} ru */
  const reasons = (en, ru) => {
    const usual = { reason: word("en", key, en), reason_ru: word("ru", key, ru) };
    const before = entry ? { reason: entry.reason, reason_ru: entry.reason_ru ?? "" } : usual;
    if (own === null || !own.trim()) return usual;
    if (lang === "ru" && own === before.reason_ru) return before;
    return lang === "ru" ? { ...before, reason_ru: own.trim() } : { reason: own.trim(), reason_ru: own.trim() === before.reason ? before.reason_ru : "" };
  };
  return { own, setOwn, reasons };
}

/** @param {{own: string | null, usual: string, set: (text: string) => void}} props */
export function ReasonField({ own, usual, set }) {
  const t = useWords();
  return html`<label class="wide reason-field">${t("reason")}<textarea rows="2" maxlength="500" value=${own ?? usual} title=${t("reason_hint")}
    onInput=${(/** @type {Event} */ event) => set(/** @type {HTMLTextAreaElement} */ (event.target).value.replaceAll("\n", " "))}></textarea></label>`;
}

/** @param {{label: string, value: number | string, set: (value: number) => void, min?: number, max?: number, step?: string, name?: string}} props */
export function NumberField({ label, value, set, min = 0, max, step = "any", name }) {
  const take = (/** @type {Event} */ event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (field.value !== "" && field.reportValidity()) set(Number(field.value));
  };
  return html`<label>${label}<input type="number" inputmode="decimal" name=${name} required min=${min} max=${max} step=${step} ...${useTyped(value, take)} /></label>`;
}

/** @param {{label: string, value: string, set: (value: string) => void, wide?: boolean, name?: string}} props */
export function TextField({ label, value, set, wide = false, name }) {
  return html`<label class=${wide ? "wide" : ""}>${label}<input type="text" name=${name} maxlength="120" value=${value}
    onInput=${(/** @type {Event} */ event) => set(/** @type {HTMLInputElement} */ (event.target).value)} /></label>`;
}

/** @param {{label: string, value: string, choices: [string, string][], set: (value: string) => void, name?: string}} props */
export function SelectField({ label, value, choices, set, name }) {
  return html`<label>${label}<select name=${name} value=${value} onChange=${(/** @type {Event} */ event) => set(/** @type {HTMLSelectElement} */ (event.target).value)}>
    ${choices.map(([key, text]) => html`<option value=${key} selected=${key === value}>${text}</option>`)}</select></label>`;
}

/** Puts the entry in; says what is wrong. @param {{ready: boolean, editing: boolean, act: () => Promise<Problem[]>, done: () => void}} props */
export function PutIn({ ready, editing, act, done }) {
  const t = useWords();
  const [problems, setProblems] = useState(/** @type {Problem[]} */ ([]));
  const put = async () => {
    const found = await act();
    setProblems(found);
    if (!found.length) done();
  };
  return html`${problems.length > 0 && html`<${Problems} problems=${problems} />`}
    <div class="offers wide"><button type="button" class="main" disabled=${!ready} onClick=${put}>${t(editing ? "keep" : "put_in")}</button>
      <button type="button" onClick=${done}>${t("cancel")}</button></div>`;
}

/** What is wrong, entry by entry. @param {{problems: Problem[], lead?: string}} props */
export function Problems({ problems, lead = "" }) {
  const t = useWords();
  const { lang } = usePage();
  return html`<div class="notice bad wide" role="alert"><strong>${t("problems")}</strong>${lead && html`<p>${lead}</p>`}<ul class="problems">
    ${problems.map((one) => html`<li>${one.line > 0 && html`<b>${t("at_line", { n: one.line })}</b> `}${one.entry && html`<b>${one.entry}</b> `}${one.key && html`<code>${one.key}</code> `}${saidOf(lang, one, "message")}. ${saidOf(lang, one, "what_to_do")}.</li>`)}
  </ul></div>`;
}

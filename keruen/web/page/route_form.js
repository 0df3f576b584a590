/** The question of the route page: ends, load, date, what to avoid or require, profile of sanctions, what to look for. */
import { html, useMemo, useState } from "./vendor/preact.js";
import { ask } from "./api.js";
import { useDocument } from "./asking.js";
import { Combobox } from "./combobox.js";
import { nameOf, usePage } from "./page.js";
import { Cross, useTyped } from "./parts.js";

/** @typedef {import("./answer").Option} Option */
/** @typedef {import("./answer").Place} Place */
/** @typedef {import("./page.js").State} State */

const KINDS = /** @type {const} */ (["corridors", "passages", "countries", "modes"]);
const OBJECTIVES = /** @type {const} */ (["fastest", "cheapest", "cleanest", "surest"]);

/** @param {{ends: {from: Place | null, to: Place | null}, names: Map<string, string>, openScenario: () => void, scenario: import("./scenario_state.js").Scenario}} props */
export function RouteForm({ ends, names, openScenario, scenario }) {
  const { state, go, t } = usePage();
  const swap = () => go({ from: state.to, to: state.from });
  return html`<form class="question" aria-label=${t("question")} onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
    <div class="ends">
      <${End} which="from" label=${t("origin")} known=${ends.from} />
      <button type="button" class="plain swap" onClick=${swap} aria-label=${t("swap")} title=${t("swap")}>
        <svg class="sign" viewBox="0 0 16 16" aria-hidden="true"><path d="M5 13 V3 M2 6 L5 3 L8 6 M11 3 V13 M8 10 L11 13 L14 10" /></svg>
      </button>
      <${End} which="to" label=${t("destination")} known=${ends.to} />
    </div>
    <${LoadFields} />
    <${Conditions} names=${names} openScenario=${openScenario} scenario=${scenario} />
  </form>`;
}

/** What a scenario is called. @param {import("./scenario_edit.js").Doc} doc @param {import("./answer").Lang} lang */
export function titleOf(doc, lang) {
  return (lang === "ru" && doc.title_ru) || doc.title || doc.name;
}

/** One end of the way. @param {{which: "from" | "to", label: string, known: Place | null}} props */
function End({ which, label, known }) {
  const { state, go, lang, t } = usePage();
  const asked = state[which];
  const code = known || /^-?[\d.]+,-?[\d.]+$/.test(asked) ? "" : asked;
  const looked = useDocument(code ? `/places/${encodeURIComponent(code)}` : "").found;
  const place = known ?? (looked?.place && looked.name ? looked : null);
  const suggest = async (/** @type {string} */ typed, /** @type {AbortSignal} */ signal) => {
    const found = await ask(`/places?${new URLSearchParams({ q: typed, limit: "8" })}`, { signal });
    return found.places.map((/** @type {Place} */ one) => ({
      value: one.place, text: nameOf(lang, one), note: [one.place.includes(":") ? "" : one.place, countryName(lang, one.country)].filter(Boolean).join(" · "),
    }));
  };
  return html`<${Combobox} name=${which} label=${label} shown=${place ? `${nameOf(lang, place)}` : asked} suggest=${suggest}
    hint=${t("place_hint")} count=${t("suggestions")} take=${(/** @type {string} */ value) => go({ [which]: value, way: "", figure: "" })} />`;
}

/** @param {import("./answer").Lang} lang @param {string} code */
export function countryName(lang, code) {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  try {
    return new Intl.DisplayNames([lang], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** The load; folded into one line that says what it is. */
function LoadFields() {
  const { state, go, lang, t, options } = usePage();
  const commodity = options?.commodities.find((one) => one.key === (state.commodity || "general"));
  const fitting = commodity?.units?.length ? options?.units.filter((one) => commodity.units?.includes(one.key)) : options?.units;
  const unit = options?.units.find((one) => one.key === state.unit);
  const said = [
    commodity ? nameOf(lang, commodity) : state.commodity || t("load"),
    unit ? nameOf(lang, unit) : state.unit,
    state.tonnes && t("unit_t", { value: state.tonnes }),
  ];
  return html`<details class="fold" data-fold="load">
    <summary><span class="fold-name">${t("load")}</span><span class="fold-said">${said.filter(Boolean).join(" · ")}</span></summary>
    <div class="fields">
      <${Pick} key="commodity" which="commodity" label=${t("commodity")} choices=${options?.commodities ?? []} blank=${commodity ? "" : t("usual")} fallback="general" wide />
      <${Pick} which="unit" label=${t("load_unit")} choices=${fitting ?? []} blank=${t("unit_usual")} />
      <${Amount} which="tonnes" label=${t("tonnes_label")} />
      <${Amount} which="value" label=${t("value_label")} />
      <${Pick} which="vessel" label=${t("vessel")} choices=${options?.vessels ?? []} blank=${t("vessel_usual")} />
      <${Amount} which="draft" label=${t("draft_label")} />
      <${Amount} which="beam" label=${t("beam_label")} />
      <button type="button" class="plain text" onClick=${() => go({ commodity: "", unit: "", tonnes: "", value: "", vessel: "", draft: "", beam: "" })}>${t("load_usual")}</button>
    </div>
  </details>`;
}

/** Date, time limit, exclusions, sanctions, objective. @param {{names: Map<string, string>, openScenario: () => void, scenario: import("./scenario_state.js").Scenario}} props */
function Conditions({ names, openScenario, scenario }) {
  const { state, go, lang, t, options } = usePage();
  const [how, setHow] = useState(/** @type {"avoid" | "require"} */ ("avoid"));
  const known = useMemo(() => (options ? KINDS.flatMap((kind) => options[kind].map((one) => ({ ...one, kind }))) : []), [options]);
  const nameOfFeature = (/** @type {string} */ key) => {
    const option = known.find((one) => one.feature === key || one.key === key);
    return option ? nameOf(lang, option) : (names.get(key) ?? key.replace(/^[a-z_]+:/, "").replaceAll("_", " "));
  };
  const suggest = async (/** @type {string} */ typed) => {
    const word = typed.toLowerCase();
    const fits = (/** @type {Option} */ one) => [one.name, one.name_ru, one.key].map((text) => (text ?? "").toLowerCase());
    return known
      .filter((one) => fits(one).some((text) => text.includes(word)))
      .sort((a, b) => Number(fits(b).some((text) => text.startsWith(word))) - Number(fits(a).some((text) => text.startsWith(word))) || nameOf(lang, a).length - nameOf(lang, b).length)
      .slice(0, 9)
      .map((one) => ({ value: one.feature, text: nameOf(lang, one), note: t(`kind_${one.kind}`) }));
  };
  const take = (/** @type {string} */ value) => value && go({ [how]: [...new Set([...state[how], value])], way: "" });
  const chips = /** @type {const} */ (["avoid", "require"]).flatMap((what) => state[what].map((key) => ({ what, key })));
  const said = [
    state.depart ? state.depart : t("usual_conditions"),
    state.objective && t(`objective_${/** @type {"fastest"} */ (state.objective)}`),
  ];
  const list = (/** @type {"from"|"to"|"depart"|"objective"|"only_unbeaten"} */ key) => (/** @type {Event} */ event) =>
    go({ [key]: /** @type {HTMLInputElement} */ (event.target).value });
  const toggle = (/** @type {string} */ key) =>
    go({ sanctions: state.sanctions.includes(key) ? state.sanctions.filter((one) => one !== key) : [...state.sanctions, key] });
  return html`<details class="fold" data-fold="conditions">
      <summary><span class="fold-name">${t("conditions")}</span><span class="fold-said">${said.filter(Boolean).join(" · ")}</span></summary>
      <div class="fields">
        <label>${t("depart")}<input type="date" value=${state.depart} onChange=${list("depart")} /></label>
        <label>${t("objective")}<select value=${state.objective} onChange=${list("objective")}>
          <option value="" selected=${!state.objective}>${t("objective_all")}</option>
          ${OBJECTIVES.map((one) => html`<option value=${one} selected=${state.objective === one}>${t(`objective_${one}`)}</option>`)}
        </select></label>
        <label class="tick wide"><input type="checkbox" checked=${Boolean(state.only_unbeaten)}
          onChange=${() => go({ only_unbeaten: state.only_unbeaten ? "" : "1" })} />${t("only_unbeaten")}</label>
        ${options && html`<fieldset class="wide"><legend>${t("sanctions")}</legend>
          ${options.sanctions.map((one) => html`<label class="tick"><input type="checkbox" checked=${state.sanctions.includes(one.key)}
            onChange=${() => toggle(one.key)} />${nameOf(lang, one)}</label>`)}</fieldset>`}
      </div>
    </details>
    <div class="features">
      <select aria-label=${t("avoid_or_require")} value=${how} onChange=${(/** @type {Event} */ event) => setHow(/** @type {"avoid"} */ (/** @type {HTMLSelectElement} */ (event.target).value))}>
        <option value="avoid">${t("avoid")}</option><option value="require">${t("require")}</option>
      </select>
      <${Combobox} name="feature" hidden label=${t("feature_label")} hint=${t("feature_hint")} shown="" suggest=${suggest} loose=${false} count=${t("suggestions")} take=${take} />
      <button type="button" onClick=${openScenario}>${t("scenario_open")}</button>
    </div>
    ${(chips.length > 0 || state.scenario) && html`<ul class="chips" aria-label=${t("avoid_or_require")}>
      ${chips.map(({ what, key }) => html`<li class=${`chip ${what}`}><span>${t(what)}: ${nameOfFeature(key)}</span>
        <button type="button" aria-label=${`${t("remove")}: ${t(what)} ${nameOfFeature(key)}`}
          onClick=${() => go({ [what]: state[what].filter((one) => one !== key), way: "" })}><${Cross} /></button></li>`)}
      ${state.scenario && html`<li class="chip scenario"><button type="button" onClick=${openScenario}>${t("scenario")}: ${scenario.check ? titleOf(scenario.doc, lang) : "\u2026"}</button>
        <button type="button" aria-label=${`${t("remove")}: ${t("scenario")}`} onClick=${() => go({ scenario: "" })}><${Cross} /></button></li>`}
    </ul>`}`;
}

/** A choice of one. @param {{which: "commodity" | "unit" | "vessel", label: string, choices: Option[], blank?: string, fallback?: string, wide?: boolean}} props */
function Pick({ which, label, choices, blank = "", fallback = "", wide = false }) {
  const { state, go, lang } = usePage();
  const value = state[which] || fallback;
  const take = (/** @type {Event} */ event) => {
    const chosen = /** @type {HTMLSelectElement} */ (event.target).value;
    go({ [which]: chosen === fallback ? "" : chosen, ...(which === "commodity" ? { unit: "" } : {}) });
  };
  return html`<label class=${wide ? "wide" : ""}>${label}<select value=${value} onChange=${take}>
    ${blank && html`<option value="" selected=${!value}>${blank}</option>`}
    ${choices.map((one) => html`<option value=${one.key} selected=${one.key === value}>${nameOf(lang, one)}</option>`)}
  </select></label>`;
}

/** A number that is taken when the field is left or Enter pressed. @param {{which: "tonnes" | "value" | "draft" | "beam", label: string}} props */
function Amount({ which, label }) {
  const { state, go, t } = usePage();
  const take = (/** @type {Event} */ event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (field.reportValidity()) go({ [which]: field.value });
  };
  return html`<label>${label}<input type="number" min="0" step="any" inputmode="decimal" placeholder=${t("usual")} ...${useTyped(state[which], take)} /></label>`;
}

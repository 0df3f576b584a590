/** The accuracy page: what the model predicts beside what was observed, for the shipped evidence or a file of one's own. */
import { html, useState } from "./vendor/preact.js";
import { BASE, ask, askFile, failureOf } from "./api.js";
import { useStream } from "./asking.js";
import { byMeasure, choices, isEvidence, kept } from "./compared.js";
import * as figures from "./figures.js";
import { nameOf, saidOf, usePage } from "./page.js";
import { Failed, Working, saveFile } from "./parts.js";
import { ScatterChart } from "./scatter_chart.js";
import { SourceDrawer } from "./source_drawer.js";
import { has } from "./words.js";

/** @typedef {import("./answer").Accuracy} Accuracy */
/** @typedef {import("./answer").Compared} Compared */

const FILTERS = /** @type {const} */ (["half", "corridor", "mode", "year", "ends"]);
const FILES = /** @type {const} */ (["csv", "xlsx", "png", "svg"]);
const MOST_ROWS = 120;

export function AccuracyView() {
  const { state, go, lang, t, options } = usePage();
  const shipped = useStream("/accuracy/stream");
  const [own, setOwn] = useState(/** @type {{found: Accuracy, file: File} | null} */ (null));
  const [wrong, setWrong] = useState(/** @type {import("./answer").Failure | null} */ (null));
  const [busy, setBusy] = useState(false);
  const found = /** @type {Accuracy | null} */ (own?.found ?? shipped.answer);
  const measure = state.measure === "cost" ? "cost" : "time";
  const rows = found ? byMeasure(found.rows, measure) : [];
  const seen = kept(rows, state);
  const corridors = new Map((options?.corridors ?? []).map((one) => [one.key, nameOf(lang, one)]));
  const word = (/** @type {string} */ filter, /** @type {string} */ value) => {
    if (filter === "corridor") return corridors.get(value) ?? value.replaceAll("_", " ");
    if (filter === "mode") return value.split("+").map((one) => (has(`mode_${one}`) ? t(/** @type {"mode_rail"} */ (`mode_${one}`)) : one)).join(" + ");
    const key = `${filter}_${value}`;
    return has(key) ? t(key) : value;
  };
  const test = async (/** @type {Event} */ event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const file = field.files?.[0];
    if (!file) return;
    setBusy(true);
    setWrong(null);
    try {
      setOwn({ found: await ask("/accuracy", { method: "POST", body: file, headers: { "Content-Type": "text/csv" } }), file });
    } catch (error) {
      setWrong(failureOf(error));
    }
    field.value = "";
    setBusy(false);
  };
  return html`<div class="pageful">
    <h1>${t("accuracy_title")}</h1>
    <p class="lead">${t("accuracy_lead")}</p>
    ${shipped.failure && html`<${Failed} failure=${shipped.failure} again=${shipped.again} />`}
    ${shipped.work && !own && html`<${Working} work=${shipped.work} cancel=${shipped.cancel} />`}
    ${shipped.cancelled && !own && html`<div class="notice"><strong>${t("cancelled")}</strong><button type="button" class="again" onClick=${shipped.again}>${t("again")}</button></div>`}
    ${own && html`<p class="notice"><strong>${t("accuracy_own", { name: own.file.name })}</strong> <button type="button" class="again" onClick=${() => setOwn(null)}>${t("accuracy_shipped")}</button></p>`}
    ${found && html`
      <div class="switch" role="group" aria-label=${t("measure")}>${/** @type {const} */ (["time", "cost"]).map((one) => html`<button type="button" aria-pressed=${measure === one}
        onClick=${() => go({ measure: one === "time" ? "" : one, corridor: "", mode: "", year: "", ends: "" })}>${t(`accuracy_${one}`)}</button>`)}</div>
      <${Headline} found=${found} measure=${measure} />
      <div class="filters" role="group" aria-label=${t("filters")}>
        ${FILTERS.map((filter) => html`<label>${t(`filter_${filter}`)}<select value=${state[filter]} onChange=${(/** @type {Event} */ event) => go({ [filter]: /** @type {HTMLSelectElement} */ (event.target).value })}>
          <option value="" selected=${!state[filter]}>${filter === "half" && !own ? t("half_counts") : t("all")}</option>
          ${(filter === "half" ? ["fit", "report", "all"] : choices(rows, filter)).map((value) => html`<option value=${value} selected=${state[filter] === value}>${word(filter, value)}</option>`)}</select></label>`)}
      </div>
      <${ScatterChart} rows=${seen} measure=${measure} nameOf=${(/** @type {string | null} */ key) => (key ? word("corridor", key) : t("unknown"))} />
      <${Files} own=${own?.file ?? null} wrong=${setWrong} />
      <${Rows} rows=${seen} title=${t("accuracy_rows")} name=${word} />
      <${Rows} rows=${rows.filter((one) => !one.used)} title=${t("accuracy_not_used")} name=${word} reasons />`}
    <section class="own"><h2>${t("accuracy_try")}</h2><p>${t("accuracy_try_note")}</p>
      <pre class="command" tabindex="0">origin,destination,corridor,mode,days_min,days_max,basis_class,date
Xi'an,Duisburg,Northern,rail,13,16,observed,2024-03</pre>
      <label class="file-pick">${busy ? t("loading") : t("accuracy_pick")}<input type="file" accept=".csv,text/csv" disabled=${busy} onChange=${test} /></label>
      ${wrong && html`<${Failed} failure=${wrong} />`}</section>
    ${state.figure && html`<${SourceDrawer} key=${state.figure} answer=${null} chosen=${0} prices=${{ vot: 0, carbon: 0, tonnes: 0 }} />`}
  </div>`;
}

/** What was aimed at and what came out, in plain words. @param {{found: Accuracy, measure: "time" | "cost"}} props */
function Headline({ found, measure }) {
  const { lang, t } = usePage();
  const one = found.headline[measure];
  if (!one || !one.n) return html`<p class="notice">${t("accuracy_nothing")}</p>`;
  const keys = /** @type {const} */ (["median_abs_error_pct", "bias_pct", "inside_p10_p90_pct"]);
  const percent = (/** @type {import("./answer").Figure} */ value, sign = false) =>
    value == null ? t("unknown") : (sign ? figures.change(lang, value / 100, figures.percent) : figures.percent(lang, value / 100));
  const alone = one.observed_alone;
  return html`<p>${t(`accuracy_words_${measure}`, { n: one.n, error: percent(one.median_abs_error_pct), bias: percent(one.bias_pct, true), inside: percent(one.inside_p10_p90_pct) })}
      ${alone?.n ? ` ${t("accuracy_alone", { n: alone.n, error: percent(alone.median_abs_error_pct), bias: percent(alone.bias_pct, true) })}` : ""}</p>
    <div class="cards">${keys.filter((key) => one.targets?.[key]).map((key) => html`<div class=${`card ${one.met[key] ? "met" : "missed"}`}>
      <span>${t(`score_${key}`)}</span><strong>${percent(one[key], key === "bias_pct")}</strong>
      <span class="small">${t("aim", { low: figures.plain(lang, one.targets[key]?.[0] ?? 0), high: figures.plain(lang, one.targets[key]?.[1] ?? 0) })} · <b>${one.met[key] == null ? t("unknown") : one.met[key] ? `✓ ${t("met")}` : `✗ ${t("missed")}`}</b></span></div>`)}</div>
    ${saidOf(lang, found, "notes").map((note) => html`<p class="small">${note}</p>`)}`;
}

/** The comparison as files: of the shipped evidence by links, of one's own file by sending it once more. @param {{own: File | null, wrong: (failure: import("./answer").Failure) => void}} props */
function Files({ own, wrong }) {
  const { lang, t } = usePage();
  const path = (/** @type {string} */ ending) => `/accuracy/file/${ending}?lang=${lang}`;
  const save = async (/** @type {string} */ ending) => {
    try {
      saveFile(await askFile(path(ending), { method: "POST", body: own, headers: { "Content-Type": "text/csv" } }), `accuracy.${ending}`);
    } catch (error) {
      wrong(failureOf(error));
    }
  };
  return html`<p class="links" role="group" aria-label=${t("accuracy_files")}>${FILES.map((one) => own
    ? html`<button type="button" onClick=${() => save(one)}>${one.toUpperCase()}</button>`
    : html`<a download="" href=${BASE + path(one)}>${one.toUpperCase()}</a>`)}</p>`;
}

/** @param {{rows: Compared[], title: string, name: (filter: string, value: string) => string, reasons?: boolean}} props */
function Rows({ rows, title, name, reasons = false }) {
  const { go, lang, t } = usePage();
  const [all, setAll] = useState(false);
  const number = (/** @type {import("./answer").Figure} */ value) => (value == null ? t("unknown") : figures.plain(lang, value, Math.abs(value) < 100 ? 1 : 0));
  const shown = all ? rows : rows.slice(0, MOST_ROWS);
  return html`<details class="fold rows" open=${!reasons}><summary><span class="fold-name">${title}</span><span class="fold-said">${t("rows_n", { n: rows.length })}</span></summary>
    <div class="scroll" tabindex="0" role="group" aria-label=${title}><table><thead><tr>
      <th scope="col">${t("row")}</th><th scope="col">${t("from_to")}</th><th scope="col">${t("corridor")}</th><th scope="col">${t("filter_year")}</th><th scope="col" class="number">${t("observed")}</th>
      <th scope="col" class="number">P50</th><th scope="col" class="number">P10–P90</th><th scope="col" class="number">${t("error")}</th>${reasons && html`<th scope="col">${t("reason")}</th>`}</tr></thead>
      <tbody>${shown.map((one) => html`<tr key=${one.id}><th scope="row">${isEvidence(one)
        ? html`<button type="button" class="figure" onClick=${() => go({ figure: `row/${one.id}` })}>${one.id.split(":")[1]}</button>` : one.id}</th>
        <td>${one.origin || t("unknown")} – ${one.destination || t("unknown")}</td><td>${one.corridor ? name("corridor", one.corridor) : t("unknown")}</td><td>${one.year ?? t("unknown")}</td>
        <td class="number">${one.observed == null ? t("unknown") : `${number(one.observed)} ${has(`obs_${one.unit}`) ? t(/** @type {"obs_days"} */ (`obs_${one.unit}`)) : one.unit}`}</td>
        <td class="number">${number(one.predicted_p50)}</td><td class="number">${one.predicted_p10 == null ? t("unknown") : `${number(one.predicted_p10)}–${number(one.predicted_p90)}`}</td>
        <td class="number">${one.error_pct == null ? t("unknown") : figures.change(lang, one.error_pct / 100, figures.percent)}</td>${reasons && html`<td>${saidOf(lang, one, "reason")}</td>`}</tr>`)}</tbody></table></div>
    ${shown.length < rows.length && html`<button type="button" class="again" onClick=${() => setAll(true)}>${t("show_all", { n: rows.length })}</button>`}
  </details>`;
}

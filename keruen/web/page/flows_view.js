/**
 * The flows page: which demand and which scenario beside the map with its bands, and below the map the sheets: corridors, bottlenecks, where
 * goods move, shares by year, files. It is long work, so it begins when told to, and can be stopped.
 */
import { html, useEffect, useMemo, useRef, useState } from "./vendor/preact.js";
import { useDocument, useStream } from "./asking.js";
import * as figures from "./figures.js";
import { amount, dollars, percent, signed } from "./flows_amounts.js";
import { COVERS, USUAL_COVER, USUAL_YEAR, flowsQuery, sideOf } from "./flows_asked.js";
import { FlowFiles } from "./flows_files.js";
import { FlowsMap } from "./flows_map.js";
import { Bottlenecks, Corridors, Lines } from "./flows_tables.js";
import { useWords } from "./flows_words.js";
import { Years } from "./flows_years.js";
import { nameOf, usePage } from "./page.js";
import { Failed, Working, useTyped } from "./parts.js";
import { SourceDrawer } from "./source_drawer.js";
import { Tabbed } from "./tabbed.js";

const SHEETS = /** @type {const} */ ({ corridors: Corridors, bottlenecks: Bottlenecks, lines: Lines, years: Years, files: FlowFiles });
const ORDER = /** @type {(keyof typeof SHEETS)[]} */ (Object.keys(SHEETS));

export function FlowsView() {
  const { state, lang, t, announce } = usePage();
  const w = useWords();
  const path = state.run ? `/flows/stream?${flowsQuery(state)}` : "";
  const { answer: told, of, work, failure, cancelled, cancel, again } = useStream(path);
  const former = useRef(/** @type {any} */ (null));
  if (told) former.current = told;
  const answer = told ?? former.current;
  const map = useRef(/** @type {any} */ (null));
  const [bands, setBands] = useState(/** @type {any} */ (null));
  const fresh = Boolean(told) && of === path;
  const compared = Boolean(answer?.change);
  const drawn = sideOf(state);
  const side = compared ? (drawn === "base" ? answer.base : answer.with) : answer;
  useEffect(() => {
    if (!fresh) return;
    const first = side.corridors[0];
    announce(w("said", { year: side.year, tonnes: amount(lang, side.totals.shipped_t, "t"), name: first ? nameOf(lang, first) || w("none") : "", share: percent(lang, first?.share_t ?? 0), n: side.bottlenecks.length }));
  }, [of]);
  return html`<h1 class="unseen">${w("title")}</h1>
    <div class=${`route-page flows${answer ? " answered" : ""}`}>
      <div class="side">
        <${FlowForm} busy=${Boolean(work)} />
        <div class="told" aria-busy=${Boolean(work)}>
          ${work && html`<${Working} work=${work} cancel=${cancel} />`}
          ${cancelled && html`<div class="notice"><strong>${t("cancelled")}</strong><button type="button" class="again" onClick=${again}>${t("again")}</button></div>`}
          ${failure && !work && html`<${Failed} failure=${failure} again=${again} />`}
          ${!answer && !work && html`<div class="welcome"><p>${w("lead")}</p><p class="small">${w("run_note")}</p></div>`}
          ${answer && !fresh && !work && html`<p class="notice">${w("changed")}</p>`}
          ${answer && html`<div class=${fresh ? "result" : "result former"}><${Totals} answer=${answer} side=${side} /></div>`}
        </div>
      </div>
      <div class="stage-area">
        <${FlowsMap} ready=${fresh} side=${side} names=${answer?.names} mapOut=${map} told=${setBands} />
        ${answer && html`<${FlowSheets} answer=${answer} side=${side} bands=${bands} map=${map} />`}
      </div>
      ${state.figure && html`<${SourceDrawer} key=${state.figure} answer=${null} chosen=${0} prices=${{ vot: 0, carbon: 0, tonnes: 0 }} />`}
    </div>`;
}

/** What is asked. A change takes effect when the button is pressed. @param {{busy: boolean}} props */
function FlowForm({ busy }) {
  const { state, go, lang } = usePage();
  const w = useWords();
  const listed = useDocument("/scenarios").found;
  const scenarios = /** @type {{name: string, title: string, title_ru: string}[]} */ (Array.isArray(listed) ? listed : []);
  const rows = useDocument("/tables/base_flows?limit=1000").found;
  const flows = useMemo(() => [...new Map(/** @type {any[]} */ (rows?.rows ?? []).map((row) => [row.flow, { flow: row.flow, name: row.name, name_ru: row.name_ru }])).values()], [rows]);
  const change = (/** @type {Partial<import("./address.js").State>} */ to) => go({ ...to, run: "", row: "" });
  const value = (/** @type {Event} */ event) => /** @type {HTMLSelectElement} */ (event.target).value;
  const year = useTyped(state.year || USUAL_YEAR, (event) => {
    const typed = Math.round(Number(value(event)));
    if (typed >= 2000 && typed <= 2100) change({ year: typed === Number(USUAL_YEAR) ? "" : String(typed) });
  });
  const own = state.scenario && !scenarios.some((one) => one.name === state.scenario);
  return html`<form class="question" aria-label=${w("question")} onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); go({ run: "1" }); }}>
    <div class="fields flow-fields">
      <label class="wide">${w("scenario")}<select name="scenario" value=${state.scenario} onChange=${(/** @type {Event} */ event) => change({ scenario: value(event), side: "" })}>
        <option value="" selected=${!state.scenario}>${w("no_scenario")}</option>
        ${own && html`<option value=${state.scenario} selected>${/[\n=]/.test(state.scenario) ? w("scenario_own") : state.scenario}</option>`}
        ${scenarios.map((one) => html`<option value=${one.name} selected=${one.name === state.scenario}>${nameOf(lang, { name: one.title || one.name, name_ru: one.title_ru })}</option>`)}</select></label>
      <label>${w("year")}<input type="number" name="year" min="2000" max="2100" step="1" ...${year} /></label>
      <label>${w("cover")}<select name="cover" title=${w("cover_note")} value=${state.cover || USUAL_COVER} onChange=${(/** @type {Event} */ event) => change({ cover: value(event) === USUAL_COVER ? "" : value(event) })}>
        ${COVERS.map((one) => html`<option value=${one} selected=${one === (state.cover || USUAL_COVER)}>${w("cover_of", { share: figures.percent(lang, Number(one)) })}</option>`)}</select></label>
      <label class="tick wide"><input type="checkbox" name="capacities" checked=${!state.free} onChange=${(/** @type {Event} */ event) => change({ free: /** @type {HTMLInputElement} */ (event.target).checked ? "" : "1" })} />${w("capacities")}</label>
    </div>
    <details class="fold" open=${false}><summary><span class="fold-name">${w("demand")}</span><span class="fold-said">${state.flow.length ? w("demand_some", { n: state.flow.length }) : w("demand_all")}</span></summary>
      ${state.flow.length > 0 && html`<p><button type="button" onClick=${() => change({ flow: [] })}>${w("demand_clear")}</button></p>`}
      <div class="flow-list" tabindex="0" role="group" aria-label=${w("demand")}>${flows.map((one) => html`<label class="tick"><input type="checkbox" name="flow" value=${one.flow} checked=${state.flow.includes(one.flow)}
        onChange=${() => change({ flow: state.flow.includes(one.flow) ? state.flow.filter((name) => name !== one.flow) : [...state.flow, one.flow] })} />${nameOf(lang, one)}</label>`)}</div></details>
    ${!state.run && html`<p class="flow-run"><button type="submit" class="main" disabled=${busy}>${w("run")}</button></p>`}
  </form>`;
}

/** What is carried in all, and how sure the answer is. @param {{answer: any, side: any}} props */
function Totals({ answer, side }) {
  const { lang } = usePage();
  const w = useWords();
  const { totals, certificate } = side;
  const shown = /** @type {[keyof typeof import("./flows_words.js").EN, string, (value: number) => string][]} */ ([
    ["total_demand_t", "demand_t", (value) => amount(lang, value, "t")], ["total_shipped_t", "shipped_t", (value) => amount(lang, value, "t")],
    ["total_unserved_t", "unserved_t", (value) => amount(lang, value, "t")], ["total_shipped_teu", "shipped_teu", (value) => amount(lang, value, "teu")],
    ["total_cost_usd", "cost_usd", (value) => dollars(lang, value)], ["total_mean_h", "mean_h", (value) => figures.days(lang, value)],
    ["total_co2e_t", "co2e_t", (value) => amount(lang, value, "t")],
  ]);
  const compared = Boolean(answer.change);
  return html`<section class="flow-totals"><h2>${w("totals", { year: side.year })}</h2>
    ${compared && html`<p>${w("with_scenario", { name: nameOf(lang, { name: answer.scenario.title || answer.scenario.name, name_ru: answer.scenario.title_ru }) })}</p>`}
    <div class="scroll" tabindex="0" role="group" aria-label=${w("totals", { year: side.year })}><table class=${`flow-table${compared ? " close" : ""}`}>${compared && html`<thead><tr><td></td><th scope="col" class="number">${w("base")}</th><th scope="col" class="number">${w("with")}</th><th scope="col" class="number">${w("change")}</th></tr></thead>`}
    <tbody>${shown.map(([key, of, said]) => compared
      ? html`<tr><th scope="row">${w(key)}</th><td class="number">${said(answer.base.totals[of])}</td><td class="number">${said(answer.with.totals[of])}</td><td class="number">${signed(said(Math.abs(answer.change[of])), answer.change[of])}</td></tr>`
      : html`<tr><th scope="row">${w(key)}</th><td class="number">${said(totals[of])}</td></tr>`)}</tbody></table></div>
    ${side.left_out_share > 0 && html`<p class="small">${w("left_out", { share: percent(lang, side.left_out_share) })}</p>`}
    <p class="small">${certificate.settled ? w("settled", { over: percent(lang, certificate.over_capacity) }) : w("unsettled")}</p></section>`;
}

/** The sheets under the map, one at a time. @param {import("./flows_tables.js").FlowSheet} props */
function FlowSheets(props) {
  const w = useWords();
  return html`<${Tabbed} order=${ORDER} label=${w("sheets")} named=${(/** @type {keyof typeof SHEETS} */ one) => w(`sheet_${one}`)}>
    ${(/** @type {keyof typeof SHEETS} */ one) => html`<${SHEETS[one]} ...${props} />`}<//>`;
}

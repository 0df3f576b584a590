/**
 * The page on raw materials: a list with the risk of each, one of them with its suppliers and ways, and what a product takes along its chain.
 *
 * A what-if is a scenario by name, or sliders, from which the page writes one: the output left of suppliers, and recycling.
 */
import { html, useEffect, useMemo, useRef } from "./vendor/preact.js";
import { useDocument } from "./asking.js";
import { BASE } from "./api.js";
import { Chains } from "./materials_chain.js";
import { RiskMatrix } from "./materials_matrix.js";
import { MaterialProfile } from "./materials_profile.js";
import { RiskTable, Files } from "./materials_table.js";
import { entriesOf } from "./materials_tables.js";
import { useWords } from "./materials_words.js";
import { nameOf, saidOf, usePage } from "./page.js";
import { Failed } from "./parts.js";
import { SourceDrawer } from "./source_drawer.js";

const [LIST, MAKER, MATERIAL] = ["eu2023", "KAZ", "titanium_metal"];

export function MaterialsView() {
  const { state, go, lang, t } = usePage();
  const w = useWords();
  const list = state.list === "all" ? "" : state.list || LIST;
  const maker = state.maker || MAKER;
  const lists = useDocument("/tables/material_lists?limit=100").found;
  const all = useDocument("/tables/materials?limit=1000").found;
  const countries = useDocument("/tables/countries?limit=1000").found;
  const scenarios = useDocument("/scenarios").found;
  const listed = useDocument(`/materials?${new URLSearchParams({ of: maker, list })}`);
  const risks = useDocument(`/risk?${new URLSearchParams({ stages: "false", scenario: state.whatif })}`);
  const names = useMemo(() => new Map(/** @type {any[]} */ (countries?.rows ?? []).map((row) => [row.iso3, nameOf(lang, row)])), [countries, lang]);
  const codes = useMemo(() => new Map(/** @type {any[]} */ (countries?.rows ?? []).map((row) => [row.country, row.iso3])), [countries]);
  const named = (/** @type {string} */ code) => (code === "EU" ? w("union") : names.get(code) ?? code);
  const entries = useMemo(() => entriesOf(listed.found?.materials ?? [], risks.found?.rows ?? [], all?.rows ?? []), [listed.found, risks.found, all]);
  const risky = entries.filter((one) => one.risk);
  const chosen = state.material || (risky.some((one) => one.code === MATERIAL) ? MATERIAL : risky[0]?.code ?? "");
  const profile = useRef(/** @type {HTMLElement | null} */ (null));
  const picked = useRef("");
  useEffect(() => {
    if (picked.current === chosen && picked.current) profile.current?.scrollIntoView({ block: "start" });
    picked.current = "";
  }, [chosen]);
  const pick = (/** @type {string} */ material) => {
    picked.current = material;
    go({ material, stage: "", cut: "" });
  };
  const value = (/** @type {Event} */ event) => /** @type {HTMLSelectElement} */ (event.target).value;
  const sorted = [...names].sort(([, a], [, b]) => a.localeCompare(b, lang));
  const asked = new URLSearchParams({ list, scenario: state.whatif });
  return html`<div class="pageful materials">
    <h1>${w("title")}</h1>
    <p class="lead">${w("lead")}</p>
    <div class="filters" role="group" aria-label=${t("filters")}>
      <label>${w("list")}<select name="list" value=${list || "all"} onChange=${(/** @type {Event} */ event) => go({ list: value(event), material: "", stage: "", cut: "" })}>
        ${[...(lists?.rows ?? [])].reverse().map((row) => html`<option value=${row.list.toLowerCase()} selected=${row.list.toLowerCase() === list}>${nameOf(lang, row)}</option>`)}
        <option value="all" selected=${!list}>${w("list_all")}</option></select></label>
      <label>${w("maker")}<select name="maker" value=${maker} onChange=${(/** @type {Event} */ event) => go({ maker: value(event) })}>
        ${sorted.map(([code, name]) => html`<option value=${code} selected=${code === maker}>${name}</option>`)}</select></label>
      <label>${w("what_if")}<select name="whatif" value=${state.whatif} onChange=${(/** @type {Event} */ event) => go({ whatif: value(event), cut: "" })}>
        <option value="" selected=${!state.whatif}>${w("what_if_none")}</option>
        ${(scenarios ?? []).map((/** @type {any} */ one) => html`<option value=${one.name} selected=${one.name === state.whatif}>${saidOf(lang, one, "title")}</option>`)}</select></label>
    </div>
    ${listed.failure && html`<${Failed} failure=${listed.failure} again=${listed.again} />`}
    ${risks.failure && html`<${Failed} failure=${risks.failure} again=${risks.again} />`}
    ${listed.found && html`<${Counts} found=${listed.found} country=${named(maker)} />`}
    ${(!listed.found || !risks.found) && !listed.failure && !risks.failure && html`<p class="small">${t("loading")}</p>`}
    ${risky.length > 0 && html`<p class="small" role="status">${w("risk_said", { n: risky.length, critical: risky.filter((one) => one.risk?.critical).length })}</p>
      <div class=${`material-pair${risks.busy || listed.busy ? " former" : ""}`}>
        <${RiskTable} entries=${entries} chosen=${chosen} pick=${pick} />
        <${RiskMatrix} rows=${risky.map((one) => one.risk)} thresholds=${risks.found.thresholds} chosen=${chosen} pick=${pick} />
      </div>
      <${Files} label=${w("files_risk")} path=${`${BASE}/risk/file`} asked=${asked} />`}
    <div ref=${profile} class="profile-anchor">${chosen && html`<${MaterialProfile} key=${chosen} material=${chosen} named=${named} countries=${sorted} />`}</div>
    ${countries && html`<${Chains} named=${named} codes=${codes} />`}
    ${state.figure && html`<${SourceDrawer} key=${state.figure} answer=${null} chosen=${0} prices=${{ vot: 0, carbon: 0, tonnes: 0 }} />`}
  </div>`;
}

/** How many of the list a country makes, by each meaning of that. @param {{found: any, country: string}} props */
function Counts({ found, country }) {
  const { lang } = usePage();
  const w = useWords();
  return html`<section class="made-counts" aria-label=${w("counted", { country })}><h2>${w("counted", { country })}</h2>
    <ul>${found.counts.map((/** @type {any} */ one) => html`<li><strong>${w("of_list", { count: one.count, out_of: one.out_of })}</strong> <span>${saidOf(lang, one, "meaning")}</span></li>`)}</ul>
    ${found.counts.length === 0 && html`<p>${w("none_counted")}</p>`}</section>`;
}

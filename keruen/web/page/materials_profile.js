/** One material: what its risk is and rests on, who supplies it with a slider for each, by which ways, and what happens when one fails. */
import { html, useMemo } from "./vendor/preact.js";
import { BASE } from "./api.js";
import { useDocument, useStream } from "./asking.js";
import * as figures from "./figures.js";
import { SupplyMap } from "./materials_map.js";
import { SupplySankey } from "./materials_sankey.js";
import { Files, part } from "./materials_table.js";
import { Benchmarks, Kazakhstan } from "./materials_kazakhstan.js";
import { gatesOf, MAKER, mergedBands, minesOf, MOST_PLANT, scenarioOf, slidersOf, writeSliders } from "./materials_tables.js";
import { useWords } from "./materials_words.js";
import { nameOf, usePage } from "./page.js";
import { Failed, Working } from "./parts.js";
import { RowButton } from "./records.js";

const [SETTLED_MS, HOURS, MOST_SLIDERS, TWICE] = [250, 24, 12, 300];
const [LEAST_BAND, LEAST_SHARE, LEAST_MINE] = [0.01, 0.005, 0.02]; // of all supply: for a band of its own, to be told, and for a miner's band
const INPUTS = /** @type {const} */ (["hhi_global", "hhi_eu", "import_reliance", "eol_rir", "si_sr"]);

/** @param {{material: string, named: (code: string) => string, countries: [string, string][]}} props */
export function MaterialProfile({ material, named, countries }) {
  const { state, go, lang, t, options } = usePage();
  const w = useWords();
  const { found, failure, again } = useDocument(`/material?${new URLSearchParams({ name: material })}`);
  const stages = /** @type {any[]} */ (found?.risk.find((/** @type {any} */ one) => one.code === material)?.stages ?? []);
  const stage = stages.find((one) => one.stage === state.stage) ?? stages[0];
  const buyer = state.buyer || "EU";
  const mixes = /** @type {any[]} */ (found?.supply.filter((/** @type {any} */ one) => one.material === material) ?? []);
  const mix = mixOf(mixes, stage?.stage, buyer);
  const sliders = useMemo(() => slidersOf(state.cut), [state.cut]);
  const recycled = stage?.inputs.eol_rir?.rows.find((/** @type {string} */ row) => row.startsWith("criticality:")) ?? "";
  const scenario = scenarioOf(sliders, mixes, recycled, stage?.stage ?? "") || state.whatif;
  const asked = new URLSearchParams({ name: material, scenario });
  const changed = useDocument(found && scenario ? `/material?${asked}` : "", SETTLED_MS);
  const shown = scenario && changed.found ? changed.found : found;
  const now = shown?.risk.find((/** @type {any} */ one) => one.code === material);
  const nowStage = now?.stages.find((/** @type {any} */ one) => one.stage === stage?.stage);
  const nowMix = mixOf(shown?.supply.filter((/** @type {any} */ one) => one.material === material) ?? [], stage?.stage, buyer);
  const ores = stage?.stage === "processing" ? (shown?.supply ?? []).find((/** @type {any} */ one) => one.material === material && one.stage === "extraction" && one.scope === "global") : null;
  const mines = minesOf(ores?.shares ?? {}, LEAST_MINE, { unknown: w("mines_unknown"), others: w("mines_others") }, named);
  const ways = new URLSearchParams({ name: material, buyer, stage: stage?.stage ?? "", scenario });
  const exposure = useStream(stage ? `/exposure/stream?${ways}` : "");
  const passes = [...new Set(/** @type {any[]} */ (exposure.answer?.suppliers ?? []).flatMap((one) => one.passes))].filter((item) => /^(passage|border):/.test(item)).slice(0, 200);
  const features = useDocument(passes.length ? `/map/features?${new URLSearchParams(passes.map((key) => ["key", key]))}` : "").found?.features ?? [];
  const { shares: passed, gates } = useMemo(() => gatesOf(exposure.answer?.suppliers ?? []), [exposure.answer]);
  if (failure) return html`<${Failed} failure=${failure} again=${again} />`;
  if (!found) return html`<p class="small">${t("loading")}</p>`;
  const name = nameOf(lang, found.material);
  const two = (/** @type {number | null | undefined} */ value) => (value == null ? t("unknown") : figures.plain(lang, value, 2));
  const titles = new Map([...features, ...(exposure.answer?.things ?? []).map((/** @type {any} */ one) => ({ ...one, key: one.item }))].map((one) => [one.key, nameOf(lang, one)]));
  const corridors = new Map((options?.corridors ?? []).map((one) => [one.key, nameOf(lang, one)]));
  const move = (/** @type {import("./materials_tables.js").Sliders} */ to) => go({ cut: writeSliders(to), whatif: "" });
  const value = (/** @type {Event} */ event) => /** @type {HTMLSelectElement} */ (event.target).value;
  const scoped = w(mix?.scope === "eu" ? "scope_eu" : "scope_global");
  const codes = found.goods.map((/** @type {any} */ one) => one.hs);
  return html`<section class="material-profile" aria-label=${name}><h2 class="profile-name">${name}</h2>
    ${now && nowStage ? html`<p class="profile-said">${w("profile_said", { sr: two(nowStage.SR), low: two(nowStage.SR_low), high: two(nowStage.SR_high), stage: w(/** @type {"stage_extraction"} */ (`stage_${nowStage.stage}`)), ei: now.EI == null ? t("unknown") : figures.plain(lang, now.EI, 1) })}
      ${scenario && stage && html` <strong class="before">${w("profile_before", { sr: two(stage.SR) })}</strong>`}</p>` : html`<p class="notice">${w("profile_none")}</p>`}
    <p class="small">${found.material.lists.length > 0 && w("profile_lists", { lists: found.material.lists.join(", ") })} ${found.material.strategic && w("profile_strategic")} ${codes.length > 0 && w("profile_hs", { codes: codes.join(", ") })}</p>
    ${now && html`<${Benchmarks} all=${now.benchmarks} was=${scenario ? (found.risk.find((/** @type {any} */ one) => one.code === material)?.benchmarks ?? []) : []} named=${named} />`}
    ${changed.failure && html`<${Failed} failure=${changed.failure} again=${changed.again} />`}
    ${stage && html`<div class="filters" role="group" aria-label=${t("filters")}>
      <label>${w("stage_of_supply")}<select name="stage" value=${stage.stage} onChange=${(/** @type {Event} */ event) => go({ stage: value(event), cut: "" })}>
        ${stages.map((one) => html`<option value=${one.stage} selected=${one === stage}>${w(/** @type {"stage_extraction"} */ (`stage_${one.stage}`))} (${two(one.SR)})</option>`)}</select></label>
      <label>${w("buyer")}<select name="buyer" value=${buyer} onChange=${(/** @type {Event} */ event) => go({ buyer: value(event) === "EU" ? "" : value(event), cut: "" })}>
        <option value="EU" selected=${buyer === "EU"}>${w("union")}</option>${countries.map(([code, said]) => html`<option value=${code} selected=${code === buyer}>${said}</option>`)}</select></label></div>
      <div class="profile-pair">
        <${SupplyMap} shares=${nowMix?.shares ?? {}} passed=${passed} features=${features} named=${named} buyer=${named(buyer)} title=${w("map_title", { name, stage: w(/** @type {"stage_extraction"} */ (`stage_${stage.stage}`)), scope: scoped })} />
        ${mix && html`<${Suppliers} mix=${mix} now=${nowMix} sliders=${sliders} move=${move} named=${named} rate=${recycled ? stage.inputs.eol_rir.value : null} />`}
      </div>
      ${exposure.failure && html`<${Failed} failure=${exposure.failure} again=${exposure.again} />`}
      ${exposure.work && html`<${Working} work=${exposure.work} cancel=${exposure.cancel} />`}
      ${exposure.cancelled && html`<div class="notice"><strong>${t("cancelled")}</strong><button type="button" class="again" onClick=${exposure.again}>${t("again")}</button></div>`}
      ${exposure.answer && html`<div class=${exposure.work ? "former" : ""}>
        <${SupplySankey} title=${w("sankey_title", { name, buyer: named(buyer) })} buyer=${named(buyer)} mines=${mines} bands=${bandsOf(exposure.answer, gates, { named, corridors, titles, w, buyer: named(buyer), mode: (one) => t(/** @type {"mode_rail"} */ (`mode_${one}`)) })} />
        <${Things} found=${exposure.answer} named=${named} /><${Files} label=${w("files_exposure")} path=${`${BASE}/exposure/file`} asked=${ways} /></div>`}
      ${nowStage && html`<${Inputs} stage=${nowStage} />`}`}
    <${Kazakhstan} found=${found.kazakhstan} named=${named} />
  </section>`;
}

/** The mix that a buyer is supplied by at a stage; the other one where it is not recorded. @param {any[]} mixes @param {string} stage @param {string} buyer */
function mixOf(mixes, stage, buyer) {
  const own = mixes.filter((one) => one.stage === stage);
  return own.find((one) => one.scope === (buyer === "EU" ? "eu" : "global")) ?? own[0];
}

/**
 * Suppliers as bands with names, the largest first.
 * @param {any} found @param {string[]} gates
 * @param {{named: (code: string) => string, corridors: Map<string, string>, titles: Map<string, string>, w: ReturnType<typeof useWords>, buyer: string, mode: (one: string) => string}} how
 */
function bandsOf(found, gates, { named, corridors, titles, w, buyer, mode }) {
  const MODES = ["rail", "road", "sea", "air", "ferry", "inland_waterway"];
  const sent = found.suppliers.map((/** @type {any} */ one, /** @type {number} */ index) => ({
    country: named(one.country), value: one.share, gate: titles.get(gates[index] ?? "") ?? (gates[index] || w("gate_none")),
    corridor: corridors.get(one.corridor) ?? (MODES.includes(one.corridor) ? mode(one.corridor) : (one.corridor ?? "").replaceAll("_", " ")),
  }));
  const home = found.home > 0 ? [{ country: buyer, value: found.home, corridor: w("gate_home"), gate: w("gate_none") }] : [];
  const cut = Object.entries(found.cut_off).map(([code, share]) => ({ country: named(code), value: Number(share), corridor: w("way_none"), gate: w("way_none") }));
  const lost = Object.entries(found.unplaced).map(([code, share]) => ({ country: named(code), value: Number(share), corridor: w("way_unknown"), gate: w("way_unknown") }));
  const rest = 1 - [...sent, ...home, ...cut, ...lost].reduce((sum, one) => sum + one.value, 0);
  const unnamed = rest > LEAST_SHARE ? [{ country: w("mines_unknown"), value: rest, corridor: w("way_unknown"), gate: w("way_unknown") }] : [];
  return mergedBands([...sent, ...home, ...cut, ...lost, ...unnamed].filter((one) => one.value > 0), LEAST_BAND, w("other_ways"));
}

/**
 * Suppliers with a slider for what is left of the output of each, and one for recycling.
 * @param {{mix: any, now: any, sliders: import("./materials_tables.js").Sliders, move: (to: import("./materials_tables.js").Sliders) => void, named: (code: string) => string, rate: number | null}} props
 */
function Suppliers({ mix, now, sliders, move, named, rate }) {
  const { lang, t } = usePage();
  const w = useWords();
  const sorted = /** @type {[string, number][]} */ (Object.entries(mix.shares)).sort(([, a], [, b]) => b - a);
  const number = (/** @type {Event} */ event) => Number(/** @type {HTMLInputElement} */ (event.target).value);
  const moved = Object.keys(sliders.cuts).length > 0 || sliders.recycling !== 100 || sliders.plant > 0;
  return html`<div class="suppliers"><h3>${w("suppliers")} <span class="small">${w("hhi", { hhi: figures.plain(lang, (now ?? mix).hhi, 2), low: figures.plain(lang, (now ?? mix).hhi_low, 2), high: figures.plain(lang, (now ?? mix).hhi_high, 2) })}</span></h3>
    <div class="scroll" tabindex="0" role="group" aria-label=${w("suppliers")}><table><thead><tr><th scope="col">${w("head_country")}</th><th scope="col" class="number">${w("head_share")}</th><th scope="col">${w("head_output")}</th><th scope="col" class="number" title=${w("head_governance")}>WGI</th></tr></thead>
      <tbody>${sorted.map(([code, share], index) => {
        const left = sliders.cuts[code] ?? 100;
        const after = now?.shares[code] ?? 0;
        return html`<tr key=${code}><th scope="row">${named(code)}</th>
          <td class="number">${part(lang, after)}${Math.abs(after - share) > 0.0005 && html`<small class="was">${w("was", { value: part(lang, share) })}</small>`}</td>
          <td>${index < MOST_SLIDERS && html`<input type="range" min="0" max="100" step="10" value=${left} name=${`output-${code}`} aria-label=${w("output_of", { name: named(code) })} aria-valuetext=${`${left} %`} onInput=${(/** @type {Event} */ event) => move({ ...sliders, cuts: { ...sliders.cuts, [code]: number(event) } })} />`}</td>
          <td class="number">${mix.governance[code] == null ? t("unknown") : figures.plain(lang, mix.governance[code], 1)}</td></tr>`;
      })}</tbody></table></div>
    ${rate !== null && html`<label class="recycling"><span>${w("recycling", { rate: figures.percent(lang, rate) })} <output>${w("recycling_value", { value: figures.short(lang, sliders.recycling / 100, 1) })}</output></span>
      <input type="range" name="recycling" min="0" max=${TWICE} step="10" value=${sliders.recycling} onInput=${(/** @type {Event} */ event) => move({ ...sliders, recycling: number(event) })} /></label>`}
    <label class="recycling"><span>${w("plant_added", { name: named(MAKER) })} <output>${w("plant_value", { value: sliders.plant })}</output></span>
      <input type="range" name="plant" min="0" max=${MOST_PLANT} step="1" value=${sliders.plant} onInput=${(/** @type {Event} */ event) => move({ ...sliders, plant: number(event) })} /></label>
    <p class="small">${w("sliders_note")}</p>
    ${moved && html`<button type="button" onClick=${() => move({ cuts: {}, recycling: 100, plant: 0 })}>${w("sliders_back")}</button>`}
  </div>`;
}

/** What is passed and what its failure does. @param {{found: any, named: (code: string) => string}} props */
function Things({ found, named }) {
  const { lang } = usePage();
  const w = useWords();
  const share = (/** @type {number} */ value) => (value >= LEAST_SHARE ? figures.percent(lang, value) : "–");
  const told = (/** @type {Record<string, number>} */ of) => Object.entries(of).map(([code, one]) => `${named(code)} ${figures.percent(lang, one)}`).join(", ");
  return html`<div class="things"><h3>${w("things_title")}</h3>
    <p class="small">${w("exposure_hhi", { hhi: figures.plain(lang, found.route_hhi, 2), sr: found.SR == null ? "–" : figures.plain(lang, found.SR, 2) })} ${told(found.cut_off) && w("exposure_cut", { told: told(found.cut_off) })} ${told(found.unplaced) && w("exposure_unplaced", { told: told(found.unplaced) })}</p>
    ${found.things.length === 0 ? html`<p>${w("things_none")}</p>` : html`<div class="scroll" tabindex="0" role="group" aria-label=${w("things_title")}><table><thead><tr><th scope="col">${w("head_thing")}</th>
      ${/** @type {const} */ (["head_share", "head_lost", "head_dear", "head_added_cost", "head_added_days", "head_sr_without"]).map((key) => html`<th scope="col" class="number">${w(key)}</th>`)}</tr></thead>
      <tbody>${found.things.map((/** @type {any} */ one) => html`<tr key=${one.item} data-item=${one.item}><th scope="row">${nameOf(lang, one) || one.item}<small class="part">${one.item}</small></th><td class="number">${figures.percent(lang, one.share)}</td>
        <td class="number">${share(one.lost)}</td><td class="number">${share(one.dear)}</td><td class="number">${one.added_cost == null ? "–" : figures.change(lang, one.added_cost, figures.percent)}</td>
        <td class="number">${one.added_h == null ? "–" : figures.change(lang, one.added_h / HOURS, (as, value) => figures.plain(as, Number(value), 1))}</td><td class="number">${one.SR_without == null ? "–" : figures.plain(lang, one.SR_without, 2)}</td></tr>`)}</tbody></table></div>`}
    <p class="small">${w("things_note")}</p></div>`;
}

/** The inputs of a stage with their intervals and rows. @param {{stage: any}} props */
function Inputs({ stage }) {
  const { lang } = usePage();
  const w = useWords();
  const MOST_ROWS = 4;
  const given = INPUTS.filter((one) => stage.inputs[one]);
  return html`<details class="inputs"><summary>${w("inputs_title")}</summary><div class="scroll" tabindex="0" role="group" aria-label=${w("inputs_title")}><table><thead><tr><th scope="col">${w("head_input")}</th><th scope="col" class="number">${w("head_value")}</th><th scope="col">${w("head_range")}</th><th scope="col">${w("head_rows")}</th></tr></thead>
    <tbody>${given.map((one) => html`<tr><th scope="row">${w(/** @type {"input_si_sr"} */ (`input_${one}`))}</th><td class="number">${figures.plain(lang, stage.inputs[one].value, 2)}</td><td>${w("interval", { low: figures.plain(lang, stage.inputs[one].low, 2), high: figures.plain(lang, stage.inputs[one].high, 2) })}</td>
      <td><span class="evidence-rows">${stage.inputs[one].rows.slice(0, MOST_ROWS).map((/** @type {string} */ row) => html`<${RowButton} row=${row} />`)}${stage.inputs[one].rows.length > MOST_ROWS && html`<span class="small">+ ${stage.inputs[one].rows.length - MOST_ROWS}</span>`}</span></td></tr>`)}</tbody></table></div></details>`;
}

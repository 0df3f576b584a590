/** Tables of flows: corridors (or both sides of a scenario), bottlenecks with those whom they affect, and where goods move. */
import { html } from "./vendor/preact.js";
import * as figures from "./figures.js";
import { amount, percent, signed, three } from "./flows_amounts.js";
import { known, useWords } from "./flows_words.js";
import { nameOf, saidOf, usePage } from "./page.js";

const MOST_FACILITIES = 40;

/** @typedef {{answer: any, side: any, bands: any, map: {current: any}}} FlowSheet */

/** @param {FlowSheet} props */
export function Corridors({ answer }) {
  const { lang } = usePage();
  const w = useWords();
  const name = (/** @type {any} */ one) => nameOf(lang, one) || w("none");
  if (answer.change) return html`<${Differences} answer=${answer} name=${name} />`;
  return html`<table class="flow-table"><caption>${w("corridors_caption")}</caption>
    <thead><tr><th scope="col">${w("corridor")}</th><th scope="col" class="number">${w("tonnes")}</th><th scope="col" class="number">${w("share")}</th><th scope="col" class="number">${w("teu")}</th><th scope="col" class="number">${w("share_teu")}</th></tr></thead>
    <tbody>${answer.corridors.map((/** @type {any} */ one) => html`<tr key=${one.corridor}><th scope="row">${name(one)}</th><td class="number">${three(lang, one.t / 1e6)}</td>
      <td class="number"><${Bar} share=${one.share_t} text=${percent(lang, one.share_t)} /></td><td class="number">${three(lang, one.teu / 1e3)}</td><td class="number">${percent(lang, one.share_teu)}</td></tr>`)}</tbody></table>`;
}

/** A share as a bar behind its number. @param {{share: number, text: string}} props */
function Bar({ share, text }) {
  return html`<span class="share-cell" style=${{ "--share": `${Math.round(Math.abs(share) * 1000) / 10}%` }}>${text}</span>`;
}

/** @param {{answer: any, name: (one: any) => string}} props */
function Differences({ answer, name }) {
  const { lang } = usePage();
  const w = useWords();
  const points = (/** @type {number} */ value) => signed(w("points", { value: figures.plain(lang, Math.abs(value) * 100, 2) }), value);
  const known = new Map([...answer.base.facilities, ...answer.with.facilities].map((one) => [one.facility, one]));
  const loads = answer.facilities.map((/** @type {any} */ one) => ({ ...known.get(one.facility), ...one, change: (one.with ?? 0) - (one.base ?? 0) }))
    .filter((/** @type {any} */ one) => one.change !== 0).sort((/** @type {any} */ a, /** @type {any} */ b) => Math.abs(b.change / (b.capacity || 1)) - Math.abs(a.change / (a.capacity || 1))).slice(0, MOST_FACILITIES);
  return html`<table class="flow-table"><caption>${w("compared_caption")}</caption>
    <thead><tr><th scope="col">${w("corridor")}</th><th scope="col" class="number">${w("base")}</th><th scope="col" class="number">${w("with")}</th><th scope="col" class="number">${w("change")}</th></tr></thead>
    <tbody>${answer.corridors.map((/** @type {any} */ one) => html`<tr key=${one.corridor}><th scope="row">${name(one)}</th><td class="number">${percent(lang, one.base)}</td><td class="number">${percent(lang, one.with)}</td><td class="number">${points(one.change)}</td></tr>`)}</tbody></table>
    ${loads.length > 0 && html`<table class="flow-table"><caption>${w("loads_caption")}</caption>
    <thead><tr><th scope="col">${w("facility")}</th><th scope="col" class="number">${w("base")}</th><th scope="col" class="number">${w("with")}</th><th scope="col" class="number">${w("change")}</th></tr></thead>
    <tbody>${loads.map((/** @type {any} */ one) => html`<tr key=${one.facility}><th scope="row">${nameOf(lang, one)}</th><td class="number">${amount(lang, one.base, one.unit)}</td><td class="number">${amount(lang, one.with, one.unit)}</td><td class="number">${signed(amount(lang, Math.abs(one.change), one.unit), one.change)}</td></tr>`)}</tbody></table>`}`;
}

/** @param {FlowSheet} props */
export function Bottlenecks({ answer, side, map }) {
  const { state, go, lang, t } = usePage();
  const w = useWords();
  const found = /** @type {any[]} */ (side.bottlenecks);
  if (!found.length) return html`<p class="notice">${w("no_bottlenecks")}</p>`;
  const chosen = found.find((one) => one.facility === state.row);
  const named = (/** @type {string} */ kind, /** @type {string} */ key) => {
    const one = answer.names[kind]?.[key];
    return one ? nameOf(lang, one) : key;
  };
  const unit = (/** @type {string} */ key) => (known(`unit_${key}`) ? w(/** @type {"unit_t"} */ (`unit_${key}`)) : key);
  const show = (/** @type {any} */ one) => {
    const at = answer.names.facilities[one.facility];
    if (at) map.current?.fit([[at.lon - 6, at.lat - 4], [at.lon + 6, at.lat + 4]], 20);
  };
  return html`<div class="bottlenecks"><div><table class="flow-table"><caption>${w("bottlenecks_caption")}</caption>
    <thead><tr><th scope="col">${w("facility")}</th><th scope="col" class="number">${w("load")}</th><th scope="col" class="number">${w("capacity")}</th><th scope="col" class="number">${w("use")}</th><th scope="col" class="number">${w("wait")}</th><th scope="col" class="number">${w("price")}</th><th scope="col">${w("worth")}</th></tr></thead>
    <tbody>${found.map((one) => html`<tr key=${one.facility} class=${one === chosen ? "chosen" : ""}><th scope="row"><button type="button" class="figure" aria-pressed=${one === chosen} onClick=${() => go({ row: one === chosen ? "" : one.facility })}>${saidOf(lang, one, "name")}</button></th>
      <td class="number">${amount(lang, one.load, one.unit)}</td><td class="number">${amount(lang, one.capacity, one.unit)}</td><td class="number">${figures.percent(lang, one.use)}</td><td class="number">${figures.hours(lang, one.wait_h)}</td>
      <td class="number">${one.price_usd_per_unit == null ? t("unknown") : `${figures.usd(lang, one.price_usd_per_unit)} / ${unit(one.unit)}`}</td><td>${saidOf(lang, one, "worth")}</td></tr>`)}</tbody></table></div>
    ${chosen && html`<section class="affected" aria-label=${w("affected", { name: saidOf(lang, chosen, "name") })}><h3>${w("affected", { name: saidOf(lang, chosen, "name") })}</h3>
      <p class="links"><button type="button" onClick=${() => show(chosen)}>${w("on_map")}</button> <button type="button" class="figure" onClick=${() => go({ figure: `row/${chosen.source}` })}>${w("sources_row")}</button></p>
      <div class="affected-lists">${/** @type {const} */ (["origins", "destinations", "classes"]).map((kind) => html`<div><h3 class="minor">${w(kind)}</h3><ul>${chosen.affected[kind].map((/** @type {any} */ one) => html`<li>${named(kind === "classes" ? "classes" : "zones", one.key)} <span class="small">${percent(lang, one.share)}</span></li>`)}</ul></div>`)}</div></section>`}</div>`;
}

/** @param {FlowSheet} props */
export function Lines({ bands }) {
  const { lang, t } = usePage();
  const w = useWords();
  const countries = new Intl.DisplayNames([lang], { type: "region" });
  if (!bands) return html`<p class="small">${t("loading")}</p>`;
  const [unit, of] = bands.measure === "t" ? ["work", 1e9] : ["work_teu", 1e6];
  return html`<table class="flow-table"><caption>${w("lines_caption", { measure: w(/** @type {"side_base"} */ (`side_${bands.side}`)) })}</caption>
    <thead><tr><th scope="col">${w("country")}</th><th scope="col">${w("mode")}</th><th scope="col" class="number">${w(/** @type {"work"} */ (unit))}</th><th scope="col" class="number">${w("most")}</th></tr></thead>
    <tbody>${bands.moved.map((/** @type {any} */ one) => html`<tr><th scope="row">${/^[A-Z]{2}$/.test(one.country) ? countries.of(one.country) : w("at_sea")}</th><td>${t(/** @type {"mode_rail"} */ (`mode_${one.mode}`))}</td><td class="number">${three(lang, one.amount_km / Number(of))}</td><td class="number">${amount(lang, one.most, bands.measure)}</td></tr>`)}</tbody></table>`;
}

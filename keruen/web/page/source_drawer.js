/** Where a number comes from: the figure, the rows it is made of with what each adds, and each row down to its sources. */
import { html, useState } from "./vendor/preact.js";
import { useDocument } from "./asking.js";
import { contributions } from "./contributions.js";
import * as figures from "./figures.js";
import { corridorOf, nameOf, usePage } from "./page.js";
import { Drawer } from "./parts.js";
import { generalizedCost } from "./ranking.js";
import { Traced } from "./traced.js";
import { has } from "./words.js";

/** @typedef {import("./answer").Answer} Answer */
/** @typedef {import("./answer").Route} Route */

/** @param {{answer: Answer | null, chosen: number, prices: import("./ranking.js").Prices}} props */
export function SourceDrawer({ answer, chosen, prices }) {
  const { state, go, t } = usePage();
  const [kind = "", ...rest] = state.figure.split("/");
  const route = answer?.routes[chosen];
  const close = () => go({ figure: "" });
  return html`<${Drawer} title=${t("where_from")} close=${close}>
    ${kind === "row" ? html`<${Traced} figure=${rest.join("/")} />`
      : route && answer ? html`<${Made} answer=${answer} route=${route} of=${kind} which=${rest} prices=${prices} />`
      : html`<p>${t("unknown")}</p>`}
  <//>`;
}

/** @param {{answer: Answer, route: Route, of: string, which: string[], prices: import("./ranking.js").Prices}} props */
function Made({ answer, route, of, which, prices }) {
  const { lang, t } = usePage();
  const measure = which.at(-1) ?? "time_h";
  const leg = of === "leg" ? route.legs[Number(which[0])] : undefined;
  const one = leg ?? route;
  const legs = leg ? [leg] : route.legs;
  const percentile = /^p\d+_h$/.test(measure);
  const value = measure === "generalized" ? generalizedCost(route, prices) : /** @type {any} */ (one)[measure];
  const format = measure === "cost_usd" || measure === "generalized" ? figures.usd : measure === "co2e_kg" ? figures.kilograms : percentile ? figures.days : figures.hours;
  const place = leg && answer.places[leg.to];
  const where = leg ? `${t(/** @type {"mode_rail"} */ (`mode_${leg.mode}`))}, ${(lang === "ru" && leg.name_ru) || leg.name || (place ? nameOf(lang, place) : leg.to)}` : corridorOf(lang, route);
  const rows = percentile ? spreadRows(route) : measure === "generalized" ? [] : contributions(legs, measure);
  const label = percentile ? measure.slice(0, -2).toUpperCase() : measure === "cost_usd" ? t("cost") : measure === "co2e_kg" ? t("co2e") : t(/** @type {"head_time_h"} */ (`head_${measure}`));
  const share = (/** @type {number | null} */ v) => (percentile ? figures.percent(lang, v) : format(lang, v));
  return html`<p class="drawer-where">${where}</p>
    <p class="drawer-figure"><span>${label}</span><strong>${format(lang, value)}</strong></p>
    ${percentile && html`<p>${t("percentile_note", { time: figures.days(lang, route.time_h) })}</p>`}
    ${!percentile && one.assumed.includes(measure) && html`<p><span class="assumed">≈</span> ${t("assumed_note")}</p>`}
    ${measure === "generalized" && html`<dl class="formula">
      <div><dt>${t("cost")}</dt><dd>${figures.usd(lang, route.cost_usd)}</dd></div>
      <div><dt>+ ${t("value_of_time")}: ${t("vot_value", { value: figures.plain(lang, prices.vot) })} × ${figures.tonnes(lang, prices.tonnes)} × ${figures.days(lang, route.time_h)}</dt><dd>${figures.usd(lang, (prices.vot * prices.tonnes * route.time_h) / 24)}</dd></div>
      <div><dt>+ ${t("carbon_price")}: ${t("carbon_value", { value: figures.plain(lang, prices.carbon) })} × ${figures.co2e(lang, route.co2e_kg)}</dt><dd>${figures.usd(lang, prices.carbon === 0 ? 0 : route.co2e_kg == null ? null : (prices.carbon * route.co2e_kg) / 1000)}</dd></div></dl>`}
    ${measure !== "generalized" && html`<h3>${percentile ? t("spread_rows") : t("made_of")}</h3>`}
    ${measure !== "generalized" && rows.length === 0 && html`<p>${t("nothing_adds")}</p>`}
    <div class="parts-list">${rows.map((row, index) => html`<${Contribution} key=${`${row.source} ${row.kind} ${index}`} row=${row} text=${share(row.value)} open=${index === 0} />`)}</div>`;
}

/** A row with what it adds; opened, it shows its cells and sources. @param {{row: import("./contributions.js").Contribution & {more?: string[]}, text: string, open: boolean}} props */
function Contribution({ row, text, open }) {
  const { t } = usePage();
  const [opened, setOpened] = useState(open);
  const kind = `part_${row.kind}`;
  const basis = `basis_${row.basis}`;
  const toggled = (/** @type {Event} */ event) => setOpened(/** @type {HTMLDetailsElement} */ (event.currentTarget).open);
  return html`<details class="contribution" data-row=${row.source} open=${open} onToggle=${toggled}>
    <summary><span class="adds">${text}</span><span class="what">${has(kind) ? t(kind) : row.kind}<small>${row.source}</small></span>
      ${row.basis && html`<span class=${`basis ${row.basis}`}>${row.basis === "assumed" ? "≈ " : ""}${has(basis) ? t(basis) : row.basis}</span>`}</summary>
    ${opened && [row.source, ...(row.more ?? [])].map((figure) => html`<${Traced} key=${figure} figure=${figure} />`)}
  </details>`;
}

/** Legs that cause the spread, by the rows of spreads they rest on, with their share of the variance. @param {Route} route */
function spreadRows(route) {
  /** @type {Map<string, import("./contributions.js").Contribution & {more: string[]}>} */
  const found = new Map();
  for (const one of route.spread_legs) {
    const [source, ...more] = one.sources;
    if (!source) continue;
    const id = one.sources.join(" ");
    const before = found.get(id);
    if (before) before.value = (before.value ?? 0) + one.share;
    else found.set(id, { source, more, basis: "", kind: "spread", value: one.share });
  }
  return [...found.values()].sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
}

/** Shares of corridors over the years: worked out when asked for, as lines and as the table behind them, with what is on record. */
import { html, useRef, useState } from "./vendor/preact.js";
import { useStream } from "./asking.js";
import { Axes } from "./axes.js";
import { routeColours } from "./colours.js";
import * as figures from "./figures.js";
import { amount, percent } from "./flows_amounts.js";
import { YEARS, flowsQuery } from "./flows_asked.js";
import { useWords } from "./flows_words.js";
import { nameOf, usePage } from "./page.js";
import { Failed, Working, useSize } from "./parts.js";
import { linear } from "./scales.js";

const HEIGHT = 300;
const MOST_LINES = 6;

export function Years() {
  const { state, lang } = usePage();
  const w = useWords();
  const path = `/flows/years/stream?${flowsQuery(state, false)}&${YEARS.map((year) => `year=${year}`).join("&")}`;
  const [asked, setAsked] = useState("");
  const { answer, work, failure, cancel, again } = useStream(asked === path ? path : "");
  const lead = w("years_lead", { years: YEARS.join(", ") });
  if (failure) return html`<${Failed} failure=${failure} again=${again} />`;
  if (work) return html`<div class="flow-years"><${Working} work=${work} cancel=${() => { cancel(); setAsked(""); }} /></div>`;
  if (!answer) return html`<div class="flow-years"><p>${lead}</p><button type="button" class="main" onClick=${() => setAsked(path)}>${w("years_run")}</button></div>`;
  const rows = lines(answer.years);
  const name = (/** @type {any} */ one) => nameOf(lang, one) || w("none");
  return html`<div class="flow-years"><p class="small">${lead}</p>
    <${Chart} rows=${rows.slice(0, MOST_LINES)} years=${answer.years} name=${name} />
    <table class="flow-table"><caption>${w("years_caption")}</caption>
      <thead><tr><th scope="col">${w("corridor")}</th>${answer.years.map((/** @type {any} */ one) => html`<th scope="col" class="number">${one.year}</th>`)}</tr></thead>
      <tbody>${rows.map((one) => html`<tr><th scope="row">${name(one)}</th>${one.shares.map((share) => html`<td class="number">${percent(lang, share)}</td>`)}</tr>`)}</tbody></table>
    ${answer.recorded.length > 0 && html`<table class="flow-table"><caption>${w("recorded_caption")}</caption>
      <thead><tr><th scope="col">${w("record_counts")}</th><th scope="col" class="number">${w("year")}</th><th scope="col" class="number">${w("record_low")}</th><th scope="col" class="number">${w("record_high")}</th></tr></thead>
      <tbody>${answer.recorded.map((/** @type {any} */ one) => html`<tr><th scope="row">${one.record}</th><td class="number">${one.year}</td><td class="number">${amount(lang, one.low, one.unit)}</td><td class="number">${amount(lang, one.high, one.unit)}</td></tr>`)}</tbody></table>`}</div>`;
}

/** Corridors with their shares in each year, that of the largest share first. @param {any[]} years */
export function lines(years) {
  /** @type {Map<string, {corridor: string, name: string, name_ru: string, shares: number[]}>} */
  const found = new Map();
  years.forEach((one, index) => {
    for (const { corridor, name, name_ru, share_t } of one.corridors) {
      const row = found.get(corridor) ?? { corridor, name, name_ru, shares: years.map(() => 0) };
      row.shares[index] = share_t;
      found.set(corridor, row);
    }
  });
  return [...found.values()].sort((a, b) => Math.max(...b.shares) - Math.max(...a.shares));
}

/** @param {{rows: ReturnType<typeof lines>, years: any[], name: (one: any) => string}} props */
function Chart({ rows, years, name }) {
  const { lang, dark } = usePage();
  const w = useWords();
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const { width } = useSize(box);
  const frame = { left: 62, right: Math.max(200, width - 24), top: 28, bottom: HEIGHT - 40 };
  const [first, last] = [years[0].year, years.at(-1).year];
  const x = { ...linear(first, Math.max(last, first + 1), frame.left + 12, frame.right - 12, { zero: false, count: years.length }), ticks: years.map((one) => one.year) };
  const y = linear(0, Math.max(0.01, ...rows.flatMap((one) => one.shares)) * 100, frame.bottom, frame.top, {});
  const colours = routeColours(rows.length, dark);
  return html`<figure class="chart tall" ref=${box}><svg width=${Math.max(220, width)} height=${HEIGHT} role="img" aria-label=${w("years_caption")}>
    <${Axes} x=${x} y=${y} frame=${frame} xTitle="" yTitle=${w("years_title")} xText=${String} yText=${(/** @type {number} */ v) => figures.short(lang, v, 1)} />
    ${rows.map((one, index) => html`<g stroke=${colours[index]} fill=${colours[index]}><polyline fill="none" stroke-width="2.2" points=${one.shares.map((share, i) => `${x.at(years[i].year)},${y.at(share * 100)}`).join(" ")} />
      ${one.shares.map((share, i) => html`<circle cx=${x.at(years[i].year)} cy=${y.at(share * 100)} r="4"><title>${name(one)}, ${years[i].year}: ${percent(lang, share)}</title></circle>`)}
      <text class="flow-number" stroke="none" x=${x.at(last) + 7} y=${y.at((one.shares.at(-1) ?? 0) * 100)} dy="0.32em">${index + 1}</text></g>`)}</svg>
    <ol class="flow-lines">${rows.map((one, index) => html`<li><svg class="line" viewBox="0 0 22 6" aria-hidden="true"><line x1="0" x2="22" y1="3" y2="3" stroke=${colours[index]} stroke-width="3" /></svg>${index + 1}. ${name(one)}</li>`)}</ol></figure>`;
}

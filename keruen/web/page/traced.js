/** A row of evidence opened down to its sources: its cells with their meaning, the rows it was worked out from, who says so. */
import { html } from "./vendor/preact.js";
import { useDocument } from "./asking.js";
import * as figures from "./figures.js";
import { usePage } from "./page.js";
import { Failed } from "./parts.js";
import { has } from "./words.js";

/** @typedef {import("./answer").Trace} Trace */
/** @typedef {import("./answer").TracedRow} TracedRow */

/** @param {{figure: string, columns?: import("./answer").Column[]}} props */
export function Traced({ figure, columns = [] }) {
  const { t } = usePage();
  const { found, failure, busy } = useDocument(`/sources?${new URLSearchParams({ figure })}`);
  if (failure) return html`<${Failed} failure=${failure} />`;
  if (!found || busy) return html`<p class="small">${t("loading")}</p>`;
  const trace = /** @type {Trace} */ (found);
  const [first, ...behind] = trace.rows;
  return html`<div class="traced">
    ${first && html`<${Row} row=${first} columns=${columns} />`}
    <h3 class="minor">${t("sources")}</h3>
    ${trace.sources.length === 0 && html`<p>${t("no_source")}</p>`}
    <ul class="source-list">${trace.sources.map((source) => html`<${Source} key=${source.source} source=${source} />`)}</ul>
    ${behind.length > 0 && html`<details class="behind"><summary>${t("rows_behind", { n: behind.length })}</summary>
      ${behind.map((row) => html`<${Row} key=${row.id} row=${row} />`)}</details>`}
  </div>`;
}

/** @param {{row: TracedRow, columns?: import("./answer").Column[]}} props */
function Row({ row, columns = [] }) {
  const { go, t } = usePage();
  const shown = Object.entries(row.cells).filter(([name]) => !["source", "evidence", "note"].includes(name));
  const key = row.id.slice(row.table.length + 1);
  const meaning = (/** @type {string} */ name) => columns.find((one) => one.column === name);
  return html`<div class="traced-row"><p class="row-name"><code>${row.id}</code>
      <button type="button" class="plain text" onClick=${() => go({ view: "evidence", table: row.table, row: key, q: "", offset: "", figure: "" })}>${t("open_table")}</button></p>
    <dl class="cells">${shown.map(([name, cell]) => html`<div><dt title=${meaning(name)?.meaning}>${name}</dt><dd>${said(cell)}${meaning(name)?.unit ? html` <small>${meaning(name)?.unit}</small>` : ""}</dd></div>`)}</dl>
    ${row.cells.note && html`<p class="row-note">${said(row.cells.note)}</p>`}</div>`;
}

/** One source with its address. @param {{source: import("./answer").SourceRow}} props */
function Source({ source }) {
  const { lang, t } = usePage();
  const tier = `tier_${source.tier}`;
  const safe = source.url && /^https?:\/\//.test(source.url) ? source.url : "";
  return html`<li><strong>${source.title}</strong>
    <span class="small">${figures.date(lang, source.date)}${source.tier ? ` · ${has(tier) ? t(tier) : source.tier}` : ""}</span>
    ${safe && html`<a href=${safe} target="_blank" rel="noopener noreferrer">${safe.replace(/^https?:\/\/(www\.)?/, "")}</a>`}
    ${source.note && html`<span class="small">${source.note}</span>`}</li>`;
}

/** A cell in words. @param {unknown} cell @returns {string} */
export function said(cell) {
  return Array.isArray(cell) ? cell.join(", ") : cell === null || cell === undefined ? "" : String(cell);
}

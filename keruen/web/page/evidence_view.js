/** The evidence page: search over all rows and sources, the list of tables, a table, and a row opened to its sources. */
import { html, useState, useEffect } from "./vendor/preact.js";
import { BASE } from "./api.js";
import { useDocument } from "./asking.js";
import { write } from "./address.js";
import * as figures from "./figures.js";
import { usePage } from "./page.js";
import { Drawer, Failed } from "./parts.js";
import { plainClick } from "./shell.js";
import { Traced, said } from "./traced.js";

/** @typedef {import("./answer").Sheet} Sheet */
/** @typedef {import("./answer").TableInfo} TableInfo */

const AT_ONCE = 50;

export function EvidenceView() {
  const { state, t } = usePage();
  const title = state.table ? t("evidence_table", { name: state.table }) : t("evidence_title");
  return html`<div class="pageful evidence"><h1>${title}</h1>
    ${state.table ? html`<${TablePage} key=${state.table} />` : state.q ? html`<${Found} />` : html`<${Tables} />`}
  </div>`;
}

/** A link to another state of this page. @param {{to: Partial<import("./address.js").State>, children?: unknown, class?: string}} props */
function Link({ to, children, ...rest }) {
  const { state, go } = usePage();
  const change = { q: "", table: "", row: "", offset: "", ...to };
  return html`<a ...${rest} href=${write({ ...state, ...change })} onClick=${plainClick(() => go(change))}>${children}</a>`;
}

/** All tables with their meaning. */
function Tables() {
  const { lang, t } = usePage();
  const { found, failure, again } = useDocument("/tables");
  if (failure) return html`<${Failed} failure=${failure} again=${again} />`;
  const tables = /** @type {TableInfo[]} */ (found?.tables ?? found ?? []);
  return html`<p class="lead">${t("evidence_lead")}</p>
    ${!found && html`<p class="small">${t("loading")}</p>`}
    <ul class="tables">${tables.map((one) => html`<li><${Link} to=${{ table: one.name }}><strong>${one.name.replaceAll("_", " ")}</strong><//>
      <span class="small">${one.rows == null ? t("unknown") : t("rows_n", { n: figures.plain(lang, one.rows) })}</span><p>${one.meaning}</p></li>`)}</ul>`;
}

/** Rows that contain all the words. */
function Found() {
  const { state, lang, t } = usePage();
  const { found, failure, busy, again } = useDocument(`/search?${new URLSearchParams({ q: state.q, limit: "100" })}`);
  if (failure) return html`<${Failed} failure=${failure} again=${again} />`;
  if (!found) return html`<p class="small">${t("loading")}</p>`;
  const rows = /** @type {{row: string, table: string, text: string}[]} */ (found.rows);
  return html`<p aria-live="polite">${t("found_n", { n: figures.plain(lang, found.total), q: state.q })} <${Link} to=${{}}>${t("all_tables")}<//></p>
    ${found.total === 0 && html`<p class="notice">${t("found_none")}</p>`}
    <ul class=${busy ? "found former" : "found"}>${rows.map((one) => html`<li><${Link} to=${{ table: one.table, row: one.row.slice(one.table.length + 1) }}><code>${one.row}</code><//><p>${one.text}</p></li>`)}</ul>
    ${rows.length < found.total && html`<p class="small">${t("found_first", { n: rows.length })}</p>`}`;
}

/** One table with its filter, pages and an opened row. */
function TablePage() {
  const { state, go, lang, t } = usePage();
  const offset = Math.max(0, Number(state.offset) || 0);
  const path = `/tables/${encodeURIComponent(state.table)}?${new URLSearchParams({ q: state.q, offset: String(offset), limit: String(AT_ONCE) })}`;
  const { found, failure, busy, again } = useDocument(path, 150);
  const [typed, setTyped] = useState(state.q);
  useEffect(() => setTyped(state.q), [state.q]);
  const sheet = /** @type {Sheet | null} */ (found);
  const keys = sheet?.columns.filter((one) => one.key).map((one) => one.column) ?? [];
  const rowKey = (/** @type {Record<string, any>} */ row) => keys.map((one) => said(row[one])).join("/");
  const numeric = (/** @type {import("./answer").Column} */ one) => one.type === "number" || one.type === "integer";
  const last = Math.min(offset + AT_ONCE, sheet?.total ?? 0);
  return html`<p><${Link} to=${{}}>← ${t("all_tables")}<//></p>
    ${sheet?.meaning && html`<p class="lead">${sheet.meaning}</p>`}
    ${failure && html`<${Failed} failure=${failure} again=${again} />`}
    <div class="table-tools"><label>${t("filter")}<input type="search" value=${typed} onInput=${(/** @type {Event} */ event) => {
      const { value } = /** @type {HTMLInputElement} */ (event.target);
      setTyped(value);
      go({ q: value, offset: "" });
    }} /></label>
      <span class="pages"><button type="button" disabled=${offset === 0} onClick=${() => go({ offset: offset > AT_ONCE ? String(offset - AT_ONCE) : "" })}>${t("earlier")}</button>
        <span aria-live="polite">${sheet ? (sheet.total ? t("shown_of", { from: offset + 1, to: last, n: figures.plain(lang, sheet.total) }) : t("found_none")) : t("loading")}</span>
        <button type="button" disabled=${!sheet || last >= sheet.total} onClick=${() => go({ offset: String(offset + AT_ONCE) })}>${t("later")}</button></span>
      <span class="links">${/** @type {const} */ (["csv", "xlsx"]).map((one) => html`<a download="" href=${`${BASE}/tables/${encodeURIComponent(state.table)}/file/${one}`}>${one.toUpperCase()}</a>`)}</span></div>
    ${sheet && html`<details class="fold"><summary><span class="fold-name">${t("columns")}</span><span class="fold-said">${sheet.columns.length}</span></summary>
      <dl class="dictionary">${sheet.columns.map((one) => html`<div><dt><code>${one.column}</code> <small>${[one.type, one.unit].filter(Boolean).join(", ")}</small></dt><dd>${one.meaning}</dd></div>`)}</dl></details>`}
    ${sheet && html`<div class=${`scroll sheet${busy ? " former" : ""}`} tabindex="0" role="group" aria-label=${state.table}><table>
      <thead><tr><th scope="col">${t("row")}</th>${sheet.columns.map((one) => html`<th scope="col" class=${numeric(one) ? "number" : ""}><span class="meaning" title=${one.meaning}>${one.column.replaceAll("_", " ")}${one.unit && html`<small>${one.unit}</small>`}</span></th>`)}</tr></thead>
      <tbody>${sheet.rows.map((row) => {
        const key = rowKey(row);
        return html`<tr key=${key} class=${key === state.row ? "chosen" : ""}><th scope="row"><button type="button" class="figure" onClick=${() => go({ row: key })}>${key}</button></th>
          ${sheet.columns.map((one) => html`<td class=${numeric(one) ? "number" : ""}><span class="clip" title=${said(row[one.column]).length > 60 ? said(row[one.column]) : undefined}>${said(row[one.column])}</span></td>`)}</tr>`;
      })}</tbody></table></div>`}
    ${state.row && html`<${Drawer} key=${state.row} title=${t("where_from")} close=${() => go({ row: "" })}><${Traced} figure=${`${state.table}:${state.row}`} columns=${sheet?.columns ?? []} /><//>`}`;
}

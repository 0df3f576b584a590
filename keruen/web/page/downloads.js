/** What can be taken away: files of the answer, its address, and the command that gives the same. */
import { html, useState } from "./vendor/preact.js";
import { write } from "./address.js";
import { BASE } from "./api.js";
import { usePage } from "./page.js";
import { Copy, saveFile } from "./parts.js";
import { command, query } from "./question.js";

const FILES = /** @type {const} */ (["csv", "xlsx", "geojson", "gpkg", "json", "png", "svg"]);
const OF_BOTH_SIDES = ["geojson", "gpkg"]; // with a scenario: the ways without it too
const DIAGRAMS = /** @type {const} */ (["png", "svg", "csv"]);

/** @param {import("./sheets.js").SheetProps} props */
export function Downloads({ map }) {
  const { state, lang, t } = usePage();
  const [failed, setFailed] = useState(false);
  const asked = `${query(state, { prices: true })}&lang=${lang}`;
  const file = (/** @type {typeof FILES[number]} */ one) => {
    const both = state.scenario !== "" && OF_BOTH_SIDES.includes(one);
    const address = both ? `/compare/file/${one}?${query(state, { prices: true })}` : `/route/file/${one}?${asked}`;
    return html`<li><a download="" href=${BASE + address}><strong>${one.toUpperCase()}</strong><span>${t(`file_${one}`)}${both && ` (${t("both_sides")})`}</span></a></li>`;
  };
  const picture = async () => {
    try {
      saveFile(await map.current.picture(), "keruen-map.png");
    } catch {
      setFailed(true);
    }
  };
  return html`<div class="files"><h2 class="unseen">${t("sheet_files")}</h2>
    <section><h3>${t("files_answer")}</h3><ul class="file-list">
      ${FILES.map(file)}
      <li><button type="button" onClick=${picture}><strong>PNG</strong><span>${t("file_view")}</span></button></li></ul>
      ${failed && html`<p class="notice">${t("map_broken")}</p>`}</section>
    <section><h3>${t("files_diagram")}</h3><ul class="file-list">
      ${DIAGRAMS.map((one) => html`<li><a download="" href=${`${BASE}/tcd/file/${one}?${asked}`}><strong>${one.toUpperCase()}</strong><span>${t(one === "csv" ? "file_table" : "file_diagram")}</span></a></li>`)}</ul>
      <h3>${t("share")}</h3><${Copy} label=${t("copy_address")} text=${() => location.origin + write(state)} /></section>
    <section><h3>${t("as_command")}</h3><pre class="command" tabindex="0">${command(state)}</pre><${Copy} label=${t("copy_command")} text=${() => command(state)} />
      ${/[\n=]/.test(state.scenario) && html`<p class="small">${t("command_scenario")}</p>`}</section>
  </div>`;
}

/** What can be taken away of flows: files, the map as seen, the address, and the command that gives the same. */
import { html, useState } from "./vendor/preact.js";
import { write } from "./address.js";
import { BASE } from "./api.js";
import { flowsCommand, flowsQuery } from "./flows_asked.js";
import { useWords } from "./flows_words.js";
import { usePage } from "./page.js";
import { Copy, saveFile } from "./parts.js";

const FILES = /** @type {const} */ (["gpkg", "gmns", "omx", "xlsx", "json"]);

/** @param {import("./flows_tables.js").FlowSheet} props */
export function FlowFiles({ map }) {
  const { state, t } = usePage();
  const w = useWords();
  const [failed, setFailed] = useState(false);
  const picture = async () => {
    try {
      saveFile(await map.current.picture(), "keruen-flows.png");
    } catch {
      setFailed(true);
    }
  };
  return html`<div class="files"><h2 class="unseen">${w("sheet_files")}</h2>
    <section><h3>${w("files_title")}</h3><ul class="file-list">
      ${FILES.map((one) => html`<li><a download="" href=${`${BASE}/flows/file/${one}?${flowsQuery(state)}`}><strong>${one.toUpperCase()}</strong><span>${w(`file_${one}`)}</span></a></li>`)}
      <li><button type="button" onClick=${picture}><strong>PNG</strong><span>${w("map_picture")}</span></button></li></ul>
      ${state.scenario && html`<p class="small">${w("files_with")}</p>`}${failed && html`<p class="notice">${t("map_broken")}</p>`}</section>
    <section><h3>${w("share_title")}</h3><${Copy} label=${t("copy_address")} text=${() => location.origin + write(state)} /></section>
    <section><h3>${w("command")}</h3><pre class="command" tabindex="0">${flowsCommand(state)}</pre><${Copy} label=${t("copy_command")} text=${() => flowsCommand(state)} /></section>
  </div>`;
}

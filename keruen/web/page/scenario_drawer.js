/** The scenario drawer: a scenario is chosen among those shipped or saved, or written as TOML. */
import { html, useState } from "./vendor/preact.js";
import { useDocument } from "./asking.js";
import { usePage } from "./page.js";
import { Drawer } from "./parts.js";

/** @param {{close: () => void, map: {current: any}}} props */
export function ScenarioDrawer({ close }) {
  const { state, go, lang, t } = usePage();
  const { found } = useDocument("/scenarios");
  const [text, setText] = useState(state.scenario);
  const listed = /** @type {{name: string, title: string, title_ru?: string}[]} */ (found?.scenarios ?? found ?? []);
  const take = (/** @type {string} */ scenario) => {
    go({ scenario, way: "", figure: "" });
    close();
  };
  return html`<${Drawer} title=${t("scenario")} close=${close}>
    <p>${t("scenario_note")}</p>
    ${Array.isArray(listed) && html`<div class="offers">${listed.map((one) => html`<button type="button" onClick=${() => take(one.name)}>${(lang === "ru" && one.title_ru) || one.title || one.name}</button>`)}</div>`}
    <label class="stacked">TOML<textarea rows="14" spellcheck="false" value=${text}
      onInput=${(/** @type {Event} */ event) => setText(/** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea></label>
    <div class="offers"><button type="button" class="main" onClick=${() => take(text.trim())}>${t("scenario_apply")}</button>
      ${state.scenario && html`<button type="button" onClick=${() => take("")}>${t("remove")}</button>`}</div>
  <//>`;
}

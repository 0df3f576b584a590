/**
 * The scenario drawer: what the scenario changes, each with its reason, switched off, edited, taken out or undone; forms that add to
 * it, by typing or on the map; opening, saving, downloading. Who knows TOML finds the text at the end; nobody needs it.
 */
import { html, useEffect, useState } from "./vendor/preact.js";
import { askText, failureOf } from "./api.js";
import { useDocument } from "./asking.js";
import { countsOf } from "./differences.js";
import { nameOf, usePage } from "./page.js";
import { Copy, Cross, Drawer, Failed, Working, saveFile, useTyped } from "./parts.js";
import { command } from "./question.js";
import { titleOf } from "./route_form.js";
import { put, sketches, switched, titled, without } from "./scenario_edit.js";
import { CaspianForm, CloseForm, Followed, LineForm, PlaceForm, ServiceForm, ValueForm } from "./scenario_forms.js";
import { Problems, useWords } from "./scenario_parts.js";

/** @typedef {import("./scenario_edit.js").Entry} Entry */
/** @typedef {import("./scenario_state.js").Scenario} Scenario */
/** @typedef {import("./scenario_state.js").Problem} Problem */

const FORMS = { close: CloseForm, caspian: CaspianForm, service: ServiceForm, line: LineForm, place: PlaceForm, value: ValueForm };
const ADDING = /** @type {const} */ (["close", "caspian", "service", "line", "place"]);
const MOST_BYTES = 64000; // of a file that is opened; a scenario is some hundred lines at most

/**
 * @param {object} props
 * @param {() => void} props.close
 * @param {{current: any}} props.map
 * @param {Scenario} props.scenario
 * @param {{stage: string, share: number} | null} props.work what is being worked out, and `cancel` to stop it
 * @param {() => void} props.cancel
 * @param {import("./answer").Failure | null} props.refused
 * @param {import("./answer").Comparison | null} props.comparison the answer to the question with this scenario, when it is there
 */
export function ScenarioDrawer({ close, map, scenario, work, cancel, refused, comparison }) {
  const { lang, t: say } = usePage();
  const t = useWords();
  const [form, setForm] = useState(/** @type {{kind: keyof typeof FORMS, index: number} | null} */ (null));
  const [drawing, setDrawing] = useState(false);
  const { doc } = scenario;
  const shown = (/** @type {object[]} */ more = []) => map.current?.showSketches([...sketches(doc, lang), ...more]);
  const done = () => {
    setForm(null);
    shown();
    setTimeout(() => document.activeElement === document.body && /** @type {HTMLElement | null} */ (document.querySelector(".scenario-drawer"))?.focus(), 0);
  };
  const sketch = async (/** @type {"line" | "point"} */ kind, /** @type {string | undefined} */ hint) => {
    if (!map.current) return null;
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    setDrawing(true);
    document.querySelector("main")?.scrollTo({ top: 0 });
    const points = await map.current.sketch(kind, { hint });
    setDrawing(false);
    // What is drawn stays in sight until it is put in or given up.
    if (points && form?.kind === "place") shown([{ kind, points, label: "" }]);
    before?.focus();
    return points;
  };
  const fields = (/** @type {{kind: keyof typeof FORMS, index: number}} */ open) => html`<${FORMS[open.kind]} key=${`${open.kind} ${open.index}`} doc=${doc} text=${scenario.text}
    entry=${doc.entries[open.index] ?? null} done=${done} sketch=${sketch} show=${shown}
    put=${(/** @type {Entry} */ entry, /** @type {import("./scenario_parts.js").First} */ first) => scenario.edit((now) => put(now, entry, open.index, first))} />`;
  return html`<${Drawer} title=${say("scenario_open")} kind=${`scenario-drawer${drawing ? " drawing" : ""}`} close=${close}>
    ${drawing && html`<div class="drawing-bar" role="group" aria-label=${t("drawing")}><span>${t("drawing")}</span>
      <button type="button" class="main" onClick=${() => map.current?.endSketch(true)}>${t("done")}</button>
      <button type="button" onClick=${() => map.current?.endSketch(false)}>${t("cancel")}</button></div>`}
    ${scenario.text ? html`<${Head} scenario=${scenario} />` : html`<p>${t("lead")}</p>`}
    ${scenario.text && html`<${Outcome} work=${work} cancel=${cancel} refused=${refused} comparison=${comparison} close=${close} />`}
    ${scenario.failure && html`<${Failed} failure=${scenario.failure} />`}
    ${scenario.text && scenario.check && scenario.check.problems.length > 0 && html`<${Problems} problems=${scenario.check.problems} />`}
    ${doc.entries.length > 0 && html`<section aria-label=${t("changes")}><h3>${t("changes")}</h3><ul class="entries">
      ${doc.entries.map((entry, index) => html`<li key=${`${entry.kind} ${entry.what ?? entry.row ?? ""} ${index}`} class=${entry.off ? "off" : ""}>
        <${EntryRow} entry=${entry} scenario=${scenario} index=${index} open=${form?.index === index} edit=${() => setForm(form?.index === index ? null : { kind: formOf(entry), index })} />
        ${form?.index === index && fields(form)}</li>`)}</ul></section>`}
    <section aria-label=${t("add")}><h3>${t("add")}</h3><div class="adding">
      ${ADDING.map((kind) => html`<button type="button" aria-expanded=${form?.index === -1 && form.kind === kind}
        onClick=${() => setForm(form?.index === -1 && form.kind === kind ? null : { kind, index: kind === "caspian" ? doc.entries.findIndex((one) => one.kind === "caspian") : -1 })}>
        <${Sign} kind=${kind} />${t(`add_${kind}`)}</button>`)}</div>
      ${form?.index === -1 && html`<div class="form-box">${fields(form)}</div>`}</section>
    <${Shelf} scenario=${scenario} />
    ${scenario.text && html`<${Away} scenario=${scenario} />`}
    <${AsText} scenario=${scenario} key=${scenario.text} />
    <span class="unseen" role="status">${scenario.busy ? say("loading") : ""}</span>
  <//>`;
}

/** What comes of it: being worked out, or how many corridors differ. @param {{work: {stage: string, share: number} | null, cancel: () => void, refused: import("./answer").Failure | null, comparison: import("./answer").Comparison | null, close: () => void}} props */
function Outcome({ work, cancel, refused, comparison, close }) {
  const { state } = usePage();
  const t = useWords();
  if (!state.from || !state.to) return html`<div class="outcome"><p>${t("ask_first")}</p></div>`;
  if (work) return html`<div class="outcome"><${Working} work=${work} cancel=${cancel} /></div>`;
  const counts = comparison && countsOf(comparison);
  if (!comparison) return refused ? html`<${Failed} failure=${refused} />` : null;
  const said = !counts ? t("told_refused") : counts.gone + counts.new + counts.other ? t("told", counts) : t("told_none");
  return html`<div class="outcome" role="status"><div class="told-line"><p>${said}</p><button type="button" onClick=${close}>${t("see")}</button></div></div>`;
}

/** The form that edits an entry. @param {Entry} entry @returns {keyof typeof FORMS} */
function formOf(entry) {
  if (entry.kind === "close" || entry.kind === "caspian") return entry.kind;
  const forms = /** @type {Record<string, keyof typeof FORMS>} */ ({ services: "service", rail_lines: "line", places: "place" });
  return (entry.kind === "add" && forms[entry.table ?? ""]) || "value";
}

/** Title and the way back. @param {{scenario: Scenario}} props */
function Head({ scenario }) {
  const { lang } = usePage();
  const t = useWords();
  const take = (/** @type {Event} */ event) => {
    const title = /** @type {HTMLInputElement} */ (event.target).value.trim();
    if (title) scenario.edit((doc) => titled(doc, title, lang));
  };
  return html`<div class="scenario-head"><label>${t("title")}<input type="text" name="title" maxlength="120" placeholder=${t("title_hint")} ...${useTyped(titleOf(scenario.doc, lang), take)} /></label>
    <button type="button" disabled=${!scenario.undoable} onClick=${scenario.undo}>${t("undo")}</button>
    <button type="button" onClick=${scenario.clear}>${t("start_over")}</button></div>`;
}

/** One change: switch, what and why, edit, take out. @param {{entry: Entry, scenario: Scenario, index: number, open: boolean, edit: () => void}} props */
function EntryRow({ entry, scenario, index, open, edit }) {
  const { lang, t: say } = usePage();
  const t = useWords();
  const [off, setOff] = useState(Boolean(entry.off)); // the switch moves at once; the answer follows
  useEffect(() => setOff(Boolean(entry.off)), [entry]);
  const [problems, setProblems] = useState(/** @type {Problem[]} */ ([])); // a port that a ferry ends at stays
  useEffect(() => setProblems([]), [entry]);
  const turn = async () => {
    setOff(!off);
    const found = await scenario.edit((doc) => switched(doc, index));
    if (found.length) setOff(off);
    setProblems(found);
  };
  const remove = async () => setProblems(await scenario.edit((doc) => without(doc, index)));
  const label = (lang === "ru" && entry.label_ru) || entry.label || "";
  const tables = /** @type {Record<string, "kind_service" | "kind_line" | "kind_place">} */ ({ services: "kind_service", rail_lines: "kind_line", places: "kind_place" });
  const table = tables[entry.table ?? ""];
  const [head, what] =
    entry.kind === "close" ? [t("closed"), label]
    : entry.kind === "caspian" ? [t("lowered"), t("metres", { value: (-(entry.level_change_m ?? 0)).toLocaleString(lang) })]
    : entry.kind === "change" ? [t("changed"), `${label}, ${entry.column} ${entry.factor != null ? `× ${entry.factor}` : `= ${entry.value}`}`]
    : [`${t("added")}: ${table ? t(table) : t("kind_other", { table: entry.table ?? "" })}`, label];
  const why = (lang === "ru" && entry.reason_ru) || entry.reason;
  return html`<div class="entry">
    <label class="tick" title=${t("on")}><input type="checkbox" checked=${!off} aria-label=${`${t("on")}: ${head} ${what}`} onChange=${turn} /></label>
    <div class="entry-text"><span class=${`entry-kind ${entry.kind}`}>${head}</span> <strong>${what}</strong><small>${why}</small>
      ${entry.kind === "caspian" && !open && !entry.off && scenario.check && html`<details><summary>${t("follows")} (${scenario.check.follows.filter((one) => one.entry === "caspian").length})</summary><${Followed} follows=${scenario.check.follows} /></details>`}</div>
    <button type="button" class="plain text" aria-expanded=${open} aria-label=${`${t("edit")}: ${what}`} onClick=${edit}>${t("edit")}</button>
    <button type="button" class="plain" aria-label=${`${say("remove")}: ${head} ${what}`} onClick=${remove}><${Cross} /></button>
    ${problems.length > 0 && html`<${Problems} problems=${problems} />`}
  </div>`;
}

/** Ready-made and saved scenarios, and files. @param {{scenario: Scenario}} props */
function Shelf({ scenario }) {
  const { lang } = usePage();
  const t = useWords();
  const { found, again } = useDocument("/scenarios");
  const [wrong, setWrong] = useState(/** @type {{file: string, problems: Problem[]} | null} */ (null));
  const [failure, setFailure] = useState(/** @type {import("./answer").Failure | null} */ (null));
  const listed = /** @type {{name: string, title: string, title_ru: string, saved: boolean, changes: number}[]} */ (Array.isArray(found) ? found : []);
  const take = async (/** @type {string} */ name) => {
    setWrong(null);
    try {
      const text = await askText(`/scenarios/${name}`);
      const check = await scenario.open(text);
      if (check?.problems.length) setWrong({ file: name, problems: check.problems });
    } catch (error) {
      setFailure(failureOf(error));
    }
  };
  const pick = async (/** @type {Event} */ event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const file = field.files?.[0];
    field.value = "";
    setWrong(null);
    if (!file) return;
    const told = (/** @type {string} */ message) => setWrong({ file: file.name, problems: [{ entry: "", line: 0, key: "", message, what_to_do: "TOML, UTF-8" }] });
    if (file.size > MOST_BYTES) return told(`${file.size} > ${MOST_BYTES} B`);
    let text = "";
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    } catch {
      return told(t("not_text"));
    }
    const check = await scenario.open(text);
    if (check?.problems.length) setWrong({ file: file.name, problems: check.problems });
  };
  const drop = async (/** @type {string} */ name) => {
    try {
      await askText(`/scenarios/${name}`, { method: "DELETE" });
      again();
    } catch (error) {
      setFailure(failureOf(error));
    }
  };
  const offers = (/** @type {boolean} */ saved) => listed.filter((one) => one.saved === saved);
  return html`<details class="fold shelf" open=${!scenario.text || Boolean(wrong)}><summary><span class="fold-name">${t("open_other")}</span></summary>
    ${failure && html`<${Failed} failure=${failure} />`}
    ${wrong && html`<${Problems} problems=${wrong.problems} lead=${t("problem_file", { file: wrong.file })} />`}
    ${offers(true).length > 0 && html`<h3 class="minor">${t("saved")}</h3><ul class="shelf-list">${offers(true).map((one) => html`<li><button type="button" onClick=${() => take(one.name)}>${nameOf(lang, { name: one.title || one.name, name_ru: one.title_ru })}<small>${one.name}</small></button>
      <button type="button" class="plain" aria-label=${t("delete_saved", { name: one.name })} onClick=${() => drop(one.name)}><${Cross} /></button></li>`)}</ul>`}
    <h3 class="minor">${t("ready")}</h3><ul class="shelf-list">${offers(false).map((one) => html`<li><button type="button" onClick=${() => take(one.name)}>${nameOf(lang, { name: one.title || one.name, name_ru: one.title_ru })}</button></li>`)}</ul>
    <p><label class="file-pick quiet-pick">${t("open_file")}<input type="file" name="scenario-file" accept=".toml,application/toml,text/plain" onChange=${pick} /></label></p>
  </details>`;
}

/** Saving, downloading, and the command that gives the same. @param {{scenario: Scenario}} props */
function Away({ scenario }) {
  const { state, announce } = usePage();
  const t = useWords();
  const [said, setSaid] = useState("");
  const [failure, setFailure] = useState(/** @type {import("./answer").Failure | null} */ (null));
  const { name } = scenario.doc;
  const save = async () => {
    setFailure(null);
    try {
      await askText(`/scenarios/${name}`, { method: "PUT", headers: { "Content-Type": "application/toml" }, body: scenario.text });
      setSaid(t("saved_as", { name }));
      announce(t("saved_as", { name }));
    } catch (error) {
      setFailure(failureOf(error));
    }
  };
  const download = () => saveFile(new Blob([scenario.text], { type: "application/toml" }), `${name}.toml`);
  const line = command({ ...state, from: state.from || "FROM", to: state.to || "TO", scenario: scenario.text });
  return html`<section class="away"><div class="offers"><button type="button" class="main" onClick=${save}>${t("save")}</button><button type="button" onClick=${download}>${t("download")} ${name}.toml</button></div>
    ${said && html`<p class="small" role="status">${said}</p>`}${failure && html`<${Failed} failure=${failure} />`}
    <h3 class="minor">${t("command")}</h3><pre class="command" tabindex="0">${line}</pre><${Copy} label=${t("copy")} text=${() => line} /></section>`;
}

/** The text itself, for who knows it. @param {{scenario: Scenario}} props */
function AsText({ scenario }) {
  const t = useWords();
  const [text, setText] = useState(scenario.text);
  const [problems, setProblems] = useState(/** @type {Problem[]} */ ([]));
  const apply = async () => {
    if (!text.trim()) return scenario.clear();
    setProblems((await scenario.open(text))?.problems ?? []);
  };
  return html`<details class="fold"><summary><span class="fold-name">${t("as_text")}</span></summary>
    <label class="stacked"><span class="unseen">TOML</span><textarea rows="12" name="toml" spellcheck="false" value=${text} onInput=${(/** @type {Event} */ event) => setText(/** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea></label>
    ${problems.length > 0 && html`<${Problems} problems=${problems} lead=${t("kept_before")} />`}
    <div class="offers"><button type="button" disabled=${text === scenario.text} onClick=${apply}>${t("apply")}</button>
      ${text !== scenario.text && html`<button type="button" onClick=${() => { setText(scenario.text); setProblems([]); }}>${t("discard")}</button>`}</div>
  </details>`;
}

/** A small picture of what is added. @param {{kind: "close" | "caspian" | "service" | "line" | "place"}} props */
function Sign({ kind }) {
  const paths = {
    close: "M3.8 3.8 L12.2 12.2 M8 2 A6 6 0 1 0 8 14 A6 6 0 1 0 8 2", caspian: "M8 2 V9 M5 6.5 L8 9.5 L11 6.5 M2 13 Q5 11 8 13 T14 13",
    service: "M2.5 9 H13.5 L11.5 13 H4.5 Z M5 9 V5 H10 L12 9", line: "M5 2 L4 14 M11 2 L12 14 M4.8 5 H11.2 M4.5 8.5 H11.5 M4.2 12 H11.8", place: "M8 14 C4 9.5 3.5 8 3.5 6.3 A4.5 4.5 0 0 1 12.5 6.3 C12.5 8 12 9.5 8 14 M8 5 V7.6 M6.7 6.3 H9.3",
  };
  return html`<svg class="sign" viewBox="0 0 16 16" aria-hidden="true"><path d=${paths[kind]} /></svg>`;
}

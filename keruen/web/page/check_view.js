/**
 * The check page: a text is pasted, dropped or chosen as a file, and each figure it states is marked with its verdict.
 *
 * The text is sent in the body of a request and never stands in an address; the page keeps it only as long as it is open, so that one may
 * look at another view and come back. All of it is shown as text, whatever markup it holds.
 */
import { html, useEffect, useMemo, useRef, useState } from "./vendor/preact.js";
import { ask, askFile, failureOf } from "./api.js";
import { ClaimList, Sign } from "./claim_list.js";
import { useWords } from "./figure_words.js";
import { VERDICTS, pieces } from "./marking.js";
import { usePage } from "./page.js";
import { Failed, saveFile } from "./parts.js";
import { SourceDrawer } from "./source_drawer.js";

/** @typedef {import("./answer").Checked} Checked */
/** @typedef {import("./answer").Failure} Failure */

const FILES = ".txt,.html,.htm,.docx,.pdf,text/plain,text/html,application/pdf";

/** What stands on the page while another view is looked at. @type {{text: string, published: string, found: Checked | null}} */
const left = { text: "", published: "", found: null };

export function CheckView() {
  const { state, lang, announce } = usePage();
  const w = useWords();
  const [text, setText] = useState(left.text);
  const [published, setPublished] = useState(left.published);
  const [found, setFound] = useState(left.found);
  const [failure, setFailure] = useState(/** @type {Failure | null} */ (null));
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const asking = useRef(new AbortController());
  Object.assign(left, { text, published, found });

  const check = async (/** @type {string | File} */ content) => {
    asking.current.abort();
    const control = new AbortController();
    asking.current = control;
    setBusy(true);
    setFailure(null);
    try {
      const answer = /** @type {Checked} */ (await ask(...request("/check", content, published, lang, control.signal)));
      setFound(answer);
      setText(answer.text);
      if (answer.published) setPublished(answer.published);
      announce(answer.claims.length ? w("check_said", { n: answer.claims.length }) : w("check_none"));
    } catch (error) {
      if (control.signal.aborted) return;
      setFailure(failureOf(error));
      setFound(null);
    }
    setBusy(false);
  };
  useEffect(() => () => asking.current.abort(), []);
  const take = (/** @type {FileList | null | undefined} */ files) => {
    if (files?.[0]) check(files[0]);
  };
  const dropped = (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return html`<div class="pageful check">
    <h1>${w("check_title")}</h1>
    <p class="lead">${w("check_lead")}</p>
    <form class=${`check-form${over ? " over" : ""}`} onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); if (text.trim()) check(text); }}
      onDragOver=${(/** @type {DragEvent} */ event) => { event.preventDefault(); setOver(true); }} onDragLeave=${() => setOver(false)} onDrop=${dropped}>
      <label class="stacked">${w("check_text")}<textarea name="text" rows=${found ? 4 : 9} value=${text} placeholder=${w("check_hint")}
        onInput=${(/** @type {Event} */ event) => setText(/** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea></label>
      <div class="check-tools">
        <label class="stacked">${w("check_published")}<input type="date" name="published" value=${published}
          onInput=${(/** @type {Event} */ event) => setPublished(/** @type {HTMLInputElement} */ (event.target).value)} /></label>
        <button type="submit" class="main" disabled=${busy || !text.trim()}>${busy ? w("check_busy") : w("check_do")}</button>
        <label class="file-pick quiet">${w("check_file")}<input type="file" accept=${FILES} disabled=${busy}
          onChange=${(/** @type {Event} */ event) => { const field = /** @type {HTMLInputElement} */ (event.target); take(field.files); field.value = ""; }} /></label>
        ${!text && html`<button type="button" onClick=${() => { setText(w("check_example_text")); check(w("check_example_text")); }}>${w("check_example")}</button>`}
        ${text && html`<button type="button" class="plain" onClick=${() => { setText(""); setPublished(""); setFound(null); setFailure(null); }}>${w("check_clear")}</button>`}
      </div>
      <p class="small">${w("check_kept")}</p>
    </form>
    ${failure && html`<${Failed} failure=${failure} />`}
    ${found && html`<${Marked} found=${found} busy=${busy} wrong=${setFailure} />`}
    ${state.figure && html`<${SourceDrawer} key=${state.figure} answer=${null} chosen=${0} prices=${{ vot: 0, carbon: 0, tonnes: 0 }} />`}
  </div>`;
}

/**
 * Path and manner of a request that sends a text or file in its body.
 * @param {string} path @param {string | File} content @param {string} published @param {import("./answer").Lang} lang @param {AbortSignal} [signal]
 * @returns {[string, RequestInit]}
 */
function request(path, content, published, lang, signal) {
  if (typeof content === "string") {
    return [path, { signal, method: "POST", body: JSON.stringify({ text: content, published, lang }), headers: { "Content-Type": "application/json" } }];
  }
  const how = new URLSearchParams({ lang, ...(published && { published }) });
  return [`${path}?${how}`, { signal, method: "POST", body: content, headers: { "Content-Type": "application/octet-stream" } }];
}

/** The text with its marks, and the list of its claims. @param {{found: Checked, busy: boolean, wrong: (failure: Failure | null) => void}} props */
function Marked({ found, busy, wrong }) {
  const { lang } = usePage();
  const w = useWords();
  const [chosen, setChosen] = useState(-1);
  const [only, setOnly] = useState("");
  const cut = useMemo(() => pieces(found.text, found.claims), [found]);
  useEffect(() => {
    setChosen(-1);
    setOnly("");
  }, [found]);
  const save = async (/** @type {"json" | "html"} */ ending) => {
    try {
      saveFile(await askFile(...request(`/check/file/${ending}`, found.text, found.published ?? "", lang)), `checked.${ending}`);
    } catch (error) {
      wrong(failureOf(error));
    }
  };
  const choose = (/** @type {number} */ index) => {
    setOnly("");
    setChosen(index);
    requestAnimationFrame(() => {
      const card = document.getElementById(`claim-${index}`);
      card?.scrollIntoView({ block: "nearest" });
      card?.querySelector("button")?.focus({ preventScroll: true });
    });
  };
  if (!found.claims.length) return html`<p class="notice">${w("check_none")}</p>`;
  const told = (/** @type {string} */ verdict) => w(/** @type {"verdict_refuted"} */ (`verdict_${verdict}`));
  return html`<section class=${busy ? "former" : ""} aria-label=${w("check_result")}>
    <div class="counts" role="group" aria-label=${w("check_counts")}>
      ${VERDICTS.filter((one) => found.counts[one]).map((one) => html`<button type="button" class=${`count ${one}`} aria-pressed=${only === one} onClick=${() => setOnly(only === one ? "" : one)}>
        <${Sign} verdict=${one} /><strong>${found.counts[one]}</strong> ${told(one)}</button>`)}
      <span class="links"><button type="button" onClick=${() => save("html")}>HTML</button><button type="button" onClick=${() => save("json")}>JSON</button></span>
    </div>
    <div class="checked">
      <div class="marked" role="region" aria-label=${w("check_marked")} tabindex="0">${cut.map((piece) => html`${piece.covering.length
        ? html`<mark class=${`${piece.verdict}${piece.covering.includes(chosen) ? " chosen" : ""}${only && only !== piece.verdict ? " faded" : ""}`} onClick=${() => choose(piece.covering.at(-1) ?? 0)}>${piece.text}</mark>`
        : piece.text}${piece.ending.map((index) => html`<button type="button" class=${`cite ${found.claims[index]?.verdict}`} aria-pressed=${chosen === index} onClick=${() => choose(index)}
          aria-label=${w("check_cite", { n: index + 1, verdict: told(found.claims[index]?.verdict ?? "") })}><${Sign} verdict=${found.claims[index]?.verdict ?? ""} />${index + 1}</button>`)}`)}</div>
      <${ClaimList} found=${found} chosen=${chosen} choose=${setChosen} only=${only} />
    </div>
    ${found.left.length > 0 && html`<details class="fold"><summary><span class="fold-name">${w("check_left")}</span><span class="fold-said">${found.left.length}</span></summary><p class="small">${found.left.map((one) => one.text).join(" · ")}</p></details>`}
  </section>`;
}

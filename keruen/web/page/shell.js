/** What stands around every view: skip link, name, views, search, language, light and dark. */
import { html, useEffect, useRef, useState } from "./vendor/preact.js";
import { BLANK, VIEWS, write } from "./address.js";
import { usePage } from "./page.js";
import { THEMES } from "./theme.js";

/** @param {{theme: import("./theme.js").Theme, setTheme: (theme: import("./theme.js").Theme) => void, children?: unknown}} props */
export function Shell({ theme, setTheme, children }) {
  const { state, go, lang, t } = usePage();
  const main = useRef(/** @type {HTMLElement | null} */ (null));
  const [search, setSearch] = useState("");
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [state.view]);
  useEffect(() => setSearch(state.view === "evidence" ? state.q : ""), [state.view, state.q]);
  const seek = (/** @type {Event} */ event) => {
    event.preventDefault();
    go({ ...BLANK, lang, view: "evidence", q: search.trim() });
  };
  // A view is left as it was found: the question of the route page waits until one comes back to it.
  const target = (/** @type {import("./address.js").View} */ view) => ({ ...state, view });
  return html`
    <a class="skip" href="#main" onClick=${(/** @type {Event} */ event) => { event.preventDefault(); main.current?.focus(); }}>${t("skip")}</a>
    <header class="bar">
      <a class="name" href="/route" onClick=${plainClick(() => go({ ...BLANK, lang }))}>
        <svg viewBox="0 0 32 32" aria-hidden="true"><path d="M3 23 L11 11 L17 19 L22 13 L29 23" /><circle cx="3" cy="23" r="2.4" /><circle cx="29" cy="23" r="2.4" /></svg>
        <span>Keruen</span>
      </a>
      <nav aria-label=${t("views")}>
        ${VIEWS.map(
          (view) => html`<a href=${write(target(view))} aria-current=${state.view === view ? "page" : undefined}
            onClick=${plainClick(() => go({ view, figure: "" }))}>${t(`view_${view}`)}</a>`,
        )}
      </nav>
      <form role="search" onSubmit=${seek}>
        <input type="search" value=${search} aria-label=${t("search_evidence")} placeholder=${t("search_evidence")}
          onInput=${(/** @type {InputEvent} */ event) => setSearch(/** @type {HTMLInputElement} */ (event.target).value)} />
      </form>
      <div class="taste">
        <select class="quiet" aria-label=${t("theme")} value=${theme}
          onChange=${(/** @type {Event} */ event) => setTheme(/** @type {any} */ (/** @type {HTMLSelectElement} */ (event.target).value))}>
          ${THEMES.map((one) => html`<option value=${one} selected=${one === theme}>${t(`theme_${one}`)}</option>`)}
        </select>
        <div class="switch" role="group" aria-label=${t("language")}>
          ${/** @type {const} */ (["en", "ru"]).map(
            (one) => html`<button type="button" lang=${one} title=${one === "en" ? "English" : "Русский"} aria-pressed=${lang === one} onClick=${() => go({ lang: one })}>${one.toUpperCase()}</button>`,
          )}
        </div>
      </div>
    </header>
    <main id="main" ref=${main} tabindex="-1" class=${`view-${state.view}`}>${children}</main>
  `;
}

/**
 * A click that changes the state here; with Ctrl, Shift or the middle button the browser opens the address itself.
 * @param {() => void} act
 */
export function plainClick(act) {
  return (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    act();
  };
}

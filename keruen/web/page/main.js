/** The page: reads its address, shows the view that the address names, and writes the address when something is chosen. */
import { html, render, useCallback, useEffect, useMemo, useRef, useState } from "./vendor/preact.js";
import { AccuracyView } from "./accuracy_view.js";
import { isStep, read, write } from "./address.js";
import { useDocument } from "./asking.js";
import { CheckView } from "./check_view.js";
import { EvidenceView } from "./evidence_view.js";
import { MaterialsView } from "./materials_view.js";
import { FlowsView } from "./flows_view.js";
import { Page } from "./page.js";
import { RouteView } from "./route_view.js";
import { Shell } from "./shell.js";
import { TradeView } from "./trade_view.js";
import { kept, keep, useTheme } from "./theme.js";
import { say } from "./words.js";

/** @typedef {import("./address.js").State} State */

const VIEWS = { route: RouteView, check: CheckView, trade: TradeView, flows: FlowsView, materials: MaterialsView, accuracy: AccuracyView, evidence: EvidenceView };

/** The first state: without a language in the address, the one used before, or the browser's. */
function opening() {
  const state = read(location);
  if (!new URLSearchParams(location.search).has("lang")) {
    state.lang = (kept("lang") || navigator.language).startsWith("ru") ? "ru" : "en";
    history.replaceState(null, "", write(state));
  }
  return state;
}

function Workspace() {
  const [state, setState] = useState(opening);
  const [said, setSaid] = useState("");
  const { theme, setTheme, dark } = useTheme();
  const options = useDocument("/options").found;
  const now = useRef(state);
  const timer = useRef(0);

  const go = useCallback((/** @type {Partial<State>} */ change) => {
    const next = { ...now.current, ...change };
    const address = write(next);
    clearTimeout(timer.current);
    if (isStep(now.current, next)) {
      history.replaceState(null, "", write(now.current)); // a look that was not yet written is what "back" comes to
      history.pushState(null, "", address);
    }
    // A slider in motion would write more addresses than a browser takes.
    else timer.current = setTimeout(() => history.replaceState(null, "", address), 150);
    now.current = next;
    setState(next);
  }, []);

  useEffect(() => {
    const back = () => {
      now.current = read(location);
      setState(now.current);
    };
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);

  useEffect(() => {
    document.documentElement.lang = state.lang;
    keep("lang", state.lang);
    document.title = `${say(state.lang, `view_${state.view}`)} \u2013 Keruen`;
  }, [state.lang, state.view]);

  const page = useMemo(
    () => ({
      state, go, dark, options, announce: setSaid, lang: state.lang,
      t: (/** @type {import("./words.js").Key} */ key, /** @type {Record<string, string | number> | undefined} */ values) =>
        say(state.lang, key, values),
    }),
    [state, dark, options],
  );
  return html`<${Page.Provider} value=${page}>
    <${Shell} theme=${theme} setTheme=${setTheme}><${VIEWS[state.view]} /><//>
    <div class="unseen" role="status" aria-live="polite">${said}</div>
  <//>`;
}

render(html`<${Workspace} />`, /** @type {HTMLElement} */ (document.getElementById("page")));

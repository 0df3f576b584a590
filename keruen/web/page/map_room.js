/**
 * The map and what a click on it offers. The map itself is map.js; it is fetched when first needed, and where it cannot be
 * drawn (no WebGL) the page says so and everything else still works.
 */
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "./vendor/preact.js";
import { ask } from "./api.js";
import { routeColours } from "./colours.js";
import { LINE_MODES, legendStroke } from "./line_manners.js";
import { nameOf, usePage } from "./page.js";
import { closable, closedKeys, put, sketches } from "./scenario_edit.js";
import { titles } from "./scenario_forms.js";
import { word } from "./scenario_words.js";

/** @typedef {import("./answer").Place} Place */
/** @typedef {import("./answer").Feature} Feature */
/** @typedef {{lat: number, lon: number, feature: Feature | null, x: number, y: number, under?: string[]}} MapClick */

/**
 * @param {object} props
 * @param {import("./answer").Route[]} props.routes
 * @param {number} props.chosen
 * @param {number | null} props.pointed
 * @param {{from: Place | null, to: Place | null}} props.ends
 * @param {Map<string, string>} props.names filled with names of features that were clicked
 * @param {{current: any}} props.mapOut the map, for whoever draws on it
 * @param {import("./answer").Route[]} props.base ways without the scenario, drawn faintly under the others
 * @param {import("./scenario_state.js").Scenario} props.scenario
 */
export function MapRoom({ routes, chosen, pointed, ends, names, mapOut, base, scenario }) {
  const { state, go, lang, t, dark } = usePage();
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [map, setMap] = useState(/** @type {any} */ (null));
  const [broken, setBroken] = useState(false);
  const [menu, setMenu] = useState(/** @type {MapClick | null} */ (null));
  const [layers, setLayers] = useState({ rail: true, road: true, sea: true, ferry: true });
  const click = useRef((/** @type {MapClick} */ _) => {});

  useEffect(() => {
    /** @type {any} */
    let made = null;
    let gone = false;
    import("./map.js")
      .then(({ WorldMap }) => {
        if (gone || !box.current) return;
        made = new WorldMap(box.current, { lang, dark });
        made.onClick = (/** @type {MapClick} */ event) => click.current(event);
        mapOut.current = made;
        setMap(made);
        made.ready?.catch(() => setBroken(true));
      })
      .catch(() => setBroken(true));
    return () => {
      gone = true;
      mapOut.current = null;
      made?.remove();
    };
  }, []);

  // A way that something beats is drawn thin: so are those of the base, which the scenario's stand before.
  const drawn = useMemo(() => [...routes, ...base.map((one) => ({ ...one, beaten_by: "base" }))], [routes, base]);
  useEffect(() => map?.setLanguage(lang), [map, lang]);
  useEffect(() => map?.setDark(dark), [map, dark]);
  useEffect(() => map?.setModes(layers), [map, layers]);
  // Before the page is painted, so that the routes are seen together with their list.
  useLayoutEffect(() => {
    const grey = base.map(() => (dark ? "#8796a1" : "#7d8a94"));
    map?.showRoutes(drawn, { colours: [...routeColours(routes.length, dark), ...grey], chosen: routes.length ? chosen : null });
  }, [map, drawn, chosen, dark]);
  useEffect(() => {
    const box = boundsOf(inView(routes));
    if (map && box) map.fit(box, 60);
  }, [map, routes]);
  useEffect(() => map?.highlight(pointed), [map, pointed]);
  useEffect(() => {
    map?.setEnds({ origin: ends.from, destination: ends.to });
  }, [map, ends.from?.place, ends.to?.place]);
  useEffect(() => map?.mark({ avoid: [...state.avoid, ...closedKeys(scenario.doc)], require: state.require }), [map, state.avoid, state.require, scenario.check]);
  useEffect(() => map?.showSketches(sketches(scenario.doc, lang)), [map, scenario.check, lang]);

  const place = (/** @type {MapClick} */ event) =>
    event.feature?.kind === "place" || event.feature?.key.startsWith("place:")
      ? event.feature.key.replace(/^place:/, "")
      : `${event.lat.toFixed(4)},${event.lon.toFixed(4)}`;
  click.current = (event) => {
    if (event.feature) names.set(event.feature.key, nameOf(lang, event.feature));
    if (event.feature || (state.from && state.to)) setMenu(event);
    else go(state.from ? { to: place(event) } : { from: place(event) });
  };
  const act = (/** @type {Partial<import("./address.js").State>} */ change) => {
    setMenu(null);
    go({ ...change, way: "", figure: "" });
  };
  const shut = (/** @type {Feature} */ feature) => {
    setMenu(null);
    const [en, ru] = [{ name: feature.name || feature.key }, { name: feature.name_ru || feature.name || feature.key }];
    const entry = { kind: /** @type {const} */ ("close"), what: feature.key, reason: word("en", "default_close", en), reason_ru: word("ru", "default_close", ru) };
    scenario.edit((doc) => put(doc, entry, -1, titles("closed_title", en, ru)));
  };
  return html`<section class="map-room" aria-label=${t("map")}>
    <div class="map-box" ref=${box}></div>
    ${broken && html`<p class="notice map-note">${t("map_broken")}</p>`}
    ${!broken && !state.from && !state.to && html`<p class="map-note hint">${t("map_hint")}</p>`}
    <div class="layers" role="group" aria-label=${t("layers")}>
      ${LINE_MODES.map((mode) => html`<button type="button" aria-pressed=${layers[mode]} onClick=${() => setLayers({ ...layers, [mode]: !layers[mode] })}>
        <svg class="line" viewBox="0 0 22 6" aria-hidden="true"><line x1="0" x2="22" y1="3" y2="3" ...${legendStroke(mode, dark)} /></svg>${t(`mode_${mode}`)}</button>`)}
    </div>
    ${menu && html`<${ClickMenu} menu=${menu} close=${() => setMenu(null)} place=${place(menu)} act=${act} box=${box}
      names=${names} shut=${shut} />`}
    ${base.length > 0 && html`<p class="map-note base-note">${word(lang, "was_drawn")}</p>`}
  </section>`;
}

/**
 * The small menu at a clicked spot.
 * @param {{menu: MapClick, close: () => void, place: string, act: (change: Partial<import("./address.js").State>) => void, box: {current: HTMLElement | null}, names: Map<string, string>, shut: (feature: Feature) => void}} props
 */
function ClickMenu({ menu, close, place, act, box, names, shut }) {
  const { state, lang, t } = usePage();
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    list.current?.querySelector("button")?.focus();
    const away = (/** @type {Event} */ event) => {
      if (!list.current?.contains(/** @type {Node} */ (event.target))) close();
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [menu]);
  const key = (/** @type {KeyboardEvent} */ event) => {
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const here = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    if (event.key === "Escape") {
      close();
      box.current?.querySelector("canvas")?.focus();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      buttons[(here + (event.key === "ArrowDown" ? 1 : -1) + buttons.length) % buttons.length]?.focus();
    }
  };
  const [under, setUnder] = useState(/** @type {Feature[]} */ ([]));
  useEffect(() => {
    let gone = false;
    setUnder([]);
    if (menu.under?.length) {
      const keys = new URLSearchParams(menu.under.map((key) => ["key", key]));
      ask(`/map/features?${keys}`).then((told) => gone || setUnder(told.features), () => {}); // without it the menu offers the ends
    }
    return () => {
      gone = true;
    };
  }, [menu]);
  const add = (/** @type {"avoid" | "require"} */ what, /** @type {Feature} */ feature) => {
    names.set(feature.key, nameOf(lang, feature));
    act({ [what]: [...new Set([...state[what], feature.key])] });
  };
  const offers = (/** @type {Feature} */ feature, /** @type {string} */ of) => html`
    <button type="button" role="menuitem" onClick=${() => add("avoid", feature)}>${t("avoid")}${of}</button>
    <button type="button" role="menuitem" onClick=${() => add("require", feature)}>${t("require")}${of}</button>
    ${closable(feature.key) && html`<button type="button" role="menuitem" onClick=${() => shut(feature)}>${word(lang, of ? "close_named" : "close_this")}${of}</button>`}`;
  const name = menu.feature ? nameOf(lang, menu.feature) || menu.feature.key : place;
  const wide = box.current?.clientWidth ?? 800;
  const high = box.current?.clientHeight ?? 600;
  return html`<div class="click-menu" ref=${list} role="menu" aria-label=${name} onKeyDown=${key}
    style=${{ left: `${Math.max(8, Math.min(menu.x, wide - 220))}px`, top: `${Math.max(8, Math.min(menu.y, high - 230 - 108 * under.length))}px` }}>
    <p role="presentation">${name}</p>
    <button type="button" role="menuitem" onClick=${() => act({ from: place })}>${t("from_here")}</button>
    <button type="button" role="menuitem" onClick=${() => act({ to: place })}>${t("to_here")}</button>
    ${menu.feature && offers(menu.feature, "")}
    ${under.map((one) => offers(one, `${lang === "ru" ? ":" : ""} ${nameOf(lang, one) || one.key}`))}
  </div>`;
}

/**
 * The routes that the first view is cut to: a detour round a continent would press all others together.
 * @param {import("./answer").Route[]} routes
 */
export function inView(routes) {
  const lengths = routes.map((one) => one.distance_km).sort((a, b) => a - b);
  const middle = lengths[Math.floor(lengths.length / 2)] ?? 0;
  return routes.filter((one) => one.distance_km <= 2 * middle);
}

/**
 * Least box around the lines of routes; null if there is none. Longitudes are taken on the side of the first point, so that
 * a way across the Pacific does not span the world.
 * @param {import("./answer").Route[]} routes
 * @returns {[[number, number], [number, number]] | null}
 */
export function boundsOf(routes) {
  const points = routes.flatMap((route) => route.legs.flatMap((leg) => leg.geometry ?? []));
  const start = points[0];
  if (!start) return null;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of points) {
    const near = lon - 360 * Math.round((lon - start[0]) / 360);
    [west, south] = [Math.min(west, near), Math.min(south, lat)];
    [east, north] = [Math.max(east, near), Math.max(north, lat)];
  }
  return [[west, south], [east, north]];
}

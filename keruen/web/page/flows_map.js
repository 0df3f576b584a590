/**
 * The map of flows: bands as wide as what they carry, blue for more and orange dashes for less where a difference is drawn, and bottlenecks
 * as rings. All of it stands in the tables below too.
 */
import { html, useEffect, useRef, useState } from "./vendor/preact.js";
import { useDocument } from "./asking.js";
import { amount } from "./flows_amounts.js";
import { bandsPath, sideOf } from "./flows_asked.js";
import { useWords } from "./flows_words.js";
import { usePage } from "./page.js";

const SIDES = /** @type {const} */ (["base", "with", "change"]);
/** Colours of bands by mode, told apart by colour-blind readers; and of more and less. */
const COLOURS = {
  light: { rail: "#c74e00", road: "#8f6a00", sea: "#0072b2", ferry: "#00805d", inland_waterway: "#7a4fa3", air: "#5b5b5b", more: "#0072b2", less: "#c74e00" },
  dark: { rail: "#f2894a", road: "#e6b13c", sea: "#5cb3ee", ferry: "#35c496", inland_waterway: "#b794dd", air: "#b5b5b5", more: "#5cb3ee", less: "#f2894a" },
};
const SHOWN = /** @type {const} */ (["rail", "road", "sea", "ferry", "inland_waterway"]);

/**
 * @param {object} props
 * @param {boolean} props.ready whether there is an answer to draw
 * @param {any} props.side the document of the side that is drawn, for its bottlenecks
 * @param {any} props.names
 * @param {{current: any}} props.mapOut
 * @param {(bands: any) => void} props.told the bands as they came, for the table
 */
export function FlowsMap({ ready, side, names, mapOut, told }) {
  const { state, go, lang, t, dark } = usePage();
  const w = useWords();
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [map, setMap] = useState(/** @type {any} */ (null));
  const [broken, setBroken] = useState(false);
  const [zoom, setZoom] = useState(2);
  useEffect(() => {
    /** @type {any} */
    let made = null;
    let gone = false;
    import("./map.js")
      .then(({ WorldMap }) => {
        if (gone || !box.current) return;
        made = new WorldMap(box.current, { lang, dark });
        made.onZoom = setZoom;
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
  const { found } = useDocument(ready ? bandsPath(state, zoom) : "");
  const colours = COLOURS[dark ? "dark" : "light"];
  useEffect(() => told(found), [found]);
  useEffect(() => map?.setLanguage(lang), [map, lang]);
  useEffect(() => map?.setDark(dark), [map, dark]);
  useEffect(() => {
    const signed = found?.side === "change";
    map?.showBands((found?.bands ?? []).map((/** @type {any} */ one) => ({
      lines: one.lines, width: one.width, less: signed && one.amount < 0,
      colour: signed ? (one.amount < 0 ? colours.less : colours.more) : colours[/** @type {"rail"} */ (one.mode)] ?? colours.air,
    })));
  }, [map, found, dark]);
  useEffect(() => {
    map?.showSticking((side?.bottlenecks ?? []).flatMap((/** @type {any} */ one) => {
      const at = names?.facilities?.[one.facility];
      return at ? [{ ...at, name: one.name, name_ru: one.name_ru ?? "", chosen: one.facility === state.row }] : [];
    }));
  }, [map, side, names, state.row]);
  const drawn = sideOf(state);
  const signed = found?.side === "change";
  const used = new Set((found?.bands ?? []).map((/** @type {any} */ one) => one.mode));
  return html`<section class="map-room" aria-label=${w("map")}>
    <div class="map-box" ref=${box}></div>
    ${broken && html`<p class="notice map-note">${t("map_broken")}</p>`}
    ${ready && html`<div class="flow-draw">
      ${state.scenario && html`<div class="switch" role="group" aria-label=${w("draw")}>${SIDES.map((one) => html`<button type="button" aria-pressed=${drawn === one} onClick=${() => go({ side: one })}>${w(/** @type {"side_base"} */ (`side_${one}`))}</button>`)}</div>`}
      <div class="switch" role="group" aria-label=${w("measure")}>${/** @type {const} */ (["t", "teu"]).map((one) => html`<button type="button" aria-pressed=${(state.measure === "teu" ? "teu" : "t") === one} onClick=${() => go({ measure: one === "t" ? "" : one })}>${w(`measure_${one}`)}</button>`)}</div>
    </div>`}
    ${ready && found && html`<ul class="flow-key" aria-label=${w("key")}>
      ${signed
        ? /** @type {const} */ (["more", "less"]).map((one) => html`<li><svg class="line" viewBox="0 0 22 6" aria-hidden="true"><line x1="0" x2="22" y1="3" y2="3" stroke=${colours[one]} stroke-width="5" stroke-dasharray=${one === "less" ? "6 3" : ""} /></svg>${w(one)}</li>`)
        : SHOWN.filter((one) => used.has(one)).map((one) => html`<li><svg class="line" viewBox="0 0 22 6" aria-hidden="true"><line x1="0" x2="22" y1="3" y2="3" stroke=${colours[one]} stroke-width="5" /></svg>${t(`mode_${one}`)}</li>`)}
      <li>${w("largest", { amount: amount(lang, found.largest, found.measure) })}</li>
      ${side?.bottlenecks?.length > 0 && html`<li><svg class="ring" viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="4.5" /></svg>${w("bottleneck_sign")}</li>`}
    </ul>`}
  </section>`;
}

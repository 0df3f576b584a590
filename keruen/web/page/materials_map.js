/** The world with the share of each supplier, and rings at straits and borders that supply passes. The table of suppliers has the same numbers. */
import { html, useMemo, useRef } from "./vendor/preact.js";
import { useDocument } from "./asking.js";
import { ChartFiles } from "./chart_files.js";
import { heightOf, onMap, pathOf } from "./earth.js";
import * as figures from "./figures.js";
import { useWords } from "./materials_words.js";
import { nameOf, usePage } from "./page.js";
import { useSize } from "./parts.js";

const CLASSES = [0.01, 0.05, 0.2, 0.5, 1]; // upper ends of the classes of shares
const LEAST_SHARE = 0.005; // of all supply, for a ring
const [LEAST_PX, MOST_PX] = [3, 15]; // radius of a ring

/**
 * @param {object} props
 * @param {Record<string, number>} props.shares of supply by ISO 3166-1 alpha-3
 * @param {Map<string, number>} props.passed share by thing
 * @param {any[]} props.features places of things
 * @param {string} props.title
 * @param {string} props.buyer
 * @param {(code: string) => string} props.named
 */
export function SupplyMap({ shares, passed, features, title, buyer, named }) {
  const { lang, t } = usePage();
  const w = useWords();
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const { width } = useSize(box);
  const land = useDocument("/map/countries").found;
  const drawn = useMemo(() => (land && width ? land.map((/** @type {any} */ one) => ({ ...one, path: pathOf(width, one.rings) })) : []), [land, width]);
  const sorted = Object.entries(shares).sort(([, a], [, b]) => b - a);
  const first = sorted.slice(0, 3).map(([code, share]) => `${named(code)} ${figures.percent(lang, share)}`).join(", ");
  const said = (/** @type {string} */ code) => w("share_of", { name: named(code), share: figures.percent(lang, shares[code]) });
  const rings = features.map((one) => ({ ...one, share: passed.get(one.key) ?? 0 })).filter((one) => one.share >= LEAST_SHARE).sort((a, b) => b.share - a.share);
  const upper = (/** @type {number} */ index) => Number(CLASSES[index]) * 100;
  return html`<figure class="chart tall supply-map" ref=${box}><figcaption class="small">${title}</figcaption>
    ${!land && html`<p class="small">${t("loading")}</p>`}
    ${width > 0 && html`<svg width=${width} height=${heightOf(width)} role="img" aria-label=${`${title}. ${sorted.length ? w("map_said", { first }) : w("map_empty")}`}>
      ${drawn.map((/** @type {any} */ one) => html`<path class=${`land ${classOf(shares[one.iso3] ?? 0)}`} d=${one.path} data-country=${one.iso3}>${one.iso3 && shares[one.iso3] ? html`<title>${said(one.iso3)}</title>` : null}</path>`)}
      ${rings.map((one) => {
        const [cx, cy] = onMap(width, one.lon, one.lat);
        return html`<circle class="passed-ring" cx=${cx} cy=${cy} r=${LEAST_PX + (MOST_PX - LEAST_PX) * Math.sqrt(one.share)}><title>${w("share_of", { name: nameOf(lang, one), share: figures.percent(lang, one.share) })}</title></circle>`;
      })}</svg>`}
    <ul class="key"><li>${w("legend")}:</li>${CLASSES.map((_, index) => html`<li><svg width="18" height="12" aria-hidden="true"><rect class=${`land class-${index + 1}`} width="18" height="12" /></svg>${index ? w("above", { low: upper(index - 1), high: upper(index) }) : w("below_1")}</li>`)}</ul>
    ${rings.length > 0 && html`<p class="chart-note">${w("map_note", { buyer })}</p>`}
    <${ChartFiles} box=${box} name="keruen-supply-map" numbers=${[]} />
  </figure>`;
}

/** @param {number} share */
function classOf(share) {
  return share > 0 ? `class-${CLASSES.findIndex((one) => share <= one + 1e-9) + 1}` : "class-0";
}

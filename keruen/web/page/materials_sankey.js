/** Supply as bands from origin by corridor and gate to the buyer; the table of suppliers and that of things have the same numbers. */
import { html, useRef } from "./vendor/preact.js";
import { ChartFiles } from "./chart_files.js";
import { routeColours } from "./colours.js";
import * as figures from "./figures.js";
import { useWords } from "./materials_words.js";
import { usePage } from "./page.js";
import { useSize } from "./parts.js";
import { sankey } from "./sankey.js";

const [NODE_PX, GAP_PX, TOP_PX, SIDE_PX, LINE_PX] = [12, 16, 34, 150, 13];

/**
 * @param {object} props
 * @param {{country: string, corridor: string, gate: string, value: number}[]} props.bands names, the largest first
 * @param {string} props.buyer
 * @param {string} props.title
 */
export function SupplySankey({ bands, buyer, title }) {
  const { lang, dark } = usePage();
  const w = useWords();
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const { width } = useSize(box);
  const height = Math.max(220, 110 + 24 * bands.length);
  const flows = bands.map((one) => ({ steps: [one.country, one.corridor, one.gate, buyer], value: one.value }));
  const drawn = sankey(flows, { height: height - TOP_PX - 12, gap: GAP_PX });
  const side = Math.min(SIDE_PX, width * 0.2);
  const x = (/** @type {number} */ column) => side + (column * (width - 2 * side - NODE_PX)) / 3;
  const origins = [...new Set(bands.map((one) => one.country))];
  const colours = routeColours(origins.length, dark);
  const percent = (/** @type {number} */ share) => figures.percent(lang, share);
  const words = bands.map((one) => w("sankey_said", { country: one.country, share: percent(one.value), corridor: one.corridor, gate: one.gate }));
  const heads = [w("head_origin"), w("head_corridor"), w("head_gate"), w("buyer")];
  const anchor = (/** @type {number} */ column) => (column === 0 ? "end" : "start");
  return html`<figure class="chart tall sankey" ref=${box}><figcaption class="small">${title}</figcaption>
    ${width > 0 && html`<svg width=${width} height=${height} role="img" aria-label=${`${title}. ${words.join("; ")}.`}>
      <g class="axes" aria-hidden="true">${heads.map((head, column) => html`<text class="title" x=${column ? x(column) : x(0) + NODE_PX} y="16" text-anchor=${anchor(column)}>${head}</text>`)}</g>
      ${drawn.bands.map((band) => html`<g class="band-flow" fill=${colours[origins.indexOf(bands[band.flow]?.country ?? "")]}><title>${words[band.flow]}</title>
        ${band.tops.slice(1).map((top, column) => html`<path d=${ribbon(x(column) + NODE_PX, Number(band.tops[column]) + TOP_PX, x(column + 1), top + TOP_PX, Math.max(1, band.height))} />`)}</g>`)}
      ${drawn.nodes.map((node) => html`<rect class="node" x=${x(node.column)} y=${node.top + TOP_PX} width=${NODE_PX} height=${Math.max(1, node.height)} />`)}
      ${drawn.nodes.map((node) => html`<text class="node-name" x=${node.column ? x(node.column) + NODE_PX + 5 : x(0) - 6} y=${node.top + node.height / 2 + TOP_PX} dy="0.34em" text-anchor=${anchor(node.column)}>
        ${lines(node.key, Math.floor(((node.column % 3 ? x(1) - x(0) - NODE_PX : side) - 44) / 6.4), node.height + GAP_PX < 2 * LINE_PX).map((line, index, all) => html`<tspan x=${node.column ? x(node.column) + NODE_PX + 5 : x(0) - 6} dy=${index ? `${LINE_PX}px` : all.length > 1 ? "-0.2em" : "0.34em"}>${index === all.length - 1 ? `${line} ${percent(node.value)}` : line}</tspan>`)}</text>`)}
    </svg>`}
    <p class="chart-note">${w("sankey_note")}</p>
    <${ChartFiles} box=${box} name="keruen-supply-ways" numbers=${[]} />
  </figure>`;
}

/** A name on one line, or on two where it is too long for one and there is room; then cut. @param {string} name @param {number} most letters @param {boolean} tight */
function lines(name, most, tight) {
  if (name.length <= most) return [name];
  if (tight) return [`${name.slice(0, Math.max(1, most - 1))}…`];
  const cut = name.lastIndexOf(" ", most);
  const [first, rest] = cut > 2 ? [name.slice(0, cut), name.slice(cut + 1)] : [name.slice(0, most), name.slice(most)];
  return [first, rest.length > most ? `${rest.slice(0, Math.max(1, most - 1))}…` : rest];
}

/** A band from one node to the next. @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {number} thick */
function ribbon(x1, y1, x2, y2, thick) {
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}V${y2 + thick}C${middle} ${y2 + thick} ${middle} ${y1 + thick} ${x1} ${y1 + thick}Z`;
}

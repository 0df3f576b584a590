/**
 * Supply as bands from the mine by the refiner, corridor and gate to the buyer; the table of suppliers and that of things have the same numbers.
 * Whose ore goes to which refiner is in no table: between the two all of it passes one node that says so, and each side of it adds up to all.
 */
import { html, useRef } from "./vendor/preact.js";
import { ChartFiles } from "./chart_files.js";
import { routeColours } from "./colours.js";
import { part } from "./materials_table.js";
import { useWords } from "./materials_words.js";
import { usePage } from "./page.js";
import { useSize } from "./parts.js";
import { sankey } from "./sankey.js";

const [NODE_PX, GAP_PX, TOP_PX, SIDE_PX, LINE_PX, LETTER_PX] = [12, 16, 34, 150, 13, 6.4];
const NEAR = 0.5; // how far the mines and what is unknown stand from the next column, against the others

/**
 * @param {object} props
 * @param {{country: string, corridor: string, gate: string, value: number}[]} props.bands names, the largest first
 * @param {{country: string, value: number}[]} props.mines who mines in the world, adding up to one; none where the bands begin at the mine or it is not known
 * @param {string} props.buyer
 * @param {string} props.title
 */
export function SupplySankey({ bands, mines, buyer, title }) {
  const { lang, dark } = usePage();
  const w = useWords();
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const { width } = useSize(box);
  const height = Math.max(220, 110 + 24 * Math.max(bands.length, mines.length));
  const open = w("sankey_unknown");
  const first = mines.length ? 2 : 0; // columns before the suppliers
  const room = { height: height - TOP_PX - 12, gap: GAP_PX };
  const right = bands.map((one) => ({ steps: [one.country, one.corridor, one.gate, buyer], value: one.value }));
  const most = Math.max(mines.length, ...[0, 1, 2].map((column) => new Set(right.map((one) => one.steps[column])).size));
  const ways = sankey(right, { ...room, most });
  const ores = sankey(mines.map((one) => ({ steps: [one.country, open], value: one.value * bands.reduce((sum, way) => sum + way.value, 0) })), { ...room, most });
  const steps = first ? [0, NEAR, 2 * NEAR, 2 * NEAR + 1, 2 * NEAR + 2, 2 * NEAR + 3] : [0, 1, 2, 3];
  const last = steps.length - 1;
  const side = Math.min(SIDE_PX, width * 0.2);
  const unit = (width - 2 * side - NODE_PX) / Number(steps[last]);
  const x = (/** @type {number} */ column) => side + Number(steps[column]) * unit;
  const origins = [...new Set([...bands, ...mines].map((one) => one.country))];
  const colours = routeColours(origins.length, dark);
  const colour = (/** @type {string} */ country) => (country === w("mines_unknown") ? "var(--edge)" : colours[origins.indexOf(country)]);
  const words = bands.map((one) => w("sankey_said", { country: one.country, share: part(lang, one.value), corridor: one.corridor, gate: one.gate }));
  const mined = mines.map((one) => w("sankey_mined", { country: one.country, share: part(lang, one.value) }));
  const heads = [...(first ? [w("head_mined"), ""] : []), first ? w("head_refined") : w("head_origin"), w("head_corridor"), w("head_gate"), w("buyer")];
  const nodes = [...ores.nodes, ...ways.nodes.map((one) => ({ ...one, column: one.column + first }))];
  const middle = ores.nodes.find((one) => one.column === 1);
  let below = middle?.top ?? 0; // the node of the unknown gives each refiner its part, in the order they stand
  const onwards = ways.nodes.filter((one) => first && one.column === 0).map((node) => {
    below += node.height;
    return { node, from: below - node.height };
  });
  const anchor = (/** @type {number} */ column) => (column === 0 ? "end" : "start");
  const fits = (/** @type {number} */ px) => Math.max(1, Math.floor(px / LETTER_PX));
  const band = (/** @type {number} */ column, /** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ thick) => ribbon(x(column) + NODE_PX, from + TOP_PX, x(column + 1), to + TOP_PX, Math.max(1, thick));
  return html`<figure class="chart tall sankey" ref=${box}><figcaption class="small">${title}</figcaption>
    ${width > 0 && html`<svg width=${width} height=${height} role="img" aria-label=${`${title}. ${[...mined, ...words].join("; ")}.`}>
      <g class="axes" aria-hidden="true">${heads.map((head, column) => html`<text class="title" x=${column ? x(column) : x(0) + NODE_PX} y="16" text-anchor=${anchor(column)}>${lines(head, fits(column === last ? side : unit - 8), true)[0]}</text>`)}</g>
      ${ores.bands.map((one) => html`<g class="band-flow" fill=${colour(mines[one.flow]?.country ?? "")}><title>${mined[one.flow]}</title><path d=${band(0, Number(one.tops[0]), Number(one.tops[1]), one.height)} /></g>`)}
      ${onwards.map(({ node, from }) => html`<g class="band-flow unknown-band"><title>${open}</title><path d=${band(1, from, node.top, node.height)} /></g>`)}
      ${ways.bands.map((one) => html`<g class="band-flow" fill=${colour(bands[one.flow]?.country ?? "")}><title>${words[one.flow]}</title>
        ${one.tops.slice(1).map((top, column) => html`<path d=${band(column + first, Number(one.tops[column]), top, one.height)} />`)}</g>`)}
      ${nodes.map((node) => html`<rect class=${node === middle ? "node unknown-node" : "node"} x=${x(node.column)} y=${node.top + TOP_PX} width=${NODE_PX} height=${Math.max(1, node.height)} />`)}
      ${middle && html`<text class="node-name" text-anchor="middle" transform=${`translate(${x(1) + NODE_PX + LINE_PX} ${middle.top + middle.height / 2 + TOP_PX}) rotate(-90)`}>${open}</text>`}
      ${nodes.filter((node) => node !== middle).map((node) => html`<text class="node-name" x=${node.column ? x(node.column) + NODE_PX + 5 : x(0) - 6} y=${node.top + node.height / 2 + TOP_PX} dy="0.34em" text-anchor=${anchor(node.column)}>
        ${lines(node.key, fits((node.column % last ? unit - NODE_PX : side - (node.column ? NODE_PX : 0)) - 44), node.height + GAP_PX < 2 * LINE_PX).map((line, index, all) => html`<tspan x=${node.column ? x(node.column) + NODE_PX + 5 : x(0) - 6} dy=${index ? `${LINE_PX}px` : all.length > 1 ? "-0.2em" : "0.34em"}>${index === all.length - 1 ? `${line} ${part(lang, node.value)}` : line}</tspan>`)}</text>`)}
    </svg>`}
    <p class="chart-note">${w("sankey_note")} ${first > 0 && w("sankey_mines_note", { buyer })}</p>
    <${ChartFiles} box=${box} name="keruen-supply-ways" numbers=${[]} />
  </figure>`;
}

/** A name on one line, or on two where it is too long for one and there is room; then cut. @param {string} name @param {number} most letters @param {boolean} tight */
function lines(name, most, tight) {
  if (name.length <= most) return [name];
  if (tight) return [`${name.slice(0, Math.max(1, most - 1))}…`];
  const cut = name.lastIndexOf(" ", most);
  const [first, rest] = cut > 2 ? [name.slice(0, cut), name.slice(cut + 1)] : [`${name.slice(0, Math.max(1, most - 1))}-`, name.slice(Math.max(1, most - 1))];
  return [first, rest.length > most ? `${rest.slice(0, Math.max(1, most - 1))}…` : rest];
}

/** A band from one node to the next. @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {number} thick */
function ribbon(x1, y1, x2, y2, thick) {
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}V${y2 + thick}C${middle} ${y2 + thick} ${middle} ${y1 + thick} ${x1} ${y1 + thick}Z`;
}

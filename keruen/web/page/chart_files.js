/** A chart of the page as a picture to take away: its drawing with the colours and letters that the style sheet gives it written into it. */
import { html, useState } from "./vendor/preact.js";
import { usePage } from "./page.js";
import { saveFile } from "./parts.js";

/** What a style sheet says of a drawing, as attributes of the same names would. */
const STYLES = /** @type {const} */ ([
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "opacity", "font-family", "font-size", "font-weight", "text-anchor",
]);
const SVG = "http://www.w3.org/2000/svg";
const SHARPER = 2; // pixels of the picture for one of the page
const [COLUMNS, ROW_PX, MARGIN_PX] = [2, 20, 24]; // of what its numbers stand for

/** @typedef {{text: string, colour: string}[]} Key what the drawing's numbers stand for, from 1 on */

/**
 * A drawing as a document of its own, on the ground of the page, with what its numbers stand for below it.
 * @param {SVGSVGElement} drawn @param {Key} key
 */
function standing(drawn, key) {
  const copy = /** @type {SVGSVGElement} */ (drawn.cloneNode(true));
  const parts = copy.querySelectorAll("*");
  drawn.querySelectorAll("*").forEach((one, index) => {
    const style = getComputedStyle(one);
    for (const name of STYLES) parts[index]?.setAttribute(name, style.getPropertyValue(name));
  });
  const { width, height: top } = drawn.getBoundingClientRect();
  const rows = Math.ceil(key.length / COLUMNS);
  const height = top + rows * ROW_PX + MARGIN_PX;
  const style = getComputedStyle(document.body);
  copy.prepend(made("rect", { width, height, fill: style.getPropertyValue("--paper").trim() }));
  key.forEach(({ text, colour }, index) => {
    const [x, y] = [MARGIN_PX + Math.floor(index / rows) * (width / COLUMNS), top + (index % rows) * ROW_PX + ROW_PX / 2];
    copy.append(made("circle", { cx: x, cy: y, r: 5, fill: colour }));
    copy.append(made("text", { x: x + 12, y, dy: "0.35em", fill: style.color, "font-family": style.fontFamily, "font-size": "12px" }, `${index + 1}. ${text}`));
  });
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, xmlns: SVG })) copy.setAttribute(name, String(value));
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

/** An element of a drawing. @param {string} name @param {Record<string, string | number>} attributes @param {string} [text] */
function made(name, attributes, text = "") {
  const one = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, String(value));
  one.textContent = text;
  return one;
}

/** It as PNG. @param {ReturnType<typeof standing>} drawing @returns {Promise<Blob>} */
async function picture({ text, width, height }) {
  const image = new Image(width, height);
  image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: width * SHARPER, height: height * SHARPER });
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser gave no picture."))), "image/png"));
}

/** Buttons that save the chart in a box. @param {{box: {current: HTMLElement | null}, name: string, numbers: Key}} props name: of the file, without ending */
export function ChartFiles({ box, name, numbers }) {
  const { t } = usePage();
  const [failed, setFailed] = useState(false);
  const save = async (/** @type {"svg" | "png"} */ ending) => {
    const drawn = /** @type {SVGSVGElement | null | undefined} */ (box.current?.querySelector(":scope > svg"));
    if (!drawn) return;
    try {
      const drawing = standing(drawn, numbers);
      saveFile(ending === "svg" ? new Blob([drawing.text], { type: "image/svg+xml" }) : await picture(drawing), `${name}.${ending}`);
      setFailed(false);
    } catch {
      setFailed(true);
    }
  };
  return html`<div class="chart-choice" role="group" aria-label=${t("chart_files")}>
    ${/** @type {const} */ (["svg", "png"]).map((one) => html`<button type="button" onClick=${() => save(one)}>${one.toUpperCase()}</button>`)}
    ${failed && html`<span class="small" role="alert">${t("map_broken")}</span>`}</div>`;
}

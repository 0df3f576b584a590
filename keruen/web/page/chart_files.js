/** A chart of the page as a picture to take away: its drawing with the colours and letters that the style sheet gives it written into it. */
import { html, useState } from "./vendor/preact.js";
import { usePage } from "./page.js";
import { saveFile } from "./parts.js";

/** What a style sheet says of a drawing, as attributes of the same names would. */
const STYLES = /** @type {const} */ ([
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "opacity", "font-family", "font-size", "font-weight", "text-anchor",
]);
const SHARPER = 2; // pixels of the picture for one of the page

/**
 * A drawing as a document of its own, on the ground of the page.
 * @param {SVGSVGElement} drawn
 */
export function svgText(drawn) {
  const copy = /** @type {SVGSVGElement} */ (drawn.cloneNode(true));
  const parts = copy.querySelectorAll("*");
  drawn.querySelectorAll("*").forEach((one, index) => {
    const style = getComputedStyle(one);
    for (const name of STYLES) parts[index]?.setAttribute(name, style.getPropertyValue(name));
  });
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const { width, height } = drawn.getBoundingClientRect();
  for (const [name, value] of Object.entries({ width, height, fill: getComputedStyle(document.body).getPropertyValue("--paper").trim() })) ground.setAttribute(name, String(value));
  copy.prepend(ground);
  copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return new XMLSerializer().serializeToString(copy);
}

/** A drawing as PNG. @param {SVGSVGElement} drawn @returns {Promise<Blob>} */
async function picture(drawn) {
  const { width, height } = drawn.getBoundingClientRect();
  const image = new Image(width, height);
  image.src = `data:image/svg+xml,${encodeURIComponent(svgText(drawn))}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: width * SHARPER, height: height * SHARPER });
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser gave no picture."))), "image/png"));
}

/** Buttons that save the chart in a box. @param {{box: {current: HTMLElement | null}, name: string}} props name: of the file, without ending */
export function ChartFiles({ box, name }) {
  const { t } = usePage();
  const [failed, setFailed] = useState(false);
  const save = async (/** @type {"svg" | "png"} */ ending) => {
    const drawn = /** @type {SVGSVGElement | null | undefined} */ (box.current?.querySelector(":scope > svg"));
    if (!drawn) return;
    try {
      saveFile(ending === "svg" ? new Blob([svgText(drawn)], { type: "image/svg+xml" }) : await picture(drawn), `${name}.${ending}`);
      setFailed(false);
    } catch {
      setFailed(true);
    }
  };
  return html`<div class="chart-choice" role="group" aria-label=${t("chart_files")}>
    ${/** @type {const} */ (["svg", "png"]).map((one) => html`<button type="button" onClick=${() => save(one)}>${one.toUpperCase()}</button>`)}
    ${failed && html`<span class="small" role="alert">${t("map_broken")}</span>`}</div>`;
}

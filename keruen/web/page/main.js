/** The page: reads its address, shows the view that the address names. */
import { html, render } from "./vendor/preact.js";

const root = /** @type {HTMLElement} */ (document.getElementById("page"));
render(html`<p>Keruen</p>`, root);

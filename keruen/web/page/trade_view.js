/** The trade page. */
import { html } from "./vendor/preact.js";
export function TradeView() { return html`<div></div>`; }

/** Sheets under the map, one at a time, behind tabs that arrow keys go along; they can be folded away. */
import { html, useRef, useState } from "./vendor/preact.js";
import { usePage } from "./page.js";

/**
 * @template {string} Name
 * @param {object} props
 * @param {readonly Name[]} props.order the first is shown where the address names none
 * @param {string} props.label
 * @param {(name: Name) => string} props.named
 * @param {(name: Name) => any} props.children what a sheet shows
 */
export function Tabbed({ order, label, named, children }) {
  const { state, go, t } = usePage();
  const [low, setLow] = useState(false);
  const tabs = useRef(/** @type {HTMLElement | null} */ (null));
  const shown = order.find((one) => one === state.show) ?? /** @type {Name} */ (order[0]);
  const key = (/** @type {KeyboardEvent} */ event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const next = /** @type {Name} */ (order[(order.indexOf(shown) + step + order.length) % order.length]);
    go({ show: next });
    /** @type {HTMLElement | null | undefined} */ (tabs.current?.querySelector(`#tab-${next}`))?.focus();
  };
  return html`<section class=${`sheets${low ? " low" : ""}`} aria-label=${label}>
    <div class="sheet-head">
      <div role="tablist" aria-label=${label} ref=${tabs} onKeyDown=${key}>
        ${order.map((one) => html`<button type="button" role="tab" id=${`tab-${one}`} aria-selected=${one === shown} aria-controls="sheet"
          tabindex=${one === shown ? 0 : -1} onClick=${() => { setLow(false); go({ show: one }); }}>${named(one)}</button>`)}
      </div>
      <button type="button" class="plain" aria-expanded=${!low} aria-controls="sheet" aria-label=${t("fold_sheet")} title=${t("fold_sheet")} onClick=${() => setLow(!low)}>
        <svg class="sign" viewBox="0 0 16 16" aria-hidden="true"><path d=${low ? "M3 10 L8 5 L13 10" : "M3 6 L8 11 L13 6"} /></svg></button>
    </div>
    <div id="sheet" role="tabpanel" aria-labelledby=${`tab-${shown}`} tabindex="0" hidden=${low}>${children(shown)}</div>
  </section>`;
}

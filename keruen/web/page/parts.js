/** Small parts that views share: a number that opens its sources, a failure told, work going on, a drawer, copying. */
import { html, useEffect, useRef, useState } from "./vendor/preact.js";
import { saidOf, usePage } from "./page.js";
import { has } from "./words.js";

/**
 * A figure as a button that opens where it comes from. `assumed` puts the sign before it that it rests on an assumption.
 * @param {{text: string, figure: string, label: string, assumed?: boolean, strong?: boolean, way?: number}} props
 */
export function Figure({ text, figure, label, assumed = false, strong = false, way }) {
  const { state, go, t } = usePage();
  const open = (/** @type {Event} */ event) => {
    event.stopPropagation();
    go(way === undefined ? { figure } : { figure, way: String(way + 1) });
  };
  return html`<button type="button" class=${`figure${strong ? " strong" : ""}`} data-figure=${figure} onClick=${open}
    aria-expanded=${state.figure === figure && (way === undefined || state.way === String(way + 1))}
    title=${`${label}${assumed ? `. ${t("assumed_note")}` : ""}`} aria-label=${`${label}: ${assumed ? `${t("assumed_word")} ` : ""}${text}`}>
    ${assumed && html`<span class="assumed" aria-hidden="true">≈</span>`}${text}</button>`;
}

/**
 * What went wrong and what to do: the kind of it, then the server's words.
 * @param {{failure: import("./answer").Failure, again?: () => void, pick?: (place: string) => void}} props
 */
export function Failed({ failure, again, pick }) {
  const { lang, t } = usePage();
  const key = `error_${failure.kind}`;
  const message = saidOf(lang, failure, "message");
  const offers = [...(saidOf(lang, failure, "suggestions") ?? []), ...(saidOf(lang, failure, "candidates") ?? [])];
  return html`<div class="notice bad" role="alert">
    <strong>${has(key) ? t(key) : t("error_other")}</strong>
    ${message && html`<p>${message}</p>`}
    ${offers.length > 0 && pick && html`<div class="offers">
      ${offers.map((offer) => {
        const [code, text] = typeof offer === "string" ? [offer.split(" ")[0] ?? offer, offer] : [offer.place, `${offer.name}, ${offer.country}`];
        return html`<button type="button" onClick=${() => pick(code)}>${text}</button>`;
      })}</div>`}
    ${again && html`<button type="button" class="again" onClick=${again}>${t("again")}</button>`}
  </div>`;
}

/** A bar of what is being worked out. @param {{work: {stage: string, share: number}, cancel: () => void}} props */
export function Working({ work, cancel }) {
  const { t } = usePage();
  const key = `stage_${work.stage}`;
  const stage = has(key) ? t(key) : t("stage_waiting");
  return html`<div class="working">
    <div class="stage"><span>${stage}</span><button type="button" onClick=${cancel}>${t("cancel")}</button></div>
    <progress max="1" value=${Math.max(0.03, work.share)} aria-label=${stage}></progress>
  </div>`;
}

/**
 * A panel over the right side. Focus goes into it and back to where it was; Escape closes it.
 * @param {{title: string, close: () => void, kind?: string, children?: unknown}} props kind: for styling
 */
export function Drawer({ title, close, kind = "", children }) {
  const { t } = usePage();
  const panel = useRef(/** @type {HTMLElement | null} */ (null));
  const leave = useRef(close);
  leave.current = close;
  useEffect(() => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    panel.current?.focus();
    // a button that goes with what it did leaves the keys with nobody: they are the drawer's
    const key = (/** @type {KeyboardEvent} */ event) => {
      const lost = document.activeElement === document.body;
      if (event.key === "Escape" && !event.defaultPrevented && (lost || panel.current?.contains(document.activeElement))) leave.current();
      else if (lost && panel.current?.isConnected) panel.current.focus();
    };
    document.addEventListener("keydown", key);
    return () => {
      document.removeEventListener("keydown", key);
      if (before?.isConnected) before.focus();
    };
  }, []);
  return html`<div class=${`drawer ${kind}`} role="dialog" aria-label=${title} tabindex="-1" ref=${panel}>
    <div class="drawer-head"><h2>${title}</h2>
      <button type="button" class="plain" aria-label=${t("close")} onClick=${close}><${Cross} /></button></div>
    <div class="drawer-body" tabindex="0" role="group" aria-label=${title}>${children}</div>
  </div>`;
}

/**
 * Value and handlers of a field whose text is handed on when the field is left or Enter pressed. What is typed stays while the page is
 * drawn anew around it.
 * @param {string | number} value @param {(event: Event) => void} take
 */
export function useTyped(value, take) {
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  return {
    value: typed ?? value,
    onInput: (/** @type {Event} */ event) => setTyped(/** @type {HTMLInputElement} */ (event.target).value),
    onChange: (/** @type {Event} */ event) => {
      setTyped(null);
      take(event);
    },
  };
}

/** Save what the page has made. @param {Blob} content @param {string} name of the file */
export function saveFile(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** A button that copies a text and says so. @param {{text: () => string, label: string}} props */
export function Copy({ text, label }) {
  const { t, announce } = usePage();
  const [done, setDone] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      const field = document.createElement("textarea"); // without a secure origin there is no clipboard to write to
      field.value = text();
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    setDone(true);
    announce(t("copied"));
    setTimeout(() => setDone(false), 2000);
  };
  return html`<button type="button" onClick=${copy}>${done ? t("copied") : label}</button>`;
}

/** The sign that closes or takes away. */
export function Cross() {
  return html`<svg class="sign" viewBox="0 0 16 16" aria-hidden="true"><path d="M4 4 L12 12 M12 4 L4 12" /></svg>`;
}

/** Width and height in pixels of an element as it changes. @param {{current: HTMLElement | null}} box */
export function useSize(box) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (!box.current) return undefined;
    const watch = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: Math.round(entry.contentRect.width), height: Math.round(entry.contentRect.height) });
    });
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return size;
}

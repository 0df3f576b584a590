/**
 * A field with suggestions: the combobox of the ARIA practices. Arrows walk through the suggestions, Enter takes one,
 * Escape closes the list, then restores what stood there. What is typed and not chosen is handed on as it is.
 */
import { html, useEffect, useRef, useState } from "./vendor/preact.js";

/** @typedef {{value: string, text: string, note?: string}} Choice */

let made = 0;

/**
 * @param {object} props
 * @param {string} props.label
 * @param {string} props.shown what the field says while nobody types
 * @param {(typed: string, signal: AbortSignal) => Promise<Choice[]>} props.suggest
 * @param {(value: string, choice: Choice | null) => void} props.take
 * @param {string} [props.hint]
 * @param {string} [props.name] for styling and tests
 * @param {boolean} [props.hidden] the label is for screen readers only
 * @param {boolean} [props.loose] whether text that is no suggestion is taken too
 * @param {string} props.count words for the number of suggestions, with {n}
 */
export function Combobox({ label, shown, suggest, take, hint = "", name = "", hidden = false, loose = true, count }) {
  const [id] = useState(() => `combobox-${(made += 1)}`);
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  const [choices, setChoices] = useState(/** @type {Choice[]} */ ([]));
  const [active, setActive] = useState(-1);
  const [open, setOpen] = useState(false);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const latest = useRef("");

  useEffect(() => {
    if (typed === null || !typed.trim()) return setChoices([]);
    const control = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const found = await suggest(typed.trim(), control.signal);
        if (control.signal.aborted) return;
        latest.current = typed;
        setChoices(found);
        setActive(-1);
        setOpen(true);
      } catch {
        // no suggestions: what is typed can still be asked for, and the answer says what is wrong
      }
    }, 120);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [typed]);

  const done = (/** @type {string} */ value, /** @type {Choice | null} */ choice) => {
    setTyped(null);
    setOpen(false);
    setChoices([]);
    take(value, choice);
  };
  const accept = () => {
    const text = (typed ?? "").trim();
    const exact = choices.find((one) => [one.text, one.value].some((word) => word.toLowerCase() === text.toLowerCase()));
    const first = latest.current === typed ? choices[0] : undefined;
    const choice = (open ? choices[active] : undefined) ?? exact ?? first;
    if (typed === null) return;
    if (!text) done("", null);
    else if (choice) done(choice.value, choice);
    else if (loose) done(text, null);
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    const { length } = choices;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && length) {
      event.preventDefault();
      setOpen(true);
      setActive((active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1) + length) % length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      accept();
    } else if (event.key === "Escape") {
      if (open) event.stopPropagation();
      if (open) setOpen(false);
      else setTyped(null);
    }
  };
  const leave = () => {
    if (typed === null) return;
    if (typed.trim() || shown) accept();
    if (!loose) setTyped(null);
    setOpen(false);
  };
  const listed = open && choices.length > 0;
  return html`<div class=${`combobox ${name}`}>
    <label for=${id} class=${hidden ? "unseen" : ""}>${label}</label>
    <input id=${id} ref=${field} type="text" role="combobox" autocomplete="off" spellcheck="false" placeholder=${hint}
      aria-expanded=${listed} aria-controls=${`${id}-list`} aria-autocomplete="list"
      aria-activedescendant=${listed && active >= 0 ? `${id}-${active}` : undefined}
      value=${typed ?? shown} onKeyDown=${key} onBlur=${leave}
      onFocus=${() => field.current?.select()}
      onInput=${(/** @type {InputEvent} */ event) => setTyped(/** @type {HTMLInputElement} */ (event.target).value)} />
    <ul id=${`${id}-list`} role="listbox" aria-label=${label} hidden=${!listed}>
      ${choices.map(
        (one, index) => html`<li id=${`${id}-${index}`} role="option" aria-selected=${index === active}
          onMouseDown=${(/** @type {Event} */ event) => event.preventDefault()} onClick=${() => done(one.value, one)}>
          <span>${one.text}</span>${one.note && html`<small>${one.note}</small>`}</li>`,
      )}
    </ul>
    <span class="unseen" role="status">${listed ? count.replace("{n}", String(choices.length)) : ""}</span>
  </div>`;
}

/** The claims of a checked text: what each says, slot by slot, its verdict with the reasons, and the rows that these rest on. */
import { html, useState } from "./vendor/preact.js";
import { known, useWords } from "./figure_words.js";
import * as figures from "./figures.js";
import { nameOf, saidOf, usePage } from "./page.js";
import { has } from "./words.js";

/** @typedef {import("./answer").Checked} Checked */
/** @typedef {import("./answer").Claim} Claim */

const AT_ONCE = 100;

/** Signs of verdicts, drawn: nobody has to tell colours apart, nor have a font. @type {Record<string, string>} */
const SIGNS = {
  refuted: "M4 4 L12 12 M12 4 L4 12",
  differs: "M3 6 H13 M3 10 H13 M11 3 L5 13",
  agrees: "M3 8.5 L6.5 12 L13 4.5",
  not_comparable: "M5.5 3 V13 M10.5 3 V13",
  consistent: "M8 3.5 A4.5 4.5 0 1 1 7.99 3.5",
  no_record: "M5.5 6 A2.5 2.5 0 1 1 8 8.5 V9.8 M8 12.2 V13",
  note: "M8 7 V12.5 M8 3.8 V4.2",
};

/** @param {{verdict: string}} props */
export function Sign({ verdict }) {
  return html`<svg class="sign" viewBox="0 0 16 16" aria-hidden="true"><path d=${SIGNS[verdict]} /></svg>`;
}

/**
 * @param {object} props
 * @param {Checked} props.found
 * @param {number} props.chosen the claim that lies open, -1: none
 * @param {(index: number) => void} props.choose
 * @param {string} props.only the verdict that is shown alone, empty: all
 */
export function ClaimList({ found, chosen, choose, only }) {
  const { t } = usePage();
  const [many, setMany] = useState(AT_ONCE);
  const shown = found.claims.map((claim, index) => ({ claim, index })).filter(({ claim }) => !only || claim.verdict === only);
  const most = chosen >= many ? found.claims.length : many;
  return html`<div class="claims"><ol>${shown.slice(0, most).map(({ claim, index }) => html`<${OneClaim} key=${index} claim=${claim} index=${index} names=${found.names}
      open=${index === chosen} toggle=${() => choose(index === chosen ? -1 : index)} />`)}</ol>
    ${shown.length > most && html`<button type="button" class="again" onClick=${() => setMany(found.claims.length)}>${t("show_all", { n: shown.length })}</button>`}</div>`;
}

/** @param {{claim: Claim, index: number, names: Checked["names"], open: boolean, toggle: () => void}} props */
function OneClaim({ claim, index, names, open, toggle }) {
  const { state, go, lang, t } = usePage();
  const w = useWords();
  const told = (/** @type {string} */ verdict) => w(/** @type {"verdict_refuted"} */ (`verdict_${verdict}`));
  return html`<li id=${`claim-${index}`} class=${`claim ${claim.verdict}${open ? " chosen" : ""}`}>
    <button type="button" class="claim-head" aria-expanded=${open} onClick=${toggle}>
      <span class="claim-verdict"><${Sign} verdict=${claim.verdict} />${index + 1}. ${told(claim.verdict)}</span>
      <span class="claim-said">${claim.text.replace(/\s+/g, " ")}</span></button>
    ${open && html`<dl class="cells">${slots(claim, names, lang, w, t).map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>`}
    <ul class="checks">${claim.checks.map((check) => html`<li><span class=${`check-verdict ${check.verdict}`}><${Sign} verdict=${check.verdict} />${told(check.verdict)}</span> ${saidOf(lang, check, "reason")}
      ${open && check.evidence.length > 0 && html`<span class="evidence-rows" role="group" aria-label=${w("check_rows")}>${check.evidence.map((row) => html`<button type="button" class="figure" data-row=${row}
        aria-expanded=${state.figure === `row/${row}`} onClick=${() => go({ figure: `row/${row}` })}>${row}</button>`)}</span>`}</li>`)}
      ${!claim.checks.length && html`<li>${w("check_nothing")}</li>`}</ul>
    ${open && claim.alternatives.length > 0 && html`<p class="small">${w("check_others")}: ${claim.alternatives.map((one) => `${slotName(one.slot, w)} = ${one.value} (${saidOf(lang, one, "reason")})`).join("; ")}</p>`}
  </li>`;
}

/** @typedef {ReturnType<typeof useWords>} Say */

/** The name of a slot. @param {string} slot @param {Say} w */
function slotName(slot, w) {
  const key = `slot_${slot}`;
  return known(key) ? w(key) : slot.replaceAll("_", " ");
}

/**
 * The slots that the text gives, in words.
 * @param {Claim} claim @param {Checked["names"]} names @param {import("./answer").Lang} lang @param {Say} w @param {import("./page.js").PageContext["t"]} t
 * @returns {[string, string][]}
 */
function slots(claim, names, lang, w, t) {
  const said = (/** @type {string} */ kind, /** @type {string | null} */ value) => {
    const key = `${kind}_${value}`;
    return known(key) ? w(key) : has(key) ? t(key) : (value ?? "").replaceAll("_", " ");
  };
  const range = (/** @type {number | null} */ low, /** @type {number | null} */ high, unit = "") =>
    low == null ? "" : `${figures.short(lang, low)}${high == null ? "" : `–${figures.short(lang, high)}`} ${unit}`.trim();
  const named = (/** @type {string | null} */ code) => {
    const name = names[code ?? ""];
    return name ? nameOf(lang, name) : code ?? "";
  };
  /** @type {[string, string][]} */
  const all = [
    ["subject", named(claim.subject)], ["partner", named(claim.partner)], ["flow", said("flow", claim.flow)], ["commodity", said("", claim.commodity)],
    ["mode", said("mode", claim.mode)], ["period", claim.period ?? ""], ["value", range(claim.value, claim.value_max, claim.unit ?? "")],
    ["qualifier", said("qualifier", claim.qualifier)], ["whole", range(claim.whole, null)], ["growth_pct", range(claim.growth_pct, claim.growth_pct_max, "%")],
    ["growth_times", range(claim.growth_times, claim.growth_times_max)], ["growth_abs", range(claim.growth_abs, null, claim.unit ?? "")],
    ["base_value", range(claim.base_value, null, claim.unit ?? "")], ["base_period", claim.base_period ?? ""], ["share_pct", range(claim.share_pct, null, "%")],
    ["against", said("mode", claim.against)], ["modality", claim.modality === "stated" ? "" : said("modality", claim.modality)],
    ["perspective", named(claim.perspective)], ["edition", said("edition", claim.edition)],
  ];
  return all.filter(([, text]) => text).map(([slot, text]) => [slotName(slot, w), text]);
}

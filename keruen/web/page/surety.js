/** How sure the time is: percentiles of the chosen route, the chance to be in time, and which legs cause the spread. */
import { html } from "./vendor/preact.js";
import { routeColours } from "./colours.js";
import * as figures from "./figures.js";
import { corridorOf, nameOf, usePage } from "./page.js";
import { Figure, useTyped } from "./parts.js";
import { linear } from "./scales.js";

const MARKS = /** @type {const} */ (["p10_h", "p50_h", "p80_h", "p90_h", "p95_h"]);

/** @param {import("./sheets.js").SheetProps} props */
export function Surety({ answer, chosen, prices }) {
  const { state, go, lang, t, dark } = usePage();
  const within = useTyped(state.within, (event) => go({ within: /** @type {HTMLInputElement} */ (event.target).value }));
  const route = answer.routes[chosen];
  if (!route) return null;
  const colours = routeColours(answer.routes.length, dark);
  const scale = linear(0, Math.max(...answer.routes.map((one) => one.p95_h ?? one.time_h)) / 24, 0, 100, { count: 6 });
  const buffer = route.buffer_h == null ? null : (route.buffer_h / 24) * prices.vot * prices.tonnes;
  return html`<div class="surety"><h2 class="unseen">${t("sheet_surety")}</h2>
    <section><h3>${t("surety_all")}</h3>
      <div class="bands" role="img" aria-label=${t("surety_all")}>
        ${answer.routes.map((one, index) => one.p10_h == null || one.p90_h == null || one.p50_h == null || one.p95_h == null
          ? html`<div class="band-row"><span class="disc" style=${{ background: colours[index] }}>${index + 1}</span><span class="small">${t("unknown")}</span></div>`
          : html`<div class=${`band-row${index === chosen ? " chosen" : ""}`}><span class="disc" style=${{ background: colours[index] }}>${index + 1}</span>
            <div class="band-track"><span class="band thin" style=${{ left: `${scale.at(one.p10_h / 24)}%`, width: `${scale.at(one.p95_h / 24) - scale.at(one.p10_h / 24)}%`, background: colours[index] }}></span>
              <span class="band" style=${{ left: `${scale.at(one.p10_h / 24)}%`, width: `${scale.at(one.p90_h / 24) - scale.at(one.p10_h / 24)}%`, background: colours[index] }}></span>
              <span class="band-mid" style=${{ left: `${scale.at(one.p50_h / 24)}%` }}></span></div></div>`)}
        <div class="band-axis">${scale.ticks.map((tick) => html`<span style=${{ left: `${scale.at(tick)}%` }}>${figures.plain(lang, tick)}</span>`)}</div>
      </div>
      <p class="small">${t("surety_bands")}</p></section>
    <section><h3>${chosen + 1}. ${corridorOf(lang, route)}</h3>
      <dl class="marks">${MARKS.map((mark) => html`<div><dt>${mark.slice(0, -2).toUpperCase()}</dt><dd>${figures.days(lang, route[mark])}</dd></div>`)}</dl>
      <p>${t("surety_words", { p50: figures.days(lang, route.p50_h), p90: figures.days(lang, route.p90_h), buffer: figures.days(lang, route.buffer_h), usd: figures.usd(lang, buffer) })}</p>
      <label class="within">${t("within_label")}<input type="number" min="1" step="any" placeholder=${t("days_word")} ...${within} />
        <strong>${answer.within_days == null ? "" : t("on_time", { days: answer.within_days, share: figures.percent(lang, route.on_time) })}</strong></label></section>
    <section><h3>${t("spread_from")}</h3>
      <ol class="spread">${route.spread_legs.slice(0, 6).map((one) => html`<li><span>${t(/** @type {"mode_rail"} */ (`mode_${one.mode}`))}: ${
        (lang === "ru" && one.name_ru) || one.name || placeName(answer, one.to, lang)}</span>
        <span class="share"><span class="share-bar" style=${{ width: `${Math.round(100 * one.share)}%` }}></span></span>
        ${one.sources[0]
          ? html`<${Figure} figure=${`row/${one.sources[0]}`} label=${`${t("spread_from")}, ${one.name || one.to}`} text=${figures.percent(lang, one.share)} />`
          : html`<span>${figures.percent(lang, one.share)}</span>`}</li>`)}</ol>
      <p class="small">${t("spread_assumed", { share: figures.percent(lang, route.spread_assumed_share) })}</p></section>
  </div>`;
}

/** @param {import("./answer").Answer} answer @param {string} id @param {import("./answer").Lang} lang */
function placeName(answer, id, lang) {
  const place = answer.places[id];
  return place ? nameOf(lang, place) : id;
}

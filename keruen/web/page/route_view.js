/** The route page: question and corridors beside the map, and below the map the sheets that look into the answer. */
import { html, useEffect, useMemo, useRef, useState } from "./vendor/preact.js";
import { useStream } from "./asking.js";
import { Differences } from "./differences.js";
import * as figures from "./figures.js";
import { MapRoom } from "./map_room.js";
import { corridorOf, saidOf, usePage } from "./page.js";
import { Failed, Working } from "./parts.js";
import { query } from "./question.js";
import { ranked } from "./ranking.js";
import { RouteForm } from "./route_form.js";
import { RouteList } from "./route_list.js";
import { ScenarioDrawer } from "./scenario_drawer.js";
import { useScenario } from "./scenario_state.js";
import { Sheets } from "./sheets.js";
import { SourceDrawer } from "./source_drawer.js";

/** @typedef {import("./answer").Answer} Answer */
/** @typedef {import("./answer").Comparison} Comparison */

/** @type {import("./answer").Route[]} */
const NONE = [];

export function RouteView() {
  const { state, go, lang, t, announce } = usePage();
  const question = query(state);
  const path = question && (state.scenario ? `/compare/stream?${question}&geometry=true` : `/route/stream?${question}`);
  const { answer: told, of, whole, work, failure, cancelled, cancel, again } = useStream(path);
  const names = useRef(new Map()).current;
  const map = useRef(/** @type {any} */ (null));
  const [drawing, setDrawing] = useState(false);
  const [pointed, setPointed] = useState(/** @type {number | null} */ (null));

  const comparison = /** @type {Comparison | null} */ (told?.differences ? told : null);
  const side = comparison ? comparison.with : told;
  const answer = /** @type {Answer | null} */ (side && !("error" in side) ? side : null);
  const told_why = side && "error" in side ? side.error : failure;
  // With a scenario it is the scenario that the tables cannot take.
  const refused = told_why && state.scenario && told_why.kind === "bad_table" ? { ...told_why, kind: "bad_scenario" } : told_why;
  const routes = answer?.routes ?? NONE;
  const base = useMemo(() => formerWays(comparison), [comparison]);
  const scenario = useScenario();
  const prices = {
    vot: state.vot === "" ? (answer?.shipment.value_of_time_usd_per_t_day ?? 0) : Number(state.vot),
    carbon: Number(state.carbon_price || 0),
    tonnes: answer?.shipment.tonnes ?? 0,
  };
  const order = useMemo(() => ranked(routes, prices), [routes, prices.vot, prices.carbon]);
  const chosen = Math.min(Math.max(0, Number(state.way || (order[0] ?? 0) + 1) - 1), Math.max(0, routes.length - 1));
  const fresh = of === path;
  // The sheets take room from the map, which must then draw itself anew; so the routes are seen before.
  const [seen, setSeen] = useState(false);
  useEffect(() => setSeen(routes.length > 0), [routes.length > 0]);
  const ends = useMemo(() => endsOf(answer, state), [answer, state.from, state.to]);

  useEffect(() => {
    const best = routes[order[0] ?? 0];
    if (fresh && whole && best) {
      announce(t("answer_said", { n: routes.length, name: corridorOf(lang, best), days: figures.days(lang, best.p50_h), usd: figures.usd(lang, best.cost_usd) }));
    }
  }, [of, whole]);

  return html`<h1 class="unseen">${t("view_route")}</h1>
    <div class=${`route-page${answer ? " answered" : ""}`}>
      <div class="side">
        <${RouteForm} ends=${ends} names=${names} openScenario=${() => setDrawing(true)} scenario=${scenario} />
        <div class="told" aria-busy=${Boolean(work)}>
          ${work && html`<${Working} work=${work} cancel=${cancel} />`}
          ${cancelled && html`<div class="notice"><strong>${t("cancelled")}</strong><button type="button" class="again" onClick=${again}>${t("again")}</button></div>`}
          ${refused && !work && html`<${Failed} failure=${refused} again=${refused.kind === "offline" || refused.kind === "busy" || refused.kind === "timeout" ? again : undefined}
            pick=${(/** @type {string} */ place) => go(refused.message.includes(state.from) ? { from: place } : { to: place })} />`}
          ${!answer && !work && !refused && !cancelled && html`<${Welcome} />`}
          ${comparison && html`<div class=${fresh ? "result" : "result former"}><${Differences} comparison=${comparison} /></div>`}
          ${answer && html`<div class=${fresh && !refused ? "result" : "result former"}>
            ${saidOf(lang, answer, "warnings").map((one) => html`<p class="notice">${one}</p>`)}
            <${DayConditions} answer=${answer} />
            <${RouteList} answer=${answer} order=${order} prices=${prices} chosen=${chosen} point=${setPointed} />
          </div>`}
        </div>
      </div>
      <div class="stage-area">
        <${MapRoom} routes=${routes} chosen=${chosen} pointed=${pointed} ends=${ends} names=${names} mapOut=${map} base=${base} scenario=${scenario} />
        ${answer && seen && routes.length > 0 && html`<${Sheets} answer=${answer} prices=${prices} order=${order} chosen=${chosen} map=${map} point=${setPointed} />`}
      </div>
      ${state.figure && (answer || state.figure.startsWith("row/")) && html`<${SourceDrawer} key=${`${state.figure} ${chosen}`} answer=${answer} chosen=${chosen} prices=${prices} />`}
      ${drawing && html`<${ScenarioDrawer} map=${map} scenario=${scenario} work=${work} cancel=${cancel} refused=${refused} comparison=${fresh ? comparison : null} close=${() => setDrawing(false)} />`}
    </div>`;
}

/** The ways without the scenario that are not the same with it. @param {Comparison | null} comparison */
function formerWays(comparison) {
  if (!comparison || "error" in comparison.base) return NONE;
  const now = "error" in comparison.with ? NONE : comparison.with.routes;
  return comparison.base.routes.filter((one) => !now.some((other) => other.time_h === one.time_h && other.cost_usd === one.cost_usd && other.corridor === one.corridor));
}

/** What was other than usual on the day of departure. @param {{answer: Answer}} props */
function DayConditions({ answer }) {
  const { lang, t, go } = usePage();
  if (!answer.conditions.length) return null;
  return html`<details class="notice conditions"><summary>${t("conditions_felt", { n: answer.conditions.length })}</summary><ul>
    ${answer.conditions.map((one) => html`<li>${(lang === "ru" && one.name_ru) || one.name}: ${
      one.effect === "closed" ? t("condition_closed") : `${one.usual ?? t("unknown")} → ${one.value ?? t("unknown")}`
    } ${one.sources[0] && html`<button type="button" class="figure" onClick=${() => go({ figure: `row/${one.sources[0]}` })}>${t("source")}</button>`}</li>`)}
  </ul></details>`;
}

/** Before anything is asked: what the page does, with ways to try. */
function Welcome() {
  const { t, go } = usePage();
  const tries = /** @type {const} */ ([["VNHPH", "DEDUI"], ["CNXAG", "DEDUI"], ["KZALA", "GEPTI"]]);
  return html`<div class="welcome"><p>${t("welcome")}</p>
    <p class="tries">${tries.map(([from, to], index) => html`<button type="button" onClick=${() => go({ from, to })}>${t(/** @type {"try_0"} */ (`try_${index}`))}</button>`)}</p>
    <p class="small">${t("welcome_note")}</p></div>`;
}

/**
 * The ends as places, where they are known: from the answer, or from coordinates.
 * @param {Answer | null} answer @param {import("./address.js").State} state
 */
function endsOf(answer, state) {
  const one = (/** @type {string} */ asked, /** @type {import("./answer").Place | undefined} */ found) => {
    if (found && [found.place, found.name, found.name_ru].includes(asked)) return found;
    const spot = /^(-?[\d.]+),(-?[\d.]+)$/.exec(asked);
    return spot ? { place: asked, name: asked, name_ru: asked, country: "", lat: Number(spot[1]), lon: Number(spot[2]) } : null;
  };
  return { from: one(state.from, answer?.origin), to: one(state.to, answer?.destination) };
}

// The parts of the page that draw nothing: what an address says, how routes are ranked, how numbers are written, where a chart
// puts a figure, and that what is added up comes to the totals. Run by `node --test`.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { BLANK, isStep, read, write } from "../../keruen/web/page/address.js";
import { kept } from "../../keruen/web/page/compared.js";
import { contributions } from "../../keruen/web/page/contributions.js";
import { curve, end } from "../../keruen/web/page/curves.js";
import * as figures from "../../keruen/web/page/figures.js";
import { command, query } from "../../keruen/web/page/question.js";
import { generalizedCost, leasts, ranked } from "../../keruen/web/page/ranking.js";
import { linear, logarithmic } from "../../keruen/web/page/scales.js";
import { EN as FIGURES_EN, RU as FIGURES_RU } from "../../keruen/web/page/figure_words.js";
import { pieces } from "../../keruen/web/page/marking.js";
import { lines } from "../../keruen/web/page/trade_tables.js";
import { EN, RU, say } from "../../keruen/web/page/words.js";

const PAGE = new URL("../../keruen/web/page/", import.meta.url);
const back = (state) => {
  const [pathname, search = ""] = write(state).split(/(?=\?)/);
  return read({ pathname, search });
};

test("an address gives back the state it was written from", () => {
  const state = {
    ...BLANK, lang: "ru", from: "Хай Фон & co", to: "51.43,6.76", avoid: ["country:RU", "border:a+b"], require: ["mode:rail"], sanctions: ["iran"],
    depart: "2025-11-10", scenario: 'name = "x"\n[[close]]\nwhat = "passage:suez" # 100 %\n', vot: "35", way: "2", show: "legs", figure: "leg/3/cost_usd",
  };
  assert.deepEqual(back(state), state);
  const row = { ...BLANK, view: "evidence", table: "tariffs", row: "rail/KZ/feu", q: "a b", offset: "50" };
  assert.deepEqual(back(row), row);
  assert.equal(write(BLANK), "/route");
});

test("what an address does not know of is the route page with nothing asked", () => {
  assert.deepEqual(read({ pathname: "/nowhere/", search: "?lang=fr&evil=1&way=" }), BLANK);
  assert.deepEqual(read({ pathname: "/route", search: "?avoid=a&avoid=a&avoid=" }).avoid, ["a"]);
});

test("a look at the same answer is no step that back undoes; another question is", () => {
  assert.equal(isStep(BLANK, { ...BLANK, way: "2", vot: "3", show: "legs" }), false);
  assert.equal(isStep(BLANK, { ...BLANK, avoid: ["country:RU"] }), true);
  assert.equal(isStep(BLANK, { ...BLANK, view: "evidence" }), true);
});

test("nothing is asked before both ends are known, and prices only where wanted", () => {
  assert.equal(query({ ...BLANK, from: "A" }), "");
  const state = { ...BLANK, from: "A", to: "B", avoid: ["x", "y"], vot: "9", only_unbeaten: "1" };
  assert.equal(query(state), "from=A&to=B&avoid=x&avoid=y&only_unbeaten=true");
  assert.match(query(state, { prices: true }), /vot=9/);
});

test("the command quotes what a shell would take apart", () => {
  const state = { ...BLANK, from: "Xi'an", to: "DEDUI; rm -rf $HOME", commodity: "steel", objective: "surest", avoid: ["country:RU"], scenario: 'name = "x"' };
  assert.equal(
    command(state),
    `keruen route 'Xi'\\''an' 'DEDUI; rm -rf $HOME' --commodity steel --avoid country:RU --surest --scenario x.toml`,
  );
});

const way = (time_h, cost_usd, co2e_kg, beaten_by = null) => ({ time_h, p50_h: time_h, p90_h: null, cost_usd, co2e_kg, beaten_by });

test("the value of time and the carbon price turn the order; beaten ways stay behind", () => {
  const routes = [way(240, 1000, 500), way(24, 3000, 900), way(240, 900, null), way(1, 1, 1, "x")];
  assert.deepEqual(ranked(routes, { vot: 0, carbon: 0, tonnes: 10 }), [2, 0, 1, 3]);
  assert.deepEqual(ranked(routes, { vot: 100, carbon: 0, tonnes: 10 }), [1, 2, 0, 3]);
  assert.deepEqual(ranked(routes, { vot: 0, carbon: 50, tonnes: 10 }), [0, 1, 2, 3]);
  assert.equal(generalizedCost(routes[0], { vot: 12, carbon: 100, tonnes: 10 }), 1000 + 12 * 10 * 10 + 50);
  assert.equal(generalizedCost(routes[2], { vot: 1, carbon: 1, tonnes: 1 }), null);
  assert.deepEqual(leasts(routes.slice(0, 3)), { p50_h: 1, p90_h: null, cost_usd: 2, co2e_kg: 0 });
});

test("what is not known is never written as a number", () => {
  for (const write of [figures.days, figures.hours, figures.usd, figures.co2e, figures.kilograms, figures.km, figures.percent]) {
    assert.equal(write("en", null), "not known");
    assert.equal(write("ru", undefined), "неизвестно");
    assert.match(write("en", 0), /0/);
  }
  assert.equal(figures.change("en", null, figures.usd), "not known");
});

test("numbers are written as the language does, with their unit", () => {
  const plain = (text) => text.replaceAll("\u00a0", " ");
  assert.equal(plain(figures.usd("en", 12345.6)), "USD 12,346");
  assert.equal(plain(figures.days("ru", 36)), "1,5 дн.");
  assert.equal(plain(figures.co2e("en", 2758)), "2.76 t");
  assert.equal(plain(figures.change("en", -48, figures.days)), "\u22122.0 d");
  assert.equal(figures.change("en", 0, figures.days), "unchanged");
  assert.equal(figures.date("en", "2025-09"), "September 2025");
  assert.equal(figures.date("ru", "2024-07-15"), "15 июля 2024 г.");
  assert.equal(figures.date("en", "2019"), "2019");
  assert.equal(figures.date("en", ""), "not known");
});

test("a scale holds its values between round ticks", () => {
  for (const [low, high] of [[0, 33.4], [0, 0.7], [5, 5], [0, 98765]]) {
    const scale = linear(low, high, 10, 200);
    assert.ok(scale.low <= low && scale.high >= high);
    assert.equal(scale.at(scale.low), 10);
    assert.ok(Math.abs(scale.at(scale.high) - 200) < 1e-9);
    assert.ok(scale.ticks.length >= 2 && scale.ticks.length <= 12);
  }
  const log = logarithmic(3, 450, 200, 10);
  assert.deepEqual(log.ticks, [2, 5, 10, 20, 50, 100, 200, 500]);
  assert.ok(Math.abs(log.at(10) - log.at(100) - (log.at(2) - log.at(20))) < 1e-9);
  assert.throws(() => logarithmic(0, 5, 0, 1), RangeError);
});

const leg = (mode, distance_km, time_h, cost_usd, co2e_kg, components = []) => ({ mode, distance_km, time_h, cost_usd, co2e_kg, components });

test("a curve ends at the totals of its legs, stops rise upright, and an unknown part makes no curve", () => {
  const legs = [leg("terminal", 0, 8, 55, 12), leg("rail", 900, 20.5, 500, 300), leg("border", 0, 12, 0, 0), leg("sea", 400, 30, 100, null)];
  const pieces = curve(legs, "time_h");
  assert.deepEqual(end(pieces), { km: 1300, value: 70.5 });
  for (const piece of pieces) if (piece.stop) assert.equal(piece.from.km, piece.to.km);
  for (let i = 1; i < pieces.length; i += 1) assert.deepEqual(pieces[i].from, pieces[i - 1].to);
  assert.equal(end(curve(legs, "cost_usd")).value, 655);
  assert.equal(curve(legs, "co2e_kg"), null);
});

test("the rows behind a figure add up to it", () => {
  const part = (kind, source, time_h, cost_usd) => ({ kind, source, basis: "derived", time_h, cost_usd, co2e_kg: 0 });
  const legs = [
    leg("rail", 1, 20, 5, 0, [part("running", "speeds:a", 15, 0), part("tariff", "tariffs:a", 0, 5), part("waiting", "waits:a", 5, 0)]),
    leg("sea", 1, 16, 7, 0, [part("running", "speeds:a", 10, 0), part("toll", "passages:x", 6, 7)]),
  ];
  const sum = (rows) => rows.reduce((all, one) => all + one.value, 0);
  assert.equal(sum(contributions(legs, "time_h")), 36);
  assert.equal(sum(contributions(legs, "cost_usd")), 12);
  assert.equal(sum(contributions(legs, "running_h")), 25);
  assert.equal(sum(contributions(legs, "waiting_h")), 11);
  assert.deepEqual(contributions(legs, "time_h")[0], { source: "speeds:a", basis: "derived", kind: "running", value: 25 });
});

test("rows that count are kept without a half; those put aside for another reason never", () => {
  const row = (used, half, reason_kind, year) => ({ used, half, reason_kind, year, observed: 5, predicted_p50: 6, modes: ["rail", "sea"], corridor: "c", quality: "A" });
  const rows = [row(true, "report", "", 2024), row(false, "fit", "half", 2025), row(false, "report", "basis", 2024)];
  const none = { half: "", corridor: "", mode: "", year: "", ends: "" };
  assert.deepEqual(kept(rows, none), [rows[0]]);
  assert.deepEqual(kept(rows, { ...none, half: "all" }), [rows[0], rows[1]]);
  assert.deepEqual(kept(rows, { ...none, half: "all", year: "2025", mode: "rail+sea" }), [rows[1]]);
});

test("both languages say everything, with the same places to fill", () => {
  assert.deepEqual(Object.keys(RU).sort(), Object.keys(EN).sort());
  for (const key of Object.keys(EN)) {
    const places = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    assert.ok(RU[key].trim() && EN[key].trim(), key);
    assert.deepEqual(places(RU[key]), places(EN[key]), key);
  }
  assert.equal(say("en", "rows_n", { n: 3 }), "rows: 3");
});

test("every word is said somewhere", () => {
  const text = readdirSync(PAGE).filter((name) => name.endsWith(".js") && name !== "words.js").map((name) => readFileSync(new URL(name, PAGE), "utf8")).join("\n");
  const stems = [...text.matchAll(/`([a-z]+(?:_[a-z]+)*_)\$\{/g)].map((found) => found[1]).concat("half_", "ends_"); // the latter by the name of a filter
  const idle = Object.keys(EN).filter((key) => !new RegExp(`\\b${key}\\b`).test(text) && !stems.some((stem) => key.startsWith(stem)));
  assert.deepEqual(idle, []);
});

test("the pages on figures say everything in both languages, and nothing idle", () => {
  assert.deepEqual(Object.keys(FIGURES_RU).sort(), Object.keys(FIGURES_EN).sort());
  const text = ["check_view.js", "claim_list.js", "trade_view.js", "records.js", "trade_table.js", "trade_chart.js", "store_tables.js"].map((name) => readFileSync(new URL(name, PAGE), "utf8")).join("\n");
  const stems = [...text.matchAll(/`([a-z]+_)\$\{/g)].map((found) => found[1]).concat("flow_", "qualifier_", "modality_", "kind_", "edition_", "slot_", "area_");
  for (const key of Object.keys(FIGURES_EN)) {
    const places = (said) => [...said.matchAll(/\{\w+\}/g)].map(String).sort();
    assert.ok(FIGURES_RU[key].trim() && FIGURES_EN[key].trim(), key);
    assert.deepEqual(places(FIGURES_RU[key]), places(FIGURES_EN[key]), key);
    assert.ok(new RegExp(`\\b${key}\\b`).test(text) || stems.some((stem) => key.startsWith(stem)), `${key} is idle`);
  }
});

test("a marked text is the text, and each stretch has the gravest verdict of what covers it", () => {
  const text = "😀 вырос на 85% до 979 млн, <b>экспорт</b> 180";
  const letters = [...text];
  const at = (word) => letters.join("").slice(0, text.indexOf(word)) && [...text.slice(0, text.indexOf(word))].length;
  const claim = (from, to, verdict) => ({ start: at(from), end: at(to) + [...to].length, verdict });
  const claims = [claim("85%", "млн", "agrees"), claim("979", "979", "refuted"), claim("180", "180", "no_record")];
  const cut = pieces(text, claims);
  assert.equal(cut.map((one) => one.text).join(""), text);
  assert.deepEqual(cut.filter((one) => one.verdict).map((one) => [one.text, one.verdict, one.ending]), [
    ["85% до ", "agrees", []], ["979", "refuted", [1]], [" млн", "agrees", [0]], ["180", "no_record", [2]],
  ]);
  assert.deepEqual(pieces("", []).map((one) => one.text), []);
  assert.deepEqual(pieces("none", []), [{ text: "none", covering: [], verdict: "", ending: [] }]);
});

test("a table of trade shows one figure of each thing, counts its rivals, and compares like with like only", () => {
  const figure = (value, more = {}) => ({ rows: ["figures:a"], subject: "KAZ", kind: "official_reporter", weight: "record", perspective: "KAZ", value, interval: [value - 1, value + 1], ...more });
  const thing = (partner, flow, period, figures, more = {}) => ({ subject: "KAZ", partner, flow, goods: "TOTAL", mode: "", scope: "", measure: "", period, unit: "USD", figures, conflicts: [], ...more });
  const eu = (value, scope) => figure(value, { rows: ["figures:a", `aggregates:EU/KAZ/${scope}`] });
  const things = [
    thing("VNM", "export", "2022", [figure(100)]), thing("VNM", "export", "2023", [figure(150, { weight: "statement", kind: "press", perspective: null }), figure(120)]),
    thing("VNM", "import", "2023", [figure(400)]), thing("VNM", "export", "2023", [figure(7)], { mode: "road" }), thing("VNM", "export", "2023-01/2023-09", [figure(9)]),
    thing("EU", "export", "2022", [eu(300, "2020")]), thing("EU", "export", "2023", [eu(290, "2023")]), thing("EU", "export", "2024", [eu(319, "2023")]),
  ];
  assert.equal(lines(things, "2023").length, 2);
  const vietnam = lines(things, "2023").find((one) => one.item === "VNM");
  assert.deepEqual([vietnam.now.exports.value, vietnam.now.balance, vietnam.rivals], [120, { value: -280, low: -282, high: -278 }, 1]);
  assert.deepEqual([vietnam.growth.exports.low, vietnam.growth.exports.high].map((one) => one.toFixed(4)), ["0.1782", "0.2222"]);
  assert.deepEqual([vietnam.growth.imports.value, vietnam.now.turnover.value], [null, null]);
  const union = (year) => lines(things, year).find((one) => one.item === "EU").growth.exports.value;
  assert.deepEqual([union("2023"), union("2024").toFixed(2)], [null, "0.10"]);
  const union27 = (value) => lines([...things, thing("EU27", "export", "2024", [figure(value)])], "2024").map((one) => one.item);
  assert.deepEqual([union27(319), union27(318)], [["EU"], ["EU", "EU27"]]); // the same is not told twice
});

/** The pure parts of the scenario drawer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as edit from "../../keruen/web/page/scenario_edit.js";
import { EN, RU } from "../../keruen/web/page/scenario_words.js";

const close = (what, more = {}) => ({ kind: "close", what, reason: "because", ...more });

test("a name is made of any title", () => {
  assert.equal(edit.slug("Suez closed!"), "suez_closed");
  assert.equal(edit.slug("Паром Курык – Баку"), "parom_kuryk_baku");
  assert.equal(edit.slug("Żabia Wola"), "zabia_wola");
  assert.equal(edit.slug("???"), "");
  assert.match(edit.slug("a".repeat(59) + " b c"), /^[a-z0-9_-]{1,60}$/);
});

test("editing makes another document and leaves the first as it was", () => {
  const one = edit.put(edit.blank(), close("passage:suez"), -1, { title: "Suez closed", title_ru: "Суэц закрыт" });
  assert.equal(one.name, "suez_closed");
  const two = edit.put(one, close("country:BY@rail"));
  const off = edit.switched(two, 0);
  assert.deepEqual([one.entries.length, two.entries.length, off.entries[0].off, two.entries[0].off], [1, 2, true, undefined]);
  assert.deepEqual(edit.closedKeys(off), ["country:BY"]);
  assert.deepEqual(edit.without(two, 0).entries, [two.entries[1]]);
  assert.equal(two.title, "Suez closed");
});

test("an entry about the same thing gives way, an edited one keeps its place", () => {
  const doc = { ...edit.blank(), entries: [close("passage:suez"), close("passage:panama")] };
  assert.deepEqual(edit.put(doc, close("passage:suez", { reason: "other" })).entries.map((one) => one.reason), ["because", "other"]);
  assert.deepEqual(edit.put(doc, close("passage:panama", { reason: "other" }), 0).entries.map((one) => one.what), ["passage:panama"]);
  const level = (m) => ({ kind: "caspian", level_change_m: m, reason: "x" });
  assert.deepEqual(edit.put(edit.put(doc, level(-1)), level(-2)).entries.at(-1).level_change_m, -2);
});

test("ports that are added are found by the beginning of a word or of the key", () => {
  const place = (row, more = {}) => ({ kind: "add", table: "places", row: { country: "KZ", lat: 43.6, lon: 51.2, ...row }, reason: "x", ...more });
  const port = place({ place: "KZNEW", name: "New Port", name_ru: "Новый порт", kind: ["rail_terminal", "ferry_port"] });
  const doc = { ...edit.blank(), entries: [port, place({ place: "KZDRY", name: "Dry port", kind: ["dry_port"] }), place({ place: "KZOFF", name: "Off", kind: ["seaport"] }, { off: true })] };
  const ports = edit.addedPorts(doc);
  assert.deepEqual(ports.map((one) => [one.place, one.lon]), [["KZNEW", 51.2]]);
  for (const typed of ["new", "port", "Нов", "kznew"]) assert.equal(edit.namedSo(ports, typed).length, 1, typed);
  assert.equal(edit.namedSo(ports, "ort").length, 0);
});

test("features are written with mode and second country", () => {
  assert.equal(edit.feature("country:BY", "rail"), "country:BY@rail");
  assert.equal(edit.feature("country:BY", "", "country:PL"), "pair:BY-PL");
  assert.equal(edit.feature("passage:suez", "", "country:PL"), "passage:suez");
  assert.ok(edit.closable("border:dostyk_rail") && !edit.closable("yard:x"));
});

test("lengths are great circles", () => {
  assert.ok(Math.abs(edit.lineKm([[0, 0], [90, 0]]) - 10007.557) < 0.01);
  assert.ok(Math.abs(edit.lineKm([[0, 0], [0, 90]]) - 10007.557) < 0.01);
  assert.ok(Math.abs(edit.lineKm([[179, 0], [-179, 0]]) - 222.39) < 0.01);
  assert.equal(edit.lineKm([[5, 5]]), 0);
});

test("a drawn line becomes a row and the row its points again", () => {
  const points = [[75, 40], [74.5, 40.5], [74, 41]];
  const row = edit.railRow(edit.blank(), { name: "Over the pass", points, gauge: "1435", km: 140, tracks: 1 });
  assert.deepEqual([row.line, row.via, row.gauges_mm, row.new_track], ["over_the_pass", ["40.5 74.5"], ["1435"], true]);
  assert.deepEqual(edit.pointsOf(row), points);
  const doc = edit.put(edit.blank(), { kind: "add", table: "rail_lines", row, reason: "x" });
  assert.equal(edit.railRow(doc, { name: "Over the pass", points, gauge: "1435", km: 140, tracks: 1 }).line, "over_the_pass_2");
});

test("a terminal is of the kinds of its modes", () => {
  const row = edit.placeRow(edit.blank(), { name: "Новый порт", country: "KZ", modes: ["rail", "ferry"], point: [51.5, 44.1] });
  assert.deepEqual([row.place, row.kind, row.lat, row.lon], ["KZNOVYIPORT", ["rail_terminal", "ferry_port"], 44.1, 51.5]);
  assert.deepEqual(edit.modesOf(row), ["rail", "ferry"]);
  assert.deepEqual(edit.placeRow(edit.blank(), { name: "X", country: "KZ", modes: [], point: [0, 0] }).kind, ["dry_port"]);
});

test("terms of a service: sailings become a headway and prices keep their proportion", () => {
  const row = edit.serviceRow({ headway_h: 24, running_h: 20, usd_teu: 600, usd_feu: 1200, usd_t: 40 }, { week: 3.5, hours: 18, usd: 300 });
  assert.deepEqual(row, { headway_h: 48, running_h: 18, usd_teu: 300, usd_feu: 600, usd_t: 40 });
});

test("words are complete in both languages, with the same places in braces", () => {
  assert.deepEqual(Object.keys(EN).sort(), Object.keys(RU).sort());
  for (const key of Object.keys(EN)) {
    const places = (text) => (text.match(/\{\w+\}/g) ?? []).sort();
    assert.deepEqual(places(EN[key]), places(RU[key]), key);
    assert.ok(RU[key].trim() && EN[key].trim(), key);
  }
});

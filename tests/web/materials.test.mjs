// What the page on materials works out without drawing: entries of a list, gates, bands, sliders as a scenario, the map. Run by `node --test`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { equalEarth, heightOf, onMap, pathOf } from "../../keruen/web/page/earth.js";
import { entriesOf, gatesOf, mergedBands, minesOf, scenarioOf, slidersOf, writeSliders } from "../../keruen/web/page/materials_tables.js";
import { EN, RU } from "../../keruen/web/page/materials_words.js";
import { sankey } from "../../keruen/web/page/sankey.js";

const PAGE = new URL("../../keruen/web/page/", import.meta.url);

test("the page on materials says everything in both languages, and nothing idle", () => {
  assert.deepEqual(Object.keys(RU).sort(), Object.keys(EN).sort());
  const files = ["view", "table", "matrix", "profile", "kazakhstan", "map", "sankey", "chain", "costs"].map((name) => `materials_${name}.js`);
  const text = files.map((name) => readFileSync(new URL(name, PAGE), "utf8")).join("\n");
  const stems = [...text.matchAll(/`([a-z]+_)\$\{/g)].map((found) => found[1]);
  for (const key of Object.keys(EN)) {
    const places = (said) => [...said.matchAll(/\{\w+\}/g)].map(String).sort();
    assert.ok(RU[key].trim() && EN[key].trim(), key);
    assert.deepEqual(places(RU[key]), places(EN[key]), key);
    assert.ok(new RegExp(`\\b${key}\\b`).test(text) || stems.some((stem) => key.startsWith(stem)), `${key} is idle`);
  }
});

test("bands keep what flows: each column holds all of it, and no two bands of a node overlap", () => {
  const flows = [
    { steps: ["A", "x", "g", "Z"], value: 0.5 }, { steps: ["B", "x", "h", "Z"], value: 0.3 }, { steps: ["C", "y", "g", "Z"], value: 0.15 }, { steps: ["D", "y", "h", "Z"], value: 0.05 },
  ];
  const { nodes, bands } = sankey(flows, { height: 300, gap: 10 });
  const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a} ${b}`);
  for (let column = 0; column < 4; column += 1) {
    const own = nodes.filter((one) => one.column === column).sort((a, b) => a.top - b.top);
    near(own.reduce((sum, one) => sum + one.value, 0), 1);
    own.slice(1).forEach((one, index) => near(one.top - (own[index].top + own[index].height), 10));
    assert.ok(own[0].top >= -1e-9 && own.at(-1).top + own.at(-1).height <= 300 + 1e-9);
    const laid = bands.map((one) => [one.tops[column], one.height]).sort((a, b) => a[0] - b[0]);
    laid.slice(1).forEach(([top], index) => assert.ok(top >= laid[index][0] + laid[index][1] - 1e-9));
  }
  near(bands[0].height / bands[3].height, 10);
  assert.deepEqual(sankey([], { height: 300, gap: 10 }), { nodes: [], bands: [] });
});

test("who mines adds up to all: what no one is named for is unknown, small ones are others, more than all is rounding", () => {
  const names = { unknown: "?", others: "others" };
  const named = (code) => code.toLowerCase();
  const found = minesOf({ CHN: 0.6, AUS: 0.2, FIN: 0.01, SWE: 0.01 }, 0.02, names, named);
  assert.deepEqual(found.map((one) => one.country), ["chn", "aus", "others", "?"]);
  for (const shares of [{ CHN: 0.6, AUS: 0.2 }, { CHN: 0.7, AUS: 0.35 }, { CHN: 1 }]) {
    const sum = minesOf(shares, 0.02, names, named).reduce((total, one) => total + one.value, 0);
    assert.ok(Math.abs(sum - 1) < 1e-9);
  }
  assert.deepEqual(minesOf({}, 0.02, names, named), []);
  const flows = [{ steps: ["A", "B"], value: 1 }, { steps: ["C", "B"], value: 1 }];
  const tall = (most) => sankey(flows, { height: 200, gap: 10, most }).bands[0].height;
  assert.ok(tall(5) === (200 - 40) / 2 && tall(0) === (200 - 10) / 2);
});

test("a group that is listed is shown by its parts that have a risk; the riskiest first, the unknown last", () => {
  const listed = [{ material: "pgm", name: "PGM", name_ru: "МПГ" }, { material: "helium", name: "Helium", name_ru: "гелий" }, { material: "gold", name: "Gold", name_ru: "золото" }];
  const all = [{ material: "platinum", name: "Platinum", name_ru: "платина", part_of: "pgm" }, { material: "osmium", name: "Osmium", name_ru: "осмий", part_of: "pgm" }];
  const found = entriesOf(listed, [{ code: "platinum", SR: 2 }, { code: "helium", SR: 3 }], all);
  assert.deepEqual(found.map((one) => [one.code, one.part_of, one.risk?.SR ?? null]), [["helium", "", 3], ["platinum", "pgm", 2], ["gold", "", null]]);
});

test("the gate of a supplier is the strait, else the border, that carries most of all supply", () => {
  const suppliers = [
    { country: "A", share: 0.5, passes: ["border:a", "country:X", "border:b"] }, { country: "B", share: 0.3, passes: ["border:b", "passage:suez"] }, { country: "C", share: 0.2, passes: ["terminal:t"] },
  ];
  const { shares, gates } = gatesOf(suppliers);
  assert.deepEqual(gates, ["border:b", "passage:suez", ""]);
  assert.equal(shares.get("border:b"), 0.8);
});

test("bands are merged by name, small ones of a supplier as other ways, and nothing is lost", () => {
  const of = (country, corridor, value) => ({ country, corridor, gate: "g", value });
  const found = mergedBands([of("A", "x", 0.3), of("A", "x", 0.2), of("A", "y", 0.004), of("A", "z", 0.003), of("B", "y", 0.002)], 0.01, "other");
  assert.deepEqual(found.map((one) => [one.country, one.corridor, one.gate]), [["A", "x", "g"], ["A", "other", "other"], ["B", "y", "g"]]);
  assert.ok(Math.abs(found.reduce((sum, one) => sum + one.value, 0) - 0.509) < 1e-12);
});

test("sliders come back from the address as they were, and become the changes of a scenario", () => {
  const sliders = { cuts: { KAZ: 0, RUS: 50, CHN: 100 }, recycling: 200, plant: 0 };
  assert.equal(writeSliders(sliders), "KAZ:0,RUS:50,recycling:200");
  assert.deepEqual(slidersOf("KAZ:0,RUS:50,recycling:200"), { cuts: { KAZ: 0, RUS: 50 }, recycling: 200, plant: 0 });
  assert.deepEqual(slidersOf("KAZ:x,evil\":1,RUS:-5,CHN:101,recycling:"), { cuts: {}, recycling: 100, plant: 0 });
  const mixes = [{ scope: "eu", material: "m", stage: "processing", shares: { KAZ: 0.3 } }, { scope: "global", material: "m", stage: "processing", shares: { KAZ: 0.1, RUS: 0.2 } }];
  const text = scenarioOf(sliders, mixes, "criticality:2023/m", "processing");
  assert.equal((text.match(/\[\[change\]\]/g) ?? []).length, 4);
  assert.match(text, /row = "supply_shares:global\/m\/processing\/RUS"\ncolumn = "output_factor"\nvalue = 0.5/);
  assert.match(text, /row = "criticality:2023\/m"\ncolumn = "eol_rir_pct"\nfactor = 2/);
  assert.equal(scenarioOf({ cuts: { KAZ: 100 }, recycling: 100, plant: 0 }, mixes, "", "processing"), "");
  const none = [{ scope: "global", material: "m", stage: "extraction", shares: { RUS: 1 } }];
  const planted = scenarioOf({ cuts: {}, recycling: 100, plant: 5 }, [...mixes, ...none], "", "extraction");
  assert.match(planted, /\[\[add\]\]\ntable = "supply_shares"\nrow = \{ scope = "global", material = "m", stage = "extraction", country = "KAZ".*added_pct = 5 \}/);
  assert.match(scenarioOf({ cuts: {}, recycling: 100, plant: 5 }, mixes, "", "processing"), /KAZ"\ncolumn = "added_pct"\nvalue = 5/);
  assert.deepEqual(slidersOf(writeSliders({ cuts: {}, recycling: 100, plant: 5 })).plant, 5);
});

test("the map has true areas", () => {
  // a band of latitude has the area of the band on the sphere, by the published formulas of Equal Earth
  const area = (south, north) => {
    let sum = 0;
    for (let lat = south; lat < north; lat += 0.05) {
      const [x] = equalEarth(180, lat + 0.025);
      sum += 2 * x * (equalEarth(0, lat + 0.05)[1] - equalEarth(0, lat)[1]);
    }
    return sum;
  };
  const sphere = (south, north) => 2 * Math.PI * (Math.sin((north * Math.PI) / 180) - Math.sin((south * Math.PI) / 180));
  assert.ok(Math.abs(area(0, 30) / sphere(0, 30) - 1) < 1e-3);
  assert.ok(Math.abs(area(45, 75) / sphere(45, 75) - 1) < 1e-3);
  assert.deepEqual(onMap(1000, 0, 84).map((one) => Math.round(one)), [500, 0]);
  assert.ok(heightOf(1000) > 350 && heightOf(1000) < 500);
  assert.match(pathOf(1000, [[[0, 0], [10, 0], [10, 10]]]), /^M[\d.]+ [\d.]+L.*Z$/);
});

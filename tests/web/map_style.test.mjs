// How the map looks: a style that its reader understands, and which names give way to which.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createExpression, validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { drawnLayers, palette, ROUTE_SOURCES, styleOf } from "../../keruen/web/page/map_style.js";

const style = (dark, lang) => {
  const ground = styleOf("http://here", dark, lang);
  const empty = { type: "geojson", data: { type: "FeatureCollection", features: [] } };
  // letters are drawn from fonts of the page, for which the map needs no address
  return { ...ground, glyphs: "http://here/{fontstack}/{range}.pbf", sources: { ...ground.sources, ...Object.fromEntries(ROUTE_SOURCES.map((one) => [one, empty])) },
    layers: [...ground.layers, ...drawnLayers(palette(dark), lang)] };
};

test("the style is one that the map reads, in both colours and languages", () => {
  for (const dark of [false, true]) for (const lang of ["en", "ru"]) assert.deepEqual(validateStyleMin(style(dark, lang)), []);
});

test("names of the ends come before those of stops, and none may lie over another or over the sign of a stop", () => {
  const layers = drawnLayers(palette(false), "en").filter((one) => one.type === "symbol" && ["stops", "ends"].includes(one.source));
  assert.deepEqual(layers.map((one) => one.id), ["stop-names", "stop-room", "end-names", "end-room"]); // the last is placed first
  for (const one of layers) {
    assert.ok(!one.layout["text-ignore-placement"]);
    assert.equal(Boolean(one.layout["text-allow-overlap"]), one.id.endsWith("room"));
  }
});

test("of two stops the one is named at which more time is spent, and first of all one of which that is not known", () => {
  const layer = drawnLayers(palette(false), "en").find((one) => one.id === "stop-names");
  const { result, value } = createExpression(layer.layout["symbol-sort-key"], "layout.symbol-sort-key");
  assert.equal(result, "success");
  const key = (properties) => value.evaluate({ zoom: 4 }, { type: "Point", properties });
  assert.ok(key({}) < key({ hours: 48 }) && key({ hours: 48 }) < key({ hours: 12 }));
});

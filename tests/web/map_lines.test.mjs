// Routes as lines for drawing: no jumps over the antimeridian, side by side where they share a stretch.
import assert from "node:assert/strict";
import { test } from "node:test";
import { greatCircle, laidOut, laneOf, LANE_PX, stopsOf, stretches, WIDEST_PX } from "../../keruen/web/page/map_lines.js";

const leg = (mode, ...geometry) => ({ mode, name: "", name_ru: "", geometry });
const route = (...legs) => ({ beaten_by: null, legs });

test("a line over the antimeridian goes on beyond 180 degrees", () => {
  assert.deepEqual(laidOut([[170, 0], [-170, 5], [-150, 5]]), [[170, 0], [190, 5], [210, 5]]);
  assert.deepEqual(laidOut([[-170, 0], [170, 5]]), [[-170, 0], [-190, 5]]);
  assert.deepEqual(laidOut([[-170, 0]], 185), [[190, 0]]);
  assert.deepEqual(laidOut([]), []);
});

test("no step of a laid out line is longer than half the globe, and each point stays where it is", () => {
  const line = [[100, 10], [179, 0], [-179, 0], [-90, 0], [0, 0], [90, 0], [179.5, 1], [-179.5, 1]];
  const laid = laidOut(line);
  laid.forEach(([lon, lat], i) => {
    assert.equal((((lon - line[i][0]) % 360) + 360) % 360, 0);
    assert.equal(lat, line[i][1]);
    if (i) assert.ok(Math.abs(lon - laid[i - 1][0]) <= 180);
  });
});

test("a flight follows the great circle from end to end", () => {
  const line = greatCircle([0, 60], [180, 60]);
  assert.deepEqual([line[0], line.at(-1)], [[0, 60], [180, 60]]);
  assert.ok(Math.max(...line.map(([, lat]) => lat)) > 89, "the shortest way between opposite meridians goes over the pole");
  assert.deepEqual(greatCircle([10, 50], [10.5, 50]), [[10, 50], [10.5, 50]]);
});

test("two routes on one stretch get lanes to both sides, and part where they part", () => {
  const a = route(leg("rail", [0, 0], [1, 0], [2, 0]));
  const b = route(leg("rail", [0, 0], [1, 0], [1, 1]));
  const found = stretches([a, b]);
  assert.deepEqual(found.map(({ route, lane, points }) => [route, lane, points]), [
    [0, -LANE_PX / 2, [[0, 0], [1, 0]]],
    [0, 0, [[1, 0], [2, 0]]],
    [1, LANE_PX / 2, [[0, 0], [1, 0]]],
    [1, 0, [[1, 0], [1, 1]]],
  ]);
});

test("who goes the other way on a shared stretch is drawn on the other side of it", () => {
  const [there, back] = stretches([route(leg("rail", [0, 0], [1, 0])), route(leg("rail", [1, 0], [0, 0]))]);
  assert.equal(there.lane, -LANE_PX / 2); // to the left of east: north
  assert.equal(back.lane, -LANE_PX / 2); // to the left of west: south
});

test("lanes are apart and symmetric, and many routes never spread wider than the limit", () => {
  for (let k = 1; k <= 12; k++) {
    const lanes = Array.from({ length: k }, (_, i) => laneOf(i, k));
    assert.ok(Math.abs(lanes.reduce((sum, lane) => sum + lane, 0)) < 1e-9);
    assert.ok(lanes.at(-1) - lanes[0] <= WIDEST_PX + 1e-9);
    assert.equal(new Set(lanes.map((lane) => lane.toFixed(6))).size, k);
  }
});

test("a stretch ends where the mode changes, and stops have no line", () => {
  const found = stretches([route(leg("terminal", [0, 0]), leg("sea", [0, 0], [1, 0]), leg("border", [1, 0]), leg("rail", [1, 0], [2, 0]))]);
  assert.deepEqual(found.map(({ mode }) => mode), ["sea", "rail"]);
});

test("routes over the Pacific share their lanes whichever turn of the globe they are counted in", () => {
  const found = stretches([route(leg("sea", [170, 0], [-175, 0])), route(leg("sea", [170, 0], [185, 0]))]);
  assert.deepEqual(found.map(({ points }) => points), [[[170, 0], [185, 0]], [[170, 0], [185, 0]]]);
  assert.deepEqual(found.map(({ lane }) => lane), [-LANE_PX / 2, LANE_PX / 2]);
});

test("stops are those between the ends, each spot once, in the turn of the globe of the line", () => {
  const way = route(
    leg("terminal", [170, 0]), leg("sea", [170, 0], [-170, 0]), { ...leg("terminal", [-170, 0]), name: "Port" }, { ...leg("border", [-170, 0]), name: "Border" },
    leg("rail", [-170, 0], [-160, 0]), leg("terminal", [-160, 0]),
  );
  assert.deepEqual(stopsOf(way), [{ kind: "terminal", name: "Port", name_ru: "", at: [190, 0], hours: null }]);
});

test("a border that takes neither time nor money is no stop; one of unknown cost is", () => {
  const stop = (at, cost) => ({ ...leg("border", at, at), time_h: 0, cost_usd: cost });
  const found = stopsOf(route(leg("rail", [0, 0], [1, 0]), stop([1, 0], 0), leg("rail", [1, 0], [2, 0]), stop([2, 0], null), leg("rail", [2, 0], [3, 0])));
  assert.deepEqual(found.map(({ at }) => at), [[2, 0]]);
});

test("a stop takes as long as all that is done at its spot; what is not known of a part is not known of the whole", () => {
  const done = (mode, lon, hours) => ({ ...leg(mode, [lon, 0], [lon, 0]), time_h: hours, cost_usd: 1 });
  const way = route(leg("rail", [0, 0], [1, 0]), done("border", 1, 5), done("gauge_change", 1, 3), leg("rail", [1, 0], [2, 0]), done("terminal", 2, 4), done("border", 2, null), leg("rail", [2, 0], [3, 0]));
  assert.deepEqual(stopsOf(way).map(({ kind, hours }) => [kind, hours]), [["border", 8], ["terminal", null]]);
});

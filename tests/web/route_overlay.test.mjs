/** Routes drawn over the map lie where the map will draw them: the same projection, the same lanes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { beside, pixelsOf, squareOf } from "../../keruen/web/page/route_overlay.js";

/** @param {readonly number[]} found @param {readonly number[]} wanted */
function near(found, wanted) {
  assert.equal(found.length, wanted.length);
  found.forEach((one, i) => assert.ok(Math.abs(one - /** @type {number} */ (wanted[i])) < 1e-9, `${found} is not ${wanted}`));
}

test("points are in the unit square of Web Mercator, in other turns beyond it", () => {
  near([...squareOf([[0, 0], [180, 85.0511287798066], [-180, -85.0511287798066], [190, 0]])], [0.5, 0.5, 1, 0, 0, 1, 1 + 10 / 360, 0.5]);
});

test("the middle of a view is in its middle, and a world is as wide as the view says", () => {
  const view = { x: 0.5, y: 0.5, world: 1000, width: 600, height: 400 };
  near(pixelsOf(squareOf([[0, 0], [18, 0]]), view, 0), [300, 200, 350, 200]);
  near(pixelsOf(squareOf([[-360, 0], [-342, 0]]), view, 1), [300, 200, 350, 200]);
});

test("points that cannot be told apart are left out, never the last", () => {
  const view = { x: 0.5, y: 0.5, world: 360, width: 0, height: 0 };
  near(pixelsOf(squareOf([[0, 0], [0.1, 0], [0.2, 0], [1, 0], [1.1, 0]]), view, 0), [0, 0, 1, 0, 1.1, 0]);
});

test("a lane lies to the right of the way it goes", () => {
  near(beside([0, 0, 10, 0], 3), [0, 3, 10, 3]); // east: south of it, which is down
  near(beside([10, 0, 0, 0], 3), [10, -3, 0, -3]);
  near(beside([0, 0, 0, 10], -3), [3, 0, 3, 10]);
  near(beside([0, 0, 10, 0], 0), [0, 0, 10, 0]);
});

test("at a bend a lane keeps its distance from both sides; at the sharpest it stays near", () => {
  near(beside([0, 0, 10, 0, 10, 10], 3), [0, 3, 7, 3, 7, 10]);
  const back = beside([0, 0, 10, 0, 0, 0.1], 3);
  assert.ok(Math.hypot(Number(back[2]) - 10, Number(back[3])) <= 6 + 1e-9);
});

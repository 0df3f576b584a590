/** Bands from column to column: where each lies, worked out without drawing. */

/** @typedef {{steps: string[], value: number}} Flow a share and the node it passes in each column */
/** @typedef {{key: string, column: number, value: number, top: number, height: number}} Node */
/** @typedef {{flow: number, tops: number[], height: number}} Band top of the band in each column */

/**
 * Nodes and bands of flows in pixels. Heights are in proportion to values; a node stands where most of what it is made of comes from, and
 * bands keep their order inside it, so that few cross.
 * @param {Flow[]} flows each with the same number of steps
 * @param {{height: number, gap: number, most?: number}} room most: nodes of a column that there is room for at least, to the same scale as others beside
 * @returns {{nodes: Node[], bands: Band[]}}
 */
export function sankey(flows, { height, gap, most: beside = 0 }) {
  const columns = flows[0]?.steps.length ?? 0;
  const total = flows.reduce((sum, one) => sum + one.value, 0);
  if (!columns || !(total > 0)) return { nodes: [], bands: [] };
  const most = Math.max(beside, ...Array.from({ length: columns }, (_, c) => new Set(flows.map((one) => one.steps[c])).size));
  const scale = (height - gap * (most - 1)) / total;
  const bands = flows.map((one, flow) => ({ flow, tops: /** @type {number[]} */ ([]), height: one.value * scale }));
  /** @type {Node[]} */
  const nodes = [];
  let before = flows.map((one) => -one.value); // in the first column the largest come first
  for (let column = 0; column < columns; column += 1) {
    /** @type {Map<string, number[]>} */
    const inside = new Map();
    flows.forEach((one, flow) => {
      const key = one.steps[column] ?? "";
      inside.set(key, [...(inside.get(key) ?? []), flow]);
    });
    const mean = (/** @type {number[]} */ of) => of.reduce((sum, one) => sum + Number(before[one]) * Number(flows[one]?.value), 0) / of.reduce((sum, one) => sum + Number(flows[one]?.value), 0);
    const sorted = [...inside].sort(([, a], [, b]) => mean(a) - mean(b));
    let top = (height - total * scale - gap * (sorted.length - 1)) / 2;
    for (const [key, of] of sorted) {
      const value = of.reduce((sum, one) => sum + Number(flows[one]?.value), 0);
      nodes.push({ key, column, value, top, height: value * scale });
      let at = top;
      for (const one of of.sort((a, b) => Number(before[a]) - Number(before[b]))) {
        const band = bands[one];
        if (!band) continue;
        band.tops.push(at);
        at += band.height;
      }
      top += value * scale + gap;
    }
    before = bands.map((one) => Number(one.tops[column]) + one.height / 2);
  }
  return { nodes, bands };
}

/**
 * Scales of charts: from a figure to a place on paper, with ticks at round numbers. A scale knows nothing of drawing.
 */

/** @typedef {{at: (value: number) => number, ticks: number[], low: number, high: number}} Scale */

/**
 * From 0 or near `low` to just beyond `high`; ticks at 1, 2 or 5 times a power of ten.
 * @param {number} low @param {number} high @param {number} start place of the low end @param {number} end
 * @param {{count?: number, zero?: boolean}} [how] count: about so many ticks; zero: begin at zero
 * @returns {Scale}
 */
export function linear(low, high, start, end, { count = 5, zero = true } = {}) {
  const from = zero ? Math.min(0, low) : low;
  const to = high > from ? high : from + 1;
  const step = niceStep((to - from) / count);
  const first = Math.floor(from / step + 1e-9) * step;
  const last = Math.ceil(to / step - 1e-9) * step;
  const ticks = [];
  for (let k = 0; first + k * step <= last + step * 1e-6; k += 1) ticks.push(tidy(first + k * step));
  return { at: (value) => start + ((value - first) / (last - first)) * (end - start), ticks, low: first, high: last };
}

/**
 * A logarithmic scale between powers of ten or 1, 2, 5 times them; both ends must be above zero.
 * @param {number} low @param {number} high @param {number} start @param {number} end
 * @returns {Scale}
 */
export function logarithmic(low, high, start, end) {
  if (!(low > 0) || !(high > 0)) throw new RangeError("a logarithmic scale needs figures above zero");
  const marks = [];
  for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)) + 1; power += 1) {
    for (const head of [1, 2, 5]) marks.push(tidy(head * 10 ** power));
  }
  const first = marks.filter((one) => one <= low * 1.0001).pop() ?? low;
  const last = marks.find((one) => one >= high * 0.9999 && one > first) ?? high;
  const wide = Math.log(last) - Math.log(first);
  return {
    at: (value) => start + ((Math.log(value) - Math.log(first)) / wide) * (end - start),
    ticks: marks.filter((one) => one >= first && one <= last),
    low: first,
    high: last,
  };
}

/** @param {number} rough */
export function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  const head = rough / power;
  return (head <= 1.0001 ? 1 : head <= 2.0001 ? 2 : head <= 5.0001 ? 5 : 10) * power;
}

/** A number without the dust of binary arithmetic. @param {number} value */
function tidy(value) {
  return Number(value.toPrecision(12));
}

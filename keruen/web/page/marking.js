/**
 * A text cut where claims begin and end, so that each stretch can be marked by the claims that cover it.
 *
 * The server counts characters (Unicode code points), JavaScript counts UTF-16 units; beyond the basic plane they differ.
 */

/** @typedef {{start: number, end: number, verdict: string}} Stated */
/**
 * @typedef {object} Piece
 * @property {string} text
 * @property {number[]} covering claims that cover it, by index
 * @property {string} verdict the gravest of theirs, empty without one
 * @property {number[]} ending claims that end with it
 */

/** Verdicts, the one that outweighs the others first. */
export const VERDICTS = /** @type {const} */ (["refuted", "differs", "agrees", "not_comparable", "consistent", "no_record"]);

/**
 * The text in pieces; put together they are the text.
 * @param {string} text @param {Stated[]} claims
 * @returns {Piece[]}
 */
export function pieces(text, claims) {
  const at = unitOf(text);
  const order = new Map(VERDICTS.map((one, index) => [/** @type {string} */ (one), index]));
  const rank = (/** @type {number} */ one) => order.get(claims[one]?.verdict ?? "") ?? VERDICTS.length;
  /** @type {Map<number, number[]>} */
  const starts = new Map();
  /** @type {Map<number, number[]>} */
  const ends = new Map();
  const cuts = new Set([0, text.length]);
  claims.forEach((claim, index) => {
    for (const [places, place] of /** @type {const} */ ([[starts, at(claim.start)], [ends, at(claim.end)]])) {
      places.set(place, [...(places.get(place) ?? []), index]);
      cuts.add(place);
    }
  });
  const sorted = [...cuts].sort((a, b) => a - b);
  /** @type {number[]} */
  let covering = [];
  return sorted.slice(0, -1).map((left, index) => {
    const right = sorted[index + 1] ?? text.length;
    covering = [...covering, ...(starts.get(left) ?? [])].filter((one) => at(claims[one]?.end ?? 0) > left);
    const gravest = [...covering].sort((a, b) => rank(a) - rank(b))[0];
    return { text: text.slice(left, right), covering, verdict: gravest === undefined ? "" : (claims[gravest]?.verdict ?? ""), ending: ends.get(right) ?? [] };
  });
}

/** Where in a string its n-th character begins. @param {string} text @returns {(character: number) => number} */
export function unitOf(text) {
  if (!/[\ud800-\udbff]/.test(text)) return (character) => Math.min(character, text.length);
  /** @type {number[]} */
  const places = [];
  let place = 0;
  for (const letter of text) {
    places.push(place);
    place += letter.length;
  }
  return (character) => places[character] ?? text.length;
}

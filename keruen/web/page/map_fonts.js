/**
 * Noto Sans for the map. Text is drawn from fonts of the page, and a letter that is drawn before its font is there stays drawn wrongly;
 * so the fonts come first. "Noto Sans Medium" is the same variable font under a name from which the map reads the weight.
 */

const SUBSETS = [
  { file: "latin", range: "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD" },
  { file: "latin-ext", range: "U+0100-0130,U+0132-0151,U+0154-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+2C60-2C7F,U+A720-A7FF" },
  { file: "cyrillic", range: "U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116" },
  { file: "cyrillic-ext", range: "U+0460-048F,U+0492-04AF,U+04B2-052F,U+1C80-1C8A,U+20B4,U+2DE0-2DFF,U+A640-A69F,U+FE2E-FE2F" },
];
export const REGULAR = "Noto Sans";
export const MEDIUM = "Noto Sans Medium";
const SAMPLE = "Aāя";

/** @type {Promise<void> | null} */
let loading = null;

/** Resolves when the letters of the map's names can be drawn; a font that fails to load leaves the system's. */
export function mapFonts() {
  loading ??= load();
  return loading;
}

async function load() {
  for (const family of [REGULAR, MEDIUM]) {
    for (const { file, range } of SUBSETS) {
      const address = new URL(`./fonts/noto-sans-${file}-wght-normal.woff2`, import.meta.url).href;
      document.fonts.add(new FontFace(family, `url("${address}")`, { weight: "100 900", unicodeRange: range }));
    }
  }
  const wanted = [`400 24px "${REGULAR}"`, `500 24px "${MEDIUM}"`];
  await Promise.allSettled(wanted.map((font) => document.fonts.load(font, SAMPLE)));
}

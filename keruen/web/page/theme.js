/** Light, dark, or as the system has it; and what the browser keeps of a reader's taste between visits. */
import { useEffect, useState } from "./vendor/preact.js";

/** @typedef {"auto" | "light" | "dark"} Theme */
export const THEMES = /** @type {const} */ (["auto", "light", "dark"]);

/** @param {string} key */
export function kept(key) {
  try {
    return localStorage.getItem(`keruen.${key}`) ?? "";
  } catch {
    return ""; // a browser that keeps nothing is no reason to fail
  }
}

/** @param {string} key @param {string} value */
export function keep(key, value) {
  try {
    localStorage.setItem(`keruen.${key}`, value);
  } catch {
    // as above
  }
}

export function useTheme() {
  const [theme, setTheme] = useState(/** @type {Theme} */ (THEMES.find((one) => one === kept("theme")) ?? "auto"));
  const asked = matchMedia("(prefers-color-scheme: dark)");
  const [system, setSystem] = useState(asked.matches);
  useEffect(() => {
    const changed = () => setSystem(asked.matches);
    asked.addEventListener("change", changed);
    return () => asked.removeEventListener("change", changed);
  }, []);
  const dark = theme === "dark" || (theme === "auto" && system);
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    keep("theme", theme);
  }, [theme, dark]);
  return { theme, setTheme, dark };
}

/** The scenario that the address carries: its text, what the server says of it, and changing it, with a way back. */
import { useEffect, useRef, useState } from "./vendor/preact.js";
import { ask, askText, failureOf } from "./api.js";
import { usePage } from "./page.js";
import { blank } from "./scenario_edit.js";

/** @typedef {import("./scenario_edit.js").Doc} Doc */
/** @typedef {{entry: string, line: number, key: string, message: string, message_ru?: string, what_to_do: string, what_to_do_ru?: string}} Problem */
/** @typedef {{entry: string, effect: string, row: string, column: string, before: string, after: string, item: string, reason: string, reason_ru: string, text: string, text_ru: string}} Follows */
/** @typedef {{name: string, toml: string, scenario: Doc | null, follows: Follows[], problems: Problem[]}} Check */
/**
 * @typedef {object} Scenario
 * @property {string} text the TOML text, empty without a scenario
 * @property {Doc} doc the document to edit; a blank one without a scenario
 * @property {Check | null} check what the server says of the text
 * @property {boolean} busy
 * @property {import("./answer").Failure | null} failure
 * @property {(make: (doc: Doc) => Doc) => Promise<Problem[]>} edit problems: nothing was changed
 * @property {(text: string) => Promise<Check | null>} open take a text if nothing is wrong with it
 * @property {() => void} clear
 * @property {() => void} undo
 * @property {boolean} undoable
 */

const TOML = { method: "POST", headers: { "Content-Type": "application/toml" } };
const JSON_BODY = { method: "POST", headers: { "Content-Type": "application/json" } };
const BY_NAME = /^[a-z0-9_-]{1,60}$/;

/** Former scenarios, latest last; they outlive the drawer. @type {string[]} */
const past = [];

/** @returns {Scenario} */
export function useScenario() {
  const { state, go } = usePage();
  const [found, setFound] = useState({ of: "", text: "", check: /** @type {Check | null} */ (null) });
  const [failure, setFailure] = useState(/** @type {import("./answer").Failure | null} */ (null));
  const [busy, setBusy] = useState(false);
  const latest = useRef(found);
  latest.current = found;

  useEffect(() => {
    const asked = state.scenario;
    if (!asked) return setFound({ of: "", text: "", check: null });
    if (asked === latest.current.of) return undefined;
    const control = new AbortController();
    const { signal } = control;
    const look = async () => {
      try {
        const text = BY_NAME.test(asked) ? await askText(`/scenarios/${asked}`, { signal }) : asked;
        setFound({ of: asked, text, check: await ask("/scenarios/check", { ...TOML, body: text, signal }) });
        setFailure(null);
      } catch (error) {
        if (!signal.aborted) setFailure(failureOf(error));
      }
    };
    look();
    return () => control.abort();
  }, [state.scenario]);

  const settle = (/** @type {string} */ text, /** @type {Check | null} */ check) => {
    if (text === latest.current.text) return;
    past.push(state.scenario);
    const next = { of: text, text, check };
    latest.current = next;
    setFound(next);
    go({ scenario: text, way: "", figure: "" });
  };
  const working = async (/** @type {() => Promise<Check>} */ work) => {
    setBusy(true);
    setFailure(null);
    try {
      return await work();
    } catch (error) {
      setFailure(failureOf(error));
      return null;
    } finally {
      setBusy(false);
    }
  };
  const edit = async (/** @type {(doc: Doc) => Doc} */ make) => {
    const next = make(latest.current.check?.scenario ?? blank());
    if (!next.entries.length && !next.title && !next.title_ru) {
      settle("", null);
      return [];
    }
    const check = await working(() => ask("/scenarios/compose", { ...JSON_BODY, body: JSON.stringify(next) }));
    if (check && !check.problems.length) settle(check.toml, check);
    return check?.problems ?? [];
  };
  const open = async (/** @type {string} */ text) => {
    const check = await working(() => ask("/scenarios/check", { ...TOML, body: text }));
    if (check && !check.problems.length) settle(text, check);
    return check;
  };
  const undo = () => {
    const before = past.pop();
    if (before !== undefined) go({ scenario: before, way: "", figure: "" });
  };
  return {
    text: found.text, doc: found.check?.scenario ?? blank(), check: found.check, busy, failure, edit, open, undo,
    clear: () => settle("", null), undoable: past.length > 0,
  };
}

/** Hooks that ask the server while a part of the page stands: an answer as it streams, or a document at a path. */
import { useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact.js";
import { ask, failureOf, follow } from "./api.js";

/** @typedef {import("./answer").Failure} Failure */

const SETTLED_MS = 350; // a question that changes again within so long waits until it no longer does

/**
 * @typedef {object} Asked
 * @property {any} answer the newest answer, also while the next is worked out
 * @property {string} of the path that the answer is of
 * @property {boolean} whole false: only what could be shown early
 * @property {{stage: string, share: number} | null} work what is being done, null: nothing
 * @property {Failure | null} failure
 * @property {boolean} cancelled
 * @property {() => void} cancel
 * @property {() => void} again
 */

/**
 * Ask a streaming path whenever it changes; an empty one asks nothing.
 * @param {string} path
 * @returns {Asked}
 */
export function useStream(path) {
  const [round, setRound] = useState(0);
  const [found, setFound] = useState({ answer: /** @type {any} */ (null), of: "", whole: true });
  const [work, setWork] = useState(/** @type {{stage: string, share: number} | null} */ (null));
  const [failure, setFailure] = useState(/** @type {Failure | null} */ (null));
  const [cancelled, setCancelled] = useState(false);
  const stop = useRef(new AbortController());
  const changed = useRef(-Infinity);
  useLayoutEffect(() => {
    const control = new AbortController();
    stop.current = control;
    setFailure(null);
    setCancelled(false);
    if (!path) setFound({ answer: null, of: "", whole: true });
    if (!path || (path === found.of && found.whole)) return setWork(null);
    setWork({ stage: "waiting", share: 0 });
    const now = performance.now();
    const wait = now - changed.current < SETTLED_MS ? SETTLED_MS : 0;
    changed.current = now;
    const begin = async () => {
      try {
        const early = (/** @type {any} */ part) => setFound({ answer: part, of: path, whole: false });
        const answer = await follow(path, { signal: control.signal, progress: setWork, early });
        if (!control.signal.aborted) setFound({ answer, of: path, whole: true });
      } catch (error) {
        if (!control.signal.aborted) setFailure(failureOf(error));
      }
      if (!control.signal.aborted) setWork(null);
    };
    const timer = wait ? setTimeout(begin, wait) : void begin();
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [path, round]);
  const cancel = () => {
    stop.current.abort();
    setWork(null);
    setCancelled(true);
  };
  return { ...found, work, failure, cancelled, cancel, again: () => setRound(round + 1) };
}

/**
 * The document at a path; the former one stays while the next is fetched.
 * @param {string} path empty: none
 * @param {number} [wait] milliseconds in which the path may still change
 * @returns {{found: any, failure: Failure | null, busy: boolean, again: () => void}}
 */
export function useDocument(path, wait = 0) {
  const [round, setRound] = useState(0);
  const [state, setState] = useState({ found: /** @type {any} */ (null), failure: /** @type {Failure | null} */ (null), of: "" });
  useEffect(() => {
    if (!path) return setState({ found: null, failure: null, of: "" });
    const control = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const found = await ask(path, { signal: control.signal });
        setState({ found, failure: null, of: path });
      } catch (error) {
        if (!control.signal.aborted) setState({ found: null, failure: failureOf(error), of: path });
      }
    }, wait);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [path, round]);
  return { found: state.found, failure: state.failure, busy: Boolean(path) && state.of !== path, again: () => setRound(round + 1) };
}

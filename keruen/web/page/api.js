/**
 * Asking the server. A failure is an ApiFailure with the server's own kind and message, whatever went wrong.
 *
 * Streams are read with fetch, not EventSource: a refusal (401, 429) then has a body that says why, nothing asks again by
 * itself, and an AbortSignal closes the connection, which is what cancels the work.
 */

/** @typedef {import("./answer").Failure} Failure */

export const BASE = "/api/v1";

export class ApiFailure extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/**
 * The JSON answer at a path below the API's base.
 * @param {string} path @param {RequestInit} [how]
 * @returns {Promise<any>}
 */
export async function ask(path, how) {
  const response = await reach(path, how);
  return response.json();
}

/** The text at a path. @param {string} path @param {RequestInit} [how] */
export async function askText(path, how) {
  return (await reach(path, how)).text();
}

/** The file at a path. @param {string} path @param {RequestInit} [how] */
export async function askFile(path, how) {
  return (await reach(path, how)).blob();
}

/**
 * The answer of a stream of events `progress`, perhaps `early` (what of the answer can be shown already), then `answer` or `error`.
 * @param {string} path
 * @param {{signal: AbortSignal, progress: (done: {stage: string, share: number}) => void, early: (part: any) => void}} how
 * @returns {Promise<any>}
 */
export async function follow(path, { signal, progress, early }) {
  const response = await reach(path, { signal, headers: { Accept: "text/event-stream" } });
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const text = new TextDecoder();
  let waiting = "";
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      throw signal.aborted ? error : new ApiFailure({ kind: "offline", message: "" });
    });
    if (done) throw new ApiFailure({ kind: "offline", message: "" });
    waiting = (waiting + text.decode(value, { stream: true })).replaceAll("\r\n", "\n");
    for (let cut = waiting.indexOf("\n\n"); cut >= 0; cut = waiting.indexOf("\n\n")) {
      const { event, data } = parsed(waiting.slice(0, cut));
      waiting = waiting.slice(cut + 2);
      if (event === "progress") progress(JSON.parse(data));
      if (event === "early") early(JSON.parse(data));
      if (event === "answer") return JSON.parse(data);
      if (event === "error") {
        const told = JSON.parse(data);
        throw new ApiFailure({ status: told.status, ...told.error });
      }
    }
  }
}

/** One event of a stream. @param {string} block */
function parsed(block) {
  let event = "message";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) event = line.slice(6).trim();
    if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  return { event, data: data.join("\n") };
}

/** @param {string} path @param {RequestInit} [how] */
async function reach(path, how) {
  const response = await fetch(BASE + path, { credentials: "same-origin", ...how }).catch((error) => {
    throw how?.signal?.aborted ? error : new ApiFailure({ kind: "offline", message: "" });
  });
  if (response.ok) return response;
  const told = await response.json().catch(() => null);
  throw new ApiFailure({ kind: "internal", message: `HTTP ${response.status}`, ...told?.error, status: response.status });
}

/** Any error as a failure that can be shown. @param {unknown} error @returns {Failure} */
export function failureOf(error) {
  if (error instanceof ApiFailure) return error.failure;
  return { kind: "internal", message: error instanceof Error ? error.message : String(error) };
}

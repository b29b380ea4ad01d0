/** Asking the server. Every failure is told in words: what happened and how to mend it. */
import { said, t } from "./boot.js";
import { unattended } from "./presence.js";

const PATIENCE_MS = 10_000;
const SIGN_IN = "/sign-in";
/** Says that nobody sits here: an open page that asks by itself does not keep its session from ending. */
const UNATTENDED = { "X-Unattended": "1" };

/** The server answered, and refused: an RFC 9457 problem. */
export class Problem extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    super(said(body?.detail) || said(body?.title) || t("server_error", { status }));
    this.status = status;
    /** @type {{where: string, what: string, mend: string}[]} */
    this.faults = (Array.isArray(body?.errors) ? body.errors : []).map((/** @type {any} */ fault) => ({
      where: String(fault.where ?? ""), what: said(fault.what), mend: said(fault.mend),
    }));
    this.mend = status >= 500 ? t("try_later") : "";
  }
}

/** No answer came. Whether the server did what was asked is unknown. */
export class Unreachable extends Error {
  /** @param {boolean} late */
  constructor(late) {
    super(t(late ? "too_slow" : "unreachable"));
    this.mend = t("unreachable_mend");
  }
}

/**
 * @param {string} path
 * @param {{method?: string, body?: unknown, key?: string, words?: Record<string, unknown>, lasting?: boolean}} [how]
 *   words become the query, null and undefined ones left out; key is the Idempotency-Key;
 *   method is GET, or POST where there is a body; lasting: it is sent also if the page is left
 * @returns {Promise<any>} the JSON answer
 * @throws {Problem | Unreachable}
 */
export async function ask(path, { body, key, words = {}, lasting = false, method = body === undefined ? "GET" : "POST" } = {}) {
  const response = await send(withWords(path, words), {
    method,
    headers: {
      Accept: "application/json",
      ...(unattended() ? UNATTENDED : {}),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(key === undefined ? {} : { "Idempotency-Key": key }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    keepalive: lasting,
  });
  const answer = await response.json().catch(() => null);
  if (response.status === 401) signInAgain();
  if (!response.ok) throw new Problem(response.status, answer);
  return answer;
}

let leaving = false;
/** @type {(() => Promise<unknown>)[]} */
const farewells = [];

/** What a page has to bring to the server while its person is still signed in. @param {() => Promise<unknown>} act */
export const beforeSignOut = (act) => farewells.push(act);

/** End the session and go to the sign-in; what is being asked meanwhile finds nobody signed in, rightly. */
export async function signOut() {
  await Promise.allSettled(farewells.map((act) => act()));
  leaving = true;
  await ask("/v1/sign-out", { method: "POST" }).catch(() => null);
  location.assign(SIGN_IN);
}

/** The session has ended; what was being filled in is kept by the page. On the sign-in itself 401 is an answer. */
function signInAgain() {
  if (!leaving && location.pathname !== SIGN_IN) location.assign(`${SIGN_IN}?next=${encodeURIComponent(location.pathname + location.search + location.hash)}`);
}

/** @param {string} address @param {RequestInit} init */
async function send(address, init) {
  try {
    return await fetch(address, { ...init, signal: AbortSignal.timeout(PATIENCE_MS), credentials: "same-origin" });
  } catch (error) {
    throw new Unreachable(error instanceof DOMException && error.name === "TimeoutError");
  }
}

/** @param {string} path @param {Record<string, unknown>} words */
function withWords(path, words) {
  const query = new URLSearchParams();
  for (const [name, word] of Object.entries(words))
    if (word !== null && word !== undefined) query.set(name, String(word));
  return query.size ? `${path}?${query}` : path;
}

/** What went wrong and how to mend it, in words. @param {unknown} error @returns {string} */
export function told(error) {
  if (error instanceof Problem && error.faults.length) return error.faults.map(toldFault).join(" · ");
  if (error instanceof Problem || error instanceof Unreachable)
    return error.mend ? `${error.message} · ${error.mend}` : error.message;
  throw error;
}

/** @param {{what: string, mend: string}} fault */
export const toldFault = ({ what, mend }) => [what, mend].filter(Boolean).join(" · ");

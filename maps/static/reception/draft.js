/**
 * What is being written: kept by this browser at once and by the server a moment later.
 *
 * With it goes the Idempotency-Key of its filing, so that filing twice opens one case, and the number
 * of its case once that is open, until the parties are entered too.
 */
import { Problem, Unreachable, ask, beforeSignOut, told } from "../common/api.js";
import { boot } from "../common/boot.js";
import { uuid } from "../common/uuid.js";
import { isBlank } from "./fields.js";
import { afterPause } from "../common/pause.js";

const HERE = "fengqiao.reception";
const PAUSE_MS = 800, AGAIN_MS = 4000;
const MISSING = 404, FAULTY = 500;

/** @typedef {"blank" | "saving" | "saved" | "failed" | "refused"} State */
/** @typedef {{id: string, key: string, filed: string, stored: boolean, waiting: boolean, at: string, content: Record<string, string>}} Kept */

/** @returns {Kept} */
const fresh = () => ({ id: uuid(), key: `reception-${uuid()}`, filed: "", stored: false, waiting: false, at: "", content: {} });

/** @param {string} id */
export const pathOf = (id) => `/v1/drafts/${encodeURIComponent(id)}`;

export class Draft {
  /** @param {(state: State, why: string) => void} said  how it is kept */
  constructor(said) {
    this.said = said;
    this.kept = found() ?? fresh();
    this.sending = Promise.resolve();
    this.later = afterPause(PAUSE_MS, () => this.flush());
    this.again = afterPause(AGAIN_MS, () => this.flush());
    addEventListener("pagehide", () => this.leave());
    addEventListener("online", () => this.flush());
    beforeSignOut(() => this.withdraw());
    if (this.kept.waiting) this.later();
  }

  /** @param {Record<string, string>} content */
  keep(content) {
    if (JSON.stringify(content) === JSON.stringify(this.kept.content)) return;
    this.change({ content });
  }

  /** @param {Partial<Kept>} words */
  change(words) {
    Object.assign(this.kept, words, { waiting: true });
    this.hold();
    if (isBlank(this.kept.content) && !this.kept.stored) return this.said("blank", "");
    this.said("saving", "");
    this.later();
  }

  /** In this browser, until the tab is closed. */
  hold() {
    sessionStorage.setItem(HERE, JSON.stringify({ who: boot.who, ...this.kept }));
  }

  /** Bring it to the server, one after the other. @returns {Promise<void>} */
  flush() {
    this.sending = this.sending.then(() => this.send());
    return this.sending;
  }

  async send() {
    const { kept } = this;
    if (!kept.waiting || (isBlank(kept.content) && !kept.stored)) return;
    const words = JSON.stringify(kept);
    try {
      await ask(pathOf(kept.id), { method: "PUT", body: bodyOf(kept) });
      if (kept !== this.kept) return;
      Object.assign(kept, { stored: true, waiting: JSON.stringify(kept) !== words, at: new Date().toISOString() });
      this.hold();
      if (!kept.waiting) this.said("saved", "");
    } catch (error) {
      if (kept === this.kept) this.failed(error);
    }
  }

  /** @param {unknown} error */
  failed(error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    if (error instanceof Problem && error.status === MISSING) {
      Object.assign(this.kept, { id: uuid(), stored: false });
      this.hold();
      return this.later();
    }
    const passing = error instanceof Unreachable || error.status >= FAULTY;
    this.said(passing ? "failed" : "refused", told(error));
    if (passing) this.again();
  }

  /** The page is left: what the server lacks is sent along. */
  leave() {
    const { kept } = this;
    if (kept.waiting && !isBlank(kept.content)) ask(pathOf(kept.id), { method: "PUT", body: bodyOf(kept), lasting: true }).catch(() => null);
  }

  /**
   * Begin another one; this one stays on the shelf, and here as long as the server lacks it.
   * @param {Partial<Kept>} [words] @returns {Promise<boolean>} whether it was begun
   */
  async renew(words = {}) {
    await this.flush();
    if (this.kept.waiting && !isBlank(this.kept.content)) return false;
    this.kept = { ...fresh(), ...words };
    this.hold();
    this.said(this.kept.stored ? "saved" : "blank", "");
    return true;
  }

  /** Whoever sits here next finds nothing in this browser, unless the server lacks it. */
  async withdraw() {
    await this.flush();
    if (!this.kept.waiting) sessionStorage.removeItem(HERE);
  }

  /** Its case is open and complete: throw it away, meanwhile another one begins. */
  finish() {
    const { id, stored } = this.kept;
    this.kept = fresh();
    this.hold();
    this.said("blank", "");
    if (stored) this.sending = this.sending.then(() => ask(pathOf(id), { method: "DELETE" })).catch(() => null);
  }
}

/** @param {Kept} kept */
const bodyOf = ({ key, filed, content }) => ({ kind: "report", content: { ...content, key, ...(filed ? { filed } : {}) } });

/** What this browser holds of the same person. @returns {Kept | null} */
function found() {
  try {
    const { who, ...kept } = JSON.parse(sessionStorage.getItem(HERE) ?? "null") ?? {};
    if (who === boot.who) return kept;
    sessionStorage.removeItem(HERE);
    return null;
  } catch {
    return null;
  }
}

/** A draft of the server's as it is kept here. @param {import("./shelf.js").Stored} stored @returns {Kept} */
export function taken({ id, updated_at: at, content: { key, filed = "", ...content } }) {
  return { ...fresh(), ...(key ? { key } : {}), id, filed, at, content, stored: true };
}

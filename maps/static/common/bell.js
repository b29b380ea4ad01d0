/**
 * The bell: how much one was told and has not read, the latest of it, and the way to the case.
 *
 * It asks once a second while the page is in sight. The browser sends the ETag of before by itself,
 * and as long as nothing is new the server answers 304.
 */
import { ask } from "./api.js";
import { said, t } from "./boot.js";
import { el, reconcile } from "./dom.js";
import { briefly } from "./time.js";

const EACH_MS = 1000, AFTER_FAILURE_MS = 10_000;
const LATEST = 20, MOST_SHOWN = 99;
/** Where a case is opened. @param {string} number */
const casePage = (number) => `/#${number}`;

/** @typedef {{id: number, case_number: string, text: import("../console/types.js").Said, created_at: string, read_at: string | null}} Notice */

class Bell {
  /** @param {HTMLElement} button @param {HTMLElement} panel */
  constructor(button, panel) {
    this.button = button;
    this.panel = panel;
    this.badge = /** @type {HTMLElement} */ (button.querySelector(".count"));
    this.list = /** @type {HTMLElement} */ (panel.querySelector("ol"));
    this.empty = /** @type {HTMLElement} */ (panel.querySelector(".empty"));
    this.fault = /** @type {HTMLElement} */ (panel.querySelector(".fault"));
    /** @type {number | undefined} */
    this.timer = undefined;
    button.addEventListener("click", () => this.open(this.panel.hidden));
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !this.panel.hidden) this.leave(); });
    document.addEventListener("pointerdown", (event) => { if (!this.holds(event.target)) this.open(false); });
    document.addEventListener("visibilitychange", () => this.listen());
  }

  /** @param {EventTarget | null} target */
  holds(target) {
    return target instanceof Node && (this.panel.contains(target) || this.button.contains(target));
  }

  /** @param {boolean} open */
  open(open) {
    this.panel.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.panel.focus();
  }

  leave() {
    this.open(false);
    this.button.focus();
  }

  /** Ask at once and then again and again; not at all while the page is hidden. */
  async listen() {
    clearTimeout(this.timer);
    if (document.hidden) return;
    const wait = await this.refresh();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.listen(), wait);
  }

  /** @returns {Promise<number>} after how many milliseconds to ask again */
  async refresh() {
    try {
      this.show(await ask("/v1/notices", { words: { limit: LATEST } }));
      this.fault.hidden = true;
      return EACH_MS;
    } catch {
      this.fault.hidden = false;
      return AFTER_FAILURE_MS;
    }
  }

  /** @param {{unread: number, items: Notice[]}} answer */
  show({ unread, items }) {
    this.badge.textContent = unread > MOST_SHOWN ? t("bell_many") : String(unread);
    this.badge.hidden = unread === 0;
    const words = unread ? t("bell_unread", { count: unread }) : t("bell");
    if (this.button.title !== words) {
      this.button.title = words;
      this.button.setAttribute("aria-label", words);
    }
    this.empty.hidden = items.length > 0;
    reconcile(this.list, items, (item) => String(item.id), (item) => this.line(item));
  }

  /** @param {Notice} notice */
  line(notice) {
    const isNew = notice.read_at === null;
    const link = el("a", { href: casePage(notice.case_number), click: () => { this.read(notice); this.open(false); } },
      el("span.what", {}, said(notice.text)),
      el("time", { datetime: notice.created_at }, briefly(notice.created_at, new Date())),
      isNew ? el("b.new", {}, t("bell_new")) : null);
    return el(isNew ? "li.unread" : "li", {}, link);
  }

  /** The link is followed meanwhile; what is not noted stays unread. @param {Notice} notice */
  async read(notice) {
    if (notice.read_at !== null) return;
    await ask(`/v1/notices/${notice.id}/read`, { method: "POST", lasting: true }).then(() => this.refresh(), () => null);
  }
}

const button = document.getElementById("bell"), panel = document.getElementById("bell-panel");
if (button && panel) new Bell(button, panel).listen();

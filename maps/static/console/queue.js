/** The dispatcher's queue: open cases beside the map, what is due first first. */
import { ask, told } from "../common/api.js";
import { said, t } from "../common/boot.js";
import { all, el, one, reconcile } from "../common/dom.js";
import { briefly, ending } from "../common/time.js";
import { categoryTitle } from "./reports.js";
import { count } from "./views.js";

const STEP = 50;
const MOST = 200;

export class Queue {
  /** @param {{chosen: (number: string) => void, changed: () => void}} words */
  constructor({ chosen, changed }) {
    this.view = one("#due");
    this.list = one(".list", this.view);
    this.chosen = chosen;
    this.changed = changed;
    /** @type {{part: string, limit: number}} what to ask GET /v1/queue for */
    this.query = { part: "all", limit: STEP };
    /** @type {any[]} */
    this.items = [];
    for (const button of all("[data-part]", this.view)) button.addEventListener("click", () => this.turn(button.dataset.part));
    one(".more-rows button", this.view).addEventListener("click", () => {
      this.query = { ...this.query, limit: Math.min(this.query.limit + STEP, MOST) };
      changed();
    });
  }

  /** Whether the person looks at it. */
  get current() {
    return this.view.hasAttribute("data-current");
  }

  /** Show another part. @param {string} part */
  turn(part) {
    this.query = { part, limit: STEP };
    for (const button of all("[data-part]", this.view)) button.setAttribute("aria-pressed", String(button.dataset.part === part));
    this.say("");
    this.changed();
  }

  /** @param {any} queue  the answer of GET /v1/queue */
  show({ now, items, counts, most_counted: most, next }) {
    const at = new Date(now);
    this.items = items;
    count("due", counts.late, most);
    for (const button of all("[data-part]", this.view)) {
      const many = counts[button.dataset.part];
      if (many !== undefined) one(".many", button).textContent = many ? figureOf(many, most) : "";
    }
    one(".empty", this.view).hidden = items.length > 0;
    one(".more-rows", this.view).hidden = !next || this.query.limit === MOST;
    const rows = items.map((/** @type {any} */ item) => ({ ...item, due: { ...item.due, at: ending(item.due.due_at, at) } }));
    reconcile(this.list, rows, (row) => row.case_number, (row) => this.row(row, at));
  }

  /** @param {any} row @param {Date} now */
  row(row, now) {
    const { case_number: number, due, lead, claim } = row;
    const unit = due.unit_code === lead?.unit_code ? null : due.unit_name;
    const words = { clock: [said(due.title), unit].filter(Boolean).join(" · "), at: due.at };
    return el("li", {},
      el("button.item", { type: "button", click: () => this.chosen(number) },
        el(`span.spot.grade.${row.grade ?? "none"}`),
        el("span.what", {}, row.title || categoryTitle(row.category, row.kind)),
        el(due.late ? "span.more.late" : "span.more", {}, due.late ? t("queue_late", words) : t("queue_due", words)),
        el("span.more", {},
          el("span.chip", {}, said(row.state)),
          lead ? el("span", {}, `${lead.unit_name} · ${said(lead.title)}`) : el("span.chip.warn", {}, t("queue_no_lead")))),
      this.hand(number, claim, now));
  }

  /** Who has it in hand; taking and giving it up. @param {string} number @param {any} claim @param {Date} now */
  hand(number, claim, now) {
    const file = el("a.number", { href: `/cases/${encodeURIComponent(number)}` }, number);
    if (claim && !claim.mine) return el("p.hand", {}, file, t("queue_claimed", { name: claim.name, at: briefly(claim.since, now) }));
    const words = t(claim ? "queue_release" : "queue_claim");
    return el("p.hand", {}, file, claim ? el("b", {}, t("queue_mine")) : null,
      el("button.link", { type: "button", "aria-label": `${words} ${number}`, click: () => this.take(number, claim ? "release" : "claim") }, words));
  }

  /** @param {string} number @param {string} deed */
  async take(number, deed) {
    try {
      await ask(`/v1/cases/${encodeURIComponent(number)}/${deed}`, { body: {} });
      this.say("");
    } catch (error) {
      this.say(told(error));
    }
    this.changed();
  }

  /** @param {string} words */
  say(words) {
    const notice = one(".notice", this.view);
    notice.textContent = words;
    notice.hidden = !words;
  }

  /** Its cases as points of the map. */
  get points() {
    return this.items.filter((item) => item.lon !== null).map((item) => ({ ...item, number: item.case_number }));
  }
}

/** @param {number} many @param {number} most */
const figureOf = (many, most) => (many < most ? String(many) : `${most - 1}+`);

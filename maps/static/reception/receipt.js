/** What the one who came takes along: the case's number, its units, and a code to follow it by. */
import { Problem, Unreachable, ask, told } from "../common/api.js";
import { said, t, titled } from "../common/boot.js";
import { el, one } from "../common/dom.js";
import { moment } from "../common/time.js";

/** @typedef {{case_number: string, assignments: import("../console/types.js").Assignment[], held: boolean, synthetic: boolean}} Filed */

const done = one("#done");

export class Receipt {
  /** @param {() => void} next  what "the next one" does */
  constructor(next) {
    this.next = next;
    /** @type {Filed | null} */
    this.filed = null;
  }

  /** @param {Filed} filed */
  async show(filed) {
    this.filed = filed;
    this.paper = el("article.paper", { "aria-label": t("paper") });
    done.replaceChildren(this.told(filed), this.paper);
    done.hidden = false;
    done.focus();
    scrollTo(0, 0);
    await this.print(false);
  }

  /** @param {Filed} filed */
  told({ case_number: number, assignments, held }) {
    return el("div.card.result", {},
      el("p.good", {}, t("done_filed")),
      el("h2.number", { id: "done-title" }, el("a", { href: `/cases/${encodeURIComponent(number)}` }, number)),
      held ? el("p.summary.careful", {}, t("in_queue")) : null,
      el("h3", {}, t("done_units")),
      el("ul.sent", {}, ...assignments.map(unit)),
      el("div.actions", {},
        el("button.primary", { type: "button", id: "next", "aria-keyshortcuts": "F2", click: () => this.next() }, t("done_next"), el("span.hotkey", {}, el("kbd", {}, "F2"))),
        el("button.plain", { type: "button", id: "print", "aria-keyshortcuts": "Control+P", click: () => print() }, t("done_print"), el("span.hotkey", {}, el("kbd", {}, "Ctrl"), "+", el("kbd", {}, "P")))));
  }

  /** Have a receipt made. After a failure the one that may have been made is ended. @param {boolean} replace */
  async print(replace) {
    const { filed, paper } = this;
    if (!filed || !paper) return;
    paper.replaceChildren(el("p.quiet", { role: "status" }, t("paper_making")));
    try {
      const receipt = await ask(`/v1/cases/${encodeURIComponent(filed.case_number)}/receipt`, { body: { replace } });
      paper.replaceChildren(...written(filed, receipt).filter((each) => each !== null));
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      paper.replaceChildren(el("p.fault", { role: "alert" }, `${t("paper_failed")} · ${told(error)}`),
        el("button.plain", { type: "button", click: () => this.print(true) }, t("paper_again")));
    }
  }

  leave() {
    this.filed = null;
    done.hidden = true;
    done.replaceChildren();
  }
}

/** @param {import("../console/types.js").Assignment} sent */
const unit = ({ kind, role, unit_name, reason }) => el("li", { "data-layer": kind },
  el("small", {}, `${titled("layer", kind)} · ${titled("role", role)}`), el("strong", {}, unit_name), el("span.why", {}, said(reason)));

/** The paper itself: nothing about any person but whoever is answerable. @param {Filed} filed @param {any} receipt */
function written({ assignments, held, synthetic }, { case_number: number, address, picture, answerable, made_at }) {
  const units = assignments.map((each) => el("span", {}, each.unit_name));
  return [
    el("header", {}, el("strong", {}, t("paper_from")), el("h3", {}, t("paper"))),
    synthetic ? el("p.synthetic", {}, t("synthetic")) : null,
    el("p.number", {}, number),
    el("dl", {},
      row(t("paper_made"), moment(made_at)),
      row(t("receipt_unit"), ...(units.length ? units : [t("receipt_no_unit")]), held && units.length ? el("small", {}, t("paper_held")) : null),
      answerable ? row(t("paper_answerable"), answerable) : null),
    el("figure", {}, el("img", { src: picture, alt: t("paper_code"), width: 168, height: 168 }), el("figcaption", {}, t("paper_scan"))),
    el("p.address", {}, address),
    el("p.quiet", {}, t("paper_only")),
  ];
}

/** @param {string} title @param {...(Node | string | null)} words */
const row = (title, ...words) => el("div", {}, el("dt", {}, title), el("dd", {}, ...words));

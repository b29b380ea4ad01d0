/** Filing what stands in the form: the report, its parties; filed again after a failure, nothing is doubled. */
import { Problem, Unreachable, ask, told, toldFault } from "../common/api.js";
import { t } from "../common/boot.js";
import { say } from "../common/form.js";
import { one } from "../common/dom.js";
import { uuid } from "../common/uuid.js";
import { clearFaults, showFaults } from "./faults.js";
import { content, form } from "./fields.js";
import { enter, partyFaults } from "./parties.js";
import { missing, report } from "./report.js";

const button = one("#file"), asNew = one("#as-new"), summary = one("#summary");
const MATTER = ["what", "where", "when"];

export class Filing {
  /** @param {import("./draft.js").Draft} draft @param {(filed: import("./receipt.js").Filed) => Promise<void>} complete */
  constructor(draft, complete) {
    this.draft = draft;
    this.complete = complete;
    this.busy = false;
    /** @type {boolean | null} whether the ground is made up; null: not known yet */
    this.synthetic = null;
    form.addEventListener("submit", (/** @type {Event} */ event) => { event.preventDefault(); this.file(); });
    asNew.addEventListener("click", () => { draft.change({ key: `reception-${uuid()}` }); this.file(); });
  }

  async file() {
    if (this.busy) return;
    clearFaults();
    asNew.hidden = true;
    this.draft.keep(content());
    const faults = [...partyFaults(content()), ...missing(content())];
    if (faults.length) return showFaults(faults, t("must_mend"));
    this.turn(true); // what is typed meanwhile would be lost
    const outcome = await this.send().then((filed) => () => this.complete(filed), (error) => () => this.refuse(error));
    this.turn(false);
    this.lock();
    await outcome();
  }

  /** @returns {Promise<import("./receipt.js").Filed>} */
  async send() {
    const { kept } = this.draft, words = kept.content, again = Boolean(kept.filed);
    const answer = again ? await ask(`/v1/cases/${encodeURIComponent(kept.filed)}`)
      : await ask("/v1/reports", { body: report(words, await this.isSynthetic()), key: kept.key });
    if (!again) {
      this.draft.change({ filed: answer.case_number });
      await this.draft.flush();
    }
    await enter(answer.case_number, words, again);
    const { case_number, assignments } = answer;
    return { case_number, assignments, held: answer.placement?.held ?? answer.open?.length > 0, synthetic: answer.synthetic ?? this.synthetic };
  }

  /** @returns {Promise<boolean>} */
  async isSynthetic() {
    this.synthetic ??= Boolean((await ask("/v1/layers")).edition?.synthetic);
    one("#synthetic").hidden = !this.synthetic;
    return this.synthetic;
  }

  /** @param {unknown} error */
  refuse(error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    const { filed } = this.draft.kept, faults = error instanceof Problem ? error.faults : [];
    if (faults.some((fault) => fault.where === "Idempotency-Key")) {
      asNew.hidden = false;
      return this.warn(t("changed_since"));
    }
    if (faults.length) return showFaults(faults.map((fault) => [fault.where, toldFault(fault)]), filed ? t("reception_filed", { number: filed }) : t("must_mend"));
    if (filed) return this.warn(`${t("reception_filed", { number: filed })} ${told(error)}`);
    return this.warn(error instanceof Unreachable ? `${told(error)} · ${t("safe_to_retry")}` : told(error));
  }

  /** @param {string} words */
  warn(words) {
    say(form, words);
    summary.focus();
  }

  /** What is filed already is not to be changed here; the parties still are. */
  lock() {
    const filed = Boolean(this.draft.kept.filed);
    for (const name of MATTER) one(`#part-${name}`).inert = filed;
  }

  /** Take up a draft, with what is known of its filing. */
  begin() {
    clearFaults();
    asNew.hidden = true;
    this.lock();
    const { filed } = this.draft.kept;
    if (filed) say(form, t("reception_filed", { number: filed }));
  }

  /** @param {boolean} busy */
  turn(busy) {
    this.busy = busy;
    button.setAttribute("aria-disabled", String(busy));
    form.inert = busy;
  }
}

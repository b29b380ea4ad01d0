/** The shelf: what oneself began and has not filed, to be gone on with or thrown away. */
import { Problem, Unreachable, ask, told } from "../common/api.js";
import { t } from "../common/boot.js";
import { el, one } from "../common/dom.js";
import { briefly } from "../common/time.js";
import { pathOf } from "./draft.js";

const SHOWN_LETTERS = 40;

/** @typedef {{id: string, content: Record<string, string>, updated_at: string}} Stored */

export class Shelf {
  /** @param {{current: () => string, chosen: (draft: Stored) => void}} words  current: the draft in the form */
  constructor({ current, chosen }) {
    this.current = current;
    this.chosen = chosen;
    this.said = one("#shelf-said");
    this.list = one("#shelf .drafts");
  }

  async refresh() {
    try {
      const { items } = await ask("/v1/drafts");
      this.show(items.filter((/** @type {Stored} */ each) => each.id !== this.current()));
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      this.say(told(error));
    }
  }

  /** @param {Stored[]} drafts */
  show(drafts) {
    this.say(drafts.length ? "" : t("shelf_none"));
    this.list.replaceChildren(...drafts.map((each) => this.line(each)));
  }

  /** @param {Stored} draft */
  line(draft) {
    const title = titleOf(draft.content);
    return el("li", {},
      el("div.what", {}, el("strong", {}, title), el("time", { datetime: draft.updated_at }, briefly(draft.updated_at, new Date())),
        draft.content.filed ? el("span.chip.warn", {}, t("shelf_filed", { number: draft.content.filed })) : null),
      el("div.actions", {},
        el("button.plain", { type: "button", "aria-label": `${t("shelf_go_on")}：${title}`, click: () => this.chosen(draft) }, t("shelf_go_on")),
        el("button.plain.danger", { type: "button", "aria-label": `${t("shelf_discard")}：${title}`, click: () => this.discard(draft, title) }, t("shelf_discard"))));
  }

  /** Ask once more: what is thrown away does not come back. @param {Stored} draft @param {string} title */
  discard(draft, title) {
    const dialog = one("#dialog");
    const sure = el("button.primary", { type: "button", click: () => { dialog.close(); this.gone(draft); } }, t("shelf_discard"));
    dialog.replaceChildren(el("div.inside", {}, el("h2", { id: "dialog-title" }, t("shelf_sure")), el("p", {}, title),
      el("div.actions", {}, sure, el("button.plain", { type: "button", click: () => dialog.close() }, t("case_cancel")))));
    dialog.showModal();
  }

  /** @param {Stored} draft */
  async gone({ id }) {
    await ask(pathOf(id), { method: "DELETE" }).catch((error) => this.say(told(error)));
    await this.refresh();
    one("h2", one("#shelf")).scrollIntoView({ block: "nearest" });
  }

  /** @param {string} words */
  say(words) {
    this.said.textContent = words;
    this.said.hidden = !words;
  }
}

/** By what a person knows a draft again. @param {Record<string, string>} content */
function titleOf({ text, name, address }) {
  const words = (text || [name, address].filter(Boolean).join(" · ") || t("shelf_untitled")).replace(/\s+/g, " ");
  return words.length > SHOWN_LETTERS ? `${words.slice(0, SHOWN_LETTERS)}…` : words;
}

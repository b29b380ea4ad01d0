/** Tokens of connected systems and tickets of walls: never their secrets, and the way to revoke them. */
import { ask, told } from "../common/api.js";
import { t } from "../common/boot.js";
import { el, one } from "../common/dom.js";
import { moment } from "../common/time.js";

/** @param {any} token */
function state(token) {
  if (token.revoked_at) return t("token_revoked");
  if (token.used_at) return t("token_used");
  return token.ends_at && new Date(token.ends_at) < new Date() ? t("token_ended") : t("token_valid");
}

export class Tokens {
  constructor() {
    this.card = one("#tokens");
  }

  async refresh() {
    const { items } = await ask("/v1/service-tokens");
    one("tbody", this.card).replaceChildren(...items.map((/** @type {any} */ token) => this.row(token)));
  }

  /** @param {any} token of GET /v1/service-tokens */
  row(token) {
    const revoke = el("button.plain.danger", { type: "button", click: () => this.revoke(token.id) }, t("token_revoke"));
    return el("tr", {},
      el("td", {}, token.full_name, " ", el("small.quiet", {}, token.sign_in_name)),
      el("td", {}, token.wall ? t("token_wall") : token.scopes.join(" · ")),
      el("td.when", {}, moment(token.made_at)),
      el("td", {}, state(token)),
      el("td", {}, token.revoked_at ? null : revoke));
  }

  /** @param {string} id */
  async revoke(id) {
    const wrong = one(".summary", this.card);
    wrong.hidden = true;
    try {
      await ask(`/v1/service-tokens/${encodeURIComponent(id)}`, { method: "DELETE" });
      await this.refresh();
    } catch (error) {
      wrong.textContent = told(error);
      wrong.hidden = false;
    }
  }
}

/** The second factor: set up with a picture to scan, confirmed by a code, taken away with both proofs. */
import { ask } from "../common/api.js";
import { t } from "../common/boot.js";
import { all, one } from "../common/dom.js";
import { sends } from "../common/form.js";

const begin = one("#factor-begin"), confirm = one("#factor-confirm"), remove = one("#factor-remove");

export class Factor {
  /** @param {(me: any) => Promise<void>} changed  told who one is after a confirmation */
  constructor(changed) {
    sends(begin, async ({ password }) => this.offer(await ask("/v1/me/second-factor", { body: { password } })));
    sends(confirm, async ({ code }) => {
      await changed(await ask("/v1/me/second-factor/confirm", { body: { code } }));
      await this.refresh();
    });
    sends(remove, async ({ password, code }) => {
      await ask("/v1/me/second-factor/remove", { body: { password, code } });
      await this.refresh();
    });
  }

  async refresh() {
    const { confirmed, required } = await ask("/v1/me/second-factor");
    one("#factor-state").textContent = t(confirmed ? "factor_on" : "factor_off");
    this.only(confirmed ? (required ? null : remove) : begin);
  }

  /** @param {{secret: string, qr: string}} made */
  offer({ secret, qr }) {
    one("#factor-qr").src = qr;
    one("#factor-secret").textContent = secret.replace(/(.{4})(?=.)/g, "$1 ");
    this.only(confirm);
    confirm.elements.code.focus();
  }

  /** Show one form, emptied, and no other. @param {any} shown */
  only(shown) {
    for (const form of all("#second-factor form")) form.hidden = form !== shown;
    shown?.reset();
  }
}

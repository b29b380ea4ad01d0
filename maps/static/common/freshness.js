/** How old is what you see? Says so always, and loudly when the server is silent. */
import { t } from "./boot.js";
import { one } from "./dom.js";
import { seconds } from "./time.js";

const MISSES = 2;

export class Freshness {
  /** @param {() => void} retry */
  constructor(retry) {
    this.dot = one("#freshness");
    this.banner = one("#stale");
    /** @type {Date | null} */
    this.last = null;
    this.missed = 0;
    one("button", this.banner).addEventListener("click", retry);
  }

  arrived() {
    this.last = new Date();
    this.missed = 0;
    this.dot.dataset.state = "live";
    one(".said", this.dot).textContent = t("as_of", { time: seconds(this.last) });
    this.banner.hidden = true;
  }

  failed() {
    this.missed += 1;
    if (this.missed < MISSES) return;
    this.dot.dataset.state = "stale";
    one(".said", this.banner).textContent = this.last ? t("stale", { time: seconds(this.last) }) : t("stale_from_start");
    this.banner.hidden = false;
  }
}

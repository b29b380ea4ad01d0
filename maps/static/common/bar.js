/** The bar on top of every page: the way out. */
import { ask } from "./api.js";

document.getElementById("leave")?.addEventListener("click", async () => {
  await ask("/v1/sign-out", { method: "POST" }).catch(() => null);
  location.assign("/sign-in");
});

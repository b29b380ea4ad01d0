/** The bar on top of every page: the bell and the way out. */
import { signOut } from "./api.js";
import "./bell.js";

document.getElementById("leave")?.addEventListener("click", signOut);

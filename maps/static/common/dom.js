/** Building the page. Data becomes text nodes only: nothing a person typed is ever parsed as HTML. */

/**
 * An element with attributes and children; null and "" children are left out.
 * @param {string} name  tag, optionally with classes: "p.chip.warn"
 * @param {Record<string, string | number | boolean | EventListener | undefined>} [words]
 *   attributes; functions become listeners of that event, false and undefined are left out
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElement}
 */
export function el(name, words = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  for (const [key, word] of Object.entries(words)) {
    if (typeof word === "function") made.addEventListener(key, word);
    else if (word !== undefined && word !== false) made.setAttribute(key, word === true ? "" : String(word));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== "").map((child) => /** @type {Node | string} */ (child)));
  return made;
}

/**
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {any} the element; the page's own markup guarantees it
 */
export function one(selector, within = document) {
  const found = within.querySelector(selector);
  if (!found) throw new Error(`no ${selector} on the page`);
  return found;
}

/** @param {string} selector @param {ParentNode} [within] @returns {any[]} */
export function all(selector, within = document) {
  return [...within.querySelectorAll(selector)];
}

/**
 * Make a list show these items, touching only what changed: no flicker, focus and scroll stay.
 * @template T
 * @param {HTMLElement} list
 * @param {T[]} items
 * @param {(item: T) => string} key
 * @param {(item: T) => HTMLElement} build
 * @param {(node: HTMLElement, fresh: boolean) => void} [placed]
 */
export function reconcile(list, items, key, build, placed = () => {}) {
  const known = new Map([...list.children].map((node) => [/** @type {HTMLElement} */ (node).dataset.key, /** @type {HTMLElement} */ (node)]));
  const first = known.size === 0;
  /** @type {HTMLElement | null} */
  let before = null;
  for (const item of items) {
    const name = key(item), content = JSON.stringify(item);
    let node = known.get(name);
    const fresh = !node;
    known.delete(name);
    if (!node || node.dataset.content !== content) {
      const made = build(item);
      made.dataset.key = name;
      made.dataset.content = content;
      node?.replaceWith(made);
      node = made;
    }
    /** @type {Element | null} */
    const place = before ? before.nextElementSibling : list.firstElementChild;
    if (place !== node) list.insertBefore(node, place);
    placed(node, fresh && !first);
    before = node;
  }
  for (const node of known.values()) node.remove();
}

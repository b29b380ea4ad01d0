/** What is done after typing has paused. */

/** @param {number} pause_ms @param {() => void} act @returns {() => void} call it at each key */
export function afterPause(pause_ms, act) {
  /** @type {number | undefined} */
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, pause_ms);
  };
}

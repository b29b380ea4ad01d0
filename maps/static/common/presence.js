/** Whether somebody sits before the page. */

const AWAY_AFTER_MS = 60_000;

let seen = performance.now();

for (const sign of ["pointerdown", "pointermove", "keydown", "wheel"])
  addEventListener(sign, () => { seen = performance.now(); }, { passive: true, capture: true });

export const unattended = () => performance.now() - seen > AWAY_AFTER_MS;

/** What counts as use of the window. */
const USE = ["pointerdown", "pointermove", "keydown", "wheel"] as const;
/** How often it is said that the window is in use: far less than the shortest time until a lock. */
const SAY_EVERY_MS = 5_000;

/**
 * Calls `note` when the window is used, and again at most every few seconds. Whether and when it
 * locks is not decided here. The answer ends it.
 */
export function watchUse(note: () => void): () => void {
  let said = -Infinity;
  const used = () => {
    const now = Date.now();
    // A clock that was set back must not silence it.
    if (now >= said && now - said < SAY_EVERY_MS) return;
    said = now;
    note();
  };
  for (const kind of USE) window.addEventListener(kind, used, { passive: true, capture: true });
  return () => {
    for (const kind of USE) window.removeEventListener(kind, used, { capture: true });
  };
}

/** What counts as use of the window. */
const USE = ["pointerdown", "pointermove", "keydown", "wheel"] as const;
/** How often it is looked whether the window is still in use. */
const LOOK_EVERY_MS = 1000;

/**
 * Calls `lock` after so many seconds without use; 0 means never. Wall time is compared, so that a
 * computer that slept is locked when it wakes. The answer ends it.
 */
export function watchIdle(seconds: number, lock: () => void): () => void {
  if (seconds <= 0) return () => undefined;
  let last = Date.now();
  const used = () => (last = Date.now());
  for (const kind of USE) window.addEventListener(kind, used, { passive: true, capture: true });
  const timer = setInterval(() => {
    if (Date.now() - last < seconds * 1000) return;
    last = Date.now();
    lock();
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    for (const kind of USE) window.removeEventListener(kind, used, { capture: true });
  };
}

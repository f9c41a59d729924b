// What a press would move waits until it is over: a click whose button moved away is lost.

/** Longest that a press holds anything back; a release outside the window is never heard of. */
const HELD_MS_MAX = 1000;

let pressed = false;
let waiting: (() => void)[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

function press(): void {
  pressed = true;
  clearTimeout(timer);
  timer = setTimeout(release, HELD_MS_MAX);
}

function release(): void {
  pressed = false;
  clearTimeout(timer);
  const over = waiting;
  waiting = [];
  // The click follows the release, and goes first.
  if (over.length > 0) setTimeout(() => over.forEach((done) => done()));
}

globalThis.addEventListener?.("pointerdown", press, true);
globalThis.addEventListener?.("pointerup", release, true);
globalThis.addEventListener?.("pointercancel", release, true);

/** Runs at once, or when the press that is under way is over. */
export function afterPress(run: () => void): void {
  if (pressed) waiting.push(run);
  else run();
}

/** Comes at once, or when the press that is under way is over. */
export function pointerAtRest(): Promise<void> {
  return new Promise(afterPress);
}

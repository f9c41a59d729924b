// What time it is on the screen. Tests and the fake host set their own.

let source: () => number = () => Date.now();
let ticked = $state(0);

/** Milliseconds since 1970, as the screens see it. */
export function now(): number {
  return source();
}

/** The same, and the reader is drawn again every second. */
export function ticking(): number {
  void ticked;
  return source();
}

/** Takes the time from elsewhere. */
export function useClock(next: () => number): void {
  source = next;
}

setInterval(() => (ticked += 1), 1000);

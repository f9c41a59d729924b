// F6 walks the panes of a screen: elements marked `data-pane`.

/** Moves the focus to the next pane, or the one before. */
export function nextPane(backward = false): void {
  const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")].filter(
    (pane) => !pane.closest("[hidden], [inert]"),
  );
  if (panes.length === 0) return;
  const here = panes.findIndex((pane) => pane.contains(document.activeElement));
  const step = backward ? -1 : 1;
  const next = panes[(here + step + panes.length) % panes.length];
  if (next) focusInto(next);
}

const FOCUSABLE =
  "a[href], button:not([tabindex='-1']), input, select, textarea, [tabindex]:not([tabindex='-1'])";

/** Focuses the selected, the marked or the first thing in it that takes the focus. */
export function focusInto(pane: HTMLElement): void {
  const target =
    pane.querySelector<HTMLElement>("[data-autofocus]") ??
    pane.querySelector<HTMLElement>(
      "[role=option][aria-selected=true], [aria-current]:not([tabindex='-1'])",
    ) ??
    pane.querySelector<HTMLElement>(FOCUSABLE) ??
    pane;
  target.focus();
}

/** Focuses a screen's title when the screen changes. */
export function focusTitle(node: HTMLElement): void {
  node.tabIndex = -1;
  node.focus({ preventScroll: true });
}

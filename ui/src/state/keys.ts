// Shortcuts. A screen says which it takes while it is shown; the innermost one goes first.

export const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");

/** A shortcut as it is written in the code: `Ctrl+N`, `Alt+ArrowLeft`, `F6`, `r`. */
export type Shortcut = string;

export interface Binding {
  keys: Shortcut;
  /** Returns `false` to let the key pass. */
  run: (event: KeyboardEvent) => void | boolean;
}

const layers: { bindings: Binding[]; open: boolean }[] = [];
let singleKeys = true;

/** Single letters can be turned off in the settings. */
export function allowSingleKeys(allowed: boolean): void {
  singleKeys = allowed;
}

/** Takes shortcuts until the answer is called. A `closed` layer hides all below it (dialogs). */
export function takeKeys(bindings: Binding[], closed = false): () => void {
  const layer = { bindings, open: !closed };
  layers.push(layer);
  return () => {
    const index = layers.indexOf(layer);
    if (index >= 0) layers.splice(index, 1);
  };
}

/** Keys whose sign would not read well in a shortcut; + is typed with and without Shift. */
const NAMED: Record<string, string[]> = { Comma: [","], Plus: ["+", "="], Minus: ["-"] };

/** Whether the event is the shortcut. */
export function matches(event: KeyboardEvent, keys: Shortcut): boolean {
  const parts = keys.split("+");
  const key = parts.pop() ?? "";
  const command = isMac ? event.metaKey : event.ctrlKey;
  return (
    (NAMED[key] ?? [key.toLowerCase()]).includes(event.key.toLowerCase()) &&
    command === parts.includes("Ctrl") &&
    event.altKey === parts.includes("Alt") &&
    (key.length === 1 || key === "Plus" || event.shiftKey === parts.includes("Shift"))
  );
}

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.matches("input:not([type=checkbox], [type=radio]), textarea, select") ||
      target.isContentEditable)
  );
}

/** A letter, digit or Space without Ctrl works only outside fields. */
function isSingle(keys: Shortcut): boolean {
  return keys.length === 1 || keys === "Space";
}

export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  for (let index = layers.length - 1; index >= 0; index -= 1) {
    const layer = layers[index];
    if (!layer) continue;
    for (const { keys, run } of layer.bindings) {
      const hit = keys === "Space" ? matches(event, " ") : matches(event, keys);
      if (!hit) continue;
      if (isSingle(keys) && (!singleKeys || typing(event.target))) continue;
      if (run(event) === false) continue;
      event.preventDefault();
      return;
    }
    if (!layer.open) return;
  }
}

/** The key as it is printed: ⌘ for Ctrl on macOS. */
export function printed(keys: Shortcut): string {
  return keys
    .replace("Ctrl", isMac ? "⌘" : "Ctrl")
    .replace("ArrowLeft", "←")
    .replace("ArrowRight", "→")
    .replace("Escape", "Esc")
    .replace("Comma", ",")
    .replaceAll("+", " ")
    .replace("Plus", "+")
    .replace("Minus", "−");
}

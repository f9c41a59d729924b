import type { IconName } from "../parts/icons";

/** A toast goes after this long, unless it is hovered or focused. */
export const TOAST_MS = 6000;

export interface Toast {
  id: number;
  text: string;
  icon: IconName;
}

let shown = $state.raw<Toast[]>([]);
let counter = 0;

export const toasts = {
  get shown(): Toast[] {
    return shown;
  },
  /** Says that something is done and nothing is to be decided. Never for an error. */
  say(text: string, icon: IconName = "good"): void {
    counter += 1;
    shown = [...shown.slice(-2), { id: counter, text, icon }];
  },
  /** Nothing of the last person stays: after a lock, training, a new vault. */
  clear(): void {
    shown = [];
  },
  drop(id: number): void {
    shown = shown.filter((toast) => toast.id !== id);
  },
};

import type { Group } from "../generated/Group";

export type Filter = Group | "all";
export type SettingsPage =
  "connections" | "security" | "people" | "keeping" | "activity" | "appearance" | "storage";

/** Where the person is. */
export type Route =
  | { name: "accounts"; filter: Filter; account?: string }
  | { name: "outbox" }
  | { name: "settings"; page: SettingsPage }
  | { name: "connection"; id: string | null; provider?: string }
  | { name: "account-add"; connection?: string }
  | { name: "import"; connection?: string }
  | { name: "correct"; submission: string; account: string; kind: "answers" | "full_number" }
  | { name: "welcome"; step: "provider" | "accounts"; connection?: string }
  | { name: "onboarding"; draft: string }
  | { name: "capture"; draft: string; document: string; side: string };

const START: Route = { name: "accounts", filter: "all" };
/** More steps back than anybody takes. */
const PAST_MAX = 30;

let current = $state.raw<Route>(START);
let past: Route[] = [];

export const router = {
  get route(): Route {
    return current;
  },
  /** Goes there; `back` returns here. */
  go(next: Route): void {
    past = [...past, current].slice(-PAST_MAX);
    current = next;
  },
  /** Goes there; `back` returns to where this one came from. */
  replace(next: Route): void {
    current = next;
  },
  /** Returns to where the person came from, or to the accounts. */
  back(): void {
    const last = past[past.length - 1];
    past = past.slice(0, -1);
    current = last ?? START;
  },
  /** Forgets where the person was: after a lock, a new vault, training. */
  reset(): void {
    past = [];
    current = START;
  },
};

import type { IconName } from "./icons";

/** The five states. `ground.css` has a class for each that sets its colours. */
export type Tone = "needs" | "wait" | "review" | "good" | "bad";

export const TONE_ICON: Record<Tone, IconName> = {
  needs: "needs",
  wait: "wait",
  review: "review",
  good: "good",
  bad: "bad",
};

import type { Tone } from "./tones";

/** The state that shows a verdict of the checks: `good`, `warn`, `bad`, `not_measured`. */
export function verdictTone(verdict: string): Tone {
  switch (verdict) {
    case "good":
      return "good";
    case "warn":
      return "needs";
    case "bad":
      return "bad";
    default:
      return "wait";
  }
}

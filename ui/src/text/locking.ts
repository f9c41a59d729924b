// Words about when Satchel locks, and why it did.
import { count, plural } from "./format";

export const locking = {
  title: "Locking",
  idle: "Lock after",
  idleMinutes: (n: number) => `${count(n)} ${plural(n, "minute", "minutes")}`,
  idleSeconds: (n: number) => `${count(n)} seconds`,
  idleHelp: "Without use. For a screen that others pass, choose one minute.",
  always: "Satchel also locks when the screen is locked, and before the computer sleeps.",
  whileLocked: "Nothing is sent while it is locked. What waits goes on after the next unlock.",
  /** Why it is locked, by the code of the reason. */
  since(reason: string | null, when: string): string {
    switch (reason) {
      case "idle":
        return `Locked at ${when}, after a while without use`;
      case "screen":
        return `Locked at ${when}, with the screen`;
      case "suspend":
        return `Locked at ${when}, before the computer slept`;
      default:
        return `Locked at ${when}`;
    }
  },
};

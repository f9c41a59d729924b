import type { Strength } from "../generated/Strength";

/** Fewest characters of a passphrase. The vault has the last word. */
export const CHARS_MIN = 12;

/** A rough measure, at once: the app behind the window judges better and has the last word. */
export function strengthOf(passphrase: string): Strength {
  const text = passphrase.trim();
  if (text.length < CHARS_MIN || /^\d+$/.test(text)) return "weak";
  const words = new Set(
    text
      .toLowerCase()
      .split(/[\s\-_.]+/)
      .filter((word) => word.length > 2),
  );
  const different = new Set(text.toLowerCase()).size;
  if (words.size >= 4 && different >= 9) return "strong";
  if (text.length >= 20 && different >= 12) return "strong";
  return different >= 6 ? "fair" : "weak";
}

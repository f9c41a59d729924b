// What is shown of a national number while nobody types it.

const SHOWN: Record<string, number> = {
  social_security_number: 4,
  social_insurance_number: 3,
  employer_number: 3,
};

/** Dots for everything but the last characters; what separates the groups stays. */
export function masked(value: string, kind: string): string {
  const shown = Math.min(SHOWN[kind] ?? 3, Math.floor(count(value) / 2));
  let hidden = count(value) - shown;
  return [...value].map((c) => (isMark(c) && hidden-- > 0 ? "•" : c)).join("");
}

/** For readers: "Hidden, ends in 6789". */
export function maskedLabel(value: string, kind: string): string {
  const tail = masked(value, kind)
    .replaceAll("•", "")
    .replace(/^[\s-]+/, "");
  return tail === "" ? "Hidden" : `Hidden, ends in ${tail}`;
}

/** A birth date in a summary: the year alone. */
export function maskedDate(value: string): string {
  const year = value.split("-")[0] ?? "";
  return /^\d{4}$/.test(year) ? `•• ••• ${year}` : "•• ••• ••••";
}

function isMark(c: string): boolean {
  return /[\p{L}\p{N}]/u.test(c);
}

function count(value: string): number {
  return [...value].filter(isMark).length;
}

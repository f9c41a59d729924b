// A date while it is being typed: day, month and year apart, joined as year-month-day.

export type DateParts = { day: string; month: string; year: string };

const DIGITS = /\D+/g;

/** Takes a stored date apart; an unfinished one keeps what was typed. */
export function splitDate(value: string): DateParts {
  const [year = "", month = "", day = ""] = value.split("-");
  return { day, month, year };
}

/** Joins the parts as they were typed; nothing typed is no date. */
export function joinDate(parts: DateParts): string {
  const { day, month, year } = parts;
  if (day === "" && month === "" && year === "") return "";
  return `${year}-${month}-${day}`;
}

/** Pads a lone digit once a part is left: 3 becomes 03. */
export function settled(parts: DateParts): DateParts {
  const two = (text: string): string => (/^[1-9]$/.test(text) ? `0${text}` : text);
  return { day: two(parts.day), month: two(parts.month), year: parts.year };
}

/** Digits alone, at most as many as the part holds. */
export function digits(text: string, most: number): string {
  return text.replace(DIGITS, "").slice(0, most);
}

/** Whether a part cannot take another digit: two digits, or a first digit that no second can follow. */
export function isFull(part: keyof DateParts, text: string): boolean {
  if (part === "year") return text.length === 4;
  if (text.length === 2) return true;
  return text.length === 1 && Number(text) > (part === "day" ? 3 : 1);
}

/** Reads a pasted date such as 14.03.1986, 14/3/1986 or 1986-03-14. */
export function pastedDate(text: string): DateParts | null {
  const iso = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$/.exec(text);
  if (iso) return settled({ year: iso[1] ?? "", month: iso[2] ?? "", day: iso[3] ?? "" });
  const plain = /^\s*(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})\s*$/.exec(text);
  return plain
    ? settled({ day: plain[1] ?? "", month: plain[2] ?? "", year: plain[3] ?? "" })
    : null;
}

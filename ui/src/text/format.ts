// Numbers, dates and times come from the locale; nothing is written by hand.
import { now } from "../state/clock.svelte";

let locale = pickLocale("en", globalThis.navigator?.languages ?? []);

/** The person's own variant of the language that the window speaks. */
export function pickLocale(language: string, preferred: readonly string[]): string {
  const own = preferred.find((tag) => tag === language || tag.startsWith(`${language}-`));
  return own ?? (language === "en" ? "en-GB" : language);
}

/** Takes another locale: in tests, and when the language changes. */
export function useLocale(next: string): void {
  locale = next;
}

/** The locale in use. */
export function currentLocale(): string {
  return locale;
}

function format(ms: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, options).format(ms);
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

function sameYear(a: number, b: number): boolean {
  return new Date(a).getFullYear() === new Date(b).getFullYear();
}

/** "14:10" */
export function time(ms: number): string {
  return format(ms, { hour: "2-digit", minute: "2-digit" });
}

/** "16:04:51" */
export function timeWithSeconds(ms: number): string {
  return format(ms, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** "1 Nov", with the year when it is another one. */
export function date(ms: number): string {
  return sameYear(ms, now())
    ? format(ms, { day: "numeric", month: "short" })
    : format(ms, { day: "numeric", month: "short", year: "numeric" });
}

/** "2 Nov, 14:10" */
export function dateAndTime(ms: number): string {
  return `${date(ms)}, ${time(ms)}`;
}

/** "14:10" today, "1 Nov" on any other day. */
export function when(ms: number): string {
  return sameDay(ms, now()) ? time(ms) : date(ms);
}

/** "14:10" today, "1 Nov, 14:10" on any other day: where the hour matters. */
export function whenExactly(ms: number): string {
  return sameDay(ms, now()) ? time(ms) : dateAndTime(ms);
}

/** A date as it was typed, `YYYY-MM-DD`: "14 March 1986". */
export function calendarDate(text: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return text;
  const at = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(at);
}

/** "1,234" */
export function count(n: number): string {
  return new Intl.NumberFormat(locale).format(n);
}

/** "0.86" */
export function decimal(n: number, digits: number): string {
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(n);
}

/** A narrow no-break space stands between a number and its unit. */
const NARROW = "\u202f";

/** "3.2 MB" */
export function size(bytes: number): string {
  const [value, unit] = sizeParts(bytes);
  return `${value}${NARROW}${unit}`;
}

/** "0.9 of 1.4 MB" */
export function sizeOf(done: number, total: number): string {
  const [, unit] = sizeParts(total);
  const scale = SCALES[unit];
  const digits = unit === "MB" || unit === "GB" ? 1 : 0;
  return `${decimal(done / scale, digits)} of ${size(total)}`;
}

const SCALES = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9 } as const;

function sizeParts(bytes: number): [string, keyof typeof SCALES] {
  if (bytes < 1000) return [count(bytes), "B"];
  if (bytes < 1e6) return [count(Math.round(bytes / 1e3)), "KB"];
  if (bytes < 1e9) return [decimal(bytes / 1e6, 1), "MB"];
  return [decimal(bytes / 1e9, 1), "GB"];
}

/** A number with its unit: "210 dpi". */
export function withUnit(value: string, unit: string): string {
  return `${value}${NARROW}${unit}`;
}

/** "United Kingdom" for "GB". */
export function country(code: string): string {
  try {
    return new Intl.DisplayNames([locale], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** What is left of a wait: "40 s", "12 min", "1 h 5 min"; never less than there is. */
export function left(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 60) return withUnit(count(seconds), "s");
  const minutes = Math.ceil(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const parts = [
    hours > 0 ? withUnit(count(hours), "h") : "",
    rest > 0 || hours === 0 ? withUnit(count(rest), "min") : "",
  ];
  return parts.filter(Boolean).join(" ");
}

/** "passport, utility bill and bank statement" */
export function list(items: string[]): string {
  return new Intl.ListFormat(locale, { style: "long", type: "conjunction" }).format(items);
}

/** The right word for a number. */
export function plural(n: number, one: string, many: string): string {
  return new Intl.PluralRules(locale).select(n) === "one" ? one : many;
}

import { afterEach, describe, expect, it } from "vitest";

import { useClock } from "../state/clock.svelte";
import {
  calendarDate,
  date,
  dateAndTime,
  left,
  list,
  pickLocale,
  size,
  sizeOf,
  useLocale,
  when,
} from "./format";

const at = (day: number, hour: number, minute: number, year = 2025) =>
  new Date(year, 10, day, hour, minute).getTime();
useClock(() => at(2, 14, 26));

describe("moments", () => {
  it("of today are told by the hour, others by the day", () => {
    expect(when(at(2, 14, 10))).toBe("14:10");
    expect(when(at(1, 10, 0))).toBe("1 Nov");
    expect(dateAndTime(at(2, 14, 10))).toBe("2 Nov, 14:10");
  });

  it("of another year carry the year", () => {
    expect(date(at(1, 10, 0, 2024))).toBe("1 Nov 2024");
  });
});

describe("what is left of a wait", () => {
  it("is told in the unit that matters and never as less than there is", () => {
    expect(left(39_100)).toBe("40\u202fs");
    expect(left(11 * 60_000 + 1)).toBe("12\u202fmin");
    expect(left(60 * 60_000)).toBe("1\u202fh");
    expect(left(65 * 60_000)).toBe("1\u202fh 5\u202fmin");
    expect(left(-5)).toBe("0\u202fs");
  });
});

describe("sizes", () => {
  it("keep a narrow no-break space before the unit", () => {
    expect(size(3_200_000)).toBe("3.2\u202fMB");
    expect(size(4_000)).toBe("4\u202fKB");
    expect(sizeOf(900_000, 1_400_000)).toBe("0.9 of 1.4\u202fMB");
  });
});

describe("the locale", () => {
  afterEach(() => useLocale("en-GB"));

  it("is the person's own variant of the language", () => {
    expect(pickLocale("en", ["de-DE", "en-US"])).toBe("en-US");
    expect(pickLocale("en", ["de-DE"])).toBe("en-GB");
  });

  it("decides dates and lists", () => {
    expect(calendarDate("1986-03-14")).toBe("14 March 1986");
    expect(calendarDate("•• ••• 1986")).toBe("•• ••• 1986");
    expect(list(["passport", "utility bill"])).toBe("passport and utility bill");
    useLocale("en-US");
    expect(calendarDate("1986-03-14")).toBe("March 14, 1986");
  });
});

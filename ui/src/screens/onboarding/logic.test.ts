import { describe, expect, it } from "vitest";

import type { FieldView } from "../../generated/FieldView";
import { sectionsOf } from "../../host/fake/questions";
import { isFull, joinDate, pastedDate, settled, splitDate } from "./dates";
import { fieldCountry, isAsked, rows } from "./fields";
import { masked, maskedDate, maskedLabel } from "./masks";
import { regions } from "./places";
import { facts } from "./review";

describe("a date while it is typed", () => {
  it("is kept unfinished and taken apart again", () => {
    for (const value of ["1986-03-", "-03-14", "1986--", "1-2-3"]) {
      expect(joinDate(splitDate(value))).toBe(value);
    }
    expect(joinDate({ day: "", month: "", year: "" })).toBe("");
  });

  it("gets its noughts when it is left", () => {
    expect(joinDate(settled({ day: "3", month: "7", year: "1991" }))).toBe("1991-07-03");
    expect(joinDate(settled({ day: "0", month: "", year: "19" }))).toBe("19--0");
  });

  it("goes on when no further digit fits", () => {
    expect(isFull("day", "4")).toBe(true);
    expect(isFull("day", "3")).toBe(false);
    expect(isFull("month", "2")).toBe(true);
    expect(isFull("month", "1")).toBe(false);
    expect(isFull("year", "198")).toBe(false);
    expect(isFull("year", "1986")).toBe(true);
  });

  it("can be pasted whole", () => {
    expect(pastedDate("14.03.1986")).toEqual({ day: "14", month: "03", year: "1986" });
    expect(pastedDate("1986-3-4")).toEqual({ day: "04", month: "03", year: "1986" });
    expect(pastedDate("March 1986")).toBeNull();
  });
});

describe("a national number", () => {
  it("shows only its last figures", () => {
    expect(masked("123-45-6789", "social_security_number")).toBe("•••-••-6789");
    expect(masked("046 454 286", "social_insurance_number")).toBe("••• ••• 286");
  });

  it("never shows more than half of a short answer", () => {
    expect(masked("6789", "social_security_number")).toBe("••89");
    expect(masked("1", "social_security_number")).toBe("•");
  });

  it("is told to readers by its end", () => {
    expect(maskedLabel("123-45-6789", "social_security_number")).toBe("Hidden, ends in 6789");
    expect(maskedDate("1986-03-14")).toBe("•• ••• 1986");
    expect(maskedDate("19-03-")).toBe("•• ••• ••••");
  });
});

const GB = { kind: "business", country: "GB" };
const US = { kind: "individual", country: "US" };
const fieldsOf = (id: string, who = GB): FieldView[] =>
  sectionsOf("wepay", who).find((section) => section.id === id)?.fields ?? [];
const spans = (fields: FieldView[]) =>
  rows(fields).map((row) =>
    row.cells.map((cell) => `${cell.field.path.split(".").at(-1)} ${cell.span}`),
  );

describe("the layout", () => {
  it("puts names, birth, phone and e-mail in two rows", () => {
    const fields = [...fieldsOf("owner_name"), ...fieldsOf("owner_contact")];
    expect(spans(fields)).toEqual([
      ["first 2", "middle 2", "last 2"],
      ["date_of_birth 2", "country_code 2", "email 2"],
    ]);
    expect(rows(fields)[1]?.cells[1]?.second?.path).toBe("owner.phone.number");
  });

  it("leaves the region out in the United Kingdom", () => {
    const value = () => "GB";
    const asked = fieldsOf("owner_address").filter((field) => isAsked(field, value, "US"));
    expect(spans(asked)).toEqual([
      ["address1 4", "address2 2"],
      ["city 2", "postal_code 2", "country 2"],
    ]);
  });

  it("gives an address with a state two rows of halves", () => {
    const rowsOfUs = spans(fieldsOf("owner_address", US));
    expect(rowsOfUs.slice(1)).toEqual([
      ["city 3", "region 3"],
      ["postal_code 3", "country 3"],
    ]);
  });

  it("takes the country from the address itself", () => {
    const [, , city] = fieldsOf("owner_address");
    expect(city && fieldCountry(city, () => "ca", "GB")).toBe("CA");
    expect(city && fieldCountry(city, () => "", "GB")).toBe("GB");
  });

  it("offers every state with its name", () => {
    expect(regions("US")).toContainEqual({ value: "CA", label: "California" });
    expect(regions("US").every(({ value, label }) => label.length > value.length)).toBe(true);
    expect(regions("CA")).toHaveLength(13);
    expect(regions("GB")).toEqual([]);
  });
});

describe("the review", () => {
  const answers: Record<string, string> = {
    "owner.us.ssn": "123-45-6789",
    "owner.address.region": "CA",
    "owner.address.country": "US",
    "owner.phone.country_code": "+1",
    "owner.phone.number": "415 555 0142",
  };
  const read = (fields: FieldView[]) => facts(fields, (path) => answers[path] ?? "", "US");

  it("masks national numbers and says how they end", () => {
    expect(read(fieldsOf("owner_number", US))).toMatchObject([
      { text: "•••-••-6789", spoken: "Hidden, ends in 6789" },
    ]);
  });

  it("reads codes in words and a phone as one", () => {
    const texts = [...read(fieldsOf("owner_address", US)), ...read(fieldsOf("owner_contact", US))];
    expect(texts.map((fact) => fact.text)).toContain("California");
    expect(texts.map((fact) => fact.text)).toContain("United States");
    expect(texts.map((fact) => fact.text)).toContain("+1 415 555 0142");
  });

  it("says when something needed was not given, and passes over the rest", () => {
    const found = read(fieldsOf("owner_contact", US));
    expect(found.map((fact) => fact.label)).not.toContain("Email");
    expect(read(fieldsOf("owner_name", US)).every((fact) => fact.text === "not given")).toBe(true);
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { FieldView } from "../generated/FieldView";
import { documentName } from "./documents";
import { findingTask, findingText, FINDING_CODES_WITH_WORDS, plain } from "./findings";
import { consentText, fieldLabel, sectionTitle, stepName } from "./onboarding";

const CRATES = join(import.meta.dirname, "../../../crates");
const source = (path: string): string => readFileSync(join(CRATES, path), "utf8");

const GB = { kind: "business", country: "GB", provider: "WePay" };

const field = (path: string, kind: string, more: Partial<FieldView> = {}): FieldView => ({
  path,
  kind,
  required: true,
  options: [],
  country_path: null,
  national: false,
  last_4: false,
  value: "",
  chars_max: null,
  ...more,
});

describe("what the checks say", () => {
  it("has words for every code of the app's checks", () => {
    const list = /FINDING_CODES: &\[&str\] = &\[([^\]]*)\]/.exec(
      source("core/src/onboarding/check/mod.rs"),
    )?.[1];
    const codes = [...(list ?? "").matchAll(/"([a-z_0-9]+)"/g)].map((m) => m[1] ?? "");
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => !FINDING_CODES_WITH_WORDS.includes(code))).toEqual([]);
  });

  it("says what is kept of a name, and that one can go on", () => {
    const kept = "Oluwaseun Christopher Adebayo Temit";
    const finding = { path: "owner.name.first", code: "name_cut", blocks: false, detail: kept };
    const words = findingText(finding, field("owner.name.first", "name"), "GB", GB);
    expect(plain(words)).toBe(`WePay keeps the first 35 letters: ${kept}. You can go on.`);
    expect(words).toContainEqual({ strong: kept });
  });

  it("tells a postcode that stops short from one that is none", () => {
    const at = (detail: string) =>
      plain(
        findingText(
          { path: "p", code: "postal_code_gb", blocks: false, detail },
          field("p", "postal_code"),
          "GB",
          GB,
        ),
      );
    expect(at("BS3 1J")).toMatch(/^The postcode stops short\..* You can go on\.$/);
    expect(at("12345")).toMatch(/^This does not look like a UK postcode\./);
  });

  it("never ends what blocks with leave to go on", () => {
    for (const code of FINDING_CODES_WITH_WORDS) {
      const finding = { path: "p", code, blocks: true, detail: "x" };
      const text = plain(findingText(finding, field("p", "text"), "GB", GB));
      expect(text, code).not.toContain("go on");
      expect(text, code).toMatch(/[.]$/);
    }
  });

  it("names what is missing by its kind", () => {
    const required = { path: "p", code: "required", blocks: true, detail: null };
    const say = (f: FieldView) => plain(findingText(required, f, "US", GB));
    expect(say(field("owner.address.region", "region"))).toBe("Choose the state.");
    expect(say(field("owner.address.postal_code", "postal_code"))).toBe("Type the ZIP code.");
    expect(findingTask(required, field("owner.name.last", "name"), "GB")).toBe(
      "Fill in the last name",
    );
  });
});

describe("questions", () => {
  it("are named after the country of their address", () => {
    const at = (tail: string, kind: string, country: string) =>
      fieldLabel(field(`owner.address.${tail}`, kind), country);
    expect(at("postal_code", "postal_code", "US")).toBe("ZIP code");
    expect(at("postal_code", "postal_code", "CA")).toBe("Postal code");
    expect(at("postal_code", "postal_code", "GB")).toBe("Postcode");
    expect(at("region", "region", "CA")).toBe("Province");
    expect(at("address2", "text", "GB")).toBe("Flat or floor");
    expect(at("city", "text", "GB")).toBe("Town or city");
  });

  it("of both providers have names of their own, none is a bare code", () => {
    const paths = ["wepay/requirements.rs", "winter/requirements.rs"].flatMap((file) =>
      [
        ...source(`providers/src/${file}`).matchAll(/(?:required|optional)\(\s*"([a-z_.0-9]+)"/g),
      ].map((m) => m[1] ?? ""),
    );
    expect(paths.length).toBeGreaterThan(12);
    for (const path of paths) {
      expect(fieldLabel(field(path, "text"), "GB"), path).not.toMatch(/_|\./);
    }
  });

  it("that are new to the window are named after their kind, else readably", () => {
    expect(fieldLabel(field("person.born_on", "date"), "GB")).toBe("Date");
    expect(fieldLabel(field("person.shoe_size", "text"), "GB")).toBe("Shoe size");
  });

  it("stand under the headings of the providers' sections", () => {
    const ids = ["wepay/requirements.rs", "winter/requirements.rs"].flatMap((file) =>
      [...source(`providers/src/${file}`).matchAll(/section\((?:"\w+", )?"([a-z_]+)"/g)].map(
        (m) => m[1] ?? "",
      ),
    );
    expect(new Set(ids).size).toBeGreaterThan(5);
    for (const id of new Set(ids)) expect(sectionTitle(id, GB), id).not.toMatch(/_/);
  });
});

describe("papers and steps", () => {
  it("has a name for every paper of both providers", () => {
    const papers = [
      ...source("providers/src/wepay/documents.rs").matchAll(/(?:paper|card)\("([a-z_]+)"/g),
    ];
    const codes = [
      ...papers.map((m) => m[1] ?? ""),
      "PASSPORT",
      "DRIVERS_LICENSE",
      "STATE_LICENSE",
    ];
    expect(codes.length).toBe(24);
    for (const code of codes) expect(documentName(code), code).toMatch(/^[A-Z][^_]*$/);
  });

  it("calls a person's details an activity", () => {
    expect(stepName("entity", "individual")).toBe("Activity");
    expect(stepName("entity", "business")).toBe("Business details");
  });

  it("asks for consent in the applicant's own words", () => {
    const text = consentText("WePay", "Balogun Fabrics Ltd").join(" ");
    expect(text).toContain("Balogun Fabrics Ltd");
    expect(text).not.toMatch(/upload|sync|queue|submission|KYC/i);
  });
});

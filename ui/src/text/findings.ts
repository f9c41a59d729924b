// What the checks say of answers, and how to fix them.
import type { FieldView } from "../generated/FieldView";
import type { FindingView } from "../generated/FindingView";
import { country as countryName } from "./format";
import { fieldLabel, type Situation } from "./onboarding";

/** Running text with parts that stand out. */
export type RunningText = readonly (string | { strong: string })[];

/** The same words without the parts standing out. */
export function plain(words: RunningText): string {
  return words.map((part) => (typeof part === "string" ? part : part.strong)).join("");
}

const GO_ON = " You can go on.";

const REQUIRED: Record<string, string> = {
  choice: "Choose one.",
  yes_no: "Choose yes or no.",
  country: "Choose the country.",
  date: "Type the day, the month and the year.",
  phone_code: "Type the country code, as in +44.",
  phone_number: "Type the phone number.",
  street: "Type the house number and the street.",
};

function requiredText(field: FieldView, country: string): string {
  if (field.kind === "region") {
    return country === "CA" ? "Choose the province." : "Choose the state.";
  }
  const noun = lower(fieldLabel(field, country));
  return REQUIRED[field.kind] ?? `Type the ${noun}.`;
}

function lower(label: string): string {
  const keep = /^(ZIP|GST|EIN)/.test(label);
  return keep ? label : label.charAt(0).toLowerCase() + label.slice(1);
}

function postcodeText(typed: string): RunningText {
  const compact = typed.toUpperCase().replaceAll(/\s+/g, "");
  const short = /^[A-Z]{1,2}(\d[A-Z\d]?(\d[A-Z]?)?)?$/.test(compact);
  const begin = short ? "The postcode stops short." : "This does not look like a UK postcode.";
  return [`${begin} It ends with a digit and two letters, as in `, { strong: "BS3\u00a01JD" }, "."];
}

const FINDINGS: Record<string, (f: FindingView, s: Situation) => RunningText> = {
  too_long: (f) => [`Too long. At most ${f.detail ?? "255"} characters fit.`],
  too_many_owners: (f) => [`At most ${f.detail ?? "10"} owners fit. Remove one.`],
  name_cut: (f, s) => [
    `${s.provider} keeps the first 35 letters: `,
    { strong: f.detail ?? "" },
    ".",
  ],
  may_be_cut: (f, s) => [`${s.provider} may keep only `, { strong: f.detail ?? "" }, "."],
  date_format: () => ["The date is not complete. Type day, month and a year of 4 digits."],
  date_impossible: () => ["No calendar has this day. Look at the day and the month."],
  date_future: () => ["This day has not come yet. Look at the year."],
  under_18: () => ["Younger than 18 years. Look at the year."],
  phone_code_format: () => ["A country code is 1 to 3 digits, as in ", { strong: "+44" }, "."],
  phone_number_format: () => ["A phone number is 4 to 15 digits. Leave letters out."],
  email_format: () => ["An email looks like ", { strong: "name@shop.example" }, "."],
  url_format: () => ["A website looks like ", { strong: "https://shop.example" }, "."],
  street_digit: () => [
    "In the US the address begins with the house number, as in ",
    { strong: "350 Oak Street" },
    ".",
  ],
  street_po_box: (_, s) => [`${s.provider} takes no PO box. Type the street address.`],
  postal_code_us: () => ["A ZIP code has 5 digits, as in ", { strong: "94105" }, "."],
  postal_code_ca: () => ["A postal code looks like ", { strong: "K1A\u00a00B1" }, "."],
  postal_code_gb: (f) => postcodeText(f.detail ?? ""),
  region_us: () => ["Choose the state from the list."],
  region_ca: () => ["Choose the province from the list."],
  country_unknown: (_, s) => [`${s.provider} does not take this country. Choose another one.`],
  country_differs: (f, s) => [
    `${s.provider} takes only people who live in `,
    { strong: f.detail ? countryName(f.detail) : "the country chosen first" },
    ". Change the country here, or the one under Who.",
  ],
  choice_unknown: () => ["Choose one from the list."],
  yes_no: () => ["Choose yes or no."],
  ssn_format: () => [
    "A Social Security number has 9 digits, as in ",
    { strong: "123-45-6789" },
    ".",
  ],
  ssn_last4_format: () => ["Type all 9 digits, or exactly the last 4."],
  sin_format: () => [
    "A Social Insurance Number has 9 digits, as in ",
    { strong: "046-454-286" },
    ".",
  ],
  sin_checksum: () => ["One digit may be wrong: compare the number with the card."],
  ein_format: () => ["An EIN has 9 digits, as in ", { strong: "12-3456789" }, "."],
  gst_hst_format: () => ["A GST/HST number looks like ", { strong: "123456789RT0001" }, "."],
  company_number_length: () => [
    "A company number has 8 characters, as in ",
    { strong: "09876541" },
    ".",
  ],
  mcc_format: () => ["A category code has 4 digits, as in ", { strong: "5462" }, "."],
  legal_name_differs: (f, s) => [
    f.detail
      ? `The account at ${s.provider} is in the name of `
      : `The name differs from the account at ${s.provider}`,
    ...(f.detail ? [{ strong: f.detail }] : []),
    ".",
  ],
};

/** The codes of findings that have words; `required` has them by kind of question. */
export const FINDING_CODES_WITH_WORDS: readonly string[] = ["required", ...Object.keys(FINDINGS)];

/** What is wrong and how to fix it; advice ends with "You can go on." */
export function findingText(
  finding: FindingView,
  field: FieldView | undefined,
  country: string,
  situation: Situation,
): RunningText {
  const words =
    finding.code === "required"
      ? [field ? requiredText(field, country) : "This is missing."]
      : (FINDINGS[finding.code]?.(finding, situation) ?? [
          `${situation.provider} would not take this answer. Look at it again.`,
        ]);
  return finding.blocks ? words : [...words, GO_ON];
}

/** The same as one thing to do: "Finish the postcode". */
export function findingTask(
  finding: FindingView,
  field: FieldView | undefined,
  country: string,
): string {
  if (!field) return finding.code === "too_many_owners" ? "Remove an owner" : "Look at an answer";
  const noun = lower(fieldLabel(field, country));
  if (finding.code === "required") {
    const choose = ["choice", "region", "country"].includes(field.kind);
    if (field.kind === "yes_no") return `Answer: ${noun}`;
    return choose ? `Choose the ${noun}` : `Fill in the ${noun}`;
  }
  if (finding.code.startsWith("postal_code") || finding.code === "date_format") {
    return `Finish the ${noun}`;
  }
  return `Check the ${noun}`;
}

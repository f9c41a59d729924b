// Answers as they are read out before sealing: in words, national numbers masked.
import type { DraftView } from "../../generated/DraftView";
import type { FieldView } from "../../generated/FieldView";
import { calendarDate, country as countryName } from "../../text/format";
import { choiceName, fieldLabel, onboarding } from "../../text/onboarding";
import { fieldCountry, isAsked } from "./fields";
import { masked, maskedLabel } from "./masks";
import { regions } from "./places";

export type Fact = { path: string; label: string; text: string; spoken?: string; empty: boolean };

type Value = (path: string) => string;

/** What was answered to these questions; an optional one without an answer is left out. */
export function facts(fields: readonly FieldView[], value: Value, fallback: string): Fact[] {
  return fields
    .filter((field) => isAsked(field, value, fallback))
    .filter((field) => !isPhoneNumber(field, fields))
    .map((field) => fact(field, fields, value, fallback))
    .filter((found) => !found.empty || requiredAt(fields, found.path));
}

function requiredAt(fields: readonly FieldView[], path: string): boolean {
  return fields.some((field) => field.path === path && field.required);
}

function isPhoneNumber(field: FieldView, fields: readonly FieldView[]): boolean {
  return field.kind === "phone_number" && fields[fields.indexOf(field) - 1]?.kind === "phone_code";
}

function fact(
  field: FieldView,
  fields: readonly FieldView[],
  value: Value,
  fallback: string,
): Fact {
  const { path, kind } = field;
  const country = fieldCountry(field, value, fallback);
  if (kind === "phone_code") {
    const number = fields[fields.indexOf(field) + 1];
    const typed = number ? value(number.path).trim() : "";
    const text = typed === "" ? "" : `${value(path).trim()} ${typed}`;
    return made(path, onboarding.phone, text);
  }
  const answer = value(path).trim();
  const label = fieldLabel(field, country);
  if (field.national && answer !== "") {
    return { ...made(path, label, masked(answer, kind)), spoken: maskedLabel(answer, kind) };
  }
  return made(path, label, inWords(field, answer, country));
}

function made(path: string, label: string, text: string): Fact {
  return { path, label, text: text === "" ? onboarding.notGiven : text, empty: text === "" };
}

function inWords(field: FieldView, answer: string, country: string): string {
  if (answer === "") return "";
  switch (field.kind) {
    case "date":
      return calendarDate(answer);
    case "country":
      return countryName(answer.toUpperCase());
    case "region":
      return regions(country).find((r) => r.value === answer.toUpperCase())?.label ?? answer;
    case "choice":
      return choiceName(answer);
    case "yes_no":
      return answer === "yes" ? onboarding.yes : answer === "no" ? onboarding.no : answer;
    default:
      return answer;
  }
}

/** The applicant's name for the consent: the owner's, else the account's. */
export function applicantName(view: DraftView, value: Value): string {
  const names = view.sections
    .flatMap((section) => section.fields)
    .filter((field) => field.kind === "name" || /(^|\.)full(_legal)?_name$/.test(field.path))
    .map((field) => value(field.path).trim())
    .filter((name) => name !== "");
  return names.join(" ") || view.account.name || onboarding.theApplicant;
}

import type { DetailView } from "../../generated/DetailView";
import { fieldLabel, optionLabel, words } from "../../text";
import { calendarDate, country } from "../../text/format";

/** One thing that is known of an applicant: one answer, or several that people read as one. */
export interface Fact {
  path: string;
  label: string;
  value: string;
  masked: boolean;
}

/** Answers that stand together: `owner.name.first` and `owner.name.last` are one name. */
const TOGETHER = /^(.*?)(name|phone|address)\.[a-z_0-9]+$/;

const f = words.detail.facts;

function labelOf(path: string): string {
  const owner = /^owners\.(\d+)\.(\w+)$/.exec(path);
  const last = path.split(".").pop() ?? path;
  const plain =
    last === "name"
      ? f.name
      : last === "phone"
        ? f.phone
        : last === "address"
          ? f.address
          : fieldLabel(path);
  if (owner) return f.another(Number(owner[1]) + 2, plain);
  switch (path) {
    case "owner.name":
      return f.ownerName;
    case "owner.address":
      return f.ownerAddress;
    case "entity.address":
      return f.entityAddress;
    default:
      return plain;
  }
}

function shown(detail: DetailView): string {
  if (/(^|\.)country$/.test(detail.path)) return country(detail.value);
  if (/(^|\.)(legal_form|is_beneficial_owner)$/.test(detail.path)) return optionLabel(detail.value);
  return calendarDate(detail.value);
}

/** The details as people read them, in the order in which they were asked. */
export function factsOf(details: DetailView[]): Fact[] {
  const facts = new Map<string, Fact>();
  for (const detail of details.filter((d) => d.value !== "")) {
    const match = TOGETHER.exec(detail.path);
    const path = match ? `${match[1]}${match[2]}` : detail.path;
    const before = facts.get(path);
    const joint = match?.[2] === "address" ? ", " : " ";
    facts.set(path, {
      path,
      label: labelOf(path),
      value: before ? `${before.value}${joint}${shown(detail)}` : shown(detail),
      masked: (before?.masked ?? false) || detail.masked,
    });
  }
  return [...facts.values()];
}

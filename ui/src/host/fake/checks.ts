// What the app says of answers: enough of its rules to draw every state of the form.
import type { DraftView } from "../../generated/DraftView";
import type { FieldView } from "../../generated/FieldView";
import type { FindingView } from "../../generated/FindingView";
import type { MissingView } from "../../generated/MissingView";
import type { PhotoView } from "../../generated/PhotoView";

/** Everything that can be said about the answers. */
export function findingsOf(draft: DraftView): FindingView[] {
  const fields = fieldsOf(draft);
  const value = (path: string): string => fields.find((f) => f.path === path)?.value.trim() ?? "";
  return fields.flatMap((field) => findingOf(field, value));
}

/** Everything that is missing before it can be sealed. */
export function missingOf(draft: DraftView, findings: readonly FindingView[]): MissingView[] {
  const missing: MissingView[] = [];
  const lack = (code: string, step: string, path: string | null, document: string | null = null) =>
    missing.push({ code, step, path, document });
  if (!draft.who) lack("who", "who", null);
  for (const { path } of findings.filter((finding) => finding.blocks)) {
    lack("answers", stepOf(draft, path), path);
  }
  const { owners } = draft;
  if (owners && !owners.none && owners.owners.length === 0) lack("owners", "owners", null);
  for (const purpose of draft.required_purposes) {
    const there = draft.documents.some(
      (choice) => choice.purpose === purpose && photosOf(draft, choice.kind).length > 0,
    );
    if (!there) lack("document", "documents", null, purpose);
  }
  for (const choice of draft.documents) {
    const photos = photosOf(draft, choice.kind);
    const gap = choice.sides.some((side) => !photos.some((photo) => photo.side === side));
    if (choice.all_sides && photos.length > 0 && gap) lack("side", "documents", null, choice.kind);
  }
  if (!draft.consent && draft.continues === null) lack("consent", "review", null);
  return missing;
}

function photosOf(draft: DraftView, kind: string): PhotoView[] {
  return draft.photos.filter(
    (p) => p.document === kind && (p.report.verdict !== "bad" || p.override_reason !== null),
  );
}

function stepOf(draft: DraftView, path: string): string {
  const section = draft.sections.find((s) => s.fields.some((f) => f.path === path));
  return section?.step ?? "owners";
}

function fieldsOf(draft: DraftView): FieldView[] {
  const owners = draft.owners && !draft.owners.none ? draft.owners.owners.flat() : [];
  return [...draft.sections.flatMap((s) => s.fields), ...owners];
}

type Said = Omit<FindingView, "path">;

function findingOf(field: FieldView, value: (path: string) => string): FindingView[] {
  const answer = field.value.trim();
  const country = field.country_path ? value(field.country_path) : "";
  const asked = field.kind !== "region" || country === "US" || country === "CA";
  if (answer === "") {
    return field.required && asked ? [{ path: field.path, ...block("required") }] : [];
  }
  const said = CHECKS[field.kind]?.(answer, country, field) ?? null;
  const kept = field.path.endsWith("name.first") ? keptName(field, value) : null;
  return [said, kept].flatMap((found) => (found ? [{ path: field.path, ...found }] : []));
}

function block(code: string, detail: string | null = null): Said {
  return { code, blocks: true, detail };
}
function warn(code: string, detail: string | null = null): Said {
  return { code, blocks: false, detail };
}

function keptName(field: FieldView, value: (path: string) => string): Said | null {
  const middle = value(field.path.replace(/first$/, "middle"));
  const whole = [field.value.trim(), middle].filter(Boolean).join(" ");
  return whole.length > 35 ? warn("name_cut", whole.slice(0, 35)) : null;
}

const POSTAL: Record<string, RegExp> = {
  US: /^\d{5}(-\d{4})?$/,
  CA: /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/i,
  GB: /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i,
};

type Check = (answer: string, country: string, field: FieldView) => Said | null;

const CHECKS: Record<string, Check> = {
  date: (answer) => {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(answer)) return block("date_format");
    const at = new Date(`${answer}T00:00:00Z`);
    if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== answer) {
      return block("date_impossible");
    }
    return answer > "2025-11-02" ? block("date_future") : null;
  },
  postal_code: (answer, country) =>
    (POSTAL[country]?.test(answer) ?? true)
      ? null
      : warn(`postal_code_${country.toLowerCase()}`, answer),
  email: (answer) => (/^\S+@\S+\.\S+$/.test(answer) ? null : warn("email_format")),
  url: (answer) => (/^https?:\/\/\S+\.\S+$/.test(answer) ? null : warn("url_format")),
  phone_code: (answer) => (/^\+?\d{1,3}$/.test(answer) ? null : block("phone_code_format")),
  phone_number: (answer) =>
    /^[\d\s()./-]{4,20}$/.test(answer) ? null : block("phone_number_format"),
  merchant_category: (answer) => (/^\d{4}$/.test(answer) ? null : block("mcc_format")),
  company_number: (answer) =>
    answer.replaceAll(" ", "").length === 8 ? null : warn("company_number_length"),
  social_security_number: (answer, _country, field) => {
    if (/^(\d{3}-\d{2}-\d{4}|\d{9})$/.test(answer)) return null;
    if (field.last_4 && /^\d{4}$/.test(answer)) return null;
    return block(field.last_4 && answer.length <= 4 ? "ssn_last4_format" : "ssn_format");
  },
};

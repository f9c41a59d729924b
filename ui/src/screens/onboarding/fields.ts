// How questions are laid out: pairs that belong together, six columns, rows with their notes.
import type { DraftView } from "../../generated/DraftView";
import type { FieldView } from "../../generated/FieldView";
import { asksRegion } from "./places";

/** One control: a question, or a phone's code and number side by side. */
export type Cell = {
  span: 2 | 3 | 4 | 6;
  field: FieldView;
  /** The number of a phone whose code is `field`. */
  second?: FieldView;
};

export type Row = { cells: Cell[] };

/** All questions of a draft that are asked now, further owners included. */
export function allFields(view: DraftView): FieldView[] {
  const owners = view.owners && !view.owners.none ? view.owners.owners.flat() : [];
  return [...view.sections.flatMap((section) => section.fields), ...owners];
}

/** The questions of one step. */
export function stepFields(view: DraftView, step: string): FieldView[] {
  if (step === "owners") {
    return view.owners && !view.owners.none ? view.owners.owners.flat() : [];
  }
  return view.sections.filter((s) => s.step === step).flatMap((s) => s.fields);
}

/** The country that decides a question's words: that of its address, else the applicant's. */
export function fieldCountry(
  field: FieldView,
  value: (path: string) => string,
  fallback: string,
): string {
  const path = field.country_path ?? neighbour(field.path);
  return (path === null ? "" : value(path)).trim().toUpperCase() || fallback;
}

function neighbour(path: string): string | null {
  const parts = path.split(".");
  return parts.at(-2) === "address" ? [...parts.slice(0, -1), "country"].join(".") : null;
}

/** Whether a question is asked at all in its country. */
export function isAsked(
  field: FieldView,
  value: (path: string) => string,
  fallback: string,
): boolean {
  return field.kind !== "region" || asksRegion(fieldCountry(field, value, fallback));
}

const SPANS: Record<string, Cell["span"]> = {
  long_text: 6,
  street: 4,
  name: 2,
  date: 2,
  phone_code: 2,
  phone_number: 2,
  email: 2,
  postal_code: 2,
  region: 2,
  country: 2,
  merchant_category: 2,
};

/** One line of text that takes the whole row. */
const WHOLE = /^(full_address|legal_name|legal_entity_name)$/;

function span(field: FieldView): Cell["span"] {
  const tail = field.path.split(".").at(-1) ?? "";
  if (field.kind === "text" && field.path.includes("address.")) return 2;
  if (field.kind === "text" && WHOLE.test(tail)) return 6;
  return SPANS[field.kind] ?? 3;
}

/** Joins phones, then fills rows of six columns; an address with a region takes two rows of halves. */
export function rows(fields: readonly FieldView[]): Row[] {
  const cells = joined(fields);
  const halves = cells.some((cell) => cell.field.kind === "region");
  const found: Row[] = [];
  let row: Row = { cells: [] };
  let used = 0;
  for (const cell of cells) {
    const wide = halves && isTownCell(cell) ? { ...cell, span: 3 as const } : cell;
    if (used > 0 && (used + wide.span > 6 || wide.field.kind === "street")) {
      found.push(row);
      row = { cells: [] };
      used = 0;
    }
    row.cells.push(wide);
    used += wide.span;
  }
  if (row.cells.length > 0) found.push(row);
  return found;
}

function isTownCell(cell: Cell): boolean {
  const { kind, path } = cell.field;
  return (
    kind === "region" ||
    kind === "postal_code" ||
    (kind === "country" && path.includes("address.")) ||
    path.endsWith(".city")
  );
}

function joined(fields: readonly FieldView[]): Cell[] {
  const cells: Cell[] = [];
  for (const [index, field] of fields.entries()) {
    if (field.kind === "phone_number" && fields[index - 1]?.kind === "phone_code") continue;
    const next = fields[index + 1];
    const second = field.kind === "phone_code" && next?.kind === "phone_number" ? next : undefined;
    cells.push({ span: span(field), field, second });
  }
  return cells;
}

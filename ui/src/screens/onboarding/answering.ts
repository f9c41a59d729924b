import type { FindingView } from "../../generated/FindingView";

/** Who keeps the answers while questions are asked: a draft, or a correction. */
export interface Answering {
  /** The answer as it stands on the screen. */
  value(path: string): string;
  /** What is to be said about it now. */
  findings(path: string): FindingView[];
  /** Something was typed or chosen. */
  type(path: string, value: string): void;
  /** The question was left. */
  leave(path: string): void;
}

/** What a control needs to be found, named and described. */
export interface ControlMarks {
  id: string;
  "aria-invalid": "true" | undefined;
  "aria-describedby": string | undefined;
  "aria-required": "true" | undefined;
}

/** The element id of a question, and of the note about it. */
export function fieldId(path: string): string {
  return `f-${path.replaceAll(".", "-")}`;
}

export function noteId(path: string): string {
  return `${fieldId(path)}-said`;
}

// Sections as they are headed: one without a heading goes on with the one before.
import type { DraftView } from "../../generated/DraftView";
import type { FieldView } from "../../generated/FieldView";
import { sectionTitle, type Situation } from "../../text/onboarding";

export type SectionGroup = { id: string; step: string; title: string; fields: FieldView[] };

/** The questions of a step, or of all steps, under their headings. */
export function sectionGroups(
  view: DraftView,
  step: string | null,
  situation: Situation,
): SectionGroup[] {
  const groups: SectionGroup[] = [];
  for (const section of view.sections) {
    if (step !== null && section.step !== step) continue;
    const title = sectionTitle(section.id, situation);
    const before = groups.at(-1);
    if (title === "" && before?.step === section.step) before.fields.push(...section.fields);
    else groups.push({ id: section.id, step: section.step, title, fields: [...section.fields] });
  }
  return groups;
}

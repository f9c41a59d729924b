// Papers of a draft: grouped by what they prove, with their photos and what is still missing.
import type { DocumentChoiceView } from "../../generated/DocumentChoiceView";
import type { DraftView } from "../../generated/DraftView";
import type { PhotoView } from "../../generated/PhotoView";

export type Need = "asked" | "required" | "advised" | "none";

export type Paper = {
  choice: DocumentChoiceView;
  photos: PhotoView[];
  /** The side to photograph next. */
  next: string;
  /** Sides without a photo. */
  open: string[];
};

export type PaperGroup = { purpose: string; need: Need; papers: Paper[]; more: Paper[] };

/** Papers beyond this many stand behind "more". */
const SHOWN_MAX = 3;

/** Groups in the order of need; papers with photos always stand in front. */
export function paperGroups(view: DraftView): PaperGroup[] {
  const purposes = [...new Set(view.documents.map((choice) => choice.purpose))];
  const groups = purposes.map((purpose) => groupOf(view, purpose));
  const rank: Record<Need, number> = { asked: 0, required: 1, advised: 2, none: 3 };
  return groups.sort((a, b) => rank[a.need] - rank[b.need]);
}

function groupOf(view: DraftView, purpose: string): PaperGroup {
  const all = view.documents
    .filter((choice) => choice.purpose === purpose)
    .map((choice) => paper(view, choice));
  const begun = all.filter((p) => p.photos.length > 0 || isAskedFor(view, p.choice.kind));
  const rest = all.filter((p) => !begun.includes(p));
  const room = Math.max(0, SHOWN_MAX - begun.length);
  // One paper alone behind "more" would take the room of the button that shows it.
  const shown = rest.length <= room + 1 ? rest.length : room;
  return {
    purpose,
    need: needOf(view, all, purpose),
    papers: [...begun, ...rest.slice(0, shown)],
    more: rest.slice(shown),
  };
}

function isAskedFor(view: DraftView, kind: string): boolean {
  return view.asked_documents.includes(kind);
}

function needOf(view: DraftView, papers: readonly Paper[], purpose: string): Need {
  if (papers.some((p) => isAskedFor(view, p.choice.kind))) return "asked";
  if (view.required_purposes.includes(purpose)) return "required";
  return view.advised_purposes.includes(purpose) ? "advised" : "none";
}

/** A paper with its photos and the sides that are missing. */
export function paper(view: DraftView, choice: DocumentChoiceView): Paper {
  const photos = choice.sides.flatMap((side) => photoOf(view, choice.kind, side) ?? []);
  const open = choice.sides.filter((side) => !photoOf(view, choice.kind, side));
  return { choice, photos, open, next: open[0] ?? choice.sides[0] ?? "front" };
}

/** The photo of a side; the newest one counts. */
export function photoOf(view: DraftView, kind: string, side: string): PhotoView | undefined {
  return view.photos
    .filter((photo) => photo.document === kind && photo.side === side)
    .sort((a, b) => b.taken_ms - a.taken_ms)[0];
}

/** Whether a photo may go out: good enough, or used with a reason. */
export function counts(photo: PhotoView): boolean {
  return photo.report.verdict !== "bad" || photo.override_reason !== null;
}

/** Photos that were judged bad and are not used with a reason: they are to be taken again. */
export function poorPhotos(view: DraftView): PhotoView[] {
  return view.photos.filter((photo) => !counts(photo));
}

/** Papers in the photos that this provider does not take here. */
export function strangers(view: DraftView): PhotoView[] {
  return view.photos.filter(
    (photo) => !view.documents.some((choice) => choice.kind === photo.document),
  );
}

// The steps of a draft, where each stands, and what is left to do.
import type { DraftView } from "../../generated/DraftView";
import type { IconName } from "../../parts/icons";
import { purposeTask, retakeTask, sideTask } from "../../text/capture";
import { documentInSentence } from "../../text/documents";
import { findingTask } from "../../text/findings";
import { kindName, onboarding, stepTask } from "../../text/onboarding";
import { poorPhotos } from "./documents";
import type { DraftSession } from "./draft.svelte";
import { fieldCountry } from "./fields";
import { country as countryName } from "../../text/format";

export type Todo = {
  key: string;
  text: string;
  icon: IconName;
  bad: boolean;
  step: string;
  path?: string;
};

/** The steps of this draft, in order. Which questions there are depends on who it is for. */
export function stepIds(view: DraftView): string[] {
  const asked = [...new Set(view.sections.map((section) => section.step))];
  const known = asked.length > 0 ? asked : ["entity", "owner"];
  const owners = view.owners ? ["owners"] : [];
  return ["account", "who", ...known, ...owners, "documents", "review", "seal"];
}

/** Needed purposes of which no paper is there. */
function neededPurposes(view: DraftView): string[] {
  return view.required_purposes.filter(
    (purpose) =>
      !view.documents.some(
        (choice) =>
          choice.purpose === purpose && view.photos.some((photo) => photo.document === choice.kind),
      ),
  );
}

/** Whether nothing on this step stands in the way of sealing. */
export function isComplete(view: DraftView, step: string): boolean {
  if (step === "documents" && poorPhotos(view).length > 0) return false;
  return !view.missing.some((missing) => missing.step === step);
}

/** The step on which to go on: the first one that lacks something. */
export function firstOpenStep(view: DraftView): string {
  if (!view.who) return "who";
  return stepIds(view).find((step) => !isComplete(view, step)) ?? "review";
}

/** The line under a step's name. */
export function stepLine(draft: DraftSession, step: string): { text: string; bad: boolean } {
  const poor = step === "documents" ? poorPhotos(draft.view).length : 0;
  const faults = draft.shownFaults(step).length + poor;
  if (faults > 0) return { text: onboarding.toFix(faults), bad: true };
  return { text: plainLine(draft, step), bad: false };
}

function plainLine(draft: DraftSession, step: string): string {
  const { view } = draft;
  switch (step) {
    case "account":
      return `${view.account.provider_name} ${view.account.remote_id}`;
    case "who":
      return view.who ? `${kindName(view.who.kind)}, ${countryName(view.who.country)}` : "";
    case "entity":
      return legalName(draft);
    case "owner":
      return ownerName(draft, "owner");
    case "owners":
      return ownersLine(view);
    case "documents":
      return documentsLine(view);
    case "review":
      return "";
    case "seal":
      return "Then it is safe to go offline";
    default:
      return "";
  }
}

function ownersLine(view: DraftView): string {
  const { owners } = view;
  if (!owners) return "";
  if (owners.none) return onboarding.nobody;
  const count = owners.owners.length;
  if (count === 0) return "More than 25\u202f% each";
  return count === 1 ? "1 other owner" : `${count} other owners`;
}

function documentsLine(view: DraftView): string {
  const needed = neededPurposes(view).length;
  if (needed > 0) return onboarding.needed(needed);
  const photos = view.photos.length;
  if (photos > 0) return photos === 1 ? "1 photo" : `${photos} photos`;
  return view.photos_on_request ? "Not needed now" : "";
}

/** The name of the entity, as typed. */
export function legalName(draft: DraftSession): string {
  const field = draft.view.sections
    .flatMap((section) => section.fields)
    .find((f) => /(^|\.)legal(_entity)?_name$/.test(f.path));
  return field ? draft.value(field.path).trim() : "";
}

/** "O. C. Balogun": initials of the given names and the last name, as typed. */
export function ownerName(draft: DraftSession, place: string, whole = false): string {
  const at = (tail: string): string => draft.value(`${place}.${tail}`).trim();
  const last = at("name.last");
  const given = at("name.first").split(/\s+/).filter(Boolean);
  if (whole) return [at("name.first"), at("name.middle"), last].filter(Boolean).join(" ");
  if (last === "") return given.join(" ");
  return [...given.map((name) => `${name.charAt(0)}.`), last].join(" ");
}

/** Who is onboarded, in the fewest words. */
export function draftName(draft: DraftSession): string {
  return legalName(draft) || draft.view.account.name || ownerName(draft, "owner", true);
}

/** What is left to do, in the order of the steps; at most three answers are named one by one. */
export function todos(draft: DraftSession): Todo[] {
  const { view } = draft;
  const found: Todo[] = [];
  for (const step of stepIds(view)) {
    const faults = draft.shownFaults(step).slice(0, 3);
    for (const fault of faults) {
      const field = draft.field(fault.path);
      const country = field ? fieldCountry(field, draft.value, view.who?.country ?? "") : "";
      const text = findingTask(fault, field, country);
      found.push({ key: fault.path, text, icon: "bad", bad: true, step, path: fault.path });
    }
    const open = faults.length === 0 && !isComplete(view, step);
    if (open) found.push(...stepTodos(view, step));
  }
  return found;
}

function stepTodos(view: DraftView, step: string): Todo[] {
  if (step === "documents") return documentTodos(view);
  if (step === "review") {
    return [{ key: step, text: onboarding.readConsent, icon: "draft", bad: false, step }];
  }
  const named = step === "owners" && (view.owners?.owners.length ?? 0) > 0;
  const text = named ? onboarding.finishOwners : stepTask(step, view.who?.kind ?? "");
  const icon: IconName = step === "entity" ? "shop" : "user";
  return [{ key: step, text, icon, bad: false, step }];
}

function documentTodos(view: DraftView): Todo[] {
  const step = "documents";
  const again = poorPhotos(view).map((photo): Todo => {
    const text = retakeTask(photo.document);
    return { key: photo.id, text, icon: "bad", bad: true, step };
  });
  return [...again, ...missingPapers(view, step)];
}

function missingPapers(view: DraftView, step: string): Todo[] {
  return (
    view.missing
      // Photos to take again are named one by one already.
      .filter((missing) => missing.step === step && missing.code !== "photo")
      .map((missing) => {
        const of = missing.document ?? "";
        const key = `${missing.code} ${of}`;
        switch (missing.code) {
          case "side":
            return { key, step, text: openSideTask(view, of), icon: "camera", bad: false };
          case "unsupported":
            return {
              key,
              step,
              text: `Remove the ${documentInSentence(of)}`,
              icon: "bad",
              bad: true,
            };
          default:
            return {
              key,
              step,
              text: of === "" ? onboarding.takeAPhoto : purposeTask(of),
              icon: of === "identity" ? "id" : "page",
              bad: false,
            };
        }
      })
  );
}

function openSideTask(view: DraftView, kind: string): string {
  const sides = view.documents.find((choice) => choice.kind === kind)?.sides ?? [];
  const open = sides.find(
    (side) => !view.photos.some((photo) => photo.document === kind && photo.side === side),
  );
  return sideTask(kind, open ?? sides[0] ?? "front");
}

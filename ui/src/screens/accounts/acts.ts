import type { AccountView } from "../../generated/AccountView";
import { host } from "../../host";
import { router } from "../../state/router.svelte";
import { toasts } from "../../state/toasts.svelte";
import { words } from "../../text";
import type { Action } from "../../text/codes";
import type { IconName } from "../../parts/icons";

export const ACTION_ICON: Partial<Record<Action, IconName>> = {
  retake: "camera",
  take_full_set: "camera",
  add_documents: "camera",
  add_missing: "camera",
  choose_another: "page",
  send_smaller: "send",
  send_again: "send",
  release: "send",
  try_again: "refresh",
  enter_key: "key",
  continue: "draft",
  start: "plus",
  export: "copy",
};

/** Dialogs that an action can ask for before it acts. */
export type Asking = "overwrite" | "compare" | "withdraw" | "photo";

/** One paper asked for and nothing taken yet: the camera is the next thing, the list waits behind it. */
export async function retake(account: string): Promise<void> {
  const draft = await host().retakeStart(account);
  router.go({ name: "onboarding", draft: draft.id });
  const [only, ...others] = draft.asked_documents;
  const choice = draft.documents.find((d) => d.kind === only);
  const [side] = choice?.sides ?? [];
  if (choice && side && others.length === 0 && draft.photos.length === 0) {
    router.go({ name: "capture", draft: draft.id, document: choice.kind, side });
  }
}

async function correct(view: AccountView, kind: string): Promise<void> {
  await host().submissionCorrect({ submission: view.submission ?? "", kind, answers: [] });
  toasts.say(words.detail.asked);
}

/** Text for a support person: codes, times and states, nothing about the applicant. */
export function supportText(view: AccountView): string {
  const next = view.next;
  return [
    `${view.row.provider_name} ${view.row.remote_id}`,
    `submission ${view.submission ?? "none"}`,
    `state ${view.state || "none"}; provider says ${view.provider_word || "nothing"}`,
    next ? `next ${next.line.code} ${next.line.reason ?? ""} ${next.detail ?? ""}`.trim() : "",
    ...view.history.map((h) =>
      `${new Date(h.at_ms).toISOString()} ${h.code} ${h.detail ?? ""}`.trim(),
    ),
  ]
    .filter(Boolean)
    .join("\n");
}

/** Does what a person chose; an answer names the dialog that must ask first. */
export async function act(action: Action, view: AccountView): Promise<Asking | undefined> {
  const { row, submission } = view;
  switch (action) {
    case "start":
    case "continue": {
      const draft = row.draft ?? (await host().draftStart(row.id)).id;
      router.go({ name: "onboarding", draft });
      return undefined;
    }
    case "retake":
    case "choose_another":
    case "add_missing":
    case "add_documents":
    case "take_full_set":
      await retake(row.id);
      return undefined;
    case "fix_answers":
    case "full_number":
      router.go({
        name: "correct",
        submission: submission ?? "",
        account: row.id,
        kind: action === "full_number" ? "full_number" : "answers",
      });
      return undefined;
    case "send_smaller":
      await host().submissionLighten(submission ?? "");
      toasts.say(words.detail.sentAgain, "send");
      return undefined;
    case "send_again":
    case "try_again":
      await correct(view, "try_again");
      return undefined;
    case "follow":
      await correct(view, "follow");
      return undefined;
    case "release":
      await host().submissionRelease(submission ?? "");
      toasts.say(words.detail.sentAgain, "send");
      return undefined;
    case "enter_key":
      router.go({ name: "connection", id: row.connection });
      return undefined;
    case "export":
      await navigator.clipboard.writeText(supportText(view));
      toasts.say(words.common.copied, "copy");
      return undefined;
    case "confirm_overwrite":
      return "overwrite";
    case "compare":
      return "compare";
    case "see_photo":
      return "photo";
    case "withdraw":
      return "withdraw";
  }
}

/** Confirms that what the provider holds may be replaced. */
export function overwrite(view: AccountView): Promise<void> {
  return correct(view, "overwrite");
}

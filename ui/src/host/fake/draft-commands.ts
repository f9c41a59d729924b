import type { DraftView } from "../../generated/DraftView";
import type { PhotoView } from "../../generated/PhotoView";
import { now } from "../../state/clock.svelte";
import type { Host } from "../host";
import { line } from "./accounts";
import { newDraft, retakeDraft, settled, withAnswers, withoutOwner, withWho } from "./drafts";
import type { DraftCommands } from "./frame-commands";
import { refuse } from "./refuse";
import { badReport, goodReport, judged, photoOf } from "./photos";
import { photoBytes } from "./pictures";
import type { World } from "./world";

/** Drafts and photos. */
export function fakeDrafts(world: World): Pick<Host, DraftCommands> {
  return { ...answers(world), ...photos(world) };
}

function open(world: World, id: string): DraftView {
  return world.drafts.get(id) ?? refuse("unknown_draft");
}

function keep(world: World, draft: DraftView): DraftView {
  world.drafts.set(draft.id, draft);
  return draft;
}

function answers(world: World) {
  const rowOf = (id: string) =>
    world.rows.find((row) => row.id === id) ?? refuse("unknown_account");
  const change = (id: string, more: Partial<DraftView>) =>
    keep(world, settled({ ...open(world, id), ...more }));
  return {
    draftStart: async (account) => {
      const row = rowOf(account);
      const id = row.draft ?? `draft-${account}`;
      const known = world.drafts.get(id);
      if (known) return known;
      Object.assign(row, {
        draft: id,
        group: "draft",
        line: line("draft"),
        action: "continue",
        at_ms: now(),
      });
      const draft = keep(world, newDraft(row, id));
      world.tell();
      return draft;
    },
    draftShow: async (id) => open(world, id),
    draftWho: async (id, kind, country) => keep(world, withWho(open(world, id), kind, country)),
    draftAnswer: async (id, given) => keep(world, withAnswers(open(world, id), given)),
    draftStep: async (id, step) => keep(world, { ...open(world, id), step }),
    draftNoOwners: async (id, none) => {
      const { owners } = open(world, id);
      return change(id, { owners: owners && { ...owners, none } });
    },
    draftOwnerRemove: async (id, index) => keep(world, withoutOwner(open(world, id), index)),
    draftConsent: async (id, given) =>
      change(id, { consent: given ? { text_id: "consent.v1", given_ms: now() } : null }),
    draftDiscard: async (id) => {
      const draft = open(world, id);
      world.drafts.delete(id);
      Object.assign(rowOf(draft.account.id), {
        draft: null,
        group: "not_started",
        line: line("not_started"),
        action: "start",
      });
      world.tell();
    },
    draftSeal: async (id) => {
      const draft = open(world, id);
      if (draft.missing.length > 0) refuse("missing_answers");
      world.drafts.delete(id);
      Object.assign(rowOf(draft.account.id), {
        draft: null,
        group: "waiting",
        line: line("waiting_no_network"),
        action: null,
        at_ms: now(),
      });
      world.tell();
      return {
        account: draft.account.id,
        submission: `submission-${draft.account.id}`,
        name: draft.account.name,
      };
    },
    retakeStart: async (account) => {
      const row = rowOf(account);
      const asked = world.accounts.get(account)?.next?.documents ?? [];
      return keep(world, retakeDraft(row, `retake-${account}`, asked));
    },
  } satisfies Partial<Host>;
}

function photos(world: World) {
  const swap = (id: string, photo: PhotoView) => {
    const draft = open(world, id);
    const others = draft.photos.filter(
      (p) => p.document !== photo.document || p.side !== photo.side,
    );
    return keep(world, settled({ ...draft, photos: [...others, photo] }));
  };
  return {
    photoAdd: async (draft, document, side, picture) => {
      const before = open(world, draft).photos.find(
        (p) => p.document === document && p.side === side,
      );
      const report = judged(picture);
      const photo = photoOf(document, side, report, before ? before.retakes + 1 : 0);
      swap(draft, photo);
      return photo;
    },
    photoRemove: async (id, photo) => {
      const draft = open(world, id);
      return keep(world, settled({ ...draft, photos: draft.photos.filter((p) => p.id !== photo) }));
    },
    photoUse: async (id, photo, reason) => {
      if (!reason.trim()) refuse("required", { path: "reason" });
      const draft = open(world, id);
      const used = draft.photos.map((p) =>
        p.id === photo ? { ...p, override_reason: reason } : p,
      );
      return keep(world, settled({ ...draft, photos: used }));
    },
    photoTurn: async (id, photo, quarters) => {
      const found = open(world, id).photos.find((p) => p.id === photo) ?? refuse("unknown_photo");
      const turned =
        quarters % 2 === 0 ? found : { ...found, width: found.height, height: found.width };
      swap(id, turned);
      return turned;
    },
    photoBytes: async (id) => {
      const known = [...world.drafts.values()].flatMap((draft) => draft.photos);
      const photo = known.find((p) => p.id === id);
      return photoBytes(
        photo?.document ?? "passport",
        photo?.side ?? "front",
        photo?.report.glare ?? null,
      );
    },
    frameJudge: async () => (world.near ? goodReport() : badReport()),
  } satisfies Partial<Host>;
}

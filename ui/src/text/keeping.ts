// Words about how long evidence is kept, and about forgetting an account.
import { count, plural } from "./format";

const photos = (n: number) => `${count(n)} ${plural(n, "photo", "photos")}`;

const day = 24;

/** "24 hours", "30 days", "Until you forget it". */
export function keptFor(hours: number | null): string {
  if (hours === null) return "Until somebody forgets it";
  if (hours === 0) return "Not at all";
  if (hours % day === 0) return `${count(hours / day)} ${plural(hours / day, "day", "days")}`;
  return `${count(hours)} ${plural(hours, "hour", "hours")}`;
}

export const keeping = {
  keeping: {
    text: "What the provider has decided on need not stay on this device. Satchel forgets it by itself: it deletes the keys, and without them nothing opens.",
    photos: "Photos",
    details: "Answers, history and name",
    ends: {
      verified: "After the provider verified it",
      failed: "After the provider did not accept it",
      withdrawn: "After it was taken back",
    },
    stays:
      "What stays is the provider’s account number, how it ended, the dates, and who had it forgotten.",
    photosShorter: "Photos go with the answers at the latest.",
    now: "What is due",
    act: "Forget it now",
    nowText: "Satchel looks every ten minutes as well.",
    nowDone: (n: number, p: number) =>
      n + p === 0
        ? "Nothing was due."
        : `Forgotten: ${count(n)} ${plural(n, "submission", "submissions")}, photos of ${count(p)} more.`,
    withoutPhotos: "Without photos already",
    forgotten: "Forgotten accounts",
  },
  forget: {
    open: "Forget this account",
    title: (name: string) => `Forget ${name} on this device?`,
    goes: (answers: boolean, n: number, draft: boolean) => {
      const parts = ["name"];
      if (answers) parts.push("answers", "history");
      if (draft) parts.push("the open draft");
      if (n > 0) parts.push(photos(n));
      const last = parts.pop() ?? "";
      const list = parts.length > 0 ? `${parts.join(", ")} and ${last}` : last;
      return `${list.charAt(0).toUpperCase()}${list.slice(1)} go. Nobody can bring them back, not with the passphrase either.`;
    },
    means: {
      nothing_sent: (): string => "Nothing of it was sent.",
      taken_back: (p: string): string => `It was not sent yet. ${p} will never receive it.`,
      with_provider: (p: string): string =>
        `${p} has it and keeps it. This device no longer asks how it goes, and sends no more photos.`,
      verified: (p: string): string => `${p} verified it and keeps what it has.`,
      failed: (p: string): string => `${p} did not accept it and keeps what it has.`,
    },
    stays: (number: string) => `The number ${number}, how it ended and the dates stay.`,
    inFlight: (p: string) =>
      `Something of it may still be on its way to ${p}. It can be forgotten once that is settled; Satchel finds out by itself.`,
    damaged:
      "Its record is damaged, so what is on its way cannot be known. An administrator can restore it from a copy.",
    act: "Forget it",
    later: "Forget it once settled",
    keep: "Keep it",
    close: "Close",
    done: "Forgotten on this device",
    queued: "It is forgotten on this device as soon as what is out is settled.",
    stone: "What is left of it",
    sealed: "Sealed",
    ended: {
      verified: "Verified",
      failed: "Not accepted",
      withdrawn: "Taken back",
    },
    at: "Forgotten",
    by: (who: string) => (who ? `by ${who}` : "by Satchel, its time was over"),
  },
} as const;

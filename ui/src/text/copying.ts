// Words about taking a copy of what was set aside.
import { count, plural } from "./format";

export const copying = {
  copy: {
    title: (name: string) => `Take a copy of ${name} out of Satchel?`,
    text: "The copy is not encrypted. Whoever gets the folder can read all of it: names, numbers, photos. Delete it once nobody needs it.",
    stays:
      "The original stays here, set aside. That you took a copy, and when, stands in its history.",
    folder: "New folder",
    folderHelp: "Its whole path. Satchel makes it for you alone.",
    passphrase: "Passphrase, once more",
    wrong: "That is not the passphrase.",
    needed: "Enter the passphrase of this vault.",
    act: "Make the copy",
    keep: "Keep it here",
    doneTitle: "The copy is made",
    done: (photos: number, bytes: string) =>
      `The answers and ${count(photos)} ${plural(photos, "photo", "photos")}, ${bytes}, not encrypted, in`,
  },
} as const;

// Words of the audit log.
import type { AuditEntryView } from "../generated/AuditEntryView";
import { count, plural } from "./format";

type Say = (entry: AuditEntryView) => string;

const n = (entry: AuditEntryView) => Number(entry.detail ?? 0);
const times = (k: number) => `${count(k)} ${plural(k, "try", "tries")}`;
const photos = (k: number) => `${count(k)} ${plural(k, "photo", "photos")}`;

const LOCKS: Record<string, string> = {
  hand: "Locked by hand",
  idle: "Locked after a while without use",
};

/** What each entry of the audit log says. */
export const AUDIT_EVENTS = {
  vault_created: () => "Made this vault",
  unlocked: (e) => (n(e) > 0 ? `Unlocked, after ${times(n(e))} that failed` : "Unlocked"),
  locked: (e) => LOCKS[e.detail ?? ""] ?? "Locked",
  operator_changed: (e) => `Changed the name at the device to ${e.detail ?? ""}`,
  idle_lock_changed: (e) =>
    n(e) === 0
      ? "Set the lock to never"
      : `Set the lock to ${count(Math.round(n(e) / 60))} minutes without use`,
  retention_changed: () => "Changed how long evidence is kept",
  connection_saved: () => "Saved a connection",
  recovered: () => "Opened it with the recovery key",
  person_added: (e) => `Gave ${e.detail ?? "somebody"} a passphrase`,
  person_removed: () => "Took a passphrase away",
  passphrase_changed: () => "Changed the passphrase",
  recovery_changed: () => "Changed the recovery key",
  paused: () => "Paused sending",
  resumed: () => "Let sending go on",
  account_added: () => "Added the account",
  accounts_imported: (e) => `Imported ${count(n(e))} ${plural(n(e), "account", "accounts")}`,
  account_forgotten: () => "Forgot the account",
  draft_discarded: () => "Deleted the draft",
  sealed: (e) => (n(e) > 0 ? `Sealed it, with ${photos(n(e))} used all the same` : "Sealed it"),
  photos_added: (e) =>
    n(e) > 0 ? `Sealed more photos, ${count(n(e))} used all the same` : "Sealed more photos",
  corrected: () => "Corrected it",
  released: () => "Let it go on",
  revealed: () => "Looked at the details",
  exported: (e) => `Took a copy out, with ${photos(n(e))}`,
  withdrawn: () => "Took it back",
  restored: () => "Restored from a copy",
  photos_forgotten: () => "Forgot the photos",
  purged: () => "Forgot answers, photos and history",
  audit_exported: () => "Took a copy of this log",
  backup_made: () => "Made a backup",
  backup_restored: () => "Restored a backup",
  pack_made: (e) => `Moved ${count(n(e))} away in a pack`,
  pack_taken: (e) => `Took ${count(n(e))} in from a pack`,
} satisfies Record<string, Say>;

export function auditWords(entry: AuditEntryView): string {
  const say: Say | undefined =
    entry.event in AUDIT_EVENTS
      ? AUDIT_EVENTS[entry.event as keyof typeof AUDIT_EVENTS]
      : undefined;
  return say ? say(entry) : entry.event.replaceAll("_", " ");
}

export const activity = {
  activity: {
    text: "Who did what on this device, newest first. Each entry is chained to the one before, so a change shows.",
    intact: (total: number) =>
      `${count(total)} ${plural(total, "entry", "entries")}, each as it was written`,
    faults: {
      changed: "was changed, or does not open",
      out_of_order: "is not where it belongs",
      cut_off: "and all that followed are missing",
      log_differs: "names a history that says something else",
    },
    faultTitle: "This log was touched",
    fault: (at: number, how: string) =>
      `Entry ${count(at)} ${how}. What stands before it is whole. Ask an administrator to compare it with an earlier copy.`,
    satchel: "Satchel",
    more: "Show older entries",
    copy: "Take a copy of the log",
    copyText:
      "A file with codes in place of names. “satchelctl audit verify” tells whether anybody edited it.",
    copyFile: "New file",
    copyHelp: "Its whole path, such as /home/amara/audit.jsonl.",
    copyAct: "Make the copy",
    copied: (entries: number) => `${count(entries)} entries are in the file.`,
    empty: "Nothing was done yet.",
    when: "When",
    who: "Who",
    what: "What",
  },
} as const;

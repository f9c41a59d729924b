// Words for documents, history, network, connections and imports.
import type { BannerView } from "../generated/BannerView";
import type { DocumentView } from "../generated/DocumentView";
import type { HistoryView } from "../generated/HistoryView";
import type { ImportLineView } from "../generated/ImportLineView";
import type { NetworkView } from "../generated/NetworkView";
import type { IconName } from "../parts/icons";
import type { Tone } from "../parts/tones";
import {
  BANNERS,
  CHECK_CODES,
  DOCUMENT_STATES,
  HISTORY_CODES,
  IMPORT_CODES,
  isOneOf,
  NETWORK_KINDS,
  type BannerCode,
  type DocumentState,
  type HistoryCode,
  type ImportCode,
  type NetworkKind,
} from "./codes";
import { rejected } from "./documents";
import { words } from "./en";
import { count, date, whenExactly } from "./format";

interface Shown {
  tone: Tone;
  text: string;
}

const at = (d: DocumentView) => (d.at_ms === null ? "" : ` ${date(d.at_ms)}`);

const DOCUMENT_WORDS: Record<DocumentState, (d: DocumentView, p: string) => Shown> = {
  here: (d) => ({ tone: "wait", text: `Sealed here${at(d)}` }),
  sending: () => ({ tone: "wait", text: "Sending" }),
  sent: (d) => ({ tone: "wait", text: `Sent${at(d)}` }),
  in_review: (d) => ({
    tone: "review",
    text: d.at_ms === null ? "In review" : `In review since${at(d)}`,
  }),
  verified: (d) => ({ tone: "good", text: `Verified${at(d)}` }),
  rejected: (d) => ({ tone: "bad", text: `Rejected${at(d)}: ${rejected(d.reason).short}` }),
  not_accepted: () => ({ tone: "bad", text: "Not accepted" }),
  unknown: (d, p) => ({ tone: "review", text: d.word ? `${p} says “${d.word}”` : `With ${p}` }),
};

export function documentState(document: DocumentView, provider: string): Shown {
  const code = isOneOf(DOCUMENT_STATES, document.state) ? document.state : "unknown";
  return DOCUMENT_WORDS[code](document, provider);
}

interface HistoryShown {
  text: string;
  tone: Tone | null;
}

const HISTORY_WORDS: Record<HistoryCode, (h: HistoryView) => HistoryShown> = {
  sealed: () => ({ text: "Sealed here", tone: null }),
  sent: () => ({ text: "Sent", tone: null }),
  received: () => ({ text: "Received", tone: "review" }),
  in_review: () => ({ text: "In review", tone: "review" }),
  documents_needed: () => ({ text: "Documents needed", tone: "needs" }),
  verified: () => ({ text: "Verified", tone: "good" }),
  failed: () => ({ text: "Not accepted", tone: "bad" }),
  answer_lost: () => ({ text: "Answer lost", tone: "wait" }),
  refused: () => ({ text: "Refused", tone: "needs" }),
  released: () => ({ text: "Released", tone: null }),
  corrected: () => ({ text: "Fixed", tone: null }),
  photos_added: (h) => ({
    text: h.detail ? `${words.common.photos(Number(h.detail))} added` : "Photos added",
    tone: null,
  }),
  photo_lightened: () => ({ text: "Photo made smaller for a slow link", tone: null }),
  photos_sent: () => ({ text: "Photos sent", tone: null }),
  withdrawn: () => ({ text: "Taken back", tone: null }),
  revealed: () => ({ text: "Details shown", tone: null }),
  exported: (h) => ({
    text: h.detail ? `Copy made, ${words.common.photos(Number(h.detail))}` : "Copy made",
    tone: "needs",
  }),
  status_unknown: (h) => ({
    text: h.detail ? `New word: “${h.detail}”` : "New word",
    tone: "review",
  }),
  restored: () => ({ text: "Restored from a copy", tone: null }),
  photos_forgotten: () => ({ text: "Photos forgotten on this device", tone: null }),
  purged: () => ({ text: "Forgotten on this device", tone: null }),
};

export function historyWords(entry: HistoryView): HistoryShown {
  return isOneOf(HISTORY_CODES, entry.code)
    ? HISTORY_WORDS[entry.code](entry)
    : { text: entry.code.replaceAll("_", " "), tone: null };
}

interface NetworkShown {
  text: string;
  icon: IconName;
  tone: Tone;
}

export const NETWORK_WORDS: Record<NetworkKind, NetworkShown> = {
  offline: { text: "Offline", icon: "offline", tone: "wait" },
  online: { text: "Online", icon: "online", tone: "wait" },
  online_slow: { text: "Online, slow", icon: "online", tone: "wait" },
  sign_in_needed: { text: "Sign-in needed", icon: "signin", tone: "needs" },
  checking: { text: "Checking", icon: "wait", tone: "wait" },
  no_connection: { text: "No provider connected", icon: "plug", tone: "wait" },
};

export function networkWords(network: NetworkView): NetworkShown {
  return isOneOf(NETWORK_KINDS, network.kind)
    ? NETWORK_WORDS[network.kind]
    : NETWORK_WORDS.checking;
}

interface BannerShown {
  tone: Tone;
  icon: IconName;
  title: string;
  text: string;
}

const BANNER_WORDS: Record<BannerCode, (b: BannerView) => BannerShown> = {
  credentials: (b) => ({
    tone: "bad",
    icon: "key",
    title: `${b.name ?? "The provider"} no longer accepts this device’s key`,
    text:
      (b.count === null
        ? "What waits keeps its place. "
        : `${words.common.accounts(b.count)} ${b.since_ms === null ? "wait" : `have waited since ${whenExactly(b.since_ms)}`} and keep their place. `) +
      "Only an administrator can renew the key.",
  }),
  intercepted: (b) => ({
    tone: "needs",
    icon: "signin",
    title: "This network wants you to sign in first",
    text: `Something else answered instead of ${b.name ?? "the provider"}. Nothing was sent to it.`,
  }),
  clock: (b) => ({
    tone: "needs",
    icon: "wait",
    title: "Check this device’s clock",
    text: `${b.name ?? "The provider"}’s certificate is not valid at the time that it shows. Nothing was sent.`,
  }),
  disk_nearly_full: (b) => ({
    tone: "needs",
    icon: "disk",
    title: `Room for about ${count(b.count ?? 0)} more photos`,
    text: "At 200 MB new photos stop; what is sealed stays safe and is sent.",
  }),
  disk_full: () => ({
    tone: "bad",
    icon: "disk",
    title: "New photos have stopped: the disk is full",
    text: "What is sealed stays safe and is sent. Text can still be typed. Free some space to go on.",
  }),
};

export function bannerWords(banner: BannerView): BannerShown | null {
  return isOneOf(BANNERS, banner.code) ? BANNER_WORDS[banner.code](banner) : null;
}

export const IMPORT_WORDS: Record<ImportCode, (l: ImportLineView) => string> = {
  missing_account_id: () => "The account number is missing",
  missing_name: () => "The name is missing",
  unknown_country: (l) => `“${l.detail ?? ""}” is no country that is known; use US, CA or GB`,
  unknown_kind: (l) => `“${l.detail ?? ""}” is no kind; use individual, business or organization`,
  not_a_number: (l) => `“${l.detail ?? ""}” is no account number: it holds more than digits`,
  twice_in_file: () => "The account stands in the file twice; the first line counts",
  already_here: () => "The account is here already",
  broken_quotes: () => "A quotation mark is opened and not closed",
  too_many_columns: () => "The line has more columns than the first line names",
  too_few_columns: () => "The line has fewer columns than the first line names",
  not_utf8: () => "The line is not UTF-8 text",
};

export function importWords(line: ImportLineView): string {
  return isOneOf(IMPORT_CODES, line.code)
    ? IMPORT_WORDS[line.code](line)
    : line.code.replaceAll("_", " ");
}

/** A title and a text for what a check of a connection came to. */
export function checkWords(
  code: string,
  provider: string,
): { title: string; text: string; tone: Tone } {
  const known = isOneOf(CHECK_CODES, code) ? code : "server";
  const [title = "", text = ""] = words.check[known](provider);
  const tone: Tone =
    known === "ok" || known === "account" ? "good" : known === "offline" ? "wait" : "needs";
  return { title, text, tone };
}

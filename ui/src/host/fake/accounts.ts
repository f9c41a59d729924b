import type { AccountRowView } from "../../generated/AccountRowView";
import type { AccountView } from "../../generated/AccountView";
import type { DetailView } from "../../generated/DetailView";
import type { DocumentView } from "../../generated/DocumentView";
import type { Group } from "../../generated/Group";
import type { HistoryView } from "../../generated/HistoryView";
import type { LineView } from "../../generated/LineView";
import { moment, today } from "./moments";

/** A line with what it does not name left empty. */
export function line(code: string, more: Partial<LineView> = {}): LineView {
  return { code, document: null, reason: null, word: null, count: null, at_ms: null, ...more };
}

interface Seed {
  id: string;
  name: string;
  group: Group;
  line: LineView;
  provider?: "wepay" | "winter";
  action?: string;
  at?: number;
  draft?: string;
}

let number = 1091778617;

function row(seed: Seed): AccountRowView {
  const provider = seed.provider ?? "wepay";
  number += 1425;
  return {
    id: seed.id,
    name: seed.name,
    provider,
    provider_name: provider === "wepay" ? "WePay" : "Winter",
    connection: `connection-${provider}`,
    remote_id: provider === "wepay" ? String(number - 1425) : `acct_${seed.id}`,
    group: seed.group,
    line: seed.line,
    action: seed.action ?? null,
    at_ms: seed.at ?? null,
    as_of_ms: seed.group === "not_started" || seed.group === "draft" ? null : today(14, 10),
    draft: seed.draft ?? null,
  };
}

const NAMED: Seed[] = [
  {
    id: "nadia",
    name: "Nadia’s Bakery",
    group: "needs_you",
    line: line("document_rejected", {
      document: "current_utility_bill",
      reason: "illegible",
      count: 1,
    }),
    action: "retake",
    at: today(14, 6),
  },
  {
    id: "tide",
    name: "Tide & Timber",
    group: "needs_you",
    line: line("set_aside", { reason: "3012" }),
    action: "fix",
    at: today(11, 52),
  },
  {
    id: "quayside",
    name: "Quayside Framing",
    group: "needs_you",
    line: line("document_rejected", {
      document: "evidence_of_corporate_registration",
      reason: "info_mismatch",
      count: 1,
    }),
    action: "check",
    at: moment(1, 11, 10, 12),
  },
  {
    id: "foundry",
    name: "Foundry Street Gym",
    group: "waiting",
    line: line("waiting_no_network"),
    at: today(14, 32),
  },
  {
    id: "cabot",
    name: "Cabot Cycles",
    group: "waiting",
    line: line("waiting_no_network", { count: 2 }),
    at: today(14, 32),
  },
  {
    id: "florist",
    name: "Old Market Florist",
    group: "waiting",
    line: line("waiting_photos_not_asked_for"),
    at: today(14, 45),
  },
  {
    id: "severn",
    name: "Severn Vinyl",
    group: "waiting",
    line: line("waiting_no_network"),
    provider: "winter",
    at: today(14, 34),
  },
  {
    id: "yoga",
    name: "Harbourside Yoga",
    group: "waiting",
    line: line("waiting_no_network"),
    provider: "winter",
    at: today(14, 34),
  },
  {
    id: "orchard",
    name: "Orchard & Stone Ltd",
    group: "in_review",
    line: line("in_review", { at_ms: moment(1, 11, 9, 0) }),
    at: moment(1, 11, 9, 0),
  },
  {
    id: "totterdown",
    name: "Totterdown Books",
    group: "in_review",
    line: line("in_review", { at_ms: moment(30, 10, 9, 0) }),
    at: moment(30, 10, 9, 0),
  },
  {
    id: "clifton",
    name: "Clifton Ceramics",
    group: "verified",
    line: line("verified", { at_ms: moment(1, 11, 12, 0) }),
    at: moment(1, 11, 12, 0),
  },
  {
    id: "redcliffe",
    name: "Redcliffe Records",
    group: "verified",
    line: line("verified", { at_ms: moment(31, 10, 12, 0) }),
    at: moment(31, 10, 12, 0),
  },
  {
    id: "balogun",
    name: "Balogun Fabrics Ltd",
    group: "draft",
    line: line("draft"),
    action: "continue",
    at: today(14, 20),
    draft: "draft-balogun",
  },
  {
    id: "temple",
    name: "Temple Meads Coffee",
    group: "draft",
    line: line("draft"),
    action: "continue",
    at: moment(31, 10, 17, 5),
    draft: "draft-temple",
  },
  {
    id: "stokes",
    name: "Stokes Croft Prints",
    group: "not_started",
    line: line("not_started"),
    action: "start",
  },
];

const STREETS = [
  "Gloucester Road",
  "Park Row",
  "Whiteladies",
  "Colston",
  "St Werburghs",
  "Bedminster",
  "Southville",
  "Easton",
  "Fishponds",
  "Hotwells",
];
const TRADES = ["Dairy", "Bikes", "Optics", "Tailors", "Kitchen", "Print Works", "Joinery"];

function crowd(group: Group, code: string, count: number, skip: number): AccountRowView[] {
  return Array.from({ length: count }, (_, index) => {
    const place = index + skip;
    const at = moment(30 - (place % 25), 10, 9 + (place % 8), (place * 7) % 60);
    const name = `${STREETS[place % STREETS.length]} ${TRADES[place % TRADES.length]}`;
    return row({ id: `${group}-${place}`, name, group, line: line(code, { at_ms: at }), at });
  });
}

/** Sixty accounts, as on the pictures. */
export function sixtyAccounts(): AccountRowView[] {
  number = 1091778617;
  const named = NAMED.map(row);
  return [
    ...named,
    ...crowd("in_review", "in_review", 7, 0),
    ...crowd("verified", "verified", 38, 7),
  ];
}

function document(kind: string, state: string, more: Partial<DocumentView> = {}): DocumentView {
  return {
    kind,
    photos: [{ id: `photo-${kind}`, side: "front", verdict: "good", bytes: 214_000 }],
    state,
    reason: null,
    word: null,
    at_ms: null,
    replaced: false,
    ...more,
  };
}

const DETAILS: DetailView[] = [
  { path: "owner.name.first", value: "Nadia", masked: false },
  { path: "owner.name.last", value: "Rahman", masked: false },
  { path: "owner.date_of_birth", value: "•• ••• 1991", masked: true },
  { path: "owner.phone.number", value: "+44 •••• •••318", masked: true },
  { path: "owner.address.line1", value: "•••••••", masked: true },
  { path: "owner.address.city", value: "Bristol", masked: false },
];

const REVEALED: Record<string, string> = {
  "owner.date_of_birth": "9 August 1991",
  "owner.phone.number": "+44 7700 900318",
  "owner.address.line1": "48 North Street",
};

/** The answers of an account in the clear. */
export function revealed(details: DetailView[]): DetailView[] {
  return details.map((d) => ({ path: d.path, value: REVEALED[d.path] ?? d.value, masked: false }));
}

const entry = (code: string, at_ms: number, operator = ""): HistoryView => ({
  code,
  at_ms,
  operator,
  detail: null,
});

const BEGUN = [
  entry("sealed", moment(29, 10, 16, 20), "Amara Osei"),
  entry("sent", moment(30, 10, 9, 2)),
  entry("in_review", moment(30, 10, 9, 3)),
];

function blank(row: AccountRowView): AccountView {
  return {
    row,
    who: null,
    submission: null,
    state: "",
    provider_word: "",
    next: null,
    documents: [],
    details: [],
    history: [],
    tombstone: null,
    forget_queued: false,
    can_withdraw: false,
    reason_per_document: row.provider === "wepay",
  };
}

function next(
  row: AccountRowView,
  actions: string[],
  documents: string[] = [],
): AccountView["next"] {
  return {
    line: row.line,
    actions,
    documents,
    photo: documents[0] ? `photo-${documents[0]}` : null,
    own_finding: null,
    detail: null,
    detail_text: null,
  };
}

const WORDS: Partial<Record<Group, string>> = {
  needs_you: "require_docs",
  in_review: "in_review",
  verified: "verified",
};

function begun(row: AccountRowView): AccountView {
  return {
    ...blank(row),
    who: { kind: "business", country: "GB" },
    submission: `submission-${row.id}`,
    provider_word: row.provider === "wepay" ? (WORDS[row.group] ?? "unsubmitted") : "UNDER_REVIEW",
    details: DETAILS,
    history: BEGUN.slice(0, row.group === "waiting" ? 1 : 3),
  };
}

/** An account in full, drawn from its row. */
export function accountOf(row: AccountRowView): AccountView {
  if (row.group === "forgotten") return ordinary(row);
  switch (row.id) {
    case "nadia":
      return nadia(row);
    case "tide":
      return {
        ...begun(row),
        state: "quarantined",
        provider_word: "",
        next: {
          ...next(row, ["fix_answers", "release"])!,
          detail: "3012",
          detail_text: "account_owner is required",
        },
        history: [entry("sealed", today(11, 40), "Amara Osei"), entry("refused", today(11, 52))],
      };
    case "quayside":
      return {
        ...begun(row),
        next: next(row, ["compare", "retake"], ["evidence_of_corporate_registration"]),
        documents: [
          document("passport", "verified", { at_ms: moment(1, 11, 10, 0) }),
          document("evidence_of_corporate_registration", "rejected", {
            reason: "info_mismatch",
            at_ms: moment(1, 11, 10, 12),
          }),
        ],
        history: [...BEGUN, entry("documents_needed", moment(1, 11, 10, 12))],
      };
    default:
      return ordinary(row);
  }
}

function nadia(row: AccountRowView): AccountView {
  const asked = next(row, ["retake", "see_photo"], ["current_utility_bill"]);
  return {
    ...begun(row),
    who: { kind: "individual", country: "GB" },
    state: "needs_documents",
    next: asked && { ...asked, own_finding: line("resolution", { count: 168 }) },
    documents: [
      document("passport", "verified", { at_ms: moment(1, 11, 12, 0) }),
      document("current_utility_bill", "rejected", { reason: "illegible", at_ms: today(14, 6) }),
    ],
    history: [...BEGUN, entry("documents_needed", today(14, 6))],
  };
}

function ordinary(row: AccountRowView): AccountView {
  switch (row.group) {
    case "not_started":
      return { ...blank(row), next: next(row, ["start"]) };
    case "draft":
      return {
        ...blank(row),
        who: { kind: "business", country: "GB" },
        next: next(row, ["continue"]),
      };
    case "waiting":
      return {
        ...begun(row),
        state: "queued",
        provider_word: "",
        can_withdraw: true,
        documents: [document("passport", "here", { at_ms: moment(29, 10, 16, 20) })],
      };
    case "verified":
      return {
        ...begun(row),
        state: "verified",
        documents: [document("passport", "verified", { at_ms: row.at_ms })],
        history: [...BEGUN, entry("verified", row.at_ms ?? 0)],
      };
    case "forgotten":
      return {
        ...blank(row),
        state: "purged",
        tombstone: {
          state: row.line.reason ?? "",
          sealed_ms: moment(29, 9, 16, 20),
          since_ms: moment(1, 10, 11, 0),
          forgotten_ms: row.at_ms ?? 0,
          operator: "",
        },
        history: [entry("sealed", moment(29, 9, 16, 20)), entry("purged", row.at_ms ?? 0)],
      };
    case "needs_you":
    case "in_review":
      return {
        ...begun(row),
        state: "awaiting",
        documents: [document("passport", "in_review", { at_ms: row.at_ms })],
      };
  }
}

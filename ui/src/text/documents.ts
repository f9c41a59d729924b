import type { LineView } from "../generated/LineView";
import { isOneOf, REJECT_REASONS, type RejectReason } from "./codes";

/** Every kind of paper that a provider names; both providers' codes. */
export const DOCUMENTS = {
  passport: "Passport",
  drivers_license: "Driving licence",
  other_government_issued_photo_id: "Other official photo ID",
  permanent_residence_card: "Permanent residence card",
  employment_authorization_card: "Employment authorization card",
  benefits_card: "Benefits card",
  birth_certificate: "Birth certificate",
  certificate_of_citizenship: "Certificate of citizenship",
  certificate_of_naturalization: "Certificate of naturalization",
  certified_copy_of_court_order: "Certified copy of a court order",
  social_security_card: "Social security card",
  social_insurance_number_card: "Social insurance number card",
  current_utility_bill: "Utility bill",
  current_bank_statement: "Bank statement",
  current_lease_contract: "Lease contract",
  current_local_tax_bill: "Local tax bill",
  mortgage_statement: "Mortgage statement",
  electoral_register_entry: "Electoral register entry",
  evidence_of_corporate_registration: "Company registration",
  evidence_of_nonprofit_registration: "Non-profit registration",
  evidence_of_authority: "Proof of authority",
  DRIVERS_LICENSE: "Driving licence",
  PASSPORT: "Passport",
  STATE_LICENSE: "State ID card",
} as const;

/** "Utility bill"; a code that is new to us is shown as it is. */
export function documentName(kind: string): string {
  return (DOCUMENTS as Record<string, string>)[kind] ?? kind.replaceAll("_", " ").toLowerCase();
}

/** "utility bill": inside a sentence. Names keep their capitals. */
export function documentInSentence(kind: string): string {
  const name = documentName(kind);
  return name.charAt(0).toLowerCase() + name.slice(1);
}

export const SIDES: Record<string, string> = { front: "Front", back: "Back" };

export function sideName(side: string): string {
  return SIDES[side] ?? side;
}

export const PURPOSES: Record<string, string> = {
  identity: "Identity document",
  address: "Proof of address",
  national_number: "Proof of a national number",
  entity: "Proof that the business exists",
  authority: "Proof of authority",
};

export function purposeName(purpose: string): string {
  return PURPOSES[purpose] ?? purpose;
}

interface RejectWords {
  /** After the paper in a list: "Utility bill: illegible". */
  short: string;
  /** Why, and what to do. */
  why: (provider: string, word: string | null) => string;
}

export const REJECTED: Record<RejectReason, RejectWords> = {
  illegible: {
    short: "illegible",
    why: (p) =>
      `${p} could not read it. Fill the frame, avoid shadows and keep all four corners in view.`,
  },
  corrupt_file: {
    short: "file damaged",
    why: (p) => `The file reached ${p} damaged. The photo here is intact.`,
  },
  info_mismatch: {
    short: "differs from the form",
    why: (p) =>
      "It does not match the form: compare name, address and date. Wrong paper: use another. " +
      `Wrong form: only ${p} support can change it.`,
  },
  doc_unsupported: {
    short: "not taken here",
    why: (p) => `${p} does not take this document here.`,
  },
  incomplete: {
    short: "incomplete",
    why: () => "A side or a page is missing.",
  },
  unknown: {
    short: "rejected",
    why: (p, word) =>
      `${p} rejected it for a reason new to Satchel: “${word ?? ""}”. ` +
      `If the photo is good, ask ${p}.`,
  },
};

/** The words for a reject reason; a reason that is new to us is told in the provider's word. */
export function rejected(reason: string | null): RejectWords {
  return REJECTED[reason && isOneOf(REJECT_REASONS, reason) ? reason : "unknown"];
}

/** The paper of a line, or the word for any paper. */
export function lineDocument(line: LineView): string {
  return line.document ? documentName(line.document) : "Document";
}

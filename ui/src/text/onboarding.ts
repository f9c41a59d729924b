// Words of an onboarding: steps, questions, what is left to do, consent. What the checks say stands in `findings.ts`.
import type { FieldView } from "../generated/FieldView";
import { FIELDS } from "./fields";

export type Situation = {
  /** `individual`, `business`, `organization`. */
  kind: string;
  /** ISO code of the entity or person. */
  country: string;
  /** The provider's name. */
  provider: string;
};

// ── Who ─────────────────────────────────────────────────────────────────────────────────────────

const KINDS: Record<string, { name: string; advice: string }> = {
  individual: { name: "Individual", advice: "One person who trades in their own name." },
  business: { name: "Business", advice: "A company, a partnership or a sole trader." },
  organization: { name: "Organisation", advice: "A charity or another nonprofit." },
};

/** What kind of applicant it is. */
export function kindName(kind: string): string {
  return KINDS[kind]?.name ?? readable(kind);
}

/** One line to tell the kinds apart. */
export function kindAdvice(kind: string): string {
  return KINDS[kind]?.advice ?? "";
}

// ── Steps ───────────────────────────────────────────────────────────────────────────────────────

const STEPS: Record<string, { name: string; title: string; advice: string }> = {
  account: {
    name: "Account",
    title: "The account",
    advice: "What you collect now is for this account.",
  },
  who: {
    name: "Who",
    title: "Who is onboarded?",
    advice: "This decides what is asked next. Nothing typed is lost when you change it.",
  },
  entity: {
    name: "Business details",
    title: "What is the business?",
    advice: "Type the name as it stands on the registration.",
  },
  owner: {
    name: "Owner",
    title: "Who owns the account?",
    advice: "Type the name as it stands on the identity document.",
  },
  owners: {
    name: "Other owners",
    title: "Who else owns more than 25\u202f%?",
    advice:
      "Name each person who owns more than 25\u202f% of the business. Leave out the account owner.",
  },
  documents: {
    name: "Documents",
    title: "Which documents are here?",
    advice: "Choose a paper and photograph it.",
  },
  review: {
    name: "Review and consent",
    title: "Is everything right?",
    advice: "Read it together. After sealing, nothing can be changed here.",
  },
  seal: { name: "Seal", title: "Sealed", advice: "" },
};

function stepWords(step: string, kind: string): { name: string; title: string; advice: string } {
  if (step === "entity" && kind === "individual") {
    return {
      name: "Activity",
      title: "What do they do?",
      advice: "A few words about the work the account is for.",
    };
  }
  if (step === "entity" && kind === "organization") {
    return {
      name: "Organisation details",
      title: "What is the organisation?",
      advice: "Type the name as it stands on the registration.",
    };
  }
  return STEPS[step] ?? { name: readable(step), title: readable(step), advice: "" };
}

/** The step in the column. */
export function stepName(step: string, kind = ""): string {
  return stepWords(step, kind).name;
}

/** The question over the form. */
export function stepTitle(step: string, kind = ""): string {
  return stepWords(step, kind).title;
}

/** The line under the question. */
export function stepAdvice(step: string, kind = ""): string {
  return stepWords(step, kind).advice;
}

const SECTIONS: Record<string, string> = {
  entity: "The business",
  entity_address: "Business address",
  activity: "Activity",
  owner_name: "Account owner",
  owner_address: "Home address",
  owner_number: "National number",
  ownership: "Ownership",
};

/** Sections without a heading of their own: they go on with the one before. */
const JOINED = new Set(["owner_contact", "entity_numbers"]);

/** Heading over questions that belong together; empty when they go on with those before. */
export function sectionTitle(id: string, situation: Situation): string {
  if (JOINED.has(id)) return "";
  if (situation.kind === "organization" && id === "entity") return "The organisation";
  if (situation.kind === "organization" && id === "entity_address") return "Its address";
  return SECTIONS[id] ?? readable(id);
}

// ── Questions ───────────────────────────────────────────────────────────────────────────────────

/** Labels that depend on the country of the address. */
const BY_COUNTRY: Record<string, (country: string) => string> = {
  postal_code: (country) =>
    country === "US" ? "ZIP code" : country === "CA" ? "Postal code" : "Postcode",
  region: (country) => (country === "CA" ? "Province" : "State"),
  city: (country) => (country === "GB" ? "Town or city" : "City"),
  line2: (country) => (country === "GB" ? "Flat or floor" : "Apartment or unit"),
};

/** For questions whose path is new to the window. */
const BY_KIND: Record<string, string> = {
  name: "Name",
  date: "Date",
  phone_code: "Country code",
  phone_number: "Phone number",
  email: "Email",
  url: "Website",
  street: "Address",
  country: "Country",
  social_security_number: "Social security number",
  social_insurance_number: "Social insurance number",
  employer_number: "Employer number (EIN)",
  gst_hst_number: "GST/HST number",
  company_number: "Company number",
  merchant_category: "Trade (category code)",
};

/** The label of a question; `country` is that of its address. */
export function fieldLabel(field: Pick<FieldView, "path" | "kind">, country: string): string {
  const { path, kind } = field;
  const last = path.split(".").at(-1) ?? "";
  const local = BY_COUNTRY[kind] ?? BY_COUNTRY[last === "address2" ? "line2" : last];
  if (local) return local(country);
  return knownLabel(path) ?? BY_KIND[kind] ?? readable(last);
}

function knownLabel(path: string): string | undefined {
  const parts = path.split(".").filter((part) => !/^\d+$/.test(part));
  return parts.map((_, start) => FIELDS[parts.slice(start).join(".")]).find((label) => !!label);
}

const HELP: Record<string, string> = {
  merchant_category: "4 digits, as 5462 for a bakery.",
  company_number: "8 characters, as on Companies House.",
  employer_number: "As in 12-3456789.",
  gst_hst_number: "As in 123456789RT0001.",
  url: "Begins with https:// or http://.",
};

/** Help under a field, where it needs any. */
export function fieldHelp(field: FieldView): string {
  if (field.kind === "social_security_number") {
    return field.last_4 ? "All 9 digits, or the last 4." : "9 digits.";
  }
  return HELP[field.kind] ?? "";
}

const CHOICES: Record<string, string> = {
  sole_trader: "Sole trader",
  partnership: "Partnership",
  private_limited_company: "Private limited company",
  public_limited_company: "Public limited company",
  limited_liability_partnership: "Limited liability partnership",
  charity: "Charity",
};

/** A code of a choice in words. */
export function choiceName(code: string): string {
  return CHOICES[code] ?? readable(code);
}

function readable(code: string): string {
  const words = code.replace(/[._]/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

// ── The screen ──────────────────────────────────────────────────────────────────────────────────

const STEP_TASKS: Record<string, string> = {
  who: "Choose who is onboarded",
  entity: "Fill in the business details",
  owner: "Fill in the owner’s details",
  owners: "Name the other owners, or none",
};

/** A whole step as one thing to do. */
export function stepTask(step: string, kind = ""): string {
  if (step === "entity" && kind !== "business") {
    return kind === "individual" ? "Say what they do" : "Fill in the organisation’s details";
  }
  return STEP_TASKS[step] ?? `Fill in: ${stepName(step, kind).toLowerCase()}`;
}

export const onboarding = {
  title: "New onboarding",
  saved: (time: string) => `Saved on this device at ${time}`,
  steps: "Steps",
  stepOf: (n: number, of: number) => `Step ${n} of ${of}`,
  done: "done",
  soFar: "So far",
  leftToDo: "Left to do",
  nothingLeft: "Nothing is left to do",
  readConsent: "Read the consent and agree",
  noNetwork: "No network needed. Once sealed, it is sent by itself when you are online.",
  back: "Back",
  continue: "Continue",
  seal: "Seal",
  close: "Save and close",
  toFix: (n: number) => (n === 1 ? "1 thing to fix" : `${n} things to fix`),
  needed: (n: number) => (n === 1 ? "1 needed" : `${n} needed`),
  keys: { next: "next field", back: "back", close: "save and close", enter: "Ctrl Enter" },
  dateOrder: "day, month, year",
  day: "Day",
  month: "Month",
  year: "Year",
  phone: "Phone",
  phoneCode: "Country code",
  phoneNumber: "Number",
  choose: "Choose",
  yes: "Yes",
  no: "No",
  showFor: "Show for 10\u202fs",
  hideIn: (seconds: number) => `Hide (${seconds}\u202fs)`,
  provider: "Provider",
  number: "Account number",
  name: "Name",
  draftOf: "This draft is saved on this device. You can close it at any time and go on later.",
  whatIsAsked: "What will be asked",
  asked: [
    "Who is onboarded, and where",
    "The details of the business and its owner",
    "Photos of documents, when they are at hand",
    "The applicant’s consent",
  ],
  country: "Country",
  kind: "Kind",
  chooseWho: "Choose what kind of applicant it is, and the country.",
  changing: "Changing this keeps what was typed. Questions that are no longer asked are not sent.",
  owner: (n: number) => `Owner ${n}`,
  addOwner: "Add an owner",
  addAnother: "Add another owner",
  removeOwner: (name: string) => `Remove ${name}`,
  remove: "Remove",
  noOwners: "There are no other owners",
  noOwnersAdvice: "The account owner alone, or nobody else above 25\u202f%.",
  ownersMissing: "Name the other owners, or say that there are none.",
  ownersFull: (max: number) => `${max} owners are the most that fit.`,
  removeTitle: (name: string) => `Remove ${name}?`,
  removeText: "What was typed about this person is deleted.",
  keep: "Keep",
  photosWait: (provider: string) =>
    `${provider} asks for photos only when it needs them; taken now, they wait here sealed and save a second visit.`,
  photosNow: (provider: string) => `${provider} needs these photos with the details.`,
  oneKind: (provider: string) =>
    `${provider} keeps one kind of document. A new kind takes the place of the old one.`,
  required: "Needed",
  advised: "Saves a second visit",
  asAsked: "Asked for",
  morePapers: (n: number) => (n === 1 ? "1 more paper" : `${n} more papers`),
  fewerPapers: "Fewer papers",
  takePhoto: "Take photo",
  takeAPhoto: "Take a photo",
  addSide: (side: string) => `Add the ${side.toLowerCase()}`,
  usedAnyway: "Used anyway",
  unsupported: (paper: string, provider: string) =>
    `${provider} does not take this here: ${paper}. Remove it or choose another paper.`,
  edit: "Change",
  notGiven: "not given",
  nobody: "Nobody else",
  finishOwners: "Finish the other owners",
  documents: "Documents",
  noPhotos: "No photos yet.",
  consentTitle: "Consent",
  agrees: (name: string) => `${name} agrees`,
  agreed: (time: string) => `Agreed at ${time}.`,
  consentMissing: "Read the text to the applicant, then tick this.",
  theApplicant: "The applicant",
  beforeSealing: "Before it can be sealed",
  sealed: "Sealed. It is safe to go offline.",
  sealedToast: (name: string) => `${name} is sealed. It goes out when you are online.`,
  sealedPhotosToast: (name: string) =>
    `The photos for ${name} are sealed. They go out when you are online.`,
  nextTitle: "What happens next",
  nextSteps: (provider: string, photosWait: boolean, photos: number) => [
    "It is encrypted on this device. Nothing more has to be typed.",
    `Satchel sends it to ${provider} by itself as soon as there is a connection.`,
    photos === 0
      ? `If ${provider} asks for photos, the account shows up under Needs you.`
      : photosWait
        ? `The photos wait here until ${provider} asks for them.`
        : "The photos go with it.",
    `${provider} looks at it. The answer appears on the account.`,
  ],
  toAccount: "Show the account",
  retakeTitle: "New photos",
  retakeQuestion: "Send these photos?",
  retakeFirst: "Which photos are new?",
  retakeAdvice: (provider: string) =>
    `Only the photos below go to ${provider}. The details stay as they were sent.`,
  sendPhotos: "Seal these photos",
  discard: "Delete draft",
  discardTitle: "Delete this draft?",
  discardText: "What was typed and the photos are deleted from this device. Nothing was sent.",
  saving: "Saving",
  notSaved: "The last change is not saved yet. It is tried again.",
} as const;

// ── Consent ─────────────────────────────────────────────────────────────────────────────────────

/** The text with the id `consent.v1`, for the applicant; a change of the text is a new id. */
export function consentText(provider: string, business: string | null): readonly string[] {
  const mine = business
    ? `The details and photos are mine, or I may give them for ${business}. As far as I know they are true.`
    : "The details and photos are mine. As far as I know they are true.";
  return [
    mine,
    `They are kept encrypted on this device and sent to ${provider}. ${provider} uses them to check who I am, as the law asks.`,
    `${provider} may ask for more photos later. The photos taken today may be sent to it then.`,
    "Until they are sent I can take them back: I tell the person who took them.",
  ];
}

// Words of an onboarding: steps, questions, what the checks say, what is left to do, consent.
import type { FieldView } from "../generated/FieldView";
import type { FindingView } from "../generated/FindingView";
import { FIELDS } from "./fields";
import { country as countryName } from "./format";

/** Running text with parts that stand out. */
export type RunningText = readonly (string | { strong: string })[];

/** The same words without the parts standing out. */
export function plain(words: RunningText): string {
  return words.map((part) => (typeof part === "string" ? part : part.strong)).join("");
}

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

// ── What the checks say ─────────────────────────────────────────────────────────────────────────

const GO_ON = " You can go on.";

const REQUIRED: Record<string, string> = {
  choice: "Choose one.",
  yes_no: "Choose yes or no.",
  country: "Choose the country.",
  date: "Type the day, the month and the year.",
  phone_code: "Type the country code, as in +44.",
  phone_number: "Type the phone number.",
  street: "Type the house number and the street.",
};

function requiredText(field: FieldView, country: string): string {
  if (field.kind === "region") {
    return country === "CA" ? "Choose the province." : "Choose the state.";
  }
  const noun = lower(fieldLabel(field, country));
  return REQUIRED[field.kind] ?? `Type the ${noun}.`;
}

function lower(label: string): string {
  const keep = /^(ZIP|GST|EIN)/.test(label);
  return keep ? label : label.charAt(0).toLowerCase() + label.slice(1);
}

function postcodeText(typed: string): RunningText {
  const compact = typed.toUpperCase().replaceAll(/\s+/g, "");
  const short = /^[A-Z]{1,2}(\d[A-Z\d]?(\d[A-Z]?)?)?$/.test(compact);
  const begin = short ? "The postcode stops short." : "This does not look like a UK postcode.";
  return [`${begin} It ends with a digit and two letters, as in `, { strong: "BS3\u00a01JD" }, "."];
}

const FINDINGS: Record<string, (f: FindingView, s: Situation) => RunningText> = {
  too_long: (f) => [`Too long. At most ${f.detail ?? "255"} characters fit.`],
  too_many_owners: (f) => [`At most ${f.detail ?? "10"} owners fit. Remove one.`],
  name_cut: (f, s) => [
    `${s.provider} keeps the first 35 letters: `,
    { strong: f.detail ?? "" },
    ".",
  ],
  may_be_cut: (f, s) => [`${s.provider} may keep only `, { strong: f.detail ?? "" }, "."],
  date_format: () => ["The date is not complete. Type day, month and a year of 4 digits."],
  date_impossible: () => ["No calendar has this day. Look at the day and the month."],
  date_future: () => ["This day has not come yet. Look at the year."],
  under_18: () => ["Younger than 18 years. Look at the year."],
  phone_code_format: () => ["A country code is 1 to 3 digits, as in ", { strong: "+44" }, "."],
  phone_number_format: () => ["A phone number is 4 to 15 digits. Leave letters out."],
  email_format: () => ["An email looks like ", { strong: "name@shop.example" }, "."],
  url_format: () => ["A website looks like ", { strong: "https://shop.example" }, "."],
  street_digit: () => [
    "In the US the address begins with the house number, as in ",
    { strong: "350 Oak Street" },
    ".",
  ],
  street_po_box: (_, s) => [`${s.provider} takes no PO box. Type the street address.`],
  postal_code_us: () => ["A ZIP code has 5 digits, as in ", { strong: "94105" }, "."],
  postal_code_ca: () => ["A postal code looks like ", { strong: "K1A\u00a00B1" }, "."],
  postal_code_gb: (f) => postcodeText(f.detail ?? ""),
  region_us: () => ["Choose the state from the list."],
  region_ca: () => ["Choose the province from the list."],
  country_unknown: (_, s) => [`${s.provider} does not take this country. Choose another one.`],
  country_differs: (f, s) => [
    `${s.provider} takes only people who live in `,
    { strong: f.detail ? countryName(f.detail) : "the country chosen first" },
    ". Change the country here, or the one under Who.",
  ],
  choice_unknown: () => ["Choose one from the list."],
  yes_no: () => ["Choose yes or no."],
  ssn_format: () => [
    "A Social Security number has 9 digits, as in ",
    { strong: "123-45-6789" },
    ".",
  ],
  ssn_last4_format: () => ["Type all 9 digits, or exactly the last 4."],
  sin_format: () => [
    "A Social Insurance Number has 9 digits, as in ",
    { strong: "046-454-286" },
    ".",
  ],
  sin_checksum: () => ["One digit may be wrong: compare the number with the card."],
  ein_format: () => ["An EIN has 9 digits, as in ", { strong: "12-3456789" }, "."],
  gst_hst_format: () => ["A GST/HST number looks like ", { strong: "123456789RT0001" }, "."],
  company_number_length: () => [
    "A company number has 8 characters, as in ",
    { strong: "09876541" },
    ".",
  ],
  mcc_format: () => ["A category code has 4 digits, as in ", { strong: "5462" }, "."],
  legal_name_differs: (f, s) => [
    f.detail
      ? `The account at ${s.provider} is in the name of `
      : `The name differs from the account at ${s.provider}`,
    ...(f.detail ? [{ strong: f.detail }] : []),
    ".",
  ],
};

/** The codes of findings that have words; `required` has them by kind of question. */
export const FINDING_CODES_WITH_WORDS: readonly string[] = ["required", ...Object.keys(FINDINGS)];

/** What is wrong and how to fix it; advice ends with "You can go on." */
export function findingText(
  finding: FindingView,
  field: FieldView | undefined,
  country: string,
  situation: Situation,
): RunningText {
  const words =
    finding.code === "required"
      ? [field ? requiredText(field, country) : "This is missing."]
      : (FINDINGS[finding.code]?.(finding, situation) ?? [
          `${situation.provider} would not take this answer. Look at it again.`,
        ]);
  return finding.blocks ? words : [...words, GO_ON];
}

/** The same as one thing to do: "Finish the postcode". */
export function findingTask(
  finding: FindingView,
  field: FieldView | undefined,
  country: string,
): string {
  if (!field) return finding.code === "too_many_owners" ? "Remove an owner" : "Look at an answer";
  const noun = lower(fieldLabel(field, country));
  if (finding.code === "required") {
    const choose = ["choice", "region", "country"].includes(field.kind);
    if (field.kind === "yes_no") return `Answer: ${noun}`;
    return choose ? `Choose the ${noun}` : `Fill in the ${noun}`;
  }
  if (finding.code.startsWith("postal_code") || finding.code === "date_format") {
    return `Finish the ${noun}`;
  }
  return `Check the ${noun}`;
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
  saving: "Saving…",
  unsaved: "Not saved yet",
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
  optional: "optional",
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
  notNeeded: "Not needed now",
  asAsked: "Asked for",
  morePapers: (n: number) => (n === 1 ? "1 more paper" : `${n} more papers`),
  fewerPapers: "Fewer papers",
  takePhoto: "Take photo",
  takeAPhoto: "Take a photo",
  addSide: (side: string) => `Add the ${side.toLowerCase()}`,
  look: "Look",
  usedAnyway: "Used anyway",
  missingSide: (side: string) => `The ${side.toLowerCase()} is missing.`,
  missingPaper: (paper: string) => `${paper.charAt(0).toUpperCase()}${paper.slice(1)} is missing.`,
  unsupported: (paper: string, provider: string) =>
    `${provider} does not take this here: ${paper}. Remove it or choose another paper.`,
  edit: "Change",
  hidden: "hidden",
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
  sealing: "Sealing…",
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
  another: "New onboarding",
  retakeTitle: "New photos",
  retakeQuestion: "Send these photos?",
  retakeFirst: "Which photos are new?",
  retakeAdvice: (provider: string) =>
    `Only the photos below go to ${provider}. The details stay as they were sent.`,
  retakeNone: "No photo has been taken yet.",
  sendPhotos: "Seal these photos",
  askedFor: "Asked for",
  addOther: "Add another paper",
  discard: "Delete draft",
  discardTitle: "Delete this draft?",
  discardText: "What was typed and the photos are deleted from this device. Nothing was sent.",
  sealFailed: "It is not sealed yet. Nothing was lost.",
  loadFailed: "This draft cannot be opened now. Nothing was lost.",
  tryAgain: "Try again",
  notSaved: "The last change is not saved yet. It is tried again.",
} as const;

// ── Consent ─────────────────────────────────────────────────────────────────────────────────────

/** Which text the applicant agrees to; a change of the text is a new id. */
export const CONSENT_TEXT_ID = "consent.v1";

/** The text, for the applicant. */
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

// What the two providers ask, as the app tells it: the same paths, sections and papers.
import type { DocumentChoiceView } from "../../generated/DocumentChoiceView";
import type { FieldView } from "../../generated/FieldView";
import type { SectionView } from "../../generated/SectionView";
import type { WhoView } from "../../generated/WhoView";

const LEGAL_FORMS = [
  "sole_trader",
  "partnership",
  "private_limited_company",
  "public_limited_company",
  "limited_liability_partnership",
  "charity",
];

function field(path: string, kind: string, more: Partial<FieldView> = {}): FieldView {
  return {
    path,
    kind,
    required: true,
    options: [],
    country_path: null,
    national: false,
    last_4: false,
    value: "",
    chars_max: 255,
    ...more,
  };
}

const optional = { required: false };
const section = (step: string, id: string, fields: FieldView[]): SectionView => ({
  step,
  id,
  fields,
});

function address(prefix: string): FieldView[] {
  const country_path = `${prefix}.country`;
  return [
    field(`${prefix}.address1`, "street"),
    field(`${prefix}.address2`, "text", optional),
    field(`${prefix}.city`, "text"),
    field(`${prefix}.region`, "region", { country_path }),
    field(`${prefix}.postal_code`, "postal_code", { country_path }),
    field(`${prefix}.country`, "country"),
  ];
}

function names(place: string): FieldView[] {
  return [
    field(`${place}.name.first`, "name"),
    field(`${place}.name.middle`, "name", optional),
    field(`${place}.name.last`, "name"),
  ];
}

function entity({ country }: WhoView): SectionView[] {
  const numbers: Record<string, FieldView[]> = {
    US: [field("entity.us.ein", "employer_number", { national: true })],
    CA: [field("entity.ca.gst_hst", "gst_hst_number")],
    GB: [
      field("entity.gb.legal_form", "choice", { options: LEGAL_FORMS }),
      field("entity.gb.company_number", "company_number", optional),
    ],
  };
  return [
    section("entity", "entity", [field("entity.legal_name", "text")]),
    section("entity", "entity_numbers", numbers[country] ?? []),
    section("entity", "entity_address", address("entity.address")),
    section("entity", "activity", [
      field("entity.description", "long_text"),
      field("entity.primary_url", "url"),
      field("entity.mcc", "merchant_category", optional),
    ]),
  ];
}

function owner({ country }: WhoView): SectionView[] {
  const national = { national: true };
  const number: Record<string, FieldView[]> = {
    US: [field("owner.us.ssn", "social_security_number", { ...national, last_4: true })],
    CA: [field("owner.ca.sin", "social_insurance_number", { ...national, ...optional })],
  };
  const ownership = country === "GB" ? [field("owner.gb.is_beneficial_owner", "yes_no")] : [];
  return [
    section("owner", "owner_name", [...names("owner"), field("owner.date_of_birth", "date")]),
    section("owner", "owner_contact", [
      field("owner.phone.country_code", "phone_code"),
      field("owner.phone.number", "phone_number"),
      field("owner.email", "email", optional),
    ]),
    section("owner", "owner_address", address("owner.address")),
    section("owner", "owner_number", number[country] ?? []),
    section("owner", "ownership", ownership),
  ];
}

function wepay(who: WhoView): SectionView[] {
  if (who.kind !== "individual") return [...entity(who), ...owner(who)];
  const activity = [
    field("entity.mcc", "merchant_category"),
    field("entity.primary_url", "url", optional),
  ];
  return [...owner(who), section("entity", "activity", activity)];
}

function winter(): SectionView[] {
  return [
    section("owner", "owner_name", names("owner")),
    section("owner", "owner_address", address("owner.address")),
    section("owner", "owner_number", [
      field("owner.us.ssn", "social_security_number", { national: true }),
    ]),
  ];
}

/** The questions for one kind of applicant in one country. */
export function sectionsOf(provider: string, who: WhoView): SectionView[] {
  const sections = provider === "winter" ? winter() : wepay(who);
  return sections.filter((s) => s.fields.length > 0);
}

/** The questions of one further owner. */
export function ownerFields(prefix: string, index: number): FieldView[] {
  const place = `${prefix}.${index}`;
  return [...names(place), field(`${place}.date_of_birth`, "date"), ...address(`${place}.address`)];
}

/** Whether further owners are asked for. */
export function asksOwners(provider: string, who: WhoView): boolean {
  return provider !== "winter" && who.kind !== "individual" && who.country === "GB";
}

/** Kinds and countries that a provider takes. */
export function offersOf(provider: string): WhoView[] {
  if (provider === "winter") return [{ kind: "individual", country: "US" }];
  return ["individual", "business", "organization"].flatMap((kind) =>
    ["US", "CA", "GB"].map((country) => ({ kind, country })),
  );
}

type Paper = [kind: string, purpose: string, shape: string, sides: number];

const WEPAY: Paper[] = [
  ["passport", "identity", "passport_page", 1],
  ["drivers_license", "identity", "card", 2],
  ["other_government_issued_photo_id", "identity", "card", 2],
  ["permanent_residence_card", "identity", "card", 2],
  ["employment_authorization_card", "identity", "card", 2],
  ["birth_certificate", "identity", "page", 1],
  ["certificate_of_citizenship", "identity", "page", 1],
  ["certificate_of_naturalization", "identity", "page", 1],
  ["certified_copy_of_court_order", "identity", "page", 1],
  ["current_utility_bill", "address", "page", 1],
  ["current_bank_statement", "address", "page", 1],
  ["current_local_tax_bill", "address", "page", 1],
  ["mortgage_statement", "address", "page", 1],
  ["current_lease_contract", "address", "page", 1],
  ["electoral_register_entry", "address", "page", 1],
  ["social_security_card", "national_number", "card", 1],
  ["social_insurance_number_card", "national_number", "card", 1],
  ["benefits_card", "national_number", "card", 2],
  ["evidence_of_corporate_registration", "entity", "page", 1],
  ["evidence_of_nonprofit_registration", "entity", "page", 1],
  ["evidence_of_authority", "authority", "page", 1],
];

const WINTER: Paper[] = [
  ["DRIVERS_LICENSE", "identity", "card", 2],
  ["PASSPORT", "identity", "passport_page", 1],
  ["STATE_LICENSE", "identity", "card", 2],
];

const HIDDEN: Record<string, string[]> = {
  electoral_register_entry: ["US", "CA"],
  social_security_card: ["CA", "GB"],
  social_insurance_number_card: ["US", "GB"],
};

const FOR_KIND: Record<string, string[]> = {
  evidence_of_corporate_registration: ["business"],
  evidence_of_nonprofit_registration: ["organization"],
  evidence_of_authority: ["business", "organization"],
};

/** The papers on offer. */
export function papersOf(provider: string, who: WhoView): DocumentChoiceView[] {
  const strict = provider === "winter";
  return (strict ? WINTER : WEPAY)
    .filter(([kind]) => !HIDDEN[kind]?.includes(who.country))
    .filter(([kind]) => FOR_KIND[kind]?.includes(who.kind) ?? true)
    .map(([kind, purpose, shape, sides]) => ({
      kind,
      purpose,
      shape,
      sides: sides === 2 ? ["front", "back"] : ["front"],
      all_sides: strict,
    }));
}

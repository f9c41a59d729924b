import type { AccountRowView } from "../../generated/AccountRowView";
import type { AnswerRequest } from "../../generated/AnswerRequest";
import type { DraftView } from "../../generated/DraftView";
import type { FieldView } from "../../generated/FieldView";
import { now } from "../../state/clock.svelte";
import { findingsOf, missingOf } from "./checks";
import { badReport, glareReport, goodReport, photoOf, warnReport } from "./photos";
import { asksOwners, offersOf, ownerFields, papersOf, sectionsOf } from "./questions";

const SAMPLE: Record<string, string> = {
  "entity.legal_name": "Balogun Fabrics Ltd",
  "entity.gb.legal_form": "private_limited_company",
  "entity.gb.company_number": "09876541",
  "entity.address.address1": "12 Church Road",
  "entity.address.city": "Bristol",
  "entity.address.postal_code": "BS5 9JJ",
  "entity.address.country": "GB",
  "entity.description": "Fabrics and haberdashery",
  "entity.primary_url": "https://balogun.example",
  "owner.name.first": "Oluwaseun Christopher",
  "owner.name.middle": "Adebayo Temitope",
  "owner.name.last": "Balogun",
  "owner.date_of_birth": "1986-03-14",
  "owner.phone.country_code": "+44",
  "owner.phone.number": "7700 900318",
  "owner.email": "seun@balogun.example",
  "owner.address.address1": "48 North Street",
  "owner.address.address2": "Flat 2",
  "owner.address.city": "Bristol",
  "owner.address.postal_code": "BS3 1J",
  "owner.address.country": "GB",
  "owner.gb.is_beneficial_owner": "yes",
};

const US: Record<string, string> = {
  "owner.name.first": "Nadia",
  "owner.name.last": "Rahman",
  "owner.date_of_birth": "1991-07-09",
  "owner.phone.country_code": "+1",
  "owner.phone.number": "415 555 0142",
  "owner.address.address1": "350 Oak Street",
  "owner.address.city": "San Francisco",
  "owner.address.region": "CA",
  "owner.address.postal_code": "94102",
  "owner.address.country": "US",
  "owner.us.ssn": "123-45-6789",
  "entity.mcc": "5462",
};

/** A fresh draft. */
export function newDraft(account: AccountRowView, id: string): DraftView {
  return settled({
    id,
    account,
    continues: null,
    who: null,
    offers: offersOf(account.provider),
    sections: [],
    owners: null,
    findings: [],
    documents: [],
    photos: [],
    required_purposes: account.provider === "winter" ? ["identity"] : [],
    advised_purposes: [],
    one_kind: account.provider === "winter",
    asked_documents: [],
    missing: [],
    consent: null,
    language: "en",
    step: "",
    saved_ms: now(),
    photos_on_request: account.provider === "wepay",
  });
}

/** The draft on the pictures: a business in GB, half filled. */
export function sampleDraft(account: AccountRowView, id: string): DraftView {
  return answered(withWho(newDraft(account, id), "business", "GB"), SAMPLE);
}

/** More of that account's draft, for pictures of the other steps. */
export function moreDrafts(account: AccountRowView): DraftView[] {
  const whole = { ...SAMPLE, "owner.address.postal_code": "BS3 1JD" };
  const full = (id: string) =>
    answered(withWho(newDraft(account, `${account.draft}-${id}`), "business", "GB"), whole);
  const photos = [
    photoOf("drivers_license", "front", goodReport()),
    photoOf("drivers_license", "back", goodReport()),
    photoOf("current_utility_bill", "front", warnReport()),
  ];
  const person = withWho(newDraft(account, `${account.draft}-us`), "individual", "US");
  const nobody = full("full");
  return [
    settled({ ...nobody, owners: nobody.owners && { ...nobody.owners, none: true }, photos }),
    settled({ ...full("front"), photos: photos.slice(0, 1) }),
    settled({ ...full("bad"), photos: [photoOf("drivers_license", "front", glareReport(), 2)] }),
    settled({ ...full("far"), photos: [photoOf("drivers_license", "front", badReport())] }),
    withAnswers(full("owners"), [
      { path: "owners.0.name.first", value: "Folake" },
      { path: "owners.0.name.last", value: "Balogun" },
      { path: "owners.0.address.country", value: "GB" },
    ]),
    answered(person, US),
  ];
}

/** A draft that takes photos anew for what was rejected. */
export function retakeDraft(account: AccountRowView, id: string, asked: string[]): DraftView {
  const draft = withWho(newDraft(account, id), "business", "GB");
  return settled({
    ...draft,
    continues: `submission-${account.id}`,
    sections: [],
    owners: null,
    asked_documents: asked,
    consent: { text_id: "consent.v1", given_ms: now() },
  });
}

export function withWho(draft: DraftView, kind: string, country: string): DraftView {
  const who = { kind, country };
  const { provider } = draft.account;
  const kept = new Map(draft.sections.flatMap((s) => s.fields).map((f) => [f.path, f.value]));
  const sections = sectionsOf(provider, who).map((section) => ({
    ...section,
    fields: section.fields.map((f) => ({ ...f, value: kept.get(f.path) ?? startOf(f, country) })),
  }));
  const owners = draft.owners ?? {
    prefix: "owners",
    none: false,
    owners: [],
    template: [],
    max: 20,
  };
  const advised =
    kind === "individual" ? ["identity", "address"] : ["identity", "address", "entity"];
  return settled({
    ...draft,
    who,
    sections,
    owners: asksOwners(provider, who) ? owners : null,
    documents: papersOf(provider, who),
    advised_purposes: provider === "winter" ? [] : advised,
  });
}

/** Countries and dialling codes begin as the applicant's own. */
function startOf(field: FieldView, country: string): string {
  if (field.kind === "phone_code") return country === "GB" ? "+44" : "+1";
  return field.kind === "country" ? country : "";
}

function answered(draft: DraftView, answers: Record<string, string>): DraftView {
  return withAnswers(
    draft,
    Object.entries(answers).map(([path, value]) => ({ path, value })),
  );
}

export function withAnswers(draft: DraftView, answers: AnswerRequest[]): DraftView {
  const values = new Map(answers.map((answer) => [answer.path, answer.value]));
  const filled = (f: FieldView) => ({ ...f, value: values.get(f.path) ?? f.value });
  const sections = draft.sections.map((s) => ({ ...s, fields: s.fields.map(filled) }));
  if (!draft.owners) return settled({ ...draft, sections });
  const { prefix } = draft.owners;
  const owners = draft.owners.owners.map((o) => o.map(filled));
  for (const path of values.keys()) {
    const index = path.startsWith(`${prefix}.`) ? Number(path.split(".")[1]) : -1;
    while (owners.length <= index) owners.push(ownerFields(prefix, owners.length).map(filled));
  }
  return settled({ ...draft, sections, owners: { ...draft.owners, owners } });
}

/** One further owner less; those behind it move up. */
export function withoutOwner(draft: DraftView, index: number): DraftView {
  if (!draft.owners) return draft;
  const { prefix } = draft.owners;
  const owners = draft.owners.owners
    .filter((_, at) => at !== index)
    .map((fields, at) =>
      ownerFields(prefix, at).map((f, n) => ({ ...f, value: fields[n]?.value ?? "" })),
    );
  return settled({ ...draft, owners: { ...draft.owners, owners } });
}

/** Checks again what is missing and what is to be said of the answers. */
export function settled(draft: DraftView): DraftView {
  const findings = findingsOf(draft);
  const owners = draft.owners && {
    ...draft.owners,
    template: ownerFields(draft.owners.prefix, draft.owners.owners.length),
  };
  return { ...draft, owners, findings, missing: missingOf(draft, findings), saved_ms: now() };
}

// Names of questions, by the end of their path; `owner.address.city` is asked for by `address.city` or `city`.

export const FIELDS: Record<string, string> = {
  // Who
  "name.first": "First names",
  "name.middle": "Middle names",
  "name.last": "Last name",
  first_name: "First names",
  middle_name: "Middle names",
  last_name: "Last name",
  full_name: "Full name",
  full_legal_name: "Full legal name",
  date_of_birth: "Date of birth",
  born: "Date of birth",
  email: "Email",
  "phone.code": "Country code",
  "phone.country_code": "Country code",
  "phone.number": "Phone",
  "phone.phone_number": "Phone",
  phone: "Phone",
  // Where
  "address.line1": "Address",
  "address.line2": "Flat or floor",
  "address.address1": "Address",
  "address.address2": "Flat or floor",
  address1: "Address",
  address2: "Flat or floor",
  city: "Town or city",
  region: "State or province",
  postal_code: "Postcode",
  country: "Country",
  full_address: "Full address",
  address: "Address",
  // Business
  legal_entity_name: "Registered name",
  "entity.legal_name": "Registered name",
  legal_name: "Registered name",
  legal_form: "Legal form",
  entity_description: "What it does",
  description: "What it does",
  primary_url: "Website",
  website: "Website",
  mcc: "Trade (category code)",
  company_number: "Company number",
  // National numbers
  ssn: "Social security number",
  social_security_number: "Social security number",
  social_security_number_last_4: "Last 4 digits of the social security number",
  sin: "Social insurance number",
  social_insurance_number: "Social insurance number",
  ein: "Employer number (EIN)",
  gst_hst: "GST/HST number",
  is_beneficial_owner: "Owns more than 25 % of the business",
  // Connections
  base_url: "Address of the provider",
  client_id: "Client ID",
  client_secret: "Client secret",
  access_token: "Access token",
  authorize_url: "Address of the relay that authorizes",
  api_version: "API version",
  create_without_token: "Send details without the access token",
  risk_token: "Risk token",
  client_ip: "Client IP address",
  key: "Key",
  api_key: "Key",
  secret: "Secret",
  api_secret: "Secret",
  key_header: "Name of the key’s header",
  secret_header: "Name of the secret’s header",
  name_field: "Where the name goes",
  document_field: "Where the picture goes",
  name: "Name",
  account_id: "Account number",
  remote_id: "Account number",
  token: "Access token of its own",
  operator: "Your name",
  passphrase: "Passphrase",
  kind: "Kind",
  connection: "Connection",
};

/** The name of a question by its path. */
export function fieldLabel(path: string): string {
  const parts = path.split(".").filter((part) => !/^\d+$/.test(part));
  for (let start = 0; start < parts.length; start += 1) {
    const known = FIELDS[parts.slice(start).join(".")];
    if (known) return known;
  }
  const last = (parts[parts.length - 1] ?? path).replaceAll("_", " ");
  return last.charAt(0).toUpperCase() + last.slice(1);
}

/** What a connection's field is for, where the name does not say it. */
export const FIELD_HELP: Record<string, string> = {
  base_url: "The provider’s own, or your organisation’s relay.",
  client_id: "Your administrator gives it to you.",
  access_token: "Stays in the vault and is never shown again. An account may bring one of its own.",
  authorize_url: "Only when an organisation’s relay holds the token.",
  create_without_token: "The details go straight to the provider; the relay confirms them.",
  risk_token: "Only when the provider asks for it.",
  client_ip: "Only when the provider asks for it.",
  name_field: "The provider’s documents name two; both is safe.",
  document_field: "The provider’s documents name two; “document” is the likely one.",
};

/** Words for the codes that a connection's field offers. */
export const OPTIONS: Record<string, string> = {
  yes: "Yes",
  no: "No",
  document: "document",
  content: "content",
  both: "Both",
  full_legal_name: "full_legal_name",
  full_name: "full_name",
  private_limited: "Private limited company",
  public_limited: "Public limited company",
  partnership: "Partnership",
  sole_trader: "Sole trader",
  charity: "Charity",
};

export function optionLabel(code: string): string {
  return OPTIONS[code] ?? code.replaceAll("_", " ");
}

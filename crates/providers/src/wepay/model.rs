//! WePay's KYC structures, as they go out. Optional fields that have no value are left out.

use serde::Serialize;

/// Arguments of `/account/kyc/create`. Exactly one of the three structures is there.
#[derive(Serialize)]
pub(super) struct Create {
    pub client_id: String,
    pub account_id: String,
    #[serde(flatten)]
    pub applicant: Applicant,
}

/// Who the account is for; the variant's name is the key.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Applicant {
    Individual(Box<Individual>),
    Business(Box<Entity>),
    Organization(Box<Entity>),
}

/// Individual Structure.
#[derive(Serialize)]
pub(super) struct Individual {
    pub account_owner: AccountOwner,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mcc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_url: Option<String>,
    #[serde(flatten)]
    pub compliance: EntityCompliance,
}

/// Business Structure and Organization Structure, which have the same fields.
#[derive(Serialize)]
pub(super) struct Entity {
    pub account_owner: AccountOwner,
    pub legal_entity_name: String,
    pub primary_url: String,
    pub entity_description: String,
    pub address: Address,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mcc: Option<String>,
    #[serde(flatten)]
    pub compliance: EntityCompliance,
}

/// The entity block of at most one country.
#[derive(Serialize, Default)]
pub(super) struct EntityCompliance {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub us_entity_compliance: Option<UsEntity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_entity_compliance: Option<CaEntity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gb_entity_compliance: Option<GbEntity>,
}

/// US Entity Compliance Structure.
#[derive(Serialize)]
pub(super) struct UsEntity {
    pub ein: String,
}

/// CA Entity Compliance Structure.
#[derive(Serialize)]
pub(super) struct CaEntity {
    pub gst_hst: String,
}

/// GB Entity Compliance Structure.
#[derive(Serialize)]
pub(super) struct GbEntity {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_number: Option<String>,
    pub legal_form: String,
    pub additional_beneficial_owners: Vec<BeneficialOwner>,
}

/// Account Owner Structure.
#[derive(Serialize)]
pub(super) struct AccountOwner {
    pub name: Name,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    pub date_of_birth: BirthDate,
    pub address: Address,
    pub phone: Phone,
    #[serde(flatten)]
    pub compliance: OwnerCompliance,
}

/// The owner block of the entity's country; the variant's name is the key.
#[derive(Serialize)]
pub(super) enum OwnerCompliance {
    #[serde(rename = "us_owner_compliance")]
    Us(UsOwner),
    #[serde(rename = "ca_owner_compliance")]
    Ca(CaOwner),
    #[serde(rename = "gb_owner_compliance")]
    Gb(GbOwner),
}

/// US Owner Compliance Structure: exactly one of the two numbers.
#[derive(Serialize)]
pub(super) struct UsOwner {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub social_security_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub social_security_number_last_4: Option<String>,
}

/// CA Owner Compliance Structure: the object is required, its only field is not.
#[derive(Serialize)]
pub(super) struct CaOwner {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub social_insurance_number: Option<String>,
}

/// GB Owner Compliance Structure.
#[derive(Serialize)]
pub(super) struct GbOwner {
    pub is_beneficial_owner: bool,
}

/// Beneficial Owner Structure.
#[derive(Serialize)]
pub(super) struct BeneficialOwner {
    pub name: Name,
    pub address: Address,
    pub date_of_birth: BirthDate,
}

/// Name Structure. WePay cuts what is too long; it is sent whole.
#[derive(Serialize)]
pub(super) struct Name {
    pub first: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle: Option<String>,
    pub last: String,
}

/// KYC Address Structure.
#[derive(Serialize)]
pub(super) struct Address {
    pub address1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address2: Option<String>,
    pub city: String,
    pub region: String,
    pub postal_code: String,
    pub country: String,
}

/// Date Structure.
#[derive(Serialize)]
pub(super) struct BirthDate {
    pub year: i64,
    pub month: i64,
    pub day: i64,
}

/// Phone Structure.
#[derive(Serialize)]
pub(super) struct Phone {
    pub country_code: String,
    pub phone_number: String,
}

/// Arguments of `/account/kyc`.
#[derive(Serialize)]
pub(super) struct AccountKyc {
    pub account_id: i64,
}

/// Arguments of `/account/kyc/authorize`.
#[derive(Serialize)]
pub(super) struct Authorize {
    pub kyc_id: i64,
}

/// Arguments of `/account/kyc/modify`.
#[derive(Serialize)]
pub(super) struct Modify {
    pub account_id: i64,
    pub file_ids: Vec<i64>,
}

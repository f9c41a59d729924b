//! Winter: `/v1/kyc/info`, `/v1/kyc_docs`, `/v1/kyc/docs` and `/v1/account`.

mod config;
mod replies;
mod requests;
mod requirements;

use jiff::civil::Date;
use satchel_core::account::Account;
use satchel_core::delivery::{Outcome, Step};
use satchel_core::http::{HttpRequest, HttpResponse};
use satchel_core::onboarding::{
    Answers, Country, EntityKind, Finding, Requirements, Severity, Who, normal,
};
use satchel_core::provider::{Capabilities, ConnectionField, Context, Provider, RequestFault};

/// Winter. Every write overwrites, one state per account, no reason per document.
#[derive(Clone, Copy, Debug, Default)]
pub struct Winter;

impl Provider for Winter {
    fn code(&self) -> &'static str {
        "winter"
    }

    fn name(&self) -> &'static str {
        "Winter"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            photos_on_request: false,
            draft_then_authorize: false,
            reason_per_document: false,
            overwrites: true,
            set_resent_whole: true,
        }
    }

    /// A social security number is asked of everyone and no entity is described: people in the US.
    fn numeric_account_ids(&self) -> bool {
        false
    }

    fn offers(&self) -> Vec<Who> {
        vec![Who { kind: EntityKind::Individual, country: Country::Us }]
    }

    fn connection_fields(&self) -> Vec<ConnectionField> {
        config::connection_fields()
    }

    fn requirements(&self, _who: Who) -> Requirements {
        requirements::requirements()
    }

    fn request(&self, step: &Step, context: &Context<'_>) -> Result<HttpRequest, RequestFault> {
        requests::request(step, context)
    }

    fn read(&self, step: &Step, context: &Context<'_>, response: &HttpResponse) -> Outcome {
        replies::read(step, context, response)
    }

    /// "This should match full_name of Account": warns when the account is known by another name.
    fn advice(&self, account: &Account, answers: &Answers, _today: Date) -> Vec<Finding> {
        let name = normal::full_name(answers, "owner.name");
        let differs = comparable(&name) != comparable(&account.name);
        if name.is_empty() || account.name.trim().is_empty() || !differs {
            return Vec::new();
        }
        vec![Finding {
            path: "owner.name.last".to_owned(),
            code: "legal_name_differs",
            severity: Severity::Warn,
            detail: Some(account.name.clone()),
        }]
    }
}

fn comparable(name: &str) -> Vec<String> {
    name.split_whitespace().map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests;

//! WePay v2, API version 2017-02-01: `/account/kyc` and `/file/upload`.

mod codes;
mod config;
mod create;
mod documents;
mod model;
mod replies;
mod requests;
mod requirements;

use jiff::civil::Date;
use satchel_core::account::Account;
use satchel_core::delivery::{Outcome, Step};
use satchel_core::http::{HttpRequest, HttpResponse};
use satchel_core::onboarding::{Answers, Country, EntityKind, Finding, Requirements, Who};
use satchel_core::provider::{Capabilities, ConnectionField, Context, Provider, RequestFault};

/// WePay. A draft is inert until it is authorized; photos are taken only when they were asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct WePay;

impl Provider for WePay {
    fn code(&self) -> &'static str {
        "wepay"
    }

    fn name(&self) -> &'static str {
        "WePay"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            photos_on_request: true,
            draft_then_authorize: true,
            reason_per_document: true,
            overwrites: false,
            set_resent_whole: false,
        }
    }

    fn numeric_account_ids(&self) -> bool {
        true
    }

    fn offers(&self) -> Vec<Who> {
        EntityKind::ALL
            .into_iter()
            .flat_map(|kind| Country::ALL.map(|country| Who { kind, country }))
            .collect()
    }

    fn connection_fields(&self) -> Vec<ConnectionField> {
        config::connection_fields()
    }

    fn requirements(&self, who: Who) -> Requirements {
        requirements::requirements(who)
    }

    fn request(&self, step: &Step, context: &Context<'_>) -> Result<HttpRequest, RequestFault> {
        requests::request(step, context)
    }

    fn read(&self, step: &Step, context: &Context<'_>, response: &HttpResponse) -> Outcome {
        replies::read(step, context, response)
    }

    fn advice(&self, _account: &Account, _answers: &Answers, _today: Date) -> Vec<Finding> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests;

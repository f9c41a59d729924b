//! What a started sandbox tells whoever started it.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::journal::Provider;
use crate::seed;
use crate::state::{AccountState, Owner};
use crate::tls::Identity;
use crate::world::World;

/// Where a sandbox is listening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// Plain HTTP.
    pub http: SocketAddr,
    /// HTTP over TLS, if it was asked for.
    pub https: Option<SocketAddr>,
}

/// An account that a client may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestAccount {
    /// Whose account it is.
    pub provider: Provider,
    /// The id as the provider has it: a number at WePay, a string at Winter.
    pub id: serde_json::Value,
    /// The merchant's or customer's name.
    pub name: String,
    /// `US`, `CA` or `GB`.
    pub country: String,
    /// `individual`, `business` or `organization`.
    pub kind: String,
    /// What the reviewer does with it, in test words.
    pub script: String,
    /// `ours`, or `foreign` for an account that must be refused.
    pub owner: String,
    /// The account's own state: `action_required`, `pending`, `active`, `disabled`, `deleted`.
    pub state: String,
}

/// The WePay credentials of a sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WepayCredentials {
    /// The application's id.
    pub client_id: String,
    /// A token for every account that is ours.
    pub access_token: String,
    /// A token that answers 1011.
    pub revoked_access_token: String,
    /// Another application's token, which owns none of our accounts.
    pub foreign_access_token: String,
    /// The other application's id.
    pub foreign_client_id: String,
}

/// The Winter credentials of a sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WinterCredentials {
    /// The value of `X-API-KEY`.
    pub key: String,
    /// The value of `X-API-SECRET`.
    pub secret: String,
}

/// The credentials of both providers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// WePay's.
    pub wepay: WepayCredentials,
    /// Winter's.
    pub winter: WinterCredentials,
}

/// The first line that the program prints, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The version of the sandbox.
    pub satchel_sandbox: String,
    /// WePay's base URL, to which `/account/kyc` is added.
    pub wepay: String,
    /// Winter's base URL, to which `/v1/account/12345` is added.
    pub winter: String,
    /// WePay's base URL over TLS.
    pub wepay_tls: Option<String>,
    /// Winter's base URL over TLS.
    pub winter_tls: Option<String>,
    /// The file of the root certificate to trust.
    pub certificate: Option<PathBuf>,
    /// The same certificate in PEM.
    pub certificate_pem: Option<String>,
    /// Test credentials.
    pub credentials: Credentials,
    /// Test accounts.
    pub accounts: Vec<TestAccount>,
    /// The reviewer's page; whoever has this URL may decide.
    pub review_url: String,
    /// The base URL of the calls that steer the sandbox.
    pub admin: String,
    /// The value of their `X-Sandbox-Admin` header.
    pub admin_token: String,
}

/// Describes a world at its addresses.
pub(crate) fn describe(world: &World, addresses: Addresses, tls: Option<&Identity>) -> Hello {
    let http = format!("http://{}", addresses.http);
    let https = addresses.https.map(|address| format!("https://{address}"));
    let admin_token = world.meta.admin_token.clone();
    Hello {
        satchel_sandbox: env!("CARGO_PKG_VERSION").to_owned(),
        wepay: format!("{http}/v2"),
        winter: http.clone(),
        wepay_tls: https.as_ref().map(|base| format!("{base}/v2")),
        winter_tls: https,
        certificate: tls.and_then(|identity| identity.root_path.clone()),
        certificate_pem: tls.map(|identity| identity.root_pem.clone()),
        credentials: Credentials {
            wepay: WepayCredentials {
                client_id: seed::CLIENT_ID.to_owned(),
                access_token: seed::access_token(),
                revoked_access_token: seed::revoked_token(),
                foreign_access_token: seed::foreign_token(),
                foreign_client_id: seed::FOREIGN_CLIENT_ID.to_owned(),
            },
            winter: WinterCredentials { key: seed::winter_key(), secret: seed::winter_secret() },
        },
        accounts: accounts(world),
        review_url: format!("{http}/review?token={admin_token}"),
        admin: format!("{http}/_sandbox"),
        admin_token,
    }
}

fn accounts(world: &World) -> Vec<TestAccount> {
    let wepay = world.wepay_accounts().map(|account| TestAccount {
        provider: Provider::Wepay,
        id: account.id.into(),
        name: account.name.clone(),
        country: account.country.clone(),
        kind: account.kind.word().to_owned(),
        script: account.script.words(),
        owner: owner_word(account.owner),
        state: state_word(account.state),
    });
    let winter = world.winter_accounts().map(|account| TestAccount {
        provider: Provider::Winter,
        id: account.id.clone().into(),
        name: account.full_name.clone(),
        country: "US".to_owned(),
        kind: "individual".to_owned(),
        script: account.script.words(),
        owner: owner_word(account.owner),
        state: state_word(AccountState::Active),
    });
    wepay.chain(winter).collect()
}

fn owner_word(owner: Owner) -> String {
    match owner {
        Owner::Ours => "ours".to_owned(),
        Owner::Foreign => "foreign".to_owned(),
    }
}

fn state_word(state: AccountState) -> String {
    let word = match state {
        AccountState::ActionRequired => "action_required",
        AccountState::Pending => "pending",
        AccountState::Active => "active",
        AccountState::Disabled => "disabled",
        AccountState::Deleted => "deleted",
    };
    word.to_owned()
}

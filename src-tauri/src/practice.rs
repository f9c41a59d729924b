//! The practice provider of training mode: the sandbox, on loopback, inside the app.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use satchel_app::{
    Country, EntityKind, Practice, PracticeAccount, PracticeConnection, PracticeProvider,
};
use satchel_sandbox::{Hello, Options, Provider, Running, Sandbox, TestAccount};

/// The sandbox, while training mode is open.
#[derive(Default)]
pub(crate) struct BundledProvider(Mutex<Option<Running>>);

impl Practice for BundledProvider {
    fn start(&self, folder: &Path) -> Result<PracticeProvider, String> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = running.as_ref() {
            return Ok(provider(running.hello()));
        }
        let options = Options {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: Some(folder.to_owned()),
            ..Options::default()
        };
        let started = tauri::async_runtime::block_on(Sandbox::start(options))
            .map_err(|fault| fault.to_string())?;
        let provider = provider(started.hello());
        *running = Some(started);
        Ok(provider)
    }

    fn stop(&self) {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(running) = running {
            tauri::async_runtime::spawn(running.stop());
        }
    }
}

fn provider(hello: &Hello) -> PracticeProvider {
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let wepay = &hello.credentials.wepay;
    let winter = &hello.credentials.winter;
    PracticeProvider {
        connections: vec![
            PracticeConnection {
                provider: "wepay".to_owned(),
                settings: vec![pair("base_url", &hello.wepay)],
                credentials: vec![
                    pair("client_id", &wepay.client_id),
                    pair("access_token", &wepay.access_token),
                ],
                accounts: accounts(hello, Provider::Wepay),
            },
            PracticeConnection {
                provider: "winter".to_owned(),
                settings: vec![pair("base_url", &hello.winter)],
                credentials: vec![pair("api_key", &winter.key), pair("api_secret", &winter.secret)],
                accounts: accounts(hello, Provider::Winter),
            },
        ],
        review_url: hello.review_url.clone(),
    }
}

/// Accounts that are ours and open; the ones that are there to be refused are for tests.
fn accounts(hello: &Hello, of: Provider) -> Vec<PracticeAccount> {
    let usable = |account: &&TestAccount| {
        account.provider == of
            && account.owner == "ours"
            && matches!(account.state.as_str(), "active" | "action_required")
    };
    hello
        .accounts
        .iter()
        .filter(usable)
        .map(|account| PracticeAccount {
            remote_id: match &account.id {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            },
            name: account.name.clone(),
            kind: EntityKind::parse(&account.kind),
            country: Country::parse(&account.country),
        })
        .collect()
}

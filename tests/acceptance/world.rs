//! One app, one practice provider, one clock that both go by.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use satchel_app::api::{
    AccountAddRequest, AccountRowView, AccountView, AccountsRequest, AnswerRequest,
    ConnectionRequest, VaultCreateRequest, VaultUnlockRequest,
};
use satchel_app::{
    Clock, Cost, CreateOptions, Darkroom, Folder, Keychain, MemoryKeychain, Picture, Ports,
    Satchel, SystemClock,
};
use satchel_core::clock::Moment;
use satchel_sandbox::{FaultRule, Options, Running, Sandbox};
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::desk::PASSPHRASE;

pub const MINUTE: u32 = 60_000;

/// Longest wait for something that must come by itself: generous, since machines are busy.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Default)]
struct TestClock {
    system: SystemClock,
    ahead_ms: AtomicU64,
}

impl Clock for TestClock {
    fn now(&self) -> Moment {
        self.system.now().plus(self.ahead_ms.load(Ordering::SeqCst))
    }

    fn is_moved(&self) -> bool {
        true
    }
}

pub struct World {
    pub sandbox: Running,
    pub satchel: Satchel,
    pub folder: TempDir,
    clock: Arc<TestClock>,
    changed: Arc<Notify>,
    keychain: Arc<MemoryKeychain>,
    running: JoinHandle<()>,
}

impl World {
    /// A provider, an empty folder, a vault and both connections.
    pub async fn connected() -> Self {
        let world = Self::new().await;
        world.satchel.vault_create(&create()).unwrap();
        world.connect();
        world
    }

    pub async fn new() -> Self {
        Self::with(&Arc::new(MemoryKeychain::absent())).await
    }

    /// The same, on a computer with this keychain.
    pub async fn with(keychain: &Arc<MemoryKeychain>) -> Self {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let folder = TempDir::new().unwrap();
        let (clock, changed) = (Arc::new(TestClock::default()), Arc::new(Notify::new()));
        let keychain = Arc::clone(keychain);
        let (satchel, running) = start(folder.path(), &clock, &changed, &keychain);
        Self { sandbox, satchel, folder, clock, changed, keychain, running }
    }

    /// Ends the app at once, wherever it is, and starts it again over the same folder.
    pub fn kill_and_restart(&mut self) {
        self.running.abort();
        self.satchel.vault_lock("hand");
        let folder = self.folder.path();
        let (satchel, running) = start(folder, &self.clock, &self.changed, &self.keychain);
        (self.satchel, self.running) = (satchel, running);
        self.unlock();
    }

    pub fn unlock(&self) {
        let request = VaultUnlockRequest { passphrase: PASSPHRASE.to_owned() };
        self.satchel.vault_unlock(&request).unwrap();
    }

    fn connect(&self) {
        let hello = self.sandbox.hello();
        let wepay = &hello.credentials.wepay;
        let winter = &hello.credentials.winter;
        self.connection(
            "wepay",
            &[("base_url", &hello.wepay), ("client_id", &wepay.client_id)],
            &[("access_token", &wepay.access_token)],
        );
        self.connection(
            "winter",
            &[("base_url", &hello.winter)],
            &[("api_key", &winter.key), ("api_secret", &winter.secret)],
        );
    }

    fn connection(&self, provider: &str, settings: &[(&str, &str)], credentials: &[(&str, &str)]) {
        let own = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
        };
        let request = ConnectionRequest {
            id: None,
            provider: provider.to_owned(),
            name: String::new(),
            settings: own(settings),
            credentials: own(credentials),
            extra_root_pem: None,
        };
        self.satchel.connection_save(request).unwrap();
    }

    /// Adds an account that the provider has, by a word of its script and its kind.
    pub fn account(&self, provider: &str, kind: &str, country: &str) -> AccountRowView {
        let hello = self.sandbox.hello();
        let all = AccountsRequest { filter: None, search: String::new(), most: None };
        let rows = self.satchel.accounts_list(&all).unwrap().rows;
        let known: Vec<String> = rows.into_iter().map(|row| row.remote_id).collect();
        let found = hello.accounts.iter().find(|a| {
            let of = serde_json::to_value(a.provider).unwrap();
            of == provider
                && a.owner == "ours"
                && a.kind == kind
                && a.country == country
                && !known.contains(&remote_id(&a.id))
                && ["active", "action_required"].contains(&a.state.as_str())
        });
        let found = found.unwrap_or_else(|| panic!("no {provider} {kind} {country}"));
        let remote_id = remote_id(&found.id);
        let connections = self.satchel.connections_list().unwrap();
        let connection = connections.iter().find(|c| c.provider == provider).unwrap();
        self.satchel
            .account_add(AccountAddRequest {
                connection: connection.id.clone(),
                remote_id,
                name: found.name.clone(),
                kind: Some(kind.to_owned()),
                country: Some(country.to_owned()),
                email: None,
                token: None,
            })
            .unwrap()
    }

    /// Adds an account again that was forgotten.
    pub fn again(&self, row: &AccountRowView) -> AccountRowView {
        let request = AccountAddRequest {
            connection: row.connection.clone(),
            remote_id: row.remote_id.clone(),
            name: row.name.clone(),
            kind: Some("individual".to_owned()),
            country: Some("US".to_owned()),
            email: None,
            token: None,
        };
        self.satchel.account_add(request).unwrap()
    }

    /// Waits for the next change, or a little while.
    pub async fn changed(&self) {
        // A look now and then as well: a wait that ends is no change.
        let _ = tokio::time::timeout(Duration::from_millis(100), self.changed.notified()).await;
    }

    /// Fills a draft and seals it with photos.
    pub fn onboard(&self, account: &str, answers: &[(&str, &str)], photos: &[(&str, &str, &[u8])]) {
        let draft = self.satchel.draft_start(account).unwrap();
        let answers: Vec<AnswerRequest> = answers
            .iter()
            .map(|(path, value)| AnswerRequest {
                path: (*path).to_owned(),
                value: (*value).to_owned(),
            })
            .collect();
        let view = self.satchel.draft_answer(&draft.id, &answers).unwrap();
        let blocking: Vec<_> = view.findings.iter().filter(|f| f.blocks).collect();
        assert!(blocking.is_empty(), "{blocking:?}");
        self.photos(&draft.id, photos);
        self.satchel.draft_consent(&draft.id, true).unwrap();
        self.satchel.draft_seal(&draft.id).unwrap();
    }

    /// Takes photos anew for a submission and seals the round.
    pub fn retake(&self, account: &str, photos: &[(&str, &str, &[u8])]) {
        let draft = self.satchel.retake_start(account).unwrap();
        self.photos(&draft.id, photos);
        self.satchel.draft_seal(&draft.id).unwrap();
    }

    fn photos(&self, draft: &str, photos: &[(&str, &str, &[u8])]) {
        for (document, side, bytes) in photos {
            let photo =
                self.satchel.photo_add(draft, document, side, Picture::File(bytes)).unwrap();
            assert_ne!(photo.report.verdict, "bad", "{:?}", photo.report);
        }
    }

    pub fn show(&self, account: &str) -> AccountView {
        self.satchel.account_show(account).unwrap()
    }

    /// Waits until an account stands as `code` says; the app tells when something changed.
    pub async fn until(&self, account: &str, code: &str) -> AccountView {
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                let changed = self.changed.notified();
                let view = self.show(account);
                if view.row.line.code == code {
                    return view;
                }
                // A look now and then as well: a wait that ends is no change.
                let _ = tokio::time::timeout(Duration::from_millis(100), changed).await;
            }
        });
        match waited.await {
            Ok(view) => view,
            Err(_) => panic!("{code} did not come: {:#?}", self.show(account)),
        }
    }

    /// Lets both sides' time pass.
    pub fn pass(&self, ms: u32) {
        self.sandbox.advance(ms).unwrap();
        self.clock.ahead_ms.fetch_add(u64::from(ms), Ordering::SeqCst);
    }

    /// Lets time pass and asks the provider.
    pub fn pass_and_ask(&self, ms: u32) {
        self.pass(ms);
        self.satchel.outbox_send_now(None).unwrap();
    }

    pub fn offline(&self) {
        self.fault(serde_json::json!({ "times": null, "fault": { "kind": "offline" } }));
    }

    pub fn fault(&self, rule: serde_json::Value) {
        let rule: FaultRule = serde_json::from_value(rule).unwrap();
        self.sandbox.arm(vec![rule]);
    }

    pub fn online(&self) {
        self.sandbox.clear_faults();
        self.satchel.outbox_send_now(None).unwrap();
    }

    /// How often an effect stands in the provider's journal for an account.
    pub fn effects(&self, remote_id: &str, effect: &str) -> usize {
        let journal = serde_json::to_value(self.sandbox.journal()).unwrap();
        let entries = journal.as_array().unwrap().iter();
        entries.filter(|e| e["account"] == remote_id && e["effect"] == effect).count()
    }

    /// The submission of an account that waits.
    pub fn submission(&self, account: &str) -> String {
        let items = self.satchel.outbox_show().unwrap().items.into_iter();
        items.filter(|item| item.account == account).map(|i| i.submission).next().unwrap()
    }

    /// Waits until a photo of an account is out, and not answered yet.
    pub async fn until_photo_out(&self, account: &str) {
        loop {
            let changed = self.changed.notified();
            let items = self.satchel.outbox_show().unwrap().items.into_iter();
            let mut out = items.filter(|i| i.account == account && i.why == "sending");
            if out.any(|i| i.what == "photo") {
                return;
            }
            changed.await;
        }
    }

    /// Bytes of the photos of an account that count.
    pub fn photo_bytes(&self, account: &str) -> u64 {
        let documents = self.show(account).documents.into_iter().filter(|d| !d.replaced);
        documents.flat_map(|d| d.photos).map(|p| p.bytes).sum()
    }

    /// Second effects in the provider's journal: exactly what must never be.
    pub fn second_effects(&self) -> usize {
        let journal = serde_json::to_value(self.sandbox.journal()).unwrap();
        let entries = journal.as_array().unwrap().iter();
        entries
            .filter(|e| e["provider"] == "wepay")
            .filter(|e| e["duplicate"] == true && e["inert"] != true)
            .count()
    }

    pub async fn end(self) -> TempDir {
        self.running.abort();
        self.satchel.vault_lock("hand");
        self.sandbox.stop().await;
        self.folder
    }
}

/// An account's number or name at the provider, as text.
fn remote_id(id: &serde_json::Value) -> String {
    match id {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// To whom the vaults of these tests are sealed.
pub const RECIPIENT: &str = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

pub fn create() -> VaultCreateRequest {
    VaultCreateRequest {
        passphrase: PASSPHRASE.to_owned(),
        operator: "Amara Osei".to_owned(),
        recovery: RECIPIENT.to_owned(),
        without_keychain: false,
    }
}

fn start(
    folder: &Path,
    clock: &Arc<TestClock>,
    changed: &Arc<Notify>,
    keychain: &Arc<MemoryKeychain>,
) -> (Satchel, JoinHandle<()>) {
    // Only the first of many tests in one process installs it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let notify = Arc::clone(changed);
    let ports = Ports {
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        transports: satchel_app::real_transports(),
        darkroom: Darkroom::here(),
        keychain: Arc::clone(keychain) as Arc<dyn Keychain>,
        changed: Arc::new(move |_| notify.notify_waiters()),
        locked: Arc::new(|| {}),
    };
    let options = CreateOptions { cost: Cost::for_tests() };
    let satchel = Satchel::new(Folder::new(folder), ports, None, options);
    let running = satchel.clone();
    (satchel, tokio::spawn(async move { running.run().await }))
}

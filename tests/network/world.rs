//! One app with a real vault, one practice provider, one hostile middle between them, and a clock
//! that both ends go by.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use satchel_app::api::{
    AccountAddRequest, AccountView, AnswerRequest, ConnectionRequest, OutboxItemView,
    VaultCreateRequest,
};
use satchel_app::{
    Clock, Cost, CreateOptions, Darkroom, Exchange, Folder, MemoryKeychain, Picture, Ports,
    Satchel, SystemClock, Transport,
};
use satchel_core::clock::Moment;
use satchel_core::delivery::{Outcome, Step};
use satchel_core::http::{HttpRequest, TransportFault};
use satchel_fixtures::Specimen;
use satchel_net::{HttpTransport, Limits, ProxyUse, TransportOptions};
use satchel_sandbox::{Effect, JournalEntry, Options, Provider, Running, Sandbox};
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::middle::{Middle, Shared, Wire};

/// To whom the vault is sealed.
const RECIPIENT: &str = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

/// Longest wait for something that must come by itself: generous, since machines are busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a condition is looked at that nobody tells about.
const LOOK_EVERY: Duration = Duration::from_millis(3);

/// Limits for the one request that nobody answers in time.
pub const HASTY: Limits = Limits {
    connect: Duration::from_millis(150),
    stall: Duration::from_millis(250),
    answer: Duration::from_millis(500),
    slowest_bytes_per_s: 10 << 20,
};

/// Answers of a WePay individual in the US; the account's own script decides what becomes of it.
pub const INDIVIDUAL: [(&str, &str); 13] = [
    ("owner.name.first", "Quillonda"),
    ("owner.name.last", "Zwicker"),
    ("owner.date_of_birth", "1986-03-14"),
    ("owner.phone.country_code", "+1"),
    ("owner.phone.number", "5556667788"),
    ("owner.email", "quillonda@canary-mail.example"),
    ("owner.address.address1", "48217 Canarybird Avenue"),
    ("owner.address.city", "Zephyrhillsborough"),
    ("owner.address.region", "FL"),
    ("owner.address.postal_code", "33542"),
    ("owner.address.country", "US"),
    ("owner.us.ssn", "219-09-8765"),
    ("entity.mcc", "5462"),
];

const CUSTOMER: [(&str, &str); 8] = [
    ("owner.name.first", "Quillonda"),
    ("owner.name.last", "Zwicker"),
    ("owner.address.address1", "48217 Canarybird Avenue"),
    ("owner.address.city", "Zephyrhillsborough"),
    ("owner.address.region", "FL"),
    ("owner.address.postal_code", "33542"),
    ("owner.address.country", "US"),
    ("owner.us.ssn", "219-09-8765"),
];

/// Small, so that hundreds of stories are quick; large enough to be judged good.
const WIDTH: u32 = 1344;
const HEIGHT: u32 = 1008;

static FRONT: LazyLock<Vec<u8>> = LazyLock::new(|| Specimen::card(4).size(WIDTH, HEIGHT).jpeg());
static BACK: LazyLock<Vec<u8>> =
    LazyLock::new(|| Specimen::card_back(5).size(WIDTH, HEIGHT).jpeg());

/// Which story is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tale {
    /// WePay: read, create, authorize; verified at once.
    Text,
    /// WePay: the same, and then a photo and its attaching.
    Photo,
    /// Winter: read, documents, details, two sides.
    Winter,
}

impl Tale {
    pub fn provider(self) -> &'static str {
        match self {
            Self::Text | Self::Photo => "wepay",
            Self::Winter => "winter",
        }
    }

    fn script(self) -> &'static str {
        match self {
            Self::Text => "verified",
            Self::Photo => "documents illegible",
            Self::Winter => "review",
        }
    }

    /// How the account stands once all is delivered.
    pub fn end(self) -> &'static str {
        match self {
            Self::Text => "verified",
            Self::Photo | Self::Winter => "in_review",
        }
    }
}

/// Clocks that stand still but for what the test lets pass, and for what somebody sets the wall's
/// to: a busy machine changes nothing.
struct TestClock {
    begun: Moment,
    ahead_ms: AtomicU64,
    shift_ms: AtomicI64,
}

impl Clock for TestClock {
    fn now(&self) -> Moment {
        let mut now = self.begun.plus(self.ahead_ms.load(Ordering::SeqCst));
        now.wall_ms += self.shift_ms.load(Ordering::SeqCst);
        now
    }

    fn is_moved(&self) -> bool {
        true
    }
}

/// The real transport; the one request that something happens to is not waited for long where the
/// case says so.
struct Watched {
    patient: HttpTransport,
    hasty: HttpTransport,
    middle: Arc<Shared>,
    is_hasty: bool,
    tries_again: Arc<AtomicBool>,
    out: Arc<AtomicUsize>,
    heard: Arc<Mutex<Heard>>,
}

/// What came back last from the transport.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// The largest body.
    pub body_bytes_max: usize,
    pub faults: Vec<TransportFault>,
}

impl Transport for Watched {
    fn send(&self, request: HttpRequest) -> Exchange<'_> {
        Box::pin(async move {
            self.out.fetch_add(1, Ordering::SeqCst);
            let hasty = self.is_hasty && self.middle.is_due();
            let transport = if hasty { &self.hasty } else { &self.patient };
            let mut answer = transport.send(request.clone()).await;
            if answer.is_err() && self.tries_again.load(Ordering::SeqCst) {
                answer = transport.send(request).await;
            }
            {
                let mut heard = self.heard.lock().unwrap();
                match &answer {
                    Ok(answer) => {
                        heard.body_bytes_max = heard.body_bytes_max.max(answer.body.len());
                    }
                    Err(fault) => heard.faults.push(*fault),
                }
            }
            self.out.fetch_sub(1, Ordering::SeqCst);
            answer
        })
    }
}

pub struct World {
    pub sandbox: Running,
    pub middle: Middle,
    pub satchel: Satchel,
    pub tale: Tale,
    pub account: String,
    pub remote_id: String,
    pub heard: Arc<Mutex<Heard>>,
    /// The planted fault: a transport that sends once more what failed.
    pub tries_again: Arc<AtomicBool>,
    clock: Arc<TestClock>,
    changed: Arc<Notify>,
    out: Arc<AtomicUsize>,
    running: JoinHandle<()>,
    _folder: TempDir,
}

impl World {
    /// All is set up, and nothing is sealed yet.
    pub async fn new(tale: Tale, wire: Wire, is_hasty: bool) -> Self {
        // Only the first of many tests in one process installs it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut options = Options::default();
        // No verdict comes before the story is at its end.
        options.switches.review_delay_ms = 10 * 24 * 60 * 60 * 1000;
        let begun = SystemClock::new().now();
        options.frozen_at_ms = Some(begun.wall_ms);
        let sandbox = Sandbox::start(options).await.unwrap();
        let middle = Middle::start(wire, sandbox.addresses().http).await;
        let folder = TempDir::new().unwrap();
        let (ahead_ms, shift_ms) = (AtomicU64::new(0), AtomicI64::new(0));
        let clock = Arc::new(TestClock { begun, ahead_ms, shift_ms });
        let changed = Arc::new(Notify::new());
        let (out, heard) = (Arc::new(AtomicUsize::new(0)), Arc::default());
        let tries_again = Arc::new(AtomicBool::new(false));
        let proxy = match wire {
            Wire::Proxied => ProxyUse::Fixed(format!("http://127.0.0.1:{}", middle.port)),
            Wire::Plain | Wire::Tls1 | Wire::Tls2 => ProxyUse::Direct,
        };
        let transports = {
            let (shared, out, heard) =
                (Arc::clone(&middle.shared), Arc::clone(&out), Arc::clone(&heard));
            let tries_again = Arc::clone(&tries_again);
            move |connection: &satchel_core::account::Connection| {
                let with = |limits| {
                    let options = TransportOptions {
                        extra_root_pem: connection.extra_root_pem.clone(),
                        proxy: proxy.clone(),
                        limits,
                        ..TransportOptions::default()
                    };
                    HttpTransport::new(options).map_err(|_| TransportFault::BadAddress)
                };
                let watched = Watched {
                    patient: with(Limits::default())?,
                    hasty: with(HASTY)?,
                    middle: Arc::clone(&shared),
                    is_hasty,
                    tries_again: Arc::clone(&tries_again),
                    out: Arc::clone(&out),
                    heard: Arc::clone(&heard),
                };
                Ok(Arc::new(watched) as Arc<dyn Transport>)
            }
        };
        let notify = Arc::clone(&changed);
        let ports = Ports {
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            transports: Arc::new(transports),
            darkroom: Darkroom::here(),
            keychain: Arc::new(MemoryKeychain::absent()),
            changed: Arc::new(move |_| notify.notify_waiters()),
            locked: Arc::new(|| {}),
        };
        let options = CreateOptions { cost: Cost::for_tests() };
        let satchel = Satchel::new(Folder::new(folder.path()), ports, None, options);
        let running = satchel.clone();
        let running = tokio::spawn(async move { running.run().await });
        let passphrase = "correct horse battery staple".to_owned();
        let operator = "Amara Osei".to_owned();
        let recovery = RECIPIENT.to_owned();
        let without_keychain = true;
        let request = VaultCreateRequest { passphrase, operator, recovery, without_keychain };
        satchel.vault_create(&request).unwrap();
        let mut world = Self {
            sandbox,
            middle,
            satchel,
            tale,
            account: String::new(),
            remote_id: String::new(),
            heard,
            tries_again,
            clock,
            changed,
            out,
            running,
            _folder: folder,
        };
        world.connect(&world.middle.origin());
        world.add_account();
        world
    }

    /// Makes or changes the connection, as a person does with a new address or a new key.
    pub fn connect(&self, origin: &str) {
        let credentials = &self.sandbox.hello().credentials;
        let own = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
        };
        let (settings, credentials) = match self.tale {
            Tale::Text | Tale::Photo => (
                own(&[
                    ("base_url", &format!("{origin}/v2")),
                    ("client_id", &credentials.wepay.client_id),
                ]),
                own(&[("access_token", &credentials.wepay.access_token)]),
            ),
            Tale::Winter => (
                own(&[("base_url", origin)]),
                own(&[
                    ("api_key", &credentials.winter.key),
                    ("api_secret", &credentials.winter.secret),
                ]),
            ),
        };
        let known = self.satchel.connections_list().unwrap();
        let request = ConnectionRequest {
            id: known.first().map(|connection| connection.id.clone()),
            provider: self.tale.provider().to_owned(),
            name: String::new(),
            settings,
            credentials,
            extra_root_pem: Some(self.middle.authority.root_pem.clone()),
        };
        self.satchel.connection_save(request).unwrap();
    }

    fn add_account(&mut self) {
        let (remote_id, name) = account_of(&self.sandbox, self.tale.provider(), self.tale.script());
        let connection = self.satchel.connections_list().unwrap()[0].id.clone();
        let row = self.satchel.account_add(AccountAddRequest {
            connection,
            remote_id: remote_id.clone(),
            name,
            kind: Some("individual".to_owned()),
            country: Some("US".to_owned()),
            email: None,
            token: None,
        });
        (self.account, self.remote_id) = (row.unwrap().id, remote_id);
    }

    /// Fills a draft and seals it: from here on the app sends.
    pub fn seal(&self) {
        let draft = self.satchel.draft_start(&self.account).unwrap();
        let answers: &[(&str, &str)] = match self.tale {
            Tale::Text | Tale::Photo => &INDIVIDUAL,
            Tale::Winter => &CUSTOMER,
        };
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
        let photos: &[(&str, &str, &[u8])] = match self.tale {
            Tale::Text => &[],
            Tale::Photo => &[("drivers_license", "front", &FRONT)],
            Tale::Winter => {
                &[("DRIVERS_LICENSE", "front", &FRONT), ("DRIVERS_LICENSE", "back", &BACK)]
            }
        };
        for (document, side, bytes) in photos {
            let photo = self.satchel.photo_add(&draft.id, document, side, Picture::File(bytes));
            let report = photo.unwrap().report;
            assert_ne!(report.verdict, "bad", "{report:?}");
        }
        self.satchel.draft_consent(&draft.id, true).unwrap();
        self.satchel.draft_seal(&draft.id).unwrap();
    }

    pub fn show(&self) -> AccountView {
        self.satchel.account_show(&self.account).unwrap()
    }

    /// How the submission stands in the outbox, wherever it is listed there.
    pub fn item(&self) -> Option<OutboxItemView> {
        let outbox = self.satchel.outbox_show().unwrap();
        let grouped = outbox.groups.into_iter().flat_map(|group| group.items);
        outbox.items.into_iter().chain(grouped).chain(outbox.set_aside).next()
    }

    /// Why a whole connection is set aside in the outbox.
    pub fn paused_for(&self) -> Option<String> {
        self.satchel.outbox_show().unwrap().groups.first().map(|group| group.why.clone())
    }

    pub fn outcomes(&self) -> Vec<(Step, Outcome)> {
        self.satchel.outcomes(&self.account).unwrap()
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Lets both ends' time pass.
    pub fn pass(&self, ms: u64) {
        self.sandbox.advance(u32::try_from(ms).unwrap()).unwrap();
        self.clock.ahead_ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// Somebody sets this device's wall clock; time since the start does not see it.
    pub fn set_wall(&self, shift_ms: i64) {
        self.clock.shift_ms.store(shift_ms, Ordering::SeqCst);
    }

    /// Waits until `reached`, with time as it is.
    pub async fn until(&self, what: &str, reached: impl Fn() -> bool) {
        let waited = tokio::time::timeout(PATIENCE, async {
            while !reached() {
                let _ = tokio::time::timeout(LOOK_EVERY, self.changed.notified()).await;
            }
        });
        if waited.await.is_err() {
            panic!("{what} did not come: {}", self.describe());
        }
    }

    /// Waits until nothing is out and the app says why it waits, or has ended.
    pub async fn until_quiet(&self) {
        self.until("quiet", || {
            self.out.load(Ordering::SeqCst) == 0
                && self.item().is_none_or(|item| item.why != "sending" && item.why != "turn")
        })
        .await;
    }

    /// Lets time pass as fast as it goes until the account stands as `code` says.
    pub async fn hurry(&self, code: &str) {
        self.hurry_until(code, || self.show().row.line.code == code).await;
    }

    /// Lets time pass as fast as it goes until `reached`.
    pub async fn hurry_until(&self, what: &str, reached: impl Fn() -> bool) {
        let begun = self.now();
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                // Looked at before `reached`: what passes then was due before it.
                let wait_ms = self.wait_ms();
                let nothing_is_out = self.out.load(Ordering::SeqCst) == 0;
                if reached() {
                    break;
                }
                if nothing_is_out {
                    self.pass(wait_ms);
                }
                let _ = tokio::time::timeout(LOOK_EVERY, self.changed.notified()).await;
            }
        });
        if waited.await.is_err() {
            panic!("{what} did not come: {}", self.describe());
        }
        let hours = self.now().since(&begun).unwrap() / 3_600_000;
        assert!(hours < 2, "it ended, but only after {hours} hours: {}", self.describe());
    }

    /// How long until the app does something by itself.
    fn wait_ms(&self) -> u64 {
        const LEAST_MS: i64 = 50;
        const MOST_MS: i64 = 10 * 60_000;
        let next = self.item().and_then(|item| item.next_ms);
        let wait = next.map_or(LEAST_MS, |next| next - self.now().wall_ms);
        wait.clamp(LEAST_MS, MOST_MS).unsigned_abs()
    }

    fn describe(&self) -> String {
        format!(
            "{:?} {:?}\n{:?}\n{:?}\nseen {} fired {} out {} {:?}",
            self.show().row.line,
            self.show().state,
            self.item(),
            self.outcomes(),
            self.middle.seen(),
            self.middle.fired(),
            self.out.load(Ordering::SeqCst),
            self.heard.lock().unwrap(),
        )
    }

    /// The journal's entries of this account that are of a kind.
    pub fn effects(&self, effect: Effect) -> Vec<JournalEntry> {
        let journal = self.sandbox.journal().into_iter();
        journal.filter(|e| e.account == self.remote_id && e.effect == effect).collect()
    }

    /// Everything that counted at the provider, in order.
    pub fn counted(&self) -> Vec<Effect> {
        let journal = self.sandbox.journal().into_iter();
        let counts = |e: &JournalEntry| match e.effect {
            Effect::KycAuthorized
            | Effect::KycModified
            | Effect::InfoWritten
            | Effect::SideWritten => !e.inert,
            Effect::AccountCreated
            | Effect::KycCreated
            | Effect::FileUploaded
            | Effect::FilesExpired
            | Effect::Verdict => false,
        };
        journal.filter(|e| e.account == self.remote_id && counts(e)).map(|e| e.effect).collect()
    }

    /// What must be in the journal at the end: each effect once. A provider that overwrites may be
    /// told the same bytes again, and nothing else.
    pub fn assert_each_effect_once(&self) {
        let journal = self.sandbox.journal();
        let of_account = journal.iter().filter(|e| e.account == self.remote_id && !e.inert);
        let second = of_account.clone().filter(|e| e.duplicate).count();
        let fresh =
            |effect| of_account.clone().filter(|e| e.effect == effect && !e.duplicate).count();
        let expected = match self.tale {
            Tale::Text => vec![(Effect::KycAuthorized, 1), (Effect::KycModified, 0)],
            Tale::Photo => vec![(Effect::KycAuthorized, 1), (Effect::KycModified, 1)],
            Tale::Winter => vec![(Effect::InfoWritten, 1), (Effect::SideWritten, 2)],
        };
        for (effect, times) in expected {
            assert_eq!(fresh(effect), times, "{effect:?}: {}", self.describe());
        }
        if self.tale.provider() == "wepay" {
            assert_eq!(second, 0, "a second effect: {}", self.describe());
        }
        let mut stale = of_account.filter(|e| !e.duplicate && !e.erased.is_empty());
        assert!(stale.next().is_none(), "something else was overwritten: {}", self.describe());
    }

    pub async fn end(self) {
        self.running.abort();
        self.satchel.vault_lock("hand");
        self.sandbox.stop().await;
    }
}

/// A US individual of ours with such a script: identifier and name.
pub fn account_of(sandbox: &Running, provider: &str, script: &str) -> (String, String) {
    let hello = sandbox.hello();
    let found = hello.accounts.iter().find(|a| {
        let of = match a.provider {
            Provider::Wepay => "wepay",
            Provider::Winter => "winter",
        };
        of == provider
            && a.owner == "ours"
            && a.kind == "individual"
            && a.country == "US"
            && a.script.starts_with(script)
            && ["active", "action_required"].contains(&a.state.as_str())
    });
    let found = found.unwrap_or_else(|| panic!("no {provider} account that is {script}"));
    let id = match &found.id {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    (id, found.name.clone())
}

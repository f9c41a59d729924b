//! The way of one request without the app around it: the real provider's request, the real
//! transport, the real reading of what came back. For cases by the hundred.

use satchel_app::transport_outcome;
use satchel_core::account::{Account, Connection};
use satchel_core::chance::Chance;
use satchel_core::delivery::{Outcome, Receipt, Step};
use satchel_core::ids::{AccountId, ConnectionId, PhotoId};
use satchel_core::onboarding::{Answers, Country, DocumentType, EntityKind, Side, Who};
use satchel_core::photo::{PhotoFormat, PhotoRecord};
use satchel_core::provider::{Context, Provider};
use satchel_core::secret::Secret;
use satchel_net::{HttpTransport, Limits, ProxyUse, TransportOptions};
use satchel_sandbox::{Effect, Options, Running, Sandbox};

use crate::world::{INDIVIDUAL, account_of};

/// A transport as the app has it, but for the root that it trusts.
pub fn transport(root_pem: &str, http2: bool, limits: Limits) -> HttpTransport {
    HttpTransport::new(TransportOptions {
        extra_root_pem: Some(root_pem.to_owned()),
        proxy: ProxyUse::Direct,
        http2,
        limits,
        ..TransportOptions::default()
    })
    .unwrap()
}

/// One WePay account at a practice provider of its own, and what its requests are made of.
pub struct Chain {
    pub sandbox: Running,
    provider: Box<dyn Provider>,
    connection: Connection,
    account: Account,
    answers: Answers,
    photo: (PhotoRecord, Vec<u8>),
}

impl Chain {
    pub async fn wepay(photo_bytes: usize) -> Self {
        // Only the first of many tests in one process installs it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut options = Options::default();
        // Hundreds of requests in a moment are no breach here.
        options.switches.throttle_calls = 0;
        let sandbox = Sandbox::start(options).await.unwrap();
        let mut chance = Chance::from_seed([9; 32]);
        let credentials = &sandbox.hello().credentials.wepay;
        let connection = Connection {
            id: ConnectionId::draw(&mut chance),
            provider: "wepay".to_owned(),
            name: String::new(),
            settings: [("client_id".to_owned(), credentials.client_id.clone())].into(),
            credentials: [(
                "access_token".to_owned(),
                Secret::new(credentials.access_token.clone()),
            )]
            .into(),
            extra_root_pem: None,
            paused: false,
            created_ms: 0,
        };
        let account = Account {
            id: AccountId::draw(&mut chance),
            connection: connection.id.clone(),
            remote_id: account_of(&sandbox, "wepay", "documents").0,
            name: String::new(),
            kind: Some(EntityKind::Individual),
            country: Some(Country::Us),
            email: None,
            token: None,
            created_ms: 0,
            forgotten_ms: None,
        };
        let mut answers = Answers::default();
        for (path, value) in INDIVIDUAL {
            answers.put(path, value);
        }
        let provider = satchel_providers::by_code("wepay").unwrap();
        let photo = photo(&mut chance, photo_bytes);
        Self { sandbox, provider, connection, account, answers, photo }
    }

    /// The step that sends the photo.
    pub fn upload(&self) -> Step {
        Step::Upload { photo: self.photo.0.id.clone() }
    }

    /// Sends one step to the provider as it is reached at `origin`, and reads what comes back.
    pub async fn send(&self, transport: &HttpTransport, origin: &str, step: &Step) -> Outcome {
        let mut connection = self.connection.clone();
        connection.settings.insert("base_url".to_owned(), format!("{origin}/v2"));
        let context = Context {
            connection: &connection,
            account: &self.account,
            who: Some(Who { kind: EntityKind::Individual, country: Country::Us }),
            answers: &self.answers,
            photo: Some((&self.photo.0, &self.photo.1)),
        };
        let request = self.provider.request(step, &context).unwrap();
        match transport.send(request).await {
            Ok(response) => self.provider.read(step, &context, &response),
            Err(fault) => transport_outcome(fault),
        }
    }

    /// A draft that waits to be authorized, made past every middle.
    pub async fn draft(&self) -> Step {
        let transport = HttpTransport::new(TransportOptions {
            proxy: ProxyUse::Direct,
            ..TransportOptions::default()
        });
        let origin = format!("http://{}", self.sandbox.addresses().http);
        match self.send(&transport.unwrap(), &origin, &Step::Create).await {
            Outcome::Done { receipt: Receipt::Draft { reference } } => {
                Step::Authorize { reference }
            }
            other => panic!("{other:?}"),
        }
    }

    /// How often the provider's journal has an effect.
    pub fn effects(&self, effect: Effect) -> usize {
        self.sandbox.journal().iter().filter(|entry| entry.effect == effect).count()
    }
}

/// Bytes that begin like a photo; nobody here looks further.
fn photo(chance: &mut Chance, length: usize) -> (PhotoRecord, Vec<u8>) {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0];
    bytes.extend((bytes.len()..length).map(|at| (at * 31 % 251) as u8));
    let record = PhotoRecord {
        id: PhotoId::draw(chance),
        document: DocumentType::new("current_utility_bill"),
        side: Side::Front,
        format: PhotoFormat::Jpeg,
        bytes: bytes.len() as u64,
        width: 1000,
        height: 640,
        original_sha256: "00".repeat(32),
        upload_sha256: "11".repeat(32),
        look: 0,
        report: "{}".to_owned(),
        override_reason: None,
        taken_ms: 0,
    };
    (record, bytes)
}

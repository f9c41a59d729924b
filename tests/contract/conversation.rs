//! Every provider's requests and answers against the sandbox, which was written from the providers'
//! documents without a look at ours, over the real transport.

use std::net::SocketAddr;

use satchel_core::delivery::{Definite, Outcome, Reading, Receipt, Step};
use satchel_core::onboarding::{Country, DocumentType, EntityKind, Side, Who};
use satchel_core::provider::{Provider, ProviderState, RejectReason};
use satchel_core::secret::Secret;
use satchel_net::{HttpTransport, ProxyUse, TransportOptions};
use satchel_providers::{WePay, Winter};
use satchel_sandbox::{Effect, Options, Running, Sandbox, Switches};

use crate::sample::Scene;

const STATUS: Step = Step::Read { reading: Reading::Status };
const DOCUMENTS: Step = Step::Read { reading: Reading::Documents };
const MINUTE_MS: u32 = 60_000;
const HALF_AN_HOUR_AND_MORE_MS: u32 = 31 * MINUTE_MS;

/// A sandbox whose clock stands still, and the transport to it.
struct Stage {
    sandbox: Running,
    transport: HttpTransport,
    tls: bool,
}

impl Stage {
    async fn new(switches: Switches) -> Self {
        Self::served(switches, false).await
    }

    async fn served(switches: Switches, tls: bool) -> Self {
        let options = Options {
            extra_accounts: 40,
            frozen_at_ms: Some(1_790_000_000_000),
            switches: Switches { throttle_calls: 0, ..switches },
            tls_listen: tls.then(|| SocketAddr::from(([127, 0, 0, 1], 0))),
            ..Options::default()
        };
        let sandbox = Sandbox::start(options).await.unwrap();
        let transport = HttpTransport::new(TransportOptions {
            extra_root_pem: sandbox.hello().certificate_pem.clone(),
            proxy: ProxyUse::Direct,
            ..TransportOptions::default()
        });
        Self { sandbox, transport: transport.unwrap(), tls }
    }

    /// An applicant of one of our accounts with this script; `number` chooses among them.
    fn scene(&self, provider: &dyn Provider, who: Who, script: &str, number: usize) -> Scene {
        let ours = self.sandbox.hello().accounts.iter().filter(|account| {
            let of = serde_json::to_value(account.provider).unwrap();
            of == provider.code() && account.script == script && account.owner == "ours"
        });
        let id = ours.clone().nth(number).unwrap().id.clone();
        self.scene_of(provider, who, &id.as_str().map_or_else(|| id.to_string(), str::to_owned))
    }

    fn scene_of(&self, provider: &dyn Provider, who: Who, remote_id: &str) -> Scene {
        let hello = self.sandbox.hello();
        let mut scene = Scene::of(provider, who);
        scene.account.remote_id = remote_id.to_owned();
        let base = match (provider.code(), self.tls) {
            ("wepay", false) => hello.wepay.clone(),
            ("wepay", true) => hello.wepay_tls.clone().unwrap(),
            (_, false) => hello.winter.clone(),
            (_, true) => hello.winter_tls.clone().unwrap(),
        };
        scene.connection.settings.insert("base_url".to_owned(), base);
        let secrets = [
            ("access_token", &hello.credentials.wepay.access_token),
            ("api_key", &hello.credentials.winter.key),
            ("api_secret", &hello.credentials.winter.secret),
        ];
        for (key, value) in secrets {
            scene.connection.credentials.insert(key.to_owned(), Secret::new(value.as_str()));
        }
        scene
    }

    async fn ask(&self, provider: &dyn Provider, scene: &Scene, step: &Step) -> Outcome {
        let request = provider.request(step, &scene.context()).unwrap();
        let response = self.transport.send(request).await.unwrap();
        provider.read(step, &scene.context(), &response)
    }

    async fn state(&self, provider: &dyn Provider, scene: &Scene, step: &Step) -> ProviderState {
        match self.ask(provider, scene, step).await {
            Outcome::Done { receipt: Receipt::Status { status } } => status.state,
            other => panic!("{}: {other:?}", step.code()),
        }
    }

    async fn draft(&self, scene: &Scene) -> Step {
        match self.ask(&WePay, scene, &Step::Create).await {
            Outcome::Done { receipt: Receipt::Draft { reference } } => {
                Step::Authorize { reference }
            }
            other => panic!("{:?}: {other:?}", scene.who),
        }
    }

    async fn file(&self, scene: &Scene) -> String {
        let upload = Step::Upload { photo: scene.photo.0.id.clone() };
        match self.ask(&WePay, scene, &upload).await {
            Outcome::Done { receipt: Receipt::File { reference } } => reference,
            other => panic!("{other:?}"),
        }
    }

    fn effects(&self, scene: &Scene) -> Vec<Effect> {
        let journal = self.sandbox.journal();
        let of_account = journal.iter().filter(|e| e.account == scene.account.remote_id);
        of_account.filter(|e| e.effect != Effect::AccountCreated).map(|e| e.effect).collect()
    }
}

fn refused(outcome: &Outcome) -> Option<(Definite, &str)> {
    match outcome {
        Outcome::Definite { fault, code, .. } => Some((*fault, code)),
        Outcome::Done { .. }
        | Outcome::NotSent { .. }
        | Outcome::NotDone { .. }
        | Outcome::Ambiguous { .. }
        | Outcome::Credentials { .. } => None,
    }
}

fn american() -> Who {
    Who { kind: EntityKind::Individual, country: Country::Us }
}

#[tokio::test]
async fn wepay_takes_every_kind_and_country_through_to_the_review_of_its_papers() {
    let stage = Stage::new(Switches::default()).await;
    for (number, who) in WePay.offers().into_iter().enumerate() {
        let scene = stage.scene(&WePay, who, "documents", number);
        assert_eq!(stage.state(&WePay, &scene, &STATUS).await, ProviderState::NotSubmitted);
        let authorize = stage.draft(&scene).await;
        assert_ne!(stage.state(&WePay, &scene, &authorize).await, ProviderState::NotSubmitted);
        stage.sandbox.advance(5 * MINUTE_MS).unwrap();
        assert_eq!(stage.state(&WePay, &scene, &STATUS).await, ProviderState::NeedsDocuments);
        let attach = Step::Attach { references: vec![stage.file(&scene).await] };
        assert_eq!(stage.state(&WePay, &scene, &attach).await, ProviderState::InReview, "{who:?}");
        let expected =
            [Effect::KycCreated, Effect::KycAuthorized, Effect::FileUploaded, Effect::KycModified];
        let effects = stage.effects(&scene);
        assert!(expected.iter().all(|e| effects.iter().filter(|s| *s == e).count() == 1));
    }
}

#[tokio::test]
async fn wepays_verdict_on_a_paper_comes_back_with_its_reason() {
    let stage = Stage::new(Switches::default()).await;
    let scene = stage.scene(&WePay, american(), "documents illegible", 0);
    let authorize = stage.draft(&scene).await;
    stage.ask(&WePay, &scene, &authorize).await;
    stage.sandbox.advance(5 * MINUTE_MS).unwrap();
    let reference = stage.file(&scene).await;
    let attach = Step::Attach { references: vec![reference.clone()] };
    stage.ask(&WePay, &scene, &attach).await;
    stage.sandbox.advance(5 * MINUTE_MS).unwrap();
    match stage.ask(&WePay, &scene, &STATUS).await {
        Outcome::Done { receipt: Receipt::Status { status } } => {
            assert_eq!(status.state, ProviderState::NeedsDocuments);
            let [document] = status.documents.as_slice() else { panic!("{status:?}") };
            assert_eq!(document.reference, reference);
            assert_eq!(document.kind, scene.photo.0.document);
            assert_eq!(document.reason, Some(RejectReason::Illegible));
            assert!(document.received_ms.unwrap() > 1_700_000_000_000);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn wepays_refusals_say_what_is_to_be_done() {
    let stage = Stage::new(Switches::default()).await;
    let scene = stage.scene(&WePay, american(), "documents", 0);
    let ask = async |step: &Step| stage.ask(&WePay, &scene, step).await;

    let early = Step::Attach { references: vec![stage.file(&scene).await] };
    assert_eq!(refused(&ask(&early).await), Some((Definite::DraftGone, "3007")));

    let late = stage.draft(&scene).await;
    stage.sandbox.advance(HALF_AN_HOUR_AND_MORE_MS).unwrap();
    assert_eq!(refused(&ask(&late).await), Some((Definite::DraftGone, "1003")));

    let authorize = stage.draft(&scene).await;
    ask(&authorize).await;
    let again = ask(&Step::Create).await;
    assert_eq!(refused(&again), Some((Definite::AlreadySubmitted, "3006")));

    stage.sandbox.advance(5 * MINUTE_MS).unwrap();
    let attach = Step::Attach { references: vec![stage.file(&scene).await] };
    stage.sandbox.advance(HALF_AN_HOUR_AND_MORE_MS).unwrap();
    assert_eq!(refused(&ask(&attach).await), Some((Definite::FilesGone, "3011")));
}

#[tokio::test]
async fn wepay_takes_no_papers_while_it_reviews() {
    let stage = Stage::new(Switches::default()).await;
    let scene = stage.scene(&WePay, american(), "review", 0);
    let authorize = stage.draft(&scene).await;
    assert_eq!(stage.state(&WePay, &scene, &authorize).await, ProviderState::InReview);
    let attach = Step::Attach { references: vec![stage.file(&scene).await] };
    let outcome = stage.ask(&WePay, &scene, &attach).await;
    assert_eq!(refused(&outcome), Some((Definite::PhotosNotAskedFor, "3010")));
}

#[tokio::test]
async fn four_digits_that_do_not_suffice_ask_for_the_full_number() {
    let switches = Switches { authorize_answers_3009: true, ..Switches::default() };
    let stage = Stage::new(switches).await;
    let mut scene = stage.scene(&WePay, american(), "fullssn", 0);
    scene.answers.put("owner.us.ssn", "9999");
    let authorize = stage.draft(&scene).await;
    let outcome = stage.ask(&WePay, &scene, &authorize).await;
    assert_eq!(refused(&outcome), Some((Definite::FullNumberNeeded, "3009")));
    scene.answers.put("owner.us.ssn", "219-09-9999");
    let authorize = stage.draft(&scene).await;
    let outcome = stage.ask(&WePay, &scene, &authorize).await;
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
}

#[tokio::test]
async fn credentials_and_accounts_of_others_are_told_apart() {
    let stage = Stage::new(Switches::default()).await;
    let hello = stage.sandbox.hello().clone();
    let foreign = hello.accounts.iter().find(|a| a.owner == "foreign").unwrap().id.to_string();
    let scene = stage.scene_of(&WePay, american(), &foreign);
    let outcome = stage.ask(&WePay, &scene, &STATUS).await;
    assert_eq!(refused(&outcome), Some((Definite::Account, "3002")));

    let mut scene = stage.scene(&WePay, american(), "documents", 0);
    scene.account.token = Some(Secret::new(hello.credentials.wepay.revoked_access_token));
    let outcome = stage.ask(&WePay, &scene, &STATUS).await;
    assert_eq!(outcome, Outcome::Credentials { html: false, code: "1011".to_owned() });
}

#[tokio::test]
async fn a_draft_is_made_with_the_client_id_alone() {
    let stage = Stage::new(Switches::default()).await;
    let mut scene = stage.scene(&WePay, american(), "documents", 0);
    scene.connection.settings.insert("create_without_token".to_owned(), "yes".to_owned());
    scene.connection.credentials.remove("access_token");
    stage.draft(&scene).await;
}

#[tokio::test]
async fn risk_headers_are_sent_where_they_are_required() {
    let switches = Switches { require_risk_headers: true, ..Switches::default() };
    let stage = Stage::new(switches).await;
    let mut scene = stage.scene(&WePay, american(), "documents", 0);
    let without = stage.ask(&WePay, &scene, &Step::Create).await;
    assert!(!matches!(without, Outcome::Done { .. }), "{without:?}");
    let token = "123e4567-e89b-42d3-a456-426614174000";
    for (key, value) in [("risk_token", token), ("client_ip", "192.0.2.7")] {
        scene.connection.settings.insert(key.to_owned(), value.to_owned());
    }
    stage.draft(&scene).await;
}

#[tokio::test]
async fn winter_takes_details_and_both_sides_and_counts_them() {
    let stage = Stage::new(Switches::default()).await;
    let mut scene = stage.scene_of(&Winter, american(), "Store #7/B ü");
    let empty = stage.ask(&Winter, &scene, &DOCUMENTS).await;
    assert_eq!(refused(&empty), Some((Definite::NoDocumentsOrAccount, "400")));
    assert_eq!(stage.state(&Winter, &scene, &STATUS).await, ProviderState::NotSubmitted);

    let accepted = Outcome::Done { receipt: Receipt::Accepted };
    assert_eq!(stage.ask(&Winter, &scene, &Step::Details).await, accepted);
    for (side, rest) in [(Side::Front, 4), (Side::Back, 5)] {
        scene.photo.0.document = DocumentType::new("DRIVERS_LICENSE");
        scene.photo.0.side = side;
        scene.photo.1.push(rest);
        let step = Step::Side { photo: scene.photo.0.id.clone() };
        assert_eq!(stage.ask(&Winter, &scene, &step).await, accepted);
    }
    match stage.ask(&Winter, &scene, &DOCUMENTS).await {
        Outcome::Done { receipt: Receipt::Documents { count, status } } => {
            assert_eq!((count, status.unwrap().state), (2, ProviderState::InReview));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(stage.state(&Winter, &scene, &STATUS).await, ProviderState::InReview);
    let mut effects = stage.effects(&scene);
    effects.retain(|effect| *effect != Effect::Verdict);
    assert_eq!(effects, [Effect::InfoWritten, Effect::SideWritten, Effect::SideWritten]);
}

#[tokio::test]
async fn winter_takes_a_passport_without_a_side_and_refuses_another_account() {
    let stage = Stage::new(Switches::default()).await;
    let mut scene = stage.scene_of(&Winter, american(), "12345");
    scene.photo.0.document = DocumentType::new("PASSPORT");
    let step = Step::Side { photo: scene.photo.0.id.clone() };
    let accepted = Outcome::Done { receipt: Receipt::Accepted };
    assert_eq!(stage.ask(&Winter, &scene, &step).await, accepted);
    let foreign = stage.scene_of(&Winter, american(), "F-2001");
    let outcome = stage.ask(&Winter, &foreign, &STATUS).await;
    assert_eq!(refused(&outcome), Some((Definite::Account, "400")));
}

#[tokio::test]
async fn the_same_conversations_hold_over_tls() {
    let stage = Stage::served(Switches::default(), true).await;
    let scene = stage.scene(&WePay, american(), "documents", 0);
    let authorize = stage.draft(&scene).await;
    assert_ne!(stage.state(&WePay, &scene, &authorize).await, ProviderState::NotSubmitted);
    let scene = stage.scene_of(&Winter, american(), "12345");
    assert_eq!(stage.state(&Winter, &scene, &STATUS).await, ProviderState::NotSubmitted);
}

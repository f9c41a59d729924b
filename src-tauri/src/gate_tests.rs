#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use satchel_app::api::{
    AccountAddRequest, AnswerRequest, ConnectionRequest, VaultCreateRequest, VaultUnlockRequest,
};
use satchel_app::{
    Clock, Cost, CreateOptions, Darkroom, Folder, Moment, Ports, SystemClock, TransportFault,
};
use serde_json::json;
use tauri::http::{HeaderMap, HeaderName, HeaderValue};
use tauri::ipc::{CallbackFn, InvokeResponseBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, WebviewWindow, WebviewWindowBuilder};
use tempfile::TempDir;

use super::*;
use crate::payloads::Payloads;
use crate::{COMMANDS, commands};

const PASSPHRASE: &str = "correct horse battery staple";

/// What stands in the vault and may stand in no answer while it is locked.
const CANARIES: [&str; 3] = ["Quillonia Vantressory", "078051120", "7731994402"];

/// The machine's clock, moved ahead of a wait after wrong passphrases.
#[derive(Default)]
struct Ahead {
    system: SystemClock,
    ms: AtomicU64,
}

impl Clock for Ahead {
    fn now(&self) -> Moment {
        self.system.now().plus(self.ms.load(Ordering::Relaxed))
    }
}

/// The app behind its own configuration and capabilities, in a window that draws nothing.
struct Desk {
    window: WebviewWindow<MockRuntime>,
    satchel: Satchel,
    ids: Vec<String>,
    clock: Arc<Ahead>,
    folder: TempDir,
    _app: App<MockRuntime>,
}

impl Desk {
    /// With an account and a half-filled draft in it; open.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Ahead::default());
        let ports = Ports {
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            transports: Arc::new(|_| Err(TransportFault::Connect)),
            darkroom: Darkroom::here(),
            keychain: Arc::new(satchel_app::MemoryKeychain::absent()),
            changed: Arc::new(|_| {}),
            locked: Arc::new(|| {}),
        };
        let options = CreateOptions { cost: Cost::for_tests() };
        let satchel = Satchel::new(Folder::new(folder.path()), ports, None, options);
        let app = mock_builder()
            .invoke_handler(before(commands::handler()))
            .build(tauri::generate_context!("tauri.conf.json", test = true))
            .unwrap();
        app.manage(satchel.clone());
        let window = WebviewWindowBuilder::new(&app, "desk", Default::default()).build().unwrap();
        let mut desk = Self { window, satchel, ids: Vec::new(), clock, folder, _app: app };
        desk.fill();
        desk
    }

    fn fill(&mut self) {
        let request = VaultCreateRequest {
            passphrase: PASSPHRASE.to_owned(),
            operator: "Amara Osei".to_owned(),
            recovery: "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj".to_owned(),
            without_keychain: false,
        };
        self.satchel.vault_create(&request).unwrap();
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let request = ConnectionRequest {
            id: None,
            provider: "wepay".to_owned(),
            name: String::new(),
            settings: [pair("base_url", "http://127.0.0.1:9/v2"), pair("client_id", "1")].into(),
            credentials: [pair("access_token", CANARIES[2])].into(),
            extra_root_pem: None,
        };
        let connection = self.satchel.connection_save(request).unwrap().id;
        let request = AccountAddRequest {
            connection: connection.clone(),
            remote_id: "5091778602".to_owned(),
            name: CANARIES[0].to_owned(),
            kind: Some("individual".to_owned()),
            country: Some("US".to_owned()),
            email: None,
            token: None,
        };
        let account = self.satchel.account_add(request).unwrap().id;
        let draft = self.satchel.draft_start(&account).unwrap().id;
        self.satchel.draft_who(&draft, "individual", "US").unwrap();
        let path = "controller.personal_information.social_security_number".to_owned();
        let answer = AnswerRequest { path, value: CANARIES[1].to_owned() };
        self.satchel.draft_answer(&draft, &[answer]).unwrap();
        self.ids = vec![connection, account, draft];
    }

    fn unlock(&self) {
        // Past any wait, and short of a time without use.
        self.clock.ms.fetch_add(1_000_000, Ordering::Relaxed);
        let passphrase = PASSPHRASE.to_owned();
        self.satchel.vault_unlock(&VaultUnlockRequest { passphrase }).unwrap();
    }

    fn ask(&self, command: &str, body: InvokeBody, headers: HeaderMap) -> Result<String, Value> {
        self.ask_from("tauri://localhost", command, body, headers)
    }

    fn ask_from(
        &self,
        page: &str,
        command: &str,
        body: InvokeBody,
        headers: HeaderMap,
    ) -> Result<String, Value> {
        let request = InvokeRequest {
            cmd: command.to_owned(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: page.parse().unwrap(),
            body,
            headers,
            invoke_key: INVOKE_KEY.to_owned(),
        };
        get_ipc_response(&self.window, request).map(|answer| match answer {
            InvokeResponseBody::Json(text) => text,
            InvokeResponseBody::Raw(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        })
    }

    /// Every file of the vault, as it is now.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.folder.path().join("vault"), &mut files);
        files
    }
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.insert(path.clone(), std::fs::read(path).unwrap());
        }
    }
}

/// Arguments with which each command would do something if it could.
fn honest(command: &str, ids: &[String]) -> Value {
    let draft = &ids[2];
    json!({
        "account": ids[1], "answers": [], "country": "US", "erase": true, "given": true,
        "hold": true, "id": if command.starts_with("draft") { draft } else { &ids[1] },
        "index": 0, "kind": "individual", "none": true, "paused": true, "percent": 125,
        "photo": draft, "quarters": 1, "reason": "hand", "rendition": "preview",
        "step": "documents", "submission": draft, "theme": "dark",
        "request": {
            "passphrase": "wrong horse battery staple", "operator": "Somebody", "filter": null,
            "search": "", "connection": ids[0], "remote_id": "1", "name": "Somebody",
            "csv": "account_id,name\n1,Somebody\n", "provider": "wepay", "settings": {},
            "credentials": {}, "submission": draft, "folder": "/tmp", "kind": "answers",
            "answers": [], "key": "operator", "value": "Somebody",
        },
    })
}

fn is_locked(answer: &Result<String, Value>) -> bool {
    answer.as_ref().is_err_and(|fault| fault["code"] == "locked")
}

#[test]
fn every_command_refuses_while_locked_unless_it_is_on_the_short_list() {
    let desk = Desk::new();
    desk.satchel.vault_lock("hand");
    let before = desk.files();
    for command in COMMANDS {
        let answer = desk.ask(command, honest(command, &desk.ids).into(), HeaderMap::new());
        let may = WHILE_LOCKED.contains(command);
        assert_eq!(is_locked(&answer), !may, "{command}: {answer:?}");
    }
    assert_eq!(desk.files(), before, "nothing of the vault changed");
    assert!(!desk.satchel.is_open());
    let unknown: Vec<_> = WHILE_LOCKED.iter().filter(|name| !COMMANDS.contains(name)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn every_command_is_handled_once_it_is_open() {
    let desk = Desk::new();
    for command in COMMANDS {
        let answer = desk.ask(command, honest(command, &desk.ids).into(), HeaderMap::new());
        let said = format!("{answer:?}");
        assert!(!said.contains("not found") && !said.contains("not allowed"), "{command}: {said}");
        if !desk.satchel.is_open() {
            desk.unlock();
        }
    }
}

#[test]
fn a_page_from_elsewhere_and_a_command_of_the_system_are_refused() {
    let desk = Desk::new();
    for page in ["https://example.org/", "http://localhost:1420/", "file:///etc/passwd"] {
        for command in COMMANDS {
            let body = honest(command, &desk.ids).into();
            let answer = desk.ask_from(page, command, body, HeaderMap::new());
            let said = answer.expect_err("a page from elsewhere asks for nothing");
            assert!(said.to_string().contains("not allowed"), "{page} {command}: {said}");
        }
    }
    let system = [
        "plugin:window|close",
        "plugin:window|create",
        "plugin:webview|create_webview_window",
        "plugin:opener|open_url",
        "plugin:opener|open_path",
        "plugin:app|version",
        "plugin:path|resolve_directory",
        "plugin:event|emit",
        "plugin:image|from_path",
        "plugin:resources|close",
    ];
    for command in system {
        let answer = desk.ask(command, json!({}).into(), HeaderMap::new());
        let said = format!("{:?}", answer.expect_err(command));
        assert!(said.contains("not allowed") || said.contains("not found"), "{command}: {said}");
    }
}

#[test]
fn a_request_that_is_larger_than_it_can_honestly_be_is_refused() {
    let desk = Desk::new();
    let refused = |answer: Result<String, Value>| {
        answer.is_err_and(|fault| fault["code"] == "too_large_file")
    };
    for command in COMMANDS.iter().filter(|c| bytes_max(c) == REQUEST_BYTES_MAX) {
        let mut request = honest(command, &desk.ids);
        request["padding"] = json!("x".repeat(REQUEST_BYTES_MAX));
        assert!(refused(desk.ask(command, request.into(), HeaderMap::new())), "{command}");
        let raw = vec![0; REQUEST_BYTES_MAX + 1];
        assert!(refused(desk.ask(command, raw.into(), HeaderMap::new())), "{command}");
    }
    let list = json!({ "request": { "connection": "", "csv": "x".repeat(LIST_BYTES_MAX) } });
    assert!(refused(desk.ask("accounts_preview", list.into(), HeaderMap::new())));
    let frame = vec![0; PICTURE_BYTES_MAX + 1];
    assert!(refused(desk.ask("frame_judge", frame.into(), HeaderMap::new())));
}

/// How many payloads the suite tries; a command of its own tries a million.
const PAYLOADS: u64 = 20_000;

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().expect(name))
}

/// Panics of any thread since this began to count.
fn counted_panics() -> Arc<AtomicUsize> {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        counter.fetch_add(1, Ordering::Relaxed);
        usual(info);
    }));
    count
}

/// Run alone, as nextest does: panics are counted for the whole process.
#[test]
fn random_payloads_make_no_command_panic_and_while_locked_none_leaks_or_acts() {
    let (payloads, seed) =
        (number("SATCHEL_PAYLOADS", PAYLOADS), number("SATCHEL_SEED", 20_260_129));
    println!("{payloads} payloads, seed {seed}");
    let panics = counted_panics();
    let desk = Desk::new();
    let mut drawn = Payloads::new(seed, &desk.ids);
    desk.satchel.vault_lock("hand");
    let before = desk.files();
    let mut tried: BTreeMap<&str, u64> = BTreeMap::new();
    for _ in 0..payloads - payloads / 10 {
        let (command, body, headers) = drawn.next(COMMANDS);
        let shown = format!("{body:?}");
        let answer = desk.ask(command, body, headers);
        *tried.entry(command).or_default() += 1;
        let said = format!("{answer:?}");
        let leaks = CANARIES.iter().any(|canary| said.contains(canary));
        assert!(!leaks && !said.contains("unexpected"), "{command} {shown}: {said}");
        assert!(WHILE_LOCKED.contains(&command) || is_locked(&answer), "{command}: {said}");
        assert!(!desk.satchel.is_open(), "{command} {shown} opened the vault");
    }
    assert_eq!(desk.files(), before, "nothing of the vault changed");
    desk.unlock();
    for _ in 0..payloads / 10 {
        let (command, body, headers) = drawn.next(COMMANDS);
        let shown = format!("{body:?}");
        let answer = desk.ask(command, body, headers);
        let said = format!("{answer:?}");
        assert!(!said.contains("\"unexpected\""), "{command} {shown}: {said}");
        if !desk.satchel.is_open() {
            desk.unlock();
        }
    }
    assert_eq!(panics.load(Ordering::Relaxed), 0, "a command panicked");
    assert!(tried.len() == COMMANDS.len() || payloads < 1_000, "each command is tried");
    println!("{} commands, at least {:?} payloads each", tried.len(), tried.values().min());
}

/// Headers of a request with a picture.
pub(crate) fn headers(pairs: &[(&str, String)]) -> HeaderMap {
    pairs
        .iter()
        .filter_map(|(name, value)| {
            let name = HeaderName::try_from(*name).ok()?;
            Some((name, HeaderValue::try_from(value.as_str()).ok()?))
        })
        .collect()
}

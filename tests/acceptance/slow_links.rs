//! What a bad link costs: a broken upload repeats no file that was acknowledged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use satchel_app::api::ConnectionRequest;
use satchel_fixtures::Specimen;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::answers::individual_us;
use crate::world::{MINUTE, World};

/// Bytes of the second upload that still get through: its head and a piece of the photo.
const BROKEN_AFTER_BYTES: usize = 40_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_breaks_midway_repeats_no_file_that_was_acknowledged() {
    let world = World::connected().await;
    let link = BreakingLink::before(world.sandbox.addresses().http.port()).await;
    through(&world, &link);
    let (account, remote_id) = onboarded(&world);
    world.until(&account, "waiting_answer_lost").await;
    assert_eq!(world.effects(&remote_id, "file_uploaded"), 1, "the second one broke");

    world.pass_and_ask(3 * MINUTE);
    world.until(&account, "in_review").await;
    assert_eq!(link.uploads.load(Ordering::SeqCst), 4, "three, and the broken one again");
    let uploads = uploaded(&world, &remote_id);
    assert_eq!(uploads.values().collect::<Vec<_>>(), [&1, &1, &1]);
    assert_eq!(attached(&world, &remote_id), uploads.into_keys().collect::<Vec<_>>());
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_whose_answer_breaks_repeats_itself_and_no_other() {
    let world = World::connected().await;
    world.fault(json!({
        "path": "/v2/file/upload", "nth": 2, "fault": { "kind": "reset", "at_byte": 10 },
    }));
    let (account, remote_id) = onboarded(&world);
    world.until(&account, "waiting_answer_lost").await;
    assert_eq!(world.effects(&remote_id, "file_uploaded"), 2);

    world.pass_and_ask(3 * MINUTE);
    world.until(&account, "in_review").await;
    let uploads = uploaded(&world, &remote_id);
    let mut times: Vec<usize> = uploads.values().copied().collect();
    times.sort_unstable();
    assert_eq!(times, [1, 1, 2], "the provider held the second one already");
    assert_eq!(attached(&world, &remote_id), uploads.into_keys().collect::<Vec<_>>());
    world.end().await;
}

/// A sealed submission with three photos; its account, here and at the provider.
fn onboarded(world: &World) -> (String, String) {
    let row = world.account("wepay", "individual", "US");
    let (front, back) = (Specimen::card(81).jpeg(), Specimen::card_back(82).jpeg());
    let other = Specimen::card(83).jpeg();
    world.onboard(
        &row.id,
        &individual_us(),
        &[
            ("drivers_license", "front", &front),
            ("drivers_license", "back", &back),
            ("permanent_residence_card", "front", &other),
        ],
    );
    (row.id, row.remote_id)
}

/// Each photo that the provider took, by its hash, and how often.
fn uploaded(world: &World, remote_id: &str) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for sha256 in hashes(world, remote_id, "file_uploaded") {
        *times.entry(sha256).or_insert(0) += 1;
    }
    times
}

fn attached(world: &World, remote_id: &str) -> Vec<String> {
    assert_eq!(world.effects(remote_id, "kyc_modified"), 1);
    let mut hashes = hashes(world, remote_id, "kyc_modified");
    hashes.sort_unstable();
    hashes
}

fn hashes(world: &World, remote_id: &str, effect: &str) -> Vec<String> {
    let journal = serde_json::to_value(world.sandbox.journal()).unwrap();
    let entries = journal.as_array().unwrap().iter();
    let of = entries.filter(|e| e["account"] == remote_id && e["effect"] == effect);
    let hashes = of.flat_map(|e| e["photo_sha256"].as_array().unwrap());
    hashes.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Sends the WePay connection through the link.
fn through(world: &World, link: &BreakingLink) {
    let wepay = &world.sandbox.hello().credentials.wepay;
    let connections = world.satchel.connections_list().unwrap();
    let connection = connections.iter().find(|c| c.provider == "wepay").unwrap();
    let base = format!("http://127.0.0.1:{}/v2", link.port);
    let settings = [("base_url", base.as_str()), ("client_id", &wepay.client_id)];
    let request = ConnectionRequest {
        id: Some(connection.id.clone()),
        provider: "wepay".to_owned(),
        name: connection.name.clone(),
        settings: settings.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
        credentials: BTreeMap::new(),
        extra_root_pem: None,
    };
    world.satchel.connection_save(request).unwrap();
}

/// A way to the provider that breaks once, in the middle of the second upload.
struct BreakingLink {
    port: u16,
    /// Uploads begun.
    uploads: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl BreakingLink {
    async fn before(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let uploads = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&uploads);
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
                let count = Arc::clone(&count);
                tokio::spawn(async move {
                    let ((near_in, near_out), (far_in, far_out)) =
                        (near.into_split(), far.into_split());
                    // Whichever way ends first, both ends of the connection close.
                    tokio::select! {
                        () = carry_requests(near_in, far_out, &count) => {}
                        () = carry(far_in, near_out) => {}
                    }
                });
            }
        });
        Self { port, uploads, task }
    }
}

impl Drop for BreakingLink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) {
    // The end of a connection, however it ends, is its end.
    let _ = tokio::io::copy(&mut from, &mut to).await;
}

async fn carry_requests(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    uploads: &AtomicUsize,
) {
    const UPLOAD: &[u8] = b"POST /v2/file/upload ";
    let mut piece = [0; 4096];
    let mut left = None;
    while let Ok(bytes @ 1..) = from.read(&mut piece).await {
        let piece = &piece[..bytes];
        if piece.starts_with(UPLOAD) && uploads.fetch_add(1, Ordering::SeqCst) == 1 {
            left = Some(BROKEN_AFTER_BYTES);
        }
        let allowed = left.map_or(bytes, |left: usize| left.min(bytes));
        if to.write_all(&piece[..allowed]).await.is_err() || left == Some(allowed) {
            return;
        }
        left = left.map(|left| left - allowed);
    }
}

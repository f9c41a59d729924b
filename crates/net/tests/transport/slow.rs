//! Photos over slow links. Everything is ten times as fast as the real link, the limits included.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use satchel_core::http::TransportFault;
use satchel_net::{HttpTransport, Limits, TransportOptions};

use crate::secure::{Certificate, SecureServer};
use crate::throttle::{Character, Throttle};
use crate::{options, post};

const TIMES: u32 = 10;
const PHOTO_BYTES: usize = 300_000;

/// 64 kbit/s and round trips of 800 ms.
const FAR: Character = Character {
    bytes_per_s: 8_000 * TIMES as u64,
    one_way: Duration::from_millis(400 / TIMES as u64),
};

fn limits() -> Limits {
    let real = Limits::default();
    Limits {
        connect: real.connect / TIMES,
        stall: real.stall / TIMES,
        answer: real.answer / TIMES,
        slowest_bytes_per_s: real.slowest_bytes_per_s * u64::from(TIMES),
    }
}

struct Way {
    transport: HttpTransport,
    throttle: Throttle,
    server: SecureServer,
}

impl Way {
    async fn over(character: Character, limits: Limits, protocols: &[&str]) -> Self {
        let server = SecureServer::start(Certificate::Good, protocols).await;
        let throttle = Throttle::before(server.port, character).await;
        let root = Some(server.root_pem.clone());
        let options = TransportOptions { extra_root_pem: root, limits, ..options() };
        Self { transport: HttpTransport::new(options).unwrap(), throttle, server }
    }

    fn url(&self) -> String {
        format!("https://localhost:{}/v2/file/upload", self.throttle.port)
    }

    fn photo(&self) -> satchel_core::http::HttpRequest {
        post(self.url(), &vec![0x55; PHOTO_BYTES])
    }
}

#[tokio::test]
async fn a_photo_of_300_kb_gets_through_at_64_kbit_and_800_ms_without_a_time_out() {
    for protocols in [&["h2"][..], &["http/1.1"]] {
        let way = Way::over(FAR, limits(), protocols).await;
        let began = Instant::now();
        let answer = way.transport.send(way.photo()).await;
        assert_eq!(answer.map(|a| a.status), Ok(200), "{protocols:?}");
        let least = PHOTO_BYTES as f64 / FAR.bytes_per_s as f64;
        assert!(began.elapsed().as_secs_f64() >= least, "the link was slow");
        assert_eq!(way.server.connections.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn the_same_photo_would_be_given_up_if_buffers_got_no_time_to_drain() {
    let hasty =
        Limits { stall: Duration::from_millis(1_000), slowest_bytes_per_s: u64::MAX, ..limits() };
    let way = Way::over(FAR, hasty, &["h2"]).await;
    assert_eq!(way.transport.send(way.photo()).await, Err(TransportFault::AfterFirstByte));
}

#[tokio::test]
async fn over_http1_a_small_call_is_answered_while_six_photos_wait_for_the_link() {
    let way = Way::over(FAR, limits(), &["http/1.1"]).await;
    let (small, photos) = small_call_beside_six_photos(&way).await;
    assert!(photos.iter().all(|photo| small < *photo), "the small call waited for a photo");
    assert_eq!(way.throttle.connections.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn over_http2_a_small_call_is_answered_before_six_photos_are_through() {
    let faster = Character { bytes_per_s: 400_000, ..FAR };
    let way = Way::over(faster, limits(), &["h2"]).await;
    let (small, photos) = small_call_beside_six_photos(&way).await;
    assert!(photos.iter().any(|photo| small < *photo), "the small call came last");
    assert_eq!(way.throttle.connections.load(Ordering::SeqCst), 1);
}

/// When a small call was answered that was made while six photos were under way, and when each
/// photo was.
async fn small_call_beside_six_photos(way: &Way) -> (Instant, [Instant; 6]) {
    way.transport.send(post(way.url(), b"{}")).await.unwrap();
    let mut carried = way.throttle.carried.clone();
    let begun = *carried.borrow_and_update();
    let photo = || async {
        way.transport.send(way.photo()).await.unwrap();
        Instant::now()
    };
    let small = async {
        carried.wait_for(|bytes| *bytes > begun + PHOTO_BYTES / 3).await.unwrap();
        way.transport.send(post(way.url(), b"{}")).await.unwrap();
        Instant::now()
    };
    let (small, one, two, three, four, five, six) =
        tokio::join!(small, photo(), photo(), photo(), photo(), photo(), photo());
    (small, [one, two, three, four, five, six])
}

//! A slow link in front of a server: rate and delay in each direction, on the loopback.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

const SEGMENT_BYTES: usize = 1448;
const QUEUE_SEGMENTS: usize = 20;

#[derive(Clone, Copy)]
pub struct Character {
    pub bytes_per_s: u64,
    pub one_way: Duration,
}

/// A running link; it ends with the test.
pub struct Throttle {
    pub port: u16,
    pub connections: Arc<AtomicUsize>,
    /// Bytes that have left the client's end.
    pub carried: watch::Receiver<usize>,
    task: JoinHandle<()>,
}

impl Throttle {
    pub async fn before(server: u16, character: Character) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let (count, (up, carried)) = (Arc::clone(&connections), watch::channel(0));
        let task = tokio::spawn(async move {
            let up = Arc::new(up);
            let down = Arc::new(watch::channel(0).0);
            while let Ok((near, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let far = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
                let ((near_in, near_out), (far_in, far_out)) =
                    (near.into_split(), far.into_split());
                tokio::spawn(carry(near_in, far_out, character, Arc::clone(&up)));
                tokio::spawn(carry(far_in, near_out, character, Arc::clone(&down)));
            }
        });
        Self { port, connections, carried, task }
    }
}

impl Drop for Throttle {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    character: Character,
    carried: Arc<watch::Sender<usize>>,
) {
    let (queue, mut arriving) = mpsc::channel::<(Instant, Vec<u8>)>(QUEUE_SEGMENTS);
    tokio::spawn(async move {
        while let Some((at, segment)) = arriving.recv().await {
            sleep_until(at).await;
            if to.write_all(&segment).await.is_err() {
                return;
            }
        }
    });
    let mut free_at = Instant::now();
    let mut segment = [0; SEGMENT_BYTES];
    while let Ok(bytes @ 1..) = from.read(&mut segment).await {
        let airtime = Duration::from_secs_f64(bytes as f64 / character.bytes_per_s as f64);
        free_at = free_at.max(Instant::now()) + airtime;
        sleep_until(free_at).await;
        carried.send_modify(|so_far| *so_far += bytes);
        let arrival = (free_at + character.one_way, segment[..bytes].to_vec());
        if queue.send(arrival).await.is_err() {
            return;
        }
    }
}

//! A wire that is cut at an exact byte: below TLS, so that handshakes can be cut as well.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::middle::reset;

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the client.
    Asking,
    /// To the client.
    Telling,
}

/// What passed.
#[derive(Clone, Debug, Default)]
pub struct Passed {
    pub asked: Vec<u8>,
    pub told: usize,
    /// What had been told when the client had said more than its hello.
    pub handshake_told: Option<usize>,
}

impl Passed {
    /// How long the client's hello is, once its length is here.
    pub fn hello_bytes(&self) -> Option<usize> {
        let length = self.asked.get(3..5)?;
        Some(5 + usize::from(u16::from_be_bytes([length[0], length[1]])))
    }
}

/// A wire for one connection.
pub struct Cutter {
    pub port: u16,
    passed: Arc<Mutex<Passed>>,
    task: JoinHandle<()>,
}

impl Cutter {
    pub async fn start(upstream: SocketAddr, cut: Option<(Way, usize)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let passed = Arc::new(Mutex::new(Passed::default()));
        let task = tokio::spawn(relay(listener, upstream, cut, Arc::clone(&passed)));
        Self { port, passed, task }
    }

    pub fn passed(&self) -> Passed {
        self.passed.lock().unwrap().clone()
    }
}

impl Drop for Cutter {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn relay(
    listener: TcpListener,
    upstream: SocketAddr,
    cut: Option<(Way, usize)>,
    passed: Arc<Mutex<Passed>>,
) {
    let (mut client, _) = listener.accept().await.unwrap();
    let mut server = TcpStream::connect(upstream).await.unwrap();
    client.set_nodelay(true).unwrap();
    server.set_nodelay(true).unwrap();
    let limit = |way| cut.and_then(|(of, at)| (of == way).then_some(at)).unwrap_or(usize::MAX);
    let (mut asked, mut told) = ([0; 4096], [0; 4096]);
    loop {
        let (asked_left, told_left) = {
            let passed = passed.lock().unwrap();
            (limit(Way::Asking) - passed.asked.len(), limit(Way::Telling) - passed.told)
        };
        if asked_left == 0 || told_left == 0 {
            reset(&client);
            reset(&server);
            return;
        }
        tokio::select! {
            read = client.read(&mut asked) => {
                let count = read.unwrap_or(0).min(asked_left);
                if count == 0 || server.write_all(&asked[..count]).await.is_err() {
                    return;
                }
                let mut passed = passed.lock().unwrap();
                passed.asked.extend_from_slice(&asked[..count]);
                let more = passed.hello_bytes().is_some_and(|hello| passed.asked.len() > hello);
                if more && passed.handshake_told.is_none() {
                    passed.handshake_told = Some(passed.told);
                }
            }
            read = server.read(&mut told) => {
                let count = read.unwrap_or(0).min(told_left);
                if count == 0 || client.write_all(&told[..count]).await.is_err() {
                    return;
                }
                passed.lock().unwrap().told += count;
            }
        }
    }
}

//! Small servers on the loopback that do exactly one thing wrong.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the server does with one request.
#[derive(Clone, Copy)]
pub enum Reply {
    /// Writes these bytes and waits for the next request.
    Answer(&'static str),
    /// Writes these bytes and closes.
    AnswerAndClose(&'static str),
    /// Reads the whole request and resets the connection.
    Reset,
    /// Reads the whole request and never answers.
    Silence,
    /// Answers with a body that never ends.
    Endless,
}

/// A running server; it ends with the test.
pub struct Server {
    pub port: u16,
    pub requests: Arc<Mutex<Vec<Vec<u8>>>>,
    pub connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Server {
    /// Answers every request, on whichever connection, with the next reply; the last one repeats.
    pub async fn start(replies: &'static [Reply]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let (seen, count) = (Arc::clone(&requests), Arc::clone(&connections));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(converse(stream, replies, Arc::clone(&seen)));
            }
        });
        Self { port, requests, connections, task }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/v2/account/kyc", self.port)
    }

    pub fn seen(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        requests.iter().map(|r| String::from_utf8_lossy(r).into_owned()).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(
    mut stream: TcpStream,
    replies: &'static [Reply],
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
) {
    while let Some(request) = read_request(&mut stream).await {
        let reply = {
            let mut seen = seen.lock().unwrap();
            seen.push(request);
            replies[(seen.len() - 1).min(replies.len() - 1)]
        };
        match reply {
            Reply::Answer(text) => stream.write_all(text.as_bytes()).await.unwrap(),
            Reply::AnswerAndClose(text) => {
                stream.write_all(text.as_bytes()).await.unwrap();
                return;
            }
            Reply::Reset => {
                stream.set_zero_linger().unwrap();
                return;
            }
            Reply::Silence => {}
            Reply::Endless => {
                let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
                stream.write_all(head.as_bytes()).await.unwrap();
                while stream.write_all(&[b'x'; 4096]).await.is_ok() {}
                return;
            }
        }
    }
}

/// One whole request with its body, or `None` when the other side is done.
pub async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    loop {
        if let Some(total) = whole_length(&request)
            && request.len() >= total
        {
            return Some(request);
        }
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(n) => request.extend_from_slice(&piece[..n]),
        }
    }
}

fn whole_length(request: &[u8]) -> Option<usize> {
    let head_end = request.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&request[..head_end]).to_ascii_lowercase();
    let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")?.parse().ok());
    Some(head_end + length.unwrap_or(0))
}

/// Writes one answer with a JSON body and keeps the connection.
pub async fn answer_json(stream: &mut (impl AsyncWrite + Unpin), body: &str) {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(head.as_bytes()).await.unwrap();
}

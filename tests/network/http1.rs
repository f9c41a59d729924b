//! The middle in HTTP/1.1: message by message, and byte by byte where one is cut.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::middle::{Act, Released, Reply, Shared, Stream, read_to_end, reset};

/// How slowly a slow server sends: far below any limit between two bytes.
pub const TRICKLE: Duration = Duration::from_millis(5);

/// Where a whole message ends, once all of it is here.
pub fn message_end(bytes: &[u8]) -> Option<usize> {
    let head = head_end(bytes)?;
    let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
    if text.contains("transfer-encoding: chunked") {
        return chunks_end(bytes, head);
    }
    let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let end = head + length.unwrap_or(0_usize);
    (bytes.len() >= end).then_some(end)
}

/// Where the head ends, its empty line included.
pub fn head_end(bytes: &[u8]) -> Option<usize> {
    Some(bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4)
}

fn chunks_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let line = bytes.get(at..)?.windows(2).position(|two| two == b"\r\n")?;
        let length = usize::from_str_radix(std::str::from_utf8(&bytes[at..at + line]).ok()?, 16);
        at += line + 2 + length.clone().ok()? + 2;
        if bytes.len() < at {
            return None;
        }
        if length == Ok(0) {
            return Some(at);
        }
    }
}

/// The bytes of an answer.
pub fn encode(reply: &Reply) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {} Answer\r\n", reply.status);
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let length = reply.body.len() + reply.missing_bytes;
    head.push_str(&format!("content-length: {length}\r\n\r\n"));
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(&reply.body);
    bytes
}

/// Reads the head of a CONNECT; false when somebody went away.
pub async fn connect_head(stream: &mut TcpStream) -> bool {
    let mut bytes = Vec::new();
    while head_end(&bytes).is_none() {
        if !matches!(stream.read_buf(&mut bytes).await, Ok(count) if count > 0) {
            return false;
        }
    }
    assert!(bytes.starts_with(b"CONNECT "), "{}", String::from_utf8_lossy(&bytes));
    true
}

/// One connection of the client.
pub async fn converse(shared: &Shared, mut client: Stream, connection: usize) {
    let mut bytes = Vec::new();
    loop {
        if shared.cuts_before_first_byte() {
            return reset(client.as_ref());
        }
        if bytes.is_empty() && !asks(shared, &mut client, &mut bytes).await {
            return;
        }
        let (number, act) = shared.begin(connection);
        if let Some(Act::CutRequest(at)) = act {
            return cut_request(shared, client, bytes, number, at).await;
        }
        let end = loop {
            match message_end(&bytes) {
                Some(end) => break end,
                None if more(&mut client, &mut bytes).await => {}
                None => return,
            }
        };
        let rest = bytes.split_off(end);
        let request = std::mem::replace(&mut bytes, rest);
        assert_modest(&request);
        shared.note(number, |record| {
            record.whole = true;
            record.request = request.clone();
        });
        let goes_on = match act {
            None => pass(shared, &mut client, &request, number).await,
            Some(act) => befall(shared, &mut client, &request, number, act).await,
        };
        if !goes_on {
            return;
        }
    }
}

/// No compression is ever asked for.
fn assert_modest(request: &[u8]) {
    let head = String::from_utf8_lossy(&request[..head_end(request).unwrap()]).to_lowercase();
    assert!(!head.contains("accept-encoding"), "{head}");
}

/// Waits for a request to begin; false when the connection ended instead, on either side.
async fn asks(shared: &Shared, client: &mut Stream, bytes: &mut Vec<u8>) -> bool {
    tokio::select! {
        biased;
        came = more(client, bytes) => return came,
        () = shared.idle_end() => {}
    }
    // Nothing is asked any more: the client lets go once it sees the end.
    let _ = client.shutdown().await;
    read_to_end(client).await;
    false
}

async fn more(stream: &mut Stream, bytes: &mut Vec<u8>) -> bool {
    matches!(stream.read_buf(bytes).await, Ok(count) if count > 0)
}

async fn pass(shared: &Shared, client: &mut Stream, request: &[u8], number: usize) -> bool {
    let answer = ask(shared, request, number).await;
    let whole = write(client, &answer).await;
    shared.note(number, |record| record.answered = whole);
    whole
}

async fn write(client: &mut Stream, bytes: &[u8]) -> bool {
    client.write_all(bytes).await.is_ok() && client.flush().await.is_ok()
}

/// The provider's own answer.
async fn ask(shared: &Shared, request: &[u8], number: usize) -> Vec<u8> {
    let mut upstream = TcpStream::connect(shared.upstream).await.unwrap();
    upstream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    while message_end(&answer).is_none() {
        let count = upstream.read_buf(&mut answer).await.unwrap();
        assert!(count > 0, "the provider hung up");
    }
    shared.note(number, |record| record.answer = answer.clone());
    answer
}

async fn cut_request(
    shared: &Shared,
    mut client: Stream,
    mut bytes: Vec<u8>,
    number: usize,
    at: usize,
) {
    while bytes.len() < at && more(&mut client, &mut bytes).await {}
    bytes.truncate(at);
    let whole = message_end(&bytes).is_some();
    shared.note(number, |record| {
        record.whole = whole;
        record.request = bytes.clone();
    });
    if whole {
        ask(shared, &bytes, number).await;
    } else {
        let mut upstream = TcpStream::connect(shared.upstream).await.unwrap();
        upstream.write_all(&bytes).await.unwrap();
        reset(&upstream);
    }
    reset(client.as_ref());
}

/// Does what was planned; true while the connection goes on.
async fn befall(
    shared: &Shared,
    client: &mut Stream,
    request: &[u8],
    number: usize,
    act: Act,
) -> bool {
    match act {
        Act::Answer(reply) => write(client, &encode(&reply)).await && reply.missing_bytes == 0,
        Act::Replace(reply) => {
            ask(shared, request, number).await;
            write(client, &encode(&reply)).await && reply.missing_bytes == 0
        }
        Act::CutAnswer(at) => {
            let answer = ask(shared, request, number).await;
            write(client, &answer[..at.min(answer.len())]).await;
            reset(client.as_ref());
            false
        }
        Act::EndAnswer(at) => {
            let answer = ask(shared, request, number).await;
            write(client, &answer[..at.min(answer.len())]).await;
            let _ = client.shutdown().await;
            read_to_end(client).await;
            false
        }
        Act::Silence { passed } => {
            if passed {
                ask(shared, request, number).await;
            }
            read_to_end(client).await;
            false
        }
        Act::Hold => {
            let answer = ask(shared, request, number).await;
            shared.holds();
            match shared.released().await {
                Released::Answered => write(client, &answer).await,
                Released::Reset => {
                    reset(client.as_ref());
                    false
                }
            }
        }
        Act::PassAndEnd => {
            let mut answer = ask(shared, request, number).await;
            let line = answer.windows(2).position(|two| two == b"\r\n").unwrap() + 2;
            answer.splice(line..line, *b"connection: close\r\n");
            shared.ends_others().await;
            shared.ends_connection();
            write(client, &answer).await;
            false
        }
        Act::TrickleBody => {
            ask(shared, request, number).await;
            write(client, b"HTTP/1.1 200 OK\r\ncontent-length: 9000000\r\n\r\n{").await;
            trickle(client).await
        }
        Act::TrickleHead => {
            ask(shared, request, number).await;
            write(client, b"HTTP/1.1 200 OK\r\nx-slow: ").await;
            trickle(client).await
        }
        Act::Garbage => {
            write(client, b"220 mail.example ESMTP ready\r\n\r\n").await;
            false
        }
        Act::Endless { chunked } => endless(client, chunked).await,
        Act::CutRequest(_) | Act::GoAway { .. } | Act::ResetStream { .. } => {
            panic!("not in HTTP/1.1: {act:?}")
        }
    }
}

async fn trickle(client: &mut Stream) -> bool {
    let mut ticks = tokio::time::interval(TRICKLE);
    loop {
        ticks.tick().await;
        if !write(client, b" ").await {
            return false;
        }
    }
}

async fn endless(client: &mut Stream, chunked: bool) -> bool {
    let (head, piece) = if chunked {
        let piece = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
        ("transfer-encoding: chunked", piece)
    } else {
        ("connection: close", "x".repeat(0x1000))
    };
    write(client, format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n").as_bytes()).await;
    while write(client, piece.as_bytes()).await {}
    false
}

#[test]
fn the_end_of_a_message_is_found_by_its_length_and_by_its_chunks() {
    let by_length = b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcPOST";
    assert_eq!(message_end(by_length), Some(by_length.len() - 4));
    assert_eq!(message_end(&by_length[..by_length.len() - 5]), None);
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    assert_eq!(message_end(chunked), Some(chunked.len()));
    for short in 0..chunked.len() {
        assert_eq!(message_end(&chunked[..short]), None, "{short}");
    }
}

//! The middle in HTTP/2: frame by frame. Frames pass as they are, but for those of the one request
//! that something happens to; headers are never decoded.

use std::collections::BTreeMap;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::MissedTickBehavior;

use crate::http1::TRICKLE;
use crate::middle::{Act, Released, Reply, Shared, Stream, read_to_end, reset};

const PREFACE_BYTES: usize = 24;
const HEAD_BYTES: usize = 9;
/// The largest frame that everybody takes.
const FRAME_BYTES_MAX: usize = 16_384;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const GO_AWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ACK: u8 = 1;

/// HTTP/2's own words for why something ends.
pub const NO_ERROR: u32 = 0;
pub const REFUSED_STREAM: u32 = 7;
pub const INTERNAL_ERROR: u32 = 2;

struct Frame {
    kind: u8,
    flags: u8,
    stream: u32,
    payload: Vec<u8>,
}

impl Frame {
    fn new(kind: u8, flags: u8, stream: u32, payload: impl Into<Vec<u8>>) -> Self {
        Self { kind, flags, stream, payload: payload.into() }
    }

    /// The first whole frame, taken out of `bytes`.
    fn take(bytes: &mut Vec<u8>) -> Option<Self> {
        let head: [u8; HEAD_BYTES] = bytes.get(..HEAD_BYTES)?.try_into().unwrap();
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let payload = bytes.get(HEAD_BYTES..HEAD_BYTES + length)?.to_vec();
        bytes.drain(..HEAD_BYTES + length);
        let stream = u32::from_be_bytes([head[5] & 0x7f, head[6], head[7], head[8]]);
        Some(Self { kind: head[3], flags: head[4], stream, payload })
    }

    fn encode(&self) -> Vec<u8> {
        let length = u32::try_from(self.payload.len()).unwrap().to_be_bytes();
        let mut bytes = vec![length[1], length[2], length[3], self.kind, self.flags];
        bytes.extend_from_slice(&self.stream.to_be_bytes());
        bytes.extend_from_slice(&self.payload);
        bytes
    }

    fn ends_stream(&self) -> bool {
        matches!(self.kind, DATA | HEADERS) && self.flags & END_STREAM != 0
    }
}

/// An answer as frames: its headers as literals, so that no table is needed.
fn answer_frames(reply: &Reply, stream: u32) -> Vec<u8> {
    let mut block = vec![0x08];
    text(&mut block, &reply.status.to_string());
    let length = (reply.body.len() + reply.missing_bytes).to_string();
    let length = ("content-length".to_owned(), length);
    for (name, value) in reply.headers.iter().chain([&length]) {
        block.push(0);
        text(&mut block, name);
        text(&mut block, value);
    }
    let mut bytes = Vec::new();
    let blocks = block.chunks(FRAME_BYTES_MAX).count();
    for (at, part) in block.chunks(FRAME_BYTES_MAX).enumerate() {
        let kind = if at == 0 { HEADERS } else { CONTINUATION };
        let flags = if at + 1 == blocks { END_HEADERS } else { 0 };
        bytes.extend(Frame::new(kind, flags, stream, part).encode());
    }
    for part in reply.body.chunks(FRAME_BYTES_MAX) {
        bytes.extend(Frame::new(DATA, 0, stream, part).encode());
    }
    bytes.extend(Frame::new(DATA, END_STREAM, stream, []).encode());
    bytes
}

/// A length with a prefix of seven bits, and the text as it is.
fn text(block: &mut Vec<u8>, text: &str) {
    let mut length = text.len();
    if length < 127 {
        block.push(length as u8);
    } else {
        block.push(127);
        length -= 127;
        while length >= 128 {
            block.push((length % 128) as u8 | 128);
            length /= 128;
        }
        block.push(length as u8);
    }
    block.extend_from_slice(text.as_bytes());
}

fn go_away(last: u32, code: u32) -> Frame {
    let payload = [last.to_be_bytes(), code.to_be_bytes()].concat();
    Frame::new(GO_AWAY, 0, 0, payload)
}

/// What goes on with a connection after a frame.
#[derive(PartialEq, Eq)]
enum Goes {
    On,
    Over,
}

struct Exchange {
    number: usize,
    act: Option<Act>,
    /// Bytes of it that came from the client.
    asked: usize,
    /// Bytes of its answer that went to the client.
    told: usize,
    /// Its answer, where it is kept back.
    kept: Vec<u8>,
    /// The provider was told to forget it: what it still says of it goes nowhere.
    is_cancelled: bool,
}

struct Talk<'a> {
    shared: &'a Shared,
    connection: usize,
    client: Stream,
    upstream: TcpStream,
    exchanges: BTreeMap<u32, Exchange>,
    settings_seen: bool,
    /// The stream whose answer is held.
    held: Option<u32>,
    /// The stream whose answer trickles, and the kind of its frames.
    trickles: Option<(u32, u8)>,
}

/// One connection of the client.
pub async fn converse(shared: &Shared, mut client: Stream, connection: usize) {
    let mut preface = [0; PREFACE_BYTES];
    if client.read_exact(&mut preface).await.is_err() {
        return;
    }
    let mut upstream = TcpStream::connect(shared.upstream).await.unwrap();
    upstream.set_nodelay(true).unwrap();
    upstream.write_all(&preface).await.unwrap();
    let exchanges = BTreeMap::new();
    let mut talk = Talk {
        shared,
        connection,
        client,
        upstream,
        exchanges,
        settings_seen: false,
        held: None,
        trickles: None,
    };
    talk.relay().await;
}

impl Talk<'_> {
    async fn relay(&mut self) {
        let (mut asked, mut told) = (Vec::new(), Vec::new());
        let mut ticks = tokio::time::interval(TRICKLE);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let goes = tokio::select! {
                read = self.client.read_buf(&mut asked) => match read {
                    Ok(count) if count > 0 => self.asked(&mut asked).await,
                    Ok(_) | Err(_) => Goes::Over,
                },
                read = self.upstream.read_buf(&mut told) => match read {
                    Ok(count) if count > 0 => self.told(&mut told).await,
                    Ok(_) | Err(_) => Goes::Over,
                },
                how = self.shared.released(), if self.held.is_some() => self.release(how).await,
                _ = ticks.tick(), if self.trickles.is_some() => self.trickle().await,
            };
            if goes == Goes::Over {
                return;
            }
        }
    }

    async fn tell(&mut self, bytes: &[u8]) -> bool {
        self.client.write_all(bytes).await.is_ok() && self.client.flush().await.is_ok()
    }

    async fn pass_up(&mut self, frame: &Frame) {
        // The provider may have ended its side; then its own read tells.
        let _ = self.upstream.write_all(&frame.encode()).await;
    }

    async fn asked(&mut self, bytes: &mut Vec<u8>) -> Goes {
        while let Some(mut frame) = Frame::take(bytes) {
            if frame.kind == SETTINGS && frame.flags & ACK == 0 && !self.settings_seen {
                // No header table: frames of an answer can be left out without being decoded.
                frame.payload.extend_from_slice(&[0, 1, 0, 0, 0, 0]);
                self.settings_seen = true;
            }
            if frame.kind == HEADERS && !self.exchanges.contains_key(&frame.stream) {
                let (number, act) = self.shared.begin(self.connection);
                let exchange = Exchange {
                    number,
                    act,
                    asked: 0,
                    told: 0,
                    kept: Vec::new(),
                    is_cancelled: false,
                };
                self.exchanges.insert(frame.stream, exchange);
            }
            let goes = if self.exchanges.contains_key(&frame.stream) {
                self.asked_of_exchange(frame).await
            } else {
                self.pass_up(&frame).await;
                Goes::On
            };
            if goes == Goes::Over {
                return Goes::Over;
            }
        }
        Goes::On
    }

    async fn asked_of_exchange(&mut self, frame: Frame) -> Goes {
        let exchange = self.exchanges.get_mut(&frame.stream).unwrap();
        let bytes = frame.encode();
        let before = exchange.asked;
        exchange.asked += bytes.len();
        let (number, ends) = (exchange.number, frame.ends_stream());
        if frame.kind == RESET && self.trickles.is_some_and(|(stream, _)| stream == frame.stream) {
            self.trickles = None;
        }
        if let Some(Act::CutRequest(at)) = exchange.act {
            if exchange.asked > at {
                let part = bytes[..at - before].to_vec();
                return self.cut_request(number, &part).await;
            }
            if ends {
                exchange.act = Some(Act::CutAnswer(0));
            }
        }
        let passes = passes(exchange.act.as_ref());
        self.shared.note(number, |record| {
            record.request.extend_from_slice(&bytes);
            record.whole |= ends;
        });
        if passes {
            self.pass_up(&frame).await;
        } else if matches!(frame.kind, HEADERS | CONTINUATION) {
            self.pass_up_headers_alone(&frame).await;
        } else if frame.kind == DATA && !frame.payload.is_empty() {
            self.give_back(frame.stream, frame.payload.len()).await;
        }
        if ends && !passes { self.in_its_place(frame.stream).await } else { Goes::On }
    }

    /// The provider must see the headers, since later ones refer to them; the request ends there.
    async fn pass_up_headers_alone(&mut self, frame: &Frame) {
        const CANCEL: u32 = 8;
        let flags = frame.flags & !END_STREAM;
        self.pass_up(&Frame::new(frame.kind, flags, frame.stream, frame.payload.clone())).await;
        if flags & END_HEADERS != 0 {
            self.pass_up(&Frame::new(RESET, 0, frame.stream, CANCEL.to_be_bytes())).await;
        }
        self.exchanges.get_mut(&frame.stream).unwrap().is_cancelled = true;
    }

    async fn cut_request(&mut self, number: usize, part: &[u8]) -> Goes {
        self.shared.note(number, |record| record.request.extend_from_slice(part));
        self.upstream.write_all(part).await.unwrap();
        reset(&self.upstream);
        reset(self.client.as_ref());
        Goes::Over
    }

    /// Room in the windows for what did not go on.
    async fn give_back(&mut self, stream: u32, bytes: usize) {
        let room = u32::try_from(bytes).unwrap().to_be_bytes();
        for stream in [0, stream] {
            self.tell(&Frame::new(WINDOW_UPDATE, 0, stream, room).encode()).await;
        }
    }

    /// The request is whole, or its answer is, and something else goes to the client.
    async fn in_its_place(&mut self, stream: u32) -> Goes {
        let exchange = self.exchanges.get_mut(&stream).unwrap();
        let kept = std::mem::take(&mut exchange.kept);
        let act = exchange.act.take().unwrap();
        match act {
            Act::Answer(reply) | Act::Replace(reply) => {
                self.tell(&answer_frames(&reply, stream)).await;
            }
            // What comes of the stream from now on goes nowhere.
            Act::Silence { .. } => {
                self.exchanges.get_mut(&stream).unwrap().act = Some(Act::Silence { passed: false });
            }
            Act::Hold => {
                self.exchanges.get_mut(&stream).unwrap().kept = kept;
                self.held = Some(stream);
                self.shared.holds();
            }
            Act::GoAway { last, code, .. } => {
                self.tell(&go_away(last, code).encode()).await;
                if last >= stream {
                    self.tell(&kept).await;
                }
                let _ = self.client.shutdown().await;
                read_to_end(&mut self.client).await;
                return Goes::Over;
            }
            Act::PassAndEnd => {
                self.shared.ends_connection();
                self.tell(&go_away(stream, NO_ERROR).encode()).await;
                self.tell(&kept).await;
                let _ = self.client.shutdown().await;
                read_to_end(&mut self.client).await;
                return Goes::Over;
            }
            Act::ResetStream { code, .. } => {
                self.tell(&Frame::new(RESET, 0, stream, code.to_be_bytes()).encode()).await;
            }
            Act::TrickleBody => {
                let head = Frame::new(HEADERS, END_HEADERS, stream, [0x88]);
                self.tell(&head.encode()).await;
                self.trickles = Some((stream, DATA));
            }
            Act::TrickleHead => {
                self.tell(&Frame::new(HEADERS, 0, stream, [0x88]).encode()).await;
                self.trickles = Some((stream, CONTINUATION));
            }
            Act::CutRequest(_)
            | Act::CutAnswer(_)
            | Act::EndAnswer(_)
            | Act::Garbage
            | Act::Endless { .. } => panic!("not in place of an answer: {act:?}"),
        }
        Goes::On
    }

    async fn told(&mut self, bytes: &mut Vec<u8>) -> Goes {
        while let Some(frame) = Frame::take(bytes) {
            let of_exchange =
                self.exchanges.contains_key(&frame.stream) && frame.kind != WINDOW_UPDATE;
            let exchange = self.exchanges.get(&frame.stream);
            if exchange.is_some_and(|exchange| exchange.is_cancelled) {
                continue;
            }
            let goes = if of_exchange {
                self.told_of_exchange(frame).await
            } else if self.tell(&frame.encode()).await {
                Goes::On
            } else {
                Goes::Over
            };
            if goes == Goes::Over {
                return Goes::Over;
            }
        }
        Goes::On
    }

    async fn told_of_exchange(&mut self, frame: Frame) -> Goes {
        let exchange = self.exchanges.get_mut(&frame.stream).unwrap();
        let (number, bytes, ends) = (exchange.number, frame.encode(), frame.ends_stream());
        self.shared.note(number, |record| record.answer.extend_from_slice(&bytes));
        match exchange.act {
            None => {
                let told = self.tell(&bytes).await;
                self.shared.note(number, |record| record.answered = ends && told);
                if told { Goes::On } else { Goes::Over }
            }
            Some(Act::CutAnswer(at) | Act::EndAnswer(at)) => {
                let is_reset = matches!(exchange.act, Some(Act::CutAnswer(_)));
                let left = at - exchange.told;
                exchange.told += bytes.len().min(left);
                self.tell(&bytes[..bytes.len().min(left)]).await;
                if bytes.len() < left && !ends {
                    return Goes::On;
                }
                if is_reset {
                    reset(self.client.as_ref());
                } else {
                    let _ = self.client.shutdown().await;
                    read_to_end(&mut self.client).await;
                }
                Goes::Over
            }
            Some(_) => {
                exchange.kept.extend_from_slice(&bytes);
                if ends { self.in_its_place(frame.stream).await } else { Goes::On }
            }
        }
    }

    async fn release(&mut self, how: Released) -> Goes {
        let stream = self.held.take().unwrap();
        match how {
            Released::Answered => {
                let kept = std::mem::take(&mut self.exchanges.get_mut(&stream).unwrap().kept);
                if self.tell(&kept).await { Goes::On } else { Goes::Over }
            }
            Released::Reset => {
                reset(self.client.as_ref());
                Goes::Over
            }
        }
    }

    async fn trickle(&mut self) -> Goes {
        let (stream, kind) = self.trickles.unwrap();
        // An unknown header, begun again and again; or a space of the body.
        let payload: &[u8] = if kind == DATA { b" " } else { &[0, 1, b'x', 1, b'y'] };
        let frame = Frame::new(kind, 0, stream, payload);
        if self.tell(&frame.encode()).await { Goes::On } else { Goes::Over }
    }
}

/// Whether a request goes on to the provider.
fn passes(act: Option<&Act>) -> bool {
    match act {
        None
        | Some(
            Act::Replace(_)
            | Act::CutRequest(_)
            | Act::CutAnswer(_)
            | Act::EndAnswer(_)
            | Act::Hold
            | Act::PassAndEnd
            | Act::TrickleBody
            | Act::TrickleHead,
        ) => true,
        Some(Act::Answer(_) | Act::Garbage | Act::Endless { .. }) => false,
        Some(
            Act::Silence { passed } | Act::GoAway { passed, .. } | Act::ResetStream { passed, .. },
        ) => *passed,
    }
}

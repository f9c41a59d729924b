//! One accepted connection, whose bytes can be cut off.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// How many bytes may still go out before the connection is reset; `None` means all.
#[derive(Debug, Default)]
pub(crate) struct Cut(Mutex<Option<usize>>);

impl Cut {
    pub(crate) fn after(&self, bytes: usize) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(bytes);
    }

    fn allowed(&self) -> Option<usize> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn spend(&self, bytes: usize) {
        if let Some(left) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            *left = left.saturating_sub(bytes);
        }
    }
}

/// A plain or a TLS stream.
#[derive(Debug)]
pub(crate) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A stream that ends by a reset once its cut is reached.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: Stream,
    cut: Arc<Cut>,
}

impl Connection {
    pub(crate) fn new(stream: Stream, cut: Arc<Cut>) -> Connection {
        Connection { stream, cut }
    }

    /// Makes the coming close a reset instead of an orderly end.
    fn reset(&self) -> io::Error {
        let socket = match &self.stream {
            Stream::Plain(socket) => socket,
            Stream::Tls(stream) => stream.get_ref().0,
        };
        match socket.set_zero_linger() {
            Ok(()) => io::ErrorKind::ConnectionReset.into(),
            Err(error) => error,
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context,
        buffer: &mut ReadBuf,
    ) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Stream::Tls(stream) => Pin::new(stream.as_mut()).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let allowed = self.cut.allowed().unwrap_or(bytes.len());
        if allowed == 0 && !bytes.is_empty() {
            return Poll::Ready(Err(self.reset()));
        }
        let bytes = bytes.get(..allowed).unwrap_or(bytes);
        let written = match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Stream::Tls(stream) => Pin::new(stream.as_mut()).poll_write(context, bytes),
        };
        if let Poll::Ready(Ok(count)) = &written {
            self.cut.spend(*count);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(context),
            Stream::Tls(stream) => Pin::new(stream.as_mut()).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Stream::Tls(stream) => Pin::new(stream.as_mut()).poll_shutdown(context),
        }
    }
}

/// An answer's body: sent in one piece or in chunks, whole or short of its end.
#[derive(Debug)]
pub(crate) struct Answer {
    bytes: Bytes,
    chunked: bool,
    /// The body fails once `bytes` are out, though its announced length is this one.
    short_of: Option<u64>,
    /// What was handed over has had its chance to leave before the failure.
    flushed: bool,
}

impl Answer {
    pub(crate) fn whole(bytes: Bytes, chunked: bool) -> Answer {
        Answer { bytes, chunked, short_of: None, flushed: false }
    }

    pub(crate) fn truncated(mut bytes: Bytes, chunked: bool, at_byte: usize) -> Answer {
        let short_of = Some(bytes.len() as u64);
        bytes.truncate(at_byte);
        Answer { bytes, chunked, short_of, flushed: false }
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if !self.bytes.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.bytes)))));
        }
        if self.short_of.is_some() && !self.flushed {
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let failure = self.short_of.take().map(|_| Err(io::ErrorKind::UnexpectedEof.into()));
        Poll::Ready(failure)
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty() && self.short_of.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        if self.chunked {
            return SizeHint::default();
        }
        SizeHint::with_exact(self.short_of.unwrap_or(self.bytes.len() as u64))
    }
}

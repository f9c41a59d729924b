//! Raw TCP flows: what the kernel gets through with nothing above it.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::SystemTime;

use anyhow::{Context, Result};

use super::Run;
use crate::link::{Link, SERVER};

const PORT: u16 = 9;

/// Sends `payload` bytes over so many flows at once.
///
/// # Errors
/// When a flow breaks.
pub(crate) fn flows(link: &Link, count: usize, payload: u64) -> Result<Run> {
    let listener = link.server.inside(|| TcpListener::bind((SERVER, PORT)))??;
    let each = payload / count as u64;
    link.carried();
    let ended = std::thread::scope(|scope| -> Result<SystemTime> {
        let sink = scope.spawn(|| swallow(&listener, count));
        let flows: Vec<_> = (0..count).map(|_| scope.spawn(|| flow(link, each))).collect();
        for flow in flows {
            flow.join().ok().context("a flow panicked")??;
        }
        sink.join().ok().context("the sink panicked")?
    })?;
    Run::new(each * count as u64, link.carried(), ended)
}

fn flow(link: &Link, bytes: u64) -> Result<()> {
    link.client.enter()?;
    let mut stream = TcpStream::connect((SERVER, PORT))?;
    std::io::copy(&mut std::io::repeat(0x55).take(bytes), &mut stream)?;
    stream.flush()?;
    stream.shutdown(Shutdown::Write)?;
    // The other end closes once it has everything.
    stream.read_to_end(&mut Vec::new())?;
    Ok(())
}

/// Takes in every flow to its end; when the last one ended.
fn swallow(listener: &TcpListener, count: usize) -> Result<SystemTime> {
    std::thread::scope(|scope| {
        let mut sinks = Vec::new();
        for _ in 0..count {
            let (mut stream, _) = listener.accept()?;
            sinks.push(scope.spawn(move || std::io::copy(&mut stream, &mut std::io::sink())));
        }
        for sink in sinks {
            sink.join().ok().context("a sink panicked")??;
        }
        Ok(SystemTime::now())
    })
}

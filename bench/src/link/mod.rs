//! Emulated links that real kernel TCP crosses: two network namespaces, each with a TUN device,
//! and between the devices rate, delay, jitter, loss and a bounded queue.

mod namespace;
mod pump;
mod shape;
mod tun;
mod verify;

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use anyhow::Result;

pub(crate) use namespace::Namespace;
pub(crate) use pump::{Counter, Tally};
use shape::Shaper;
pub(crate) use shape::{Character, PACKET_BYTES};
use tun::Tun;
pub(crate) use verify::{Verified, verify};

/// The client's address.
pub(crate) const CLIENT: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 1);

/// The server's address.
pub(crate) const SERVER: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 2);

const DEVICE: &str = "emulated0";

/// What Linux, Windows and macOS send with, whatever this machine prefers.
const CONGESTION_CONTROL: &str = "cubic";

/// A link that is up; it goes when this is dropped.
#[derive(Debug)]
pub(crate) struct Link {
    /// What it is like.
    pub(crate) character: Character,
    /// Where clients run.
    pub(crate) client: Namespace,
    /// Where servers run.
    pub(crate) server: Namespace,
    up: Counter,
    down: Counter,
    stop: Arc<AtomicBool>,
    pumps: Vec<JoinHandle<()>>,
}

/// What both directions carried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Carried {
    /// From the client.
    pub(crate) up: Tally,
    /// To the client.
    pub(crate) down: Tally,
}

impl Link {
    /// Brings a link up. Which packets are lost depends on the seed and on when they come.
    ///
    /// # Errors
    /// Without root, iproute2 or TUN.
    pub(crate) fn new(character: Character, seed: u64) -> Result<Self> {
        let (client, server) = (Namespace::new()?, Namespace::new()?);
        let near = Arc::new(device(&client, CLIENT, SERVER)?);
        let far = Arc::new(device(&server, SERVER, CLIENT)?);
        let (up, down) = (Counter::default(), Counter::default());
        let stop = Arc::new(AtomicBool::new(false));
        let pump = |from: &Arc<Tun>, to: &Arc<Tun>, counter: &Counter, seed| {
            let (from, to) = (Arc::clone(from), Arc::clone(to));
            let (counter, stop) = (counter.clone(), Arc::clone(&stop));
            let shaper = Shaper::new(character, seed);
            std::thread::spawn(move || {
                if let Err(error) = pump::carry((&from, &to), shaper, &counter, &stop) {
                    eprintln!("the emulated link broke: {error:#}");
                }
            })
        };
        let pumps = vec![pump(&near, &far, &up, seed), pump(&far, &near, &down, !seed)];
        Ok(Self { character, client, server, up, down, stop, pumps })
    }

    /// What was carried since the last time.
    pub(crate) fn carried(&self) -> Carried {
        Carried { up: self.up.take(), down: self.down.take() }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for pump in self.pumps.drain(..) {
            // A pump that panicked has stopped as well.
            let _ = pump.join();
        }
    }
}

fn device(namespace: &Namespace, here: Ipv4Addr, there: Ipv4Addr) -> Result<Tun> {
    let tun = namespace.inside(|| Tun::new(DEVICE))??;
    let (here, there) = (here.to_string(), there.to_string());
    namespace.run("ip", &["address", "add", &here, "peer", &there, "dev", DEVICE])?;
    namespace.run("ip", &["link", "set", DEVICE, "mtu", "1500", "up"])?;
    // Of the route, since a namespace may not choose its own default.
    let route = ["route", "replace", &there, "dev", DEVICE, "src", &here];
    namespace.run("ip", &[&route[..], &["congctl", CONGESTION_CONTROL]].concat())?;
    Ok(tun)
}

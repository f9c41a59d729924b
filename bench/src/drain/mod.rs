//! `drain`: submissions of several accounts over slow links, beside raw TCP and a naive client.

mod desk;
mod naive;
mod photos;
mod places;
mod raw;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use self::desk::Desk;
use self::photos::{Album, Photo, PreparedPhoto};
use self::places::{Against, FAR, PLACES, Place, goodput_max};
use crate::link::{Carried, Link, Verified, verify};
use crate::report::{Figure, Report};

/// How the benchmark is run.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only these links: gprs, edge, satellite, lossy-satellite, far-photo
    #[arg(value_name = "LINK")]
    links: Vec<String>,
    /// Exit with 1 when an aim is missed
    #[arg(long)]
    check: bool,
    /// A sixth of the airtime: shows that it works, but start and end weigh too much for the aims
    #[arg(long)]
    quick: bool,
    /// Which photos are drawn and which packets are lost
    #[arg(long, default_value_t = 20_261_128)]
    seed: u64,
    /// How often each drain is repeated; the median counts
    #[arg(long, default_value_t = 1)]
    repeat: usize,
    /// Where satchelctl and satchel-sandbox are; beside this program by default
    #[arg(long, value_name = "DIR")]
    programs: Option<PathBuf>,
}

/// Seconds of airtime that the photos of one link take.
const AIRTIME_S: f64 = 120.0;
const AIRTIME_QUICK_S: f64 = 20.0;

/// At least this share of what is possible.
const AIM: f64 = 0.95;

/// Requests with photos that the client has in flight at most.
const PHOTOS_IN_FLIGHT: usize = 6;

/// A photo of this size has to get through where it is hardest.
const FAR_PHOTO: &str = "far-photo";
const FAR_PHOTO_BYTES: usize = 300_000;

/// One client's way over a link.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    payload: u64,
    seconds: f64,
    carried: Carried,
}

impl Run {
    /// From the first packet to the moment when the server had everything.
    fn new(payload: u64, carried: Carried, ended: SystemTime) -> Result<Self> {
        let began = carried.up.first.context("nothing crossed the link")?;
        let seconds = ended.duration_since(began)?.as_secs_f64();
        Ok(Self { payload, seconds, carried })
    }

    fn bytes_per_s(&self) -> f64 {
        self.payload as f64 / self.seconds
    }

    fn wire_per_payload(&self) -> f64 {
        (self.carried.up.bytes + self.carried.down.bytes) as f64 / self.payload as f64
    }
}

/// What was measured on one link.
struct Measured {
    place: Place,
    verified: Verified,
    accounts: usize,
    photos: usize,
    drains: Vec<(Run, Vec<Duration>)>,
    many: Run,
    one: Run,
    naive: Run,
}

impl Measured {
    /// The share of packets that the link lost on the way up, over all runs.
    fn loss(&self) -> f64 {
        let drains = self.drains.iter().map(|(run, _)| run);
        let runs = drains.chain([&self.many, &self.one, &self.naive]);
        let (lost, packets) = runs.fold((0, 0), |(lost, packets), run| {
            (lost + run.carried.up.lost, packets + run.carried.up.packets)
        });
        lost as f64 / packets as f64
    }
}

/// Runs the benchmark.
///
/// # Errors
/// When a link cannot be made or is not what it says, or something did not arrive once and whole.
pub(crate) fn perform(arguments: &Arguments) -> Result<ExitCode> {
    let places = chosen(&arguments.links)?;
    let programs = programs(arguments)?;
    println!("drain: seed {}, {} link(s)", arguments.seed, places.len());
    let folder = tempfile::tempdir()?;
    let album = photos::album(folder.path(), &programs, arguments.seed)?;
    let bench = Bench { arguments, programs: &programs, album: &album, busy: Mutex::new(()) };
    let mut report = Report::new("drain", arguments.seed);
    let (measured, far) = std::thread::scope(|scope| {
        let runs: Vec<_> = places.iter().map(|p| scope.spawn(|| bench.measure(p))).collect();
        let far = arguments.links.is_empty() || arguments.links.iter().any(|l| l == FAR_PHOTO);
        let far = far.then(|| scope.spawn(|| bench.far_photo()));
        let joined = |run: std::thread::ScopedJoinHandle<'_, Result<Measured>>| {
            run.join().unwrap_or_else(|_| bail!("a measurement panicked"))
        };
        let runs: Vec<Result<Measured>> = runs.into_iter().map(joined).collect();
        (runs, far.map(|far| far.join().unwrap_or_else(|_| bail!("a measurement panicked"))))
    });
    for measured in measured {
        tell(&measured?, &mut report);
    }
    if let Some(far) = far {
        let (photo, run) = far?;
        tell_far(photo, &run, &mut report);
    }
    Ok(report.print(arguments.check && !arguments.quick))
}

fn chosen(names: &[String]) -> Result<Vec<Place>> {
    let known = |name: &&String| *name == FAR_PHOTO || PLACES.iter().any(|p| p.name == **name);
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        let all: Vec<_> = PLACES.iter().map(|place| place.name).collect();
        bail!("there is no link {unknown:?}; there are {} and {FAR_PHOTO}", all.join(", "));
    }
    let wanted = |place: &&Place| names.is_empty() || names.iter().any(|n| n == place.name);
    Ok(PLACES.iter().filter(wanted).copied().collect())
}

fn programs(arguments: &Arguments) -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let beside = here.parent().context("this program lies nowhere")?;
    Ok(arguments.programs.clone().unwrap_or_else(|| beside.to_owned()))
}

struct Bench<'a> {
    arguments: &'a Arguments,
    programs: &'a Path,
    album: &'a Album,
    /// Sealing takes a processor, so links do it one after the other.
    busy: Mutex<()>,
}

impl Bench<'_> {
    fn measure(&self, place: &Place) -> Result<Measured> {
        self.over(place).with_context(|| format!("over {} ({})", place.name, place.about))
    }

    fn over(&self, place: &Place) -> Result<Measured> {
        let airtime_s = if self.arguments.quick { AIRTIME_QUICK_S } else { AIRTIME_S };
        let payload = goodput_max(&place.character) * airtime_s;
        let photos = photos::share(self.album, place.accounts, payload);
        let (taken, prepared): (Vec<Photo>, Vec<PreparedPhoto>) =
            self.album.iter().take(photos).cloned().unzip();
        let verified = verify(&self.link(place, 0)?)?;
        let mut drains = Vec::new();
        for turn in 0..self.arguments.repeat.max(1) {
            let link = self.link(place, turn)?;
            let drain = self.drain(&link, place.accounts, &taken, &prepared)?;
            say(place, "drained", &drain.0);
            drains.push(drain);
        }
        let payload = drains.first().map_or(0, |(run, _)| run.payload);
        let flows = place.accounts.min(PHOTOS_IN_FLIGHT);
        let many = raw::flows(&self.link(place, 0)?, flows, payload)?;
        let one = raw::flows(&self.link(place, 0)?, 1, payload)?;
        say(place, "raw TCP", &one);
        let link = self.link(place, 0)?;
        let desk = self.desk(&link)?;
        let naive = naive::client(&link, &desk, &desk.accounts(1)?, &prepared)?;
        say(place, "naive", &naive);
        let (place, accounts) = (*place, place.accounts);
        Ok(Measured { place, verified, accounts, photos, drains, many, one, naive })
    }

    /// A link of its own for each run, so that every client loses the same of its packets: the
    /// first, the second, and so on, as the seed has it.
    fn link(&self, place: &Place, turn: usize) -> Result<Link> {
        let at = PLACES.iter().position(|p| p.name == place.name).unwrap_or_default();
        let seed = self.arguments.seed.wrapping_add((turn * PLACES.len() + at) as u64);
        Link::new(place.character, seed)
    }

    fn drain(
        &self,
        link: &Link,
        accounts: usize,
        taken: &[Photo],
        prepared: &[PreparedPhoto],
    ) -> Result<(Run, Vec<Duration>)> {
        let desk = self.desk(link)?;
        let accounts = desk.accounts(accounts)?;
        {
            let _one_at_a_time = self.busy.lock();
            desk.seal(&accounts, taken)?;
        }
        link.carried();
        let drained = desk.drain(&accounts, prepared)?;
        let bytes: usize = prepared.iter().map(|photo| photo.bytes.len()).sum();
        let run = Run::new((bytes * accounts.len()) as u64, link.carried(), drained.ended)?;
        Ok((run, drained.small_calls))
    }

    fn desk<'l>(&self, link: &'l Link) -> Result<Desk<'l>> {
        let _one_at_a_time = self.busy.lock();
        Desk::new(link, self.programs)
    }

    /// The photo closest to 300 KB, where a round trip takes 800 ms.
    fn far_photo(&self) -> Result<(u64, Run)> {
        let link = Link::new(FAR, self.arguments.seed)?;
        let off = |photo: &&(Photo, PreparedPhoto)| photo.1.bytes.len().abs_diff(FAR_PHOTO_BYTES);
        let (photo, prepared) = self.album.iter().min_by_key(off).context("no photo")?.clone();
        let bytes = prepared.bytes.len() as u64;
        let (run, _) = self.drain(&link, 1, &[photo], &[prepared]).context(FAR_PHOTO)?;
        Ok((bytes, run))
    }
}

/// A run takes minutes: what is known so far goes to standard error.
fn say(place: &Place, what: &str, run: &Run) {
    eprintln!("{}{}", place.name, row(what, run, goodput_max(&place.character)));
}

fn tell(measured: &Measured, report: &mut Report) {
    let place = &measured.place;
    let verified = &measured.verified;
    report.head(&format!(
        "{} ({}): {} accounts of {} photos, queue {:.0} KB; verified: round trip {:.0} ms, rate \
         {:.3} of what was asked for, {:.2} % of packets lost in all runs",
        place.name,
        place.about,
        measured.accounts,
        measured.photos,
        place.character.queue_bytes() / 1000.0,
        verified.round_trip_ms,
        verified.rate,
        measured.loss() * 100.0,
    ));
    let mut drains: Vec<&(Run, Vec<Duration>)> = measured.drains.iter().collect();
    drains.sort_by(|a, b| a.0.seconds.total_cmp(&b.0.seconds));
    let Some((drain, small_calls)) = drains.get(drains.len() / 2) else { return };
    let best = goodput_max(&place.character);
    let flows = measured.accounts.min(PHOTOS_IN_FLIGHT);
    let clients = [
        ("Satchel".to_owned(), drain),
        (format!("{flows} raw TCP flows"), &measured.many),
        ("1 raw TCP flow".to_owned(), &measured.one),
        ("naive client".to_owned(), &measured.naive),
    ];
    for (client, run) in &clients {
        report.row(&row(client, run, best));
    }
    let mut calls: Vec<f64> = small_calls.iter().map(Duration::as_secs_f64).collect();
    calls.sort_by(f64::total_cmp);
    let median = calls.get(calls.len() / 2).copied().unwrap_or_default();
    let longest = calls.last().copied().unwrap_or_default();
    report.row(&format!(
        "  small calls while photos go (file acknowledged → attached): median {median:.1} s, \
         longest {longest:.1} s"
    ));
    let share = |run: &Run| run.bytes_per_s() / best;
    let (value, what) = match place.against {
        Against::Capacity => (share(drain), "goodput ÷ capacity × 0.965 × (1 − loss)"),
        Against::RawTcp => (
            drain.bytes_per_s() / measured.one.bytes_per_s(),
            "goodput ÷ raw TCP with as many flows",
        ),
    };
    report.figure(Figure::at_least(&format!("{}: {what}", place.name), value, AIM));
    report.detail(place.name, figures(measured, drain, best, (median, longest)));
}

fn row(client: &str, run: &Run, best: f64) -> String {
    format!(
        "  {client:<16} {:>7.2} MB in {:>6.1} s  wire ÷ payload {:>5.3}  {:>6.0} kbit/s  {:>5.3} \
         of what is possible  ({} packets lost, {} dropped)",
        run.payload as f64 / 1e6,
        run.seconds,
        run.wire_per_payload(),
        run.bytes_per_s() * 8.0 / 1000.0,
        run.bytes_per_s() / best,
        run.carried.up.lost,
        run.carried.up.dropped,
    )
}

fn figures(measured: &Measured, drain: &Run, best: f64, small_call_s: (f64, f64)) -> Value {
    let of = |run: &Run| {
        json!({
            "payload_bytes": run.payload,
            "seconds": rounded(run.seconds),
            "wire_up_bytes": run.carried.up.bytes,
            "wire_up_packets": run.carried.up.packets,
            "wire_down_bytes": run.carried.down.bytes,
            "wire_per_payload": rounded(run.wire_per_payload()),
            "of_possible": rounded(run.bytes_per_s() / best),
        })
    };
    json!({
        "round_trip_ms": rounded(measured.verified.round_trip_ms),
        "rate": rounded(measured.verified.rate),
        "loss": (measured.loss() * 1e5).round() / 1e5,
        "accounts": measured.accounts,
        "photos_each": measured.photos,
        "satchel": of(drain),
        "raw_many": of(&measured.many),
        "raw_one": of(&measured.one),
        "naive": of(&measured.naive),
        "small_call_median_s": rounded(small_call_s.0),
        "small_call_longest_s": rounded(small_call_s.1),
    })
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

fn tell_far(photo: u64, run: &Run, report: &mut Report) {
    report.head(&format!(
        "{FAR_PHOTO} (64 kbit/s, 800 ms): one photo of {} KB arrived once, without a time-out",
        photo / 1000
    ));
    report.row(&row("Satchel", run, goodput_max(&FAR)));
    report.detail(FAR_PHOTO, json!({ "bytes": photo, "seconds": rounded(run.seconds) }));
}

//! Breadth first, with a set of what was visited, on as many threads as asked for.

use std::time::{Duration, Instant};

use crate::client::{Cast, Memory};
use crate::digest::{Seen, digest};
use crate::judge::Broken;
use crate::scope::{Policy, Scope};
use crate::world::{Action, Calm, Step, World};

/// Longer than any calm way to an end.
const CALM_STEPS_MAX: usize = 2_000;

/// What this machine's memory holds; beyond it an exploration ends, and says that it did.
const STATES_MAX: u64 = 60_000_000;

/// What an exploration came to.
pub struct Explored {
    pub states: u64,
    pub edges: u64,
    /// Steps from the first state to the last that was new.
    pub depth: u32,
    /// Nothing was left to visit.
    pub exhausted: bool,
    /// Distinct submissions that core was asked about.
    pub clients: usize,
    pub took: Duration,
    pub broken: Option<Broken>,
}

/// One thread's part: the states whose bits fall to it.
struct Shard<'a> {
    place: usize,
    memory: Memory<'a>,
    seen: Seen,
    calm: Seen,
    frontier: Vec<World>,
    next: Vec<World>,
    edges: u64,
    broken: Option<Broken>,
}

/// States for another shard.
type Parcel = Vec<(u128, World)>;

fn shard_of(bits: u128, shards: usize) -> usize {
    (bits >> 96) as usize % shards
}

/// Visits every state within `scope`, or stops at the first broken promise.
pub fn explore(scope: &Scope, threads: usize) -> Explored {
    let start = Instant::now();
    let cast = Cast::new(scope);
    let first = World::new(scope);
    let mut shards: Vec<Shard<'_>> = (0..threads).map(|n| Shard::new(n, &cast)).collect();
    let bits = digest(&first);
    shards[shard_of(bits, threads)].visit(bits, first);
    shards.iter_mut().for_each(Shard::turn);
    let mut depth = 0;
    loop {
        let parcels = at_once(&mut shards, |shard| shard.expand(threads));
        let mut inboxes: Vec<Vec<Parcel>> = (0..threads).map(|_| Vec::new()).collect();
        for outbox in parcels {
            inboxes.iter_mut().zip(outbox).for_each(|(inbox, parcel)| inbox.push(parcel));
        }
        let mut inboxes = inboxes.into_iter();
        let mut filled: Vec<_> = shards.iter_mut().map(|s| (s, inboxes.next())).collect();
        at_once(&mut filled, |(shard, inbox)| {
            let inbox = inbox.take().into_iter().flatten().flatten();
            inbox.for_each(|(bits, world)| shard.visit(bits, world));
        });
        shards.iter_mut().for_each(Shard::turn);
        let is_broken = shards.iter().any(|s| s.broken.is_some());
        let is_exhausted = shards.iter().all(|s| s.frontier.is_empty());
        let states = shards.iter().map(|s| s.seen.len() as u64).sum();
        if is_broken || is_exhausted || states > STATES_MAX {
            return Explored {
                states,
                edges: shards.iter().map(|s| s.edges).sum(),
                depth,
                exhausted: is_exhausted && !is_broken,
                clients: cast.len(),
                took: start.elapsed(),
                broken: shards.iter().find_map(|s| s.broken),
            };
        }
        depth += 1;
    }
}

/// The same work on each, one thread each.
fn at_once<T: Send, R: Send>(all: &mut [T], work: impl Fn(&mut T) -> R + Sync) -> Vec<R> {
    let work = &work;
    std::thread::scope(|threads| {
        let started: Vec<_> = all.iter_mut().map(|one| threads.spawn(move || work(one))).collect();
        started.into_iter().map(|t| t.join().expect("the thread has not panicked")).collect()
    })
}

impl<'a> Shard<'a> {
    fn new(place: usize, cast: &'a Cast) -> Self {
        Self {
            place,
            memory: Memory::new(cast),
            seen: Seen::default(),
            calm: Seen::default(),
            frontier: Vec::new(),
            next: Vec::new(),
            edges: 0,
            broken: None,
        }
    }

    fn visit(&mut self, bits: u128, world: World) {
        if self.seen.insert(bits) {
            self.next.push(world);
        }
    }

    fn turn(&mut self) {
        self.frontier.clear();
        std::mem::swap(&mut self.frontier, &mut self.next);
    }

    fn expand(&mut self, shards: usize) -> Vec<Parcel> {
        let mut outbox: Vec<Parcel> = (0..shards).map(|_| Vec::new()).collect();
        let frontier = std::mem::take(&mut self.frontier);
        let mut steps: Vec<Step> = Vec::new();
        let must_rest = must_rest(self.memory.scope());
        for world in &frontier {
            world.steps(&mut self.memory, &mut steps);
            for (_, step) in steps.drain(..) {
                self.edges += 1;
                match step {
                    Ok(next) => {
                        let bits = digest(&next);
                        match shard_of(bits, shards) {
                            own if own == self.place => self.visit(bits, next),
                            other => outbox[other].push((bits, next)),
                        }
                    }
                    Err(broken) => self.broken = self.broken.or(Some(broken)),
                }
            }
            if must_rest
                && let Err((broken, _)) = calm_way(*world, &mut self.memory, &mut self.calm)
            {
                self.broken = self.broken.or(Some(broken));
            }
        }
        self.frontier = frontier;
        outbox
    }
}

/// A naive client is not asked to end.
fn must_rest(scope: &Scope) -> bool {
    match scope.policy {
        Policy::Core | Policy::Bent(_) => true,
        Policy::Naive(_) => false,
    }
}

type Way = Vec<(Action, World)>;

/// Goes on from a state with nobody interfering, until it rests or meets a state that is known to
/// come to rest.
fn calm_way(from: World, memory: &mut Memory<'_>, calm: &mut Seen) -> Result<(), (Broken, Way)> {
    let (mut world, mut way, mut on_the_way) = (from, Way::new(), Vec::new());
    loop {
        let bits = digest(&world);
        if calm.contains(&bits) {
            break;
        }
        on_the_way.push(bits);
        match world.calm(memory) {
            Calm::Rests => break,
            Calm::Breaks => return Ok(()),
            Calm::Goes(action, next) => {
                world = next;
                way.push((action, next));
            }
        }
        if way.len() > CALM_STEPS_MAX {
            return Err((Broken::NeverEnds(world.place(memory)), way));
        }
    }
    calm.extend(on_the_way);
    Ok(())
}

/// A shortest way to a broken promise.
#[derive(Debug)]
pub struct Story {
    pub broken: Broken,
    pub lines: Vec<String>,
    /// States visited before it was found.
    pub states: u64,
}

/// Finds a shortest way to a broken promise, if there is one.
pub fn story(scope: &Scope) -> Option<Story> {
    let cast = Cast::new(scope);
    let mut memory = Memory::new(&cast);
    let (mut calm, mut steps) = (Seen::default(), Vec::new());
    let first = World::new(scope);
    let mut seen = Seen::default();
    seen.insert(digest(&first));
    let mut worlds: Vec<(World, Option<(usize, Action)>)> = vec![(first, None)];
    let mut at = 0;
    while at < worlds.len() {
        let world = worlds[at].0;
        world.steps(&mut memory, &mut steps);
        for (action, step) in steps.drain(..) {
            match step {
                Ok(next) => {
                    if seen.insert(digest(&next)) {
                        worlds.push((next, Some((at, action))));
                    }
                }
                Err(broken) => {
                    let mut way = way_to(&worlds, at);
                    way.push((action, None));
                    return Some(told(broken, way, worlds.len(), &mut memory));
                }
            }
        }
        if must_rest(scope)
            && let Err((broken, calm_way)) = calm_way(world, &mut memory, &mut calm)
        {
            let mut way = way_to(&worlds, at);
            way.extend(calm_way.into_iter().take(12).map(|(a, w)| (a, Some(w))));
            return Some(told(broken, way, worlds.len(), &mut memory));
        }
        at += 1;
    }
    None
}

fn way_to(
    worlds: &[(World, Option<(usize, Action)>)],
    last: usize,
) -> Vec<(Action, Option<World>)> {
    let (mut way, mut at) = (Vec::new(), last);
    while let (world, Some((before, action))) = worlds[at] {
        way.push((action, Some(world)));
        at = before;
    }
    way.reverse();
    way
}

fn told(
    broken: Broken,
    way: Vec<(Action, Option<World>)>,
    states: usize,
    memory: &mut Memory<'_>,
) -> Story {
    let mut minutes = 0_u32;
    let line = |(action, world): (Action, Option<World>)| {
        if let Action::Passes(passed) = action {
            minutes += u32::from(passed);
        }
        let place = world.map(|w| format!("{:?}", w.place(memory)));
        format!("{minutes:>4} min  {:<52} {}", action.to_string(), place.unwrap_or_default())
    };
    let lines = way.into_iter().map(line).collect();
    Story { broken, lines, states: states as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::naive::Habit;
    use crate::scope::Api;

    #[test]
    fn what_is_visited_does_not_depend_on_the_number_of_threads() {
        for api in [Api::WePay, Api::Winter] {
            let scope = Scope { crashes: 0, ..Scope::of("a test", api) };
            let counted = [1, 2, 3].map(|threads| {
                let Explored { states, edges, depth, exhausted, .. } = explore(&scope, threads);
                (states, edges, depth, exhausted)
            });
            assert!(counted[0].3 && counted.iter().all(|c| *c == counted[0]), "{counted:?}");
        }
    }

    #[test]
    fn more_faults_are_more_states() {
        let states = |faults| {
            let scope = Scope { faults, crashes: 0, ..Scope::of("a test", Api::WePay) };
            explore(&scope, 1).states
        };
        assert!(states(0) < states(1) && states(1) < states(2));
    }

    #[test]
    fn a_broken_promise_ends_an_exploration_and_has_a_story() {
        let policy = Policy::Naive(Habit::RetriesOnError);
        let scope = Scope { policy, ..Scope::of("a test", Api::WePay) };
        let explored = explore(&scope, 2);
        assert_eq!((explored.broken, explored.exhausted), (Some(Broken::AuthorizedTwice), false));
        let story = story(&scope).unwrap();
        assert_eq!(story.broken, Broken::AuthorizedTwice);
        assert_eq!(story.lines.len() as u32, explored.depth + 1);
    }
}

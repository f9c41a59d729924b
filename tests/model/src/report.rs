//! What is printed, and what a test asks.

use std::time::Duration;

use crate::explore::{Explored, explore, story};
use crate::scope::{Policy, Scope};
use crate::scopes::{of_core, of_others};

/// Threads of an exploration; each keeps its part of the states.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// What the explorations of core came to.
#[derive(Debug, Default)]
pub struct Proof {
    /// Distinct states, over all explorations.
    pub states: u64,
    /// Steps between them.
    pub edges: u64,
    /// Wall time.
    pub took: Duration,
    /// Why it proves nothing: a promise broken, or a world not visited to its end.
    pub faults: Vec<String>,
}

/// A policy other than core's, and how it fared.
#[derive(Debug)]
pub struct Other {
    /// Its name.
    pub name: &'static str,
    /// The promise that it breaks, or `None` when it was not caught.
    pub broken: Option<String>,
    /// Whether that is the promise that it is known to break.
    pub as_known: bool,
}

/// Explores every world of core and tells each line as it is known.
pub fn explore_core(tell: &mut dyn FnMut(&str)) -> Proof {
    tell(&format!(
        "{:<34} {:>10} {:>11} {:>6} {:>12} {:>9} {:>6}",
        "world", "states", "steps", "depth", "submissions", "exhausted", "s"
    ));
    let mut proof = Proof::default();
    for scope in of_core() {
        let explored = explore(&scope, threads());
        tell(&row(&scope, &explored));
        tell(&format!("    {scope}"));
        proof.states += explored.states;
        proof.edges += explored.edges;
        proof.took += explored.took;
        proof.faults.extend(fault(&scope, &explored, tell));
    }
    let Proof { states, edges, took, faults } = &proof;
    let broken = if faults.is_empty() { "no violation" } else { "BROKEN" };
    let seconds = took.as_secs_f64();
    tell(&format!("sum: {states} states, {edges} steps, {seconds:.1} s, {broken}"));
    proof
}

/// Explores core in the very worlds in which the others fail.
pub fn explore_core_among_others(tell: &mut dyn FnMut(&str)) -> Proof {
    let mut proof = Proof::default();
    for other in of_others() {
        let scope = Scope { policy: Policy::Core, ..other.scope };
        let explored = explore(&scope, threads());
        tell(&row(&scope, &explored));
        proof.states += explored.states;
        proof.edges += explored.edges;
        proof.took += explored.took;
        proof.faults.extend(fault(&scope, &explored, tell));
    }
    proof
}

fn row(scope: &Scope, explored: &Explored) -> String {
    let Explored { states, edges, depth, clients, exhausted, took, .. } = explored;
    let name = format!("{:?}: {}", scope.api, scope.name);
    let (exhausted, seconds) = (if *exhausted { "yes" } else { "NO" }, took.as_secs_f64());
    format!(
        "{name:<34} {states:>10} {edges:>11} {depth:>6} {clients:>12} {exhausted:>9} {seconds:>6.1}"
    )
}

fn fault(scope: &Scope, explored: &Explored, tell: &mut dyn FnMut(&str)) -> Option<String> {
    let name = scope.name;
    if let Some(broken) = explored.broken {
        if let Some(story) = story(scope) {
            tell(&format!("    {}, after:", story.broken));
            story.lines.iter().for_each(|line| tell(&format!("    {line}")));
        }
        return Some(format!("{name}: {broken}"));
    }
    (!explored.exhausted).then(|| format!("{name}: not visited to its end"))
}

/// Explores the other policies and tells a shortest way to the promise that each breaks.
pub fn lead_others_astray(tell: &mut dyn FnMut(&str)) -> Vec<Other> {
    let caught = |other: crate::scopes::Other| {
        let (scope, story) = (&other.scope, story(&other.scope));
        let broken = story.as_ref().map(|story| story.broken);
        match &story {
            Some(story) => {
                let (states, broken) = (story.states, story.broken);
                tell(&format!("{:?}: {}: {broken} ({states} states)", scope.api, scope.name));
                story.lines.iter().for_each(|line| tell(&format!("    {line}")));
            }
            None => tell(&format!("{:?}: {}: NOT CAUGHT", scope.api, scope.name)),
        }
        let as_known = broken == Some(other.breaks);
        Other { name: scope.name, broken: broken.map(|b| b.to_string()), as_known }
    };
    of_others().into_iter().map(caught).collect()
}

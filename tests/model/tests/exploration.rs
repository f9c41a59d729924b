//! The whole exploration: core keeps every promise in every state, and others do not.

use satchel_model::{explore_core, explore_core_among_others, lead_others_astray};

/// What the specification asks for.
const STATES_MIN: u64 = 5_000_000;

#[test]
fn core_keeps_every_promise_in_every_state_and_each_comes_to_an_end() {
    let proof = explore_core(&mut |line| println!("{line}"));
    assert_eq!(proof.faults, Vec::<String>::new());
    assert!(proof.states >= STATES_MIN, "{} states", proof.states);
    assert!(proof.edges > proof.states);
}

#[test]
fn other_policies_break_a_promise_in_worlds_in_which_core_keeps_all() {
    let others = lead_others_astray(&mut |line| println!("{line}"));
    for other in &others {
        assert!(other.as_known, "{}: {:?}", other.name, other.broken);
    }
    assert!(others.len() >= 4);
    let proof = explore_core_among_others(&mut |line| println!("{line}"));
    assert_eq!(proof.faults, Vec::<String>::new());
}

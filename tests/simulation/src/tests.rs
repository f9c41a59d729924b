//! The world by hand: what a store that refuses does to the program's loop.

use satchel_app::rehearsal::Rehearsal;
use satchel_core::delivery::EngineEvent;

use crate::keep::{Keep, Kind};
use crate::time::SECOND;
use crate::world::{Case, World};

/// A device with everything sealed and nothing heard yet, in a world where nothing goes wrong.
fn sealed() -> World {
    let keep = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Account);
    let keep = keep.fold(Keep::default(), |keep, kind| keep.with(kind, Vec::new()));
    let mut world = World::new(&Case { seed: 3, keep, ..Case::default() });
    world.start(false, false).unwrap();
    assert!(world.port.disk().rows.len() >= 2);
    world
}

#[test]
fn r1_a_store_that_refuses_the_intent_lets_nothing_out() {
    let mut world = sealed();
    let sent =
        |world: &World| world.tally.of("wepay", "create") + world.tally.of("winter", "details");
    while sent(&world) == 0 {
        world.port.disk().refuses = true;
        let before = world.port.disk().rows.iter().map(|row| row.entries).sum::<usize>();
        world.now += 7 * SECOND;
        world.turn().unwrap();
        let after = world.port.disk().rows.iter().map(|row| row.entries).sum::<usize>();
        assert_eq!((before, sent(&world)), (after, 0));
        world.port.disk().refuses = false;
        world.step().unwrap();
    }
}

#[test]
fn a_store_that_refuses_for_long_is_asked_every_five_seconds_and_nothing_is_forgotten() {
    let mut world = sealed();
    let rows: Vec<_> = world.port.disk().rows.iter().map(|row| row.id.clone()).collect();
    let known = |device: &Option<Rehearsal>| {
        let device = device.as_ref().unwrap();
        rows.iter().filter(|id| device.submission(id).is_some()).count()
    };
    world.port.disk().refuses = true;
    let now = world.clock.at(world.now);
    world.device.as_mut().unwrap().tell(EngineEvent::SendNow, now);
    let mut wakes = 0;
    for _ in 0..60 {
        world.now += SECOND;
        let due = world.wake_time().is_some_and(|at| at <= world.now);
        if due {
            wakes += 1;
            world.turn().unwrap();
        }
    }
    assert!(wakes <= 60 / 5 + 8, "it spins: {wakes}");
    world.port.disk().refuses = false;
    for _ in 0..20 {
        world.step().unwrap();
    }
    assert_eq!(known(&world.device), rows.len());
    assert!(!world.device.as_ref().unwrap().is_stalled());
}

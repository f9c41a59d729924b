//! A PIN opens the vault again for a while, and everything that should end it does.

use satchel_app::api::{ApiError, AppView, PinSetRequest};

use crate::desk::PASSPHRASE;
use crate::world::{MINUTE, World};

const PIN: &str = "482915";
const HOURS: u32 = 60 * MINUTE;

async fn locked() -> World {
    let world = World::connected().await;
    set(&world, PIN).unwrap();
    world.satchel.vault_lock("hand");
    world
}

fn set(world: &World, pin: &str) -> Result<(), ApiError> {
    let request = PinSetRequest { confirm: PASSPHRASE.to_owned(), pin: pin.to_owned() };
    world.satchel.pin_set(&request).map(|_| ())
}

fn code(opened: Result<AppView, ApiError>) -> (String, Option<String>) {
    opened.err().map_or(("opened".to_owned(), None), |fault| (fault.code, fault.detail))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pin_opens_as_often_as_one_likes_for_eight_hours() {
    let world = locked().await;
    for _ in 0..3 {
        assert!(world.satchel.app_state().pin);
        world.satchel.pin_unlock(PIN).unwrap();
        assert_eq!(world.satchel.connections_list().unwrap().len(), 2);
        world.satchel.vault_lock("idle");
    }
    world.pass(8 * HOURS);
    assert!(!world.satchel.app_state().pin);
    assert_eq!(code(world.satchel.pin_unlock(PIN)).0, "no_pin");
    world.unlock();
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_wrong_pins_leave_it_to_the_passphrase() {
    let world = locked().await;
    for left in ["2", "1"] {
        let refused = code(world.satchel.pin_unlock("482916"));
        assert_eq!(refused, ("wrong_pin".to_owned(), Some(left.to_owned())));
    }
    assert_eq!(code(world.satchel.pin_unlock("482916")).0, "no_pin");
    assert_eq!(code(world.satchel.pin_unlock(PIN)).0, "no_pin");
    world.unlock();
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspend_a_new_start_and_a_changed_passphrase_end_a_pin() {
    let mut world = locked().await;
    world.unlock();
    world.satchel.vault_lock("suspend");
    assert_eq!(code(world.satchel.pin_unlock(PIN)).0, "no_pin");
    world.unlock();
    set(&world, PIN).unwrap();
    world.kill_and_restart();
    world.satchel.vault_lock("hand");
    assert_eq!(code(world.satchel.pin_unlock(PIN)).0, "no_pin");
    world.unlock();
    set(&world, PIN).unwrap();
    set(&world, "").unwrap();
    world.satchel.vault_lock("hand");
    assert_eq!(code(world.satchel.pin_unlock(PIN)).0, "no_pin");
    world.unlock();
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pin_that_is_no_pin_or_lacks_the_passphrase_is_refused() {
    let world = World::connected().await;
    for simple in ["48291", "4829151234567", "pinpin", "111111", "123456", "987654"] {
        assert_eq!(set(&world, simple).unwrap_err().code, "weak_pin", "{simple}");
    }
    let request = PinSetRequest { confirm: "not the passphrase".to_owned(), pin: PIN.to_owned() };
    assert_eq!(world.satchel.pin_set(&request).unwrap_err().code, "wrong_passphrase");
    assert!(!world.satchel.people_show().unwrap().pin);
    world.end().await;
}

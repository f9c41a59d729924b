//! What people did stands in a log that tells when it was touched, and so does a copy of it.

use satchel_app::api::{AuditEntryView, AuditExportRequest, AuditRequest, VaultUnlockRequest};
use satchel_app::verify_audit_copy;
use satchel_fixtures::Specimen;

use crate::answers::individual_us;
use crate::world::World;

fn entries(world: &World) -> Vec<AuditEntryView> {
    let view = world.satchel.audit_list(&AuditRequest { before: None, account: None }).unwrap();
    assert_eq!(view.fault, None);
    let mut entries = view.entries;
    entries.reverse();
    entries
}

/// A vault in which this and that was done.
async fn lived_in() -> World {
    let mut world = World::connected().await;
    world.offline();
    let row = world.account("wepay", "individual", "US");
    let card = Specimen::card(9).jpeg();
    world.onboard(&row.id, &individual_us(), &[("passport", "front", &card)]);
    world.satchel.account_reveal(&row.id).unwrap();
    world.kill_and_restart();
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reveals_unlocks_and_failed_tries_are_noted_and_no_applicant_is_named() {
    let world = lived_in().await;
    world.satchel.vault_lock("hand");
    let wrong = VaultUnlockRequest { passphrase: "a wrong passphrase".to_owned() };
    for _ in 0..2 {
        assert_eq!(world.satchel.vault_unlock(&wrong).unwrap_err().code, "wrong_passphrase");
    }
    world.unlock();
    let entries = entries(&world);
    let told: Vec<_> = entries.iter().map(|e| (e.event.as_str(), e.detail.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("vault_created", None),
            ("connection_saved", Some("wepay")),
            ("connection_saved", Some("winter")),
            ("account_added", None),
            ("sealed", Some("0")),
            ("revealed", None),
            ("locked", Some("hand")),
            ("unlocked", Some("0")),
            ("locked", Some("hand")),
            ("unlocked", Some("2")),
        ]
    );
    assert!(entries.iter().all(|e| e.operator == "Amara Osei"));
    let copy = world.folder.path().join("audit.jsonl");
    let request = AuditExportRequest { file: copy.display().to_string() };
    assert_eq!(world.satchel.audit_export(&request).unwrap().fault, None);
    assert_eq!(world.satchel.audit_export(&request).unwrap_err().code, "file_exists");
    let text = std::fs::read_to_string(&copy).unwrap();
    for (_, answer) in individual_us().iter().filter(|(_, a)| a.len() >= 7) {
        assert!(!text.contains(answer), "{answer}");
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_was_edited_cut_reordered_or_made_elsewhere_is_told() {
    let world = lived_in().await;
    let file = world.folder.path().join("audit.jsonl");
    let request = AuditExportRequest { file: file.display().to_string() };
    let made = world.satchel.audit_export(&request).unwrap();
    let whole = verify_audit_copy(&file).unwrap();
    assert_eq!(
        (whole.fault.as_deref(), whole.entries, &whole.link),
        (None, made.entries, &made.link)
    );
    world.satchel.outbox_pause(true).unwrap();
    let own = world.satchel.audit_verify_copy(&file).unwrap();
    assert_eq!((own.fault, own.entries), (None, made.entries), "the log went on since");

    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let joined = |lines: &[&str]| format!("{}\n", lines.join("\n"));
    let mut swapped = lines.clone();
    swapped.swap(3, 4);
    let mut without = lines.clone();
    without.remove(3);
    let cases = [
        (text.replace("Amara Osei", "Someone Else"), "changed", 1),
        (text.replacen("\"detail\":\"winter\"", "\"detail\":\"wepay\"", 1), "changed", 3),
        (joined(&swapped), "out_of_order", 3),
        (joined(&without), "out_of_order", 3),
        (joined(&lines[..lines.len() - 1]), "cut_off", made.entries + 1),
        (joined(&[&lines[..4], &lines[lines.len() - 1..]].concat()), "cut_off", 4),
        (String::new(), "changed", 1),
    ];
    for (edited, fault, at) in cases {
        std::fs::write(&file, &edited).unwrap();
        let told = verify_audit_copy(&file).unwrap();
        assert_eq!((told.fault.as_deref(), told.fault_at), (Some(fault), Some(at)), "{edited}");
    }

    let other = World::connected().await;
    std::fs::write(&file, &text).unwrap();
    let foreign = other.satchel.audit_verify_copy(&file).unwrap();
    assert_eq!(foreign.fault.as_deref(), Some("foreign"));
    other.end().await;
    world.end().await;
}

//! A disk that is really full: a small one of its own, where the system answers ENOSPC.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use satchel_fixtures::Specimen;
use serde_json::{Value, json};

use crate::answers::individual_us;
use crate::desk::{Desk, Ended};
use crate::world::MINUTE;

/// Room for a vault, its photos and the 200 MB below which no photo is taken.
const DISK_BYTES: u64 = 260 << 20;
/// What is left free, from nothing to enough for some of what is asked.
const LEFT_KIB: [u64; 8] = [0, 4, 8, 16, 64, 128, 512, 2_048];
const SYNC: [&str; 4] = ["sync", "--until-idle", "--timeout", "60"];
const SHORT_SYNC: [&str; 4] = ["sync", "--until-idle", "--timeout", "2"];

/// A disk in memory that only its own namespace sees. It ends with this value.
struct Disk {
    holder: Child,
    place: PathBuf,
}

impl Disk {
    /// Mounts it at `place`. Where the system forbids that, this fails, and says why.
    fn mounted_at(place: &Path) -> Self {
        std::fs::create_dir_all(place).unwrap();
        let script = format!(
            "mount -t tmpfs -o size={DISK_BYTES},mode=700 none \"$1\" && echo mounted && exec cat"
        );
        let mut holder = Command::new("unshare")
            .args(["--mount", "--map-root-user", "sh", "-c", &script, "sh"])
            .arg(place)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("unshare, of util-linux, is needed for a disk that is really full");
        let mut said = String::new();
        BufReader::new(holder.stdout.take().unwrap()).read_line(&mut said).unwrap();
        if said.trim() != "mounted" {
            let mut why = String::new();
            holder.stderr.take().unwrap().read_to_string(&mut why).unwrap();
            panic!(
                "this system lets nobody mount a disk of his own, so ENOSPC is not tested: {why}"
            );
        }
        Self { holder, place: place.to_owned() }
    }

    /// The words before a command that make it see this disk.
    fn way(&self) -> Vec<String> {
        let holder = self.holder.id().to_string();
        let words = ["nsenter", "--user", "--mount", "--preserve-credentials", "--target", &holder];
        words.map(str::to_owned).to_vec()
    }

    fn shell(&self, script: &str) {
        let way = self.way();
        let mut command = Command::new(&way[0]);
        command.args(&way[1..]).args(["sh", "-c", script, "sh"]).arg(self.place.join("ballast"));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{script}: {output:?}");
    }

    /// Leaves so much free, and no more.
    fn fill(&self, left_kib: u64) {
        // What fills the disk ends with the very error that is wanted.
        let script = "rm -f \"$1\"; cat /dev/zero >\"$1\" 2>/dev/null; ";
        self.shell(&format!("{script} truncate --size=-{left_kib}K \"$1\""));
    }

    fn empty(&self) {
        self.shell("rm -f \"$1\"");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

fn on_a_disk() -> (Desk, Disk) {
    let mut desk = Desk::new();
    let disk = Disk::mounted_at(&desk.data());
    desk.through = disk.way();
    desk.done(&["vault", "create", "--operator", "Amara Osei"]);
    desk.connect_both();
    (desk, disk)
}

#[track_caller]
fn is_told(ended: &Ended) {
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(["disk_full", "disk_nearly_full"].contains(&ended.error()), "{ended:?}");
}

#[test]
fn a_full_disk_is_named_keeps_what_was_there_and_takes_the_rest_once_there_is_room() {
    let (desk, disk) = on_a_disk();
    let account = desk.account("wepay");
    let info = desk.info(&individual_us());
    let card = format!("drivers_license={}", desk.file("card.jpg", &Specimen::card(81).jpeg()));
    let submit = ["submit", "--account", &account, "--info", &info, "--document", &card];
    let submit = [&submit[..], &["--replace-draft"]].concat();
    let steps = [&submit[..], &["--keep-draft"]].concat();
    let mut list = "account_id,name,country\n".to_owned();
    (1..=3_000).for_each(|number| list.push_str(&format!("{number},A Merchant {number},US\n")));
    let list = desk.file("accounts.csv", list.as_bytes());
    let import = ["account", "import", "--connection", "wepay", list.as_str()];
    let mut full = 0;
    for left_kib in LEFT_KIB {
        for arguments in [&submit[..], &steps[..], &import[..]] {
            disk.fill(left_kib);
            let ended = desk.ctl(arguments);
            if left_kib < 512 || arguments != import {
                is_told(&ended);
                full += usize::from(ended.error() == "disk_full");
            }
            disk.empty();
            let rows = desk.done(&["account", "list"]).as_array().unwrap().len();
            assert!(rows == 1 || (rows == 3_001 && ended.code == Some(0)), "{rows} accounts");
            let stands = desk.stands(&account);
            let is_kept = stands == "draft" && arguments != submit;
            assert!(stands == "not_started" || is_kept, "{stands} after {arguments:?}");
            if rows > 1 {
                break;
            }
        }
    }
    assert!(full >= LEFT_KIB.len(), "the disk was full only {full} times");
    desk.done(&submit);
    desk.done(&SYNC);
    assert_eq!(desk.stands(&account), "in_review");
    assert_eq!(desk.effects(&account, "file_uploaded"), 1);
    assert_eq!(desk.effects(&account, "kyc_modified"), 1);
}

#[test]
fn a_delivery_on_a_full_disk_sends_nothing_unrecorded_and_ends_once_there_is_room() {
    let (desk, disk) = on_a_disk();
    let account = desk.account("wepay");
    let info = desk.info(&individual_us());
    let card = format!("drivers_license={}", desk.file("card.jpg", &Specimen::card(82).jpeg()));
    let bill = desk.file("bill.jpg", &Specimen::bill(83).jpeg());
    let bill = format!("current_utility_bill={bill}");
    let photos = ["--document", &card, "--document", &bill];
    desk.done(&[&["submit", "--account", &account, "--info", &info], &photos[..]].concat());
    let mut stopped = 0;
    for left_kib in LEFT_KIB {
        disk.fill(left_kib);
        let ended = desk.ctl(&SHORT_SYNC);
        match ended.code {
            Some(3) => is_told(&ended),
            Some(5) => assert_eq!(ended.json["banner"]["code"], "disk_full", "{ended:?}"),
            Some(0 | 6) => {}
            Some(_) | None => panic!("{ended:?}"),
        }
        stopped += usize::from(matches!(ended.code, Some(3 | 5)));
        disk.empty();
        desk.pass(3 * MINUTE);
    }
    assert!(stopped > 0, "nothing was ever stopped");
    for _ in 0..8 {
        desk.ctl(&SYNC);
        desk.pass(3 * MINUTE);
    }
    // The practice provider refuses the first paper of the first set.
    assert_eq!(desk.stands(&account), "document_rejected");
    assert_eq!(desk.effects(&account, "kyc_authorized"), 1);
    let attached = desk.of(&account, "kyc_modified");
    assert_eq!(attached.len(), 1, "{attached:?}");
    assert_eq!(attached[0]["photo_sha256"].as_array().unwrap().len(), 2);
    assert_eq!(desk.second_effects(), Vec::<Value>::new());
    assert_eq!(desk.done(&["vault", "check"])["accounts"], json!(1));
}

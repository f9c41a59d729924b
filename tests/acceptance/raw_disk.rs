//! Two hundred people leave no trace on the raw disk, free blocks and journal included. A command
//! of its own: it takes minutes, and only the administrator can mount an image.

use std::collections::BTreeMap;

use satchel_fixtures::{Exif, JpegFile, Specimen};
use serde_json::json;

use crate::answers::individual_us;
use crate::desk::Desk;
use crate::raw_image::{IMAGE_BYTES, Image, Search, control, piece};
use crate::world::MINUTE;

const PEOPLE: u64 = 200;

/// A person whom nobody else is like.
struct Person {
    answers: Vec<(&'static str, String)>,
    /// What was taken; the last one could be used.
    photos: Vec<Vec<u8>>,
}

impl Person {
    fn number(n: u64) -> Self {
        let usual = individual_us().into_iter();
        let own = |path: &str, usual: &str| match path {
            "owner.name.first" => format!("Quillonda{n:03}x"),
            "owner.phone.number" => format!("555{:07}", 6_100_000 + n * 37),
            "owner.email" => format!("q{n:03}x@canary-mail.example"),
            "owner.address.address1" => format!("{} Canarybird{n:03} Avenue", 48_000 + n),
            "owner.address.city" => format!("Zephyrhills{n:03}borough"),
            "owner.us.ssn" => format!("219-{:02}-{:04}", 10 + n % 80, 3_000 + n * 17),
            _ => usual.to_owned(),
        };
        let answers = usual.map(|(path, value)| (path, own(path, value))).collect();
        Self { answers, photos: Vec::new() }
    }

    /// Takes another photo, with the place where it was taken.
    fn photographed(&mut self, seed: u64) -> &[u8] {
        let picture = Specimen::card(seed).picture();
        self.photos.push(JpegFile::of(&picture).exif(Exif::personal(6)).bytes());
        &self.photos[self.photos.len() - 1]
    }

    /// What nobody may find: what is the person's own, and a piece of the photo as it came.
    fn canaries(&self) -> Vec<Vec<u8>> {
        let usual = individual_us();
        let own = self.answers.iter().filter(|(path, value)| {
            value.len() >= 9 && usual.iter().all(|(p, v)| p != path || v != value)
        });
        let mut canaries: Vec<Vec<u8>> = own.map(|(_, v)| v.as_bytes().to_vec()).collect();
        canaries.extend(self.photos.iter().map(|photo| piece(photo)));
        canaries
    }
}

/// Moves what a program takes for temporary, and its home, onto the image.
fn nothing_elsewhere(desk: &Desk) {
    for name in ["tmp", "home"] {
        let (here, there) = (desk.folder.path().join(name), desk.data().join(name));
        std::fs::create_dir(&there).unwrap();
        std::fs::remove_dir(&here).unwrap();
        std::os::unix::fs::symlink(there, here).unwrap();
    }
}

/// Tries until a photo is good enough, as a person does.
fn onboard(desk: &Desk, n: u64, person: &mut Person) -> String {
    let account = format!("70010{n:05}");
    desk.admin(
        "POST",
        "accounts",
        &json!({
            "provider": "wepay", "id": account.parse::<u64>().unwrap(), "kind": "individual",
            "country": "US", "name": format!("Merchant {n}"),
        }),
    );
    desk.add("wepay", &account, &format!("Merchant {n}"));
    let borrowed: Vec<_> = person.answers.iter().map(|(p, v)| (*p, v.as_str())).collect();
    let info = desk.info(&borrowed);
    for seed in (9_000 + n * 50)..(9_050 + n * 50) {
        let card = desk.file("card.jpg", person.photographed(seed));
        let document = format!("drivers_license={card}");
        let submit = ["submit", "--account", &account, "--info", &info, "--document", &document];
        let submitted = desk.ctl(&submit);
        if submitted.code == Some(0) {
            return account;
        }
        assert_eq!(submitted.error(), "photo_is_bad", "{submitted:?}");
    }
    panic!("no photo of person {n} is good enough")
}

#[test]
#[ignore = "minutes, as the administrator: cargo xtask prove leaks"]
fn two_hundred_people_leave_no_trace_on_the_raw_disk() {
    let people = std::env::var("SATCHEL_PEOPLE").map_or(PEOPLE, |text| text.parse().unwrap());
    let desk = Desk::new();
    let file = desk.folder.path().join("disk.img");
    let mut image = Image::mounted(file, desk.data());
    nothing_elsewhere(&desk);
    desk.done(&["vault", "create", "--operator", "Amara Osei"]);
    desk.connect_both();
    let mut canaries = Vec::new();
    let mut accounts = Vec::new();
    for n in 0..people {
        let mut person = Person::number(n);
        accounts.push(onboard(&desk, n, &mut person));
        canaries.extend(person.canaries());
    }
    let sync = ["sync", "--until-idle", "--timeout", "600"];
    desk.ctl(&sync);
    desk.pass(2 * MINUTE);
    desk.ctl(&sync);
    let rejected: Vec<_> =
        accounts.iter().filter(|a| desk.stands(a) == "document_rejected").take(20).collect();
    for (n, account) in rejected.iter().enumerate() {
        for seed in (20_000 + n as u64 * 50)..(20_050 + n as u64 * 50) {
            let again = Specimen::card(seed).jpeg();
            canaries.push(piece(&again));
            let document = format!("drivers_license={}", desk.file("again.jpg", &again));
            let taken = desk.ctl(&["submit", "--account", account, "--document", &document]);
            if taken.code == Some(0) {
                break;
            }
        }
    }
    desk.ctl(&sync);
    desk.pass(2 * MINUTE);
    desk.ctl(&sync);
    image.unmount();
    let search = Search::of(&canaries);
    let found = search.found_in(&image.file);
    println!(
        "{people} people, {} taken again, {} canaries in {} forms, {} MB raw: {found:?}",
        rejected.len(),
        canaries.len(),
        search.needles.len(),
        IMAGE_BYTES >> 20
    );
    assert!(!rejected.is_empty(), "some are rejected");
    assert_eq!(found, BTreeMap::new());
    assert!(
        control(desk.folder.path(), &canaries, &search) > canaries.len(),
        "the same search finds them"
    );
}

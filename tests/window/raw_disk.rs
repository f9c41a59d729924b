//! Twenty people who were onboarded in the window leave no trace on the raw disk. A command of its
//! own: it takes minutes, and only the administrator can mount an image.

use std::collections::BTreeMap;

use satchel_fixtures::{Exif, JpegFile, Specimen};

use crate::desk::Desk;
use crate::raw_image::{IMAGE_BYTES, Image, Search, control, piece};
use crate::steps::{PASSPHRASE, REVIEW_MS, start_wepay, take, wepay_accounts, who};

const PEOPLE: u64 = 20;

/// What one person types, by field; nobody else types the same.
fn answers(n: u64) -> Vec<(&'static str, String)> {
    vec![
        ("owner.name.first", format!("Quillonda{n:03}w")),
        ("owner.name.last", "Documents".to_owned()),
        ("owner.date_of_birth.day", "14".to_owned()),
        ("owner.date_of_birth.month", "03".to_owned()),
        ("owner.date_of_birth.year", "1986".to_owned()),
        ("owner.phone.number", format!("555{:07}", 7_300_000 + n * 37)),
        ("owner.address.address1", format!("{} Canarybird{n:03} Avenue", 58_000 + n)),
        ("owner.address.city", format!("Zephyrhills{n:03}window")),
        ("owner.address.postal_code", "33542".to_owned()),
        ("owner.us.ssn", format!("219-{:02}-{:04}", 10 + n, 5_000 + n * 17)),
    ]
}

/// Fills the form of the account that is begun, takes a photo and seals.
fn onboard(desk: &Desk, n: u64, photo: &[u8]) {
    let window = &desk.window;
    who(window);
    for (path, value) in answers(n) {
        window.keys(&format!("field-{path}"), &value);
    }
    window.choose("field-owner.address.region", "Florida");
    window.click("continue");
    window.keys("field-entity.mcc", "5992");
    window.click("continue");
    take(desk, "drivers_license", "front", "card.jpg", photo);
    window.click("capture-done");
    window.click("continue");
    window.tick("consent", true);
    window.click("seal");
    window.wait("sealed");
    window.click("to-account");
}

fn another(desk: &Desk, n: u64, number: &str) {
    desk.window.click("new-onboarding");
    desk.window.click("picker-add");
    desk.window.keys("account-number", number);
    desk.window.keys("account-name", &format!("Merchant {n}"));
    desk.window.click("account-add-start");
}

#[test]
#[ignore = "minutes, as the administrator: cargo xtask prove leaks"]
fn twenty_people_of_the_window_leave_no_trace_on_the_raw_disk() {
    let people = std::env::var("SATCHEL_PEOPLE").map_or(PEOPLE, |text| text.parse().unwrap());
    let mut image = None;
    let mut desk = Desk::open_in(200, |home| {
        image = Some(Image::mounted(home.join("disk.img"), home.join("disk")));
        let _ = std::fs::remove_dir(home.join("tmp"));
        // All that the programs keep, cache or take for temporary.
        for name in ["data", "config", "cache", "tmp"] {
            std::fs::create_dir(home.join("disk").join(name)).unwrap();
            std::os::unix::fs::symlink(home.join("disk").join(name), home.join(name)).unwrap();
        }
    });
    let accounts = wepay_accounts(&desk, "individual", "US");
    let mut canaries = vec![PASSPHRASE.as_bytes().to_vec()];
    for n in 0..people {
        let picture = Specimen::card([4, 6][usize::try_from(n % 2).unwrap()]).picture();
        let photo = JpegFile::of(&picture).exif(Exif::personal(6)).bytes();
        match n {
            0 => start_wepay(&desk, &accounts[0], "Merchant 0"),
            _ => another(&desk, n, &accounts[usize::try_from(n).unwrap()]),
        }
        onboard(&desk, n, &photo);
        let own = answers(n).into_iter().filter(|(_, value)| value.len() >= 10);
        canaries.extend(own.filter(|(p, _)| *p != "owner.name.last").map(|(_, v)| v.into_bytes()));
        canaries.push(piece(&photo));
    }
    desk.pass(REVIEW_MS);
    desk.window.click("filter-all");
    desk.window.wait("account-row");
    desk.quit();
    let mut image = image.unwrap();
    image.unmount();
    let search = Search::of(&canaries);
    let found = search.found_in(&image.file);
    println!(
        "{people} people in the window, {} canaries in {} forms, {} MB raw: {found:?}",
        canaries.len(),
        search.needles.len(),
        IMAGE_BYTES >> 20
    );
    assert_eq!(found, BTreeMap::new());
    assert!(
        control(desk.home.path(), &canaries, &search) > canaries.len(),
        "the same search finds them"
    );
}

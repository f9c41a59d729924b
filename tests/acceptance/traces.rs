//! Outside its own folder the program writes nothing, not even for a moment.

use std::path::{Path, PathBuf};

use satchel_fixtures::Specimen;

use crate::answers::individual_us;
use crate::desk::Desk;
use crate::traced::{can_trace, words, written};

/// Files outside the app's folder that a command of `satchelctl` opens to write into.
fn outside(desk: &mut Desk, arguments: &[&str]) -> Vec<PathBuf> {
    let record = desk.folder.path().join("calls");
    desk.through = words(&record);
    desk.done(arguments);
    desk.through.clear();
    let all = written(&record);
    let own = desk.data();
    let is_other = |path: &&PathBuf| !path.starts_with(&own) && !is_nothing(path);
    all.iter().filter(is_other).cloned().collect()
}

/// What keeps no byte.
fn is_nothing(path: &Path) -> bool {
    ["/dev/null", "/dev/tty"].iter().any(|nothing| path == Path::new(nothing))
}

#[test]
fn from_the_first_vault_to_a_verdict_nothing_is_written_outside_the_apps_folder() {
    assert!(can_trace(), "strace is installed and may trace: cargo xtask setup");
    let mut desk = Desk::connected();
    let account = desk.account("wepay");
    let card = desk.file("card.jpg", &Specimen::card(71).jpeg());
    let (info, document) = (desk.info(&individual_us()), format!("drivers_license={card}"));
    let submit = ["submit", "--account", &account, "--info", &info, "--document", &document];
    let sync = ["sync", "--until-idle", "--timeout", "60"];
    let status = ["status"];
    let none = Vec::<PathBuf>::new();
    for arguments in [&submit[..], &sync, &status] {
        assert_eq!(outside(&mut desk, arguments), none, "{arguments:?}");
    }
    let own = written(&desk.folder.path().join("calls"));
    assert!(own.iter().any(|path| path.ends_with("vault/vault.db")), "{own:?}");

    let out = desk.folder.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let folder = out.to_str().unwrap().to_owned();
    let prepare = ["prepare", &card, "--provider", "wepay", "--type", "drivers_license"];
    let copied = outside(&mut desk, &[&prepare[..], &["--out", &folder]].concat());
    assert_eq!(copied, [out.join("card.jpg")], "what is written elsewhere is seen");
}

//! The life of one vault, from its making to every account's end, with kills all the way.

use std::time::Duration;

use satchel_fixtures::Chance;
use serde_json::Value;

use crate::applicants::{Applicant, STORIES, Slot, Story};
use crate::desk::{Desk, Ended};
use crate::judge::{Broken, Fault, Sealed, SealedPhoto, faults};
use crate::killer::{Aim, Came, Clocks, Killer};
use crate::photos::Shelf;
use crate::tally::Tally;
use crate::{points, weather};

const MINUTE: u32 = 60_000;
const SYNC: [&str; 4] = ["sync", "--until-idle", "--timeout", "60"];

/// Within these a command is killed that dies at no named place.
const SHORT: Duration = Duration::from_millis(150);
const TAKING: Duration = Duration::from_millis(700);
const DELIVERING: Duration = Duration::from_millis(600);

/// Runs of delivery in one round beyond which it is told to end, kills or not.
const TURNS_MAX: usize = 400;
/// Runs without a kill within which every account must come to its end.
const LAST_TURNS: u32 = 60;

/// What a round came to.
pub struct Ending {
    pub journal: Vec<Value>,
    pub sealed: Vec<Sealed>,
    pub faults: Vec<Fault>,
    /// For each fault's account, what the program says of it.
    pub told: Vec<String>,
}

/// Photos of both providers.
pub struct Shelves {
    pub wepay: Shelf,
    pub winter: Shelf,
}

struct Round<'a> {
    desk: Desk,
    killer: Killer<'a>,
    shelves: &'a mut Shelves,
    applicants: Vec<Applicant>,
    sealed: Vec<Sealed>,
}

/// Lives through one round with `kills` kills.
pub fn live(shelves: &mut Shelves, seed: u64, kills: usize, tally: &mut Tally) -> Ending {
    shelves.wepay.refill();
    shelves.winter.refill();
    let applicants = STORIES.iter().enumerate();
    let mut round = Round {
        desk: Desk::new(),
        killer: Killer { chance: Chance::new(seed), tally, left: kills, interrupted: false },
        shelves,
        applicants: applicants.map(|(number, story)| Applicant::new(*story, number)).collect(),
        sealed: Vec::new(),
    };
    round.make_vault();
    round.desk.connect_both();
    round.import();
    for at in 0..round.applicants.len() {
        round.submit(at);
    }
    round.deliver();
    round.end()
}

impl Round<'_> {
    fn make_vault(&mut self) {
        loop {
            let aim = self.killer.aim_once(&points::of_creation(), SHORT);
            let create = ["vault", "create", "--operator", "Amara Osei"];
            match self.killer.run(&self.desk, &create, &aim, Clocks::Real) {
                Came::Ended(ended) => {
                    assert_eq!(ended.code, Some(0), "{ended:?}");
                    return;
                }
                Came::Killed => {
                    let check = self.desk.ctl(&["vault", "check"]);
                    if check.code == Some(0) {
                        return;
                    }
                    assert_eq!((check.code, check.error()), (Some(4), "not_a_vault"), "{check:?}");
                }
            }
        }
    }

    /// All accounts from one list: all of them or none.
    fn import(&mut self) {
        let mut list = "account_id,name,connection,kind,country\n".to_owned();
        for applicant in &self.applicants {
            let (id, name, story) = (&applicant.id, &applicant.name, applicant.story);
            let (provider, kind) = (story.provider(), story.kind());
            list.push_str(&format!("{id},{name},{provider},{kind},US\n"));
            let added = serde_json::json!({
                "provider": provider, "id": provider_id(applicant), "kind": kind, "name": name,
            });
            self.desk.admin("POST", "accounts", &added);
        }
        let file = self.desk.file("accounts.csv", list.as_bytes());
        let import = ["account", "import", "--connection", "wepay", &file];
        loop {
            let aim = self.killer.aim_once(&points::of_import(), SHORT);
            match self.killer.run(&self.desk, &import, &aim, Clocks::Real) {
                Came::Ended(ended) => {
                    assert_eq!(ended.code, Some(0), "{ended:?}");
                    let good = ended.json["good"].as_array().unwrap().len();
                    assert_eq!(good, self.applicants.len(), "{ended:?}");
                    return;
                }
                Came::Killed => match self.rows().len() {
                    0 => {}
                    all => {
                        assert_eq!(all, self.applicants.len(), "an import was cut in half");
                        return;
                    }
                },
            }
        }
    }

    /// Seals for one applicant; each try brings other answers and other photos, so that what was
    /// left of a killed one would show.
    fn submit(&mut self, at: usize) {
        let applicant = self.applicants[at].clone();
        let story = applicant.story;
        let mut has_draft = false;
        for edition in 0.. {
            let answers = applicant.answers(edition);
            let info = self.desk.file("info.json", applicant.info(&answers).as_bytes());
            let photos = self.shelf(story).take(story.papers());
            let documents = documents(&photos);
            let mut submit = vec!["submit", "--account", &applicant.id, "--info", &info];
            submit.extend(documents.iter().flat_map(|d| ["--document", d.as_str()]));
            submit.extend(has_draft.then_some("--replace-draft"));
            let keeps = self.killer.chance.below(2) == 0;
            submit.extend(keeps.then_some("--keep-draft"));
            let points = points::of_submit(!photos.is_empty(), has_draft, keeps);
            let aim = match self.shelf(story).is_low() {
                true => Aim::Spare,
                false => self.killer.aim_once(&points, TAKING),
            };
            let came = self.killer.run(&self.desk, &submit, &aim, Clocks::Real);
            let sealed = match came {
                Came::Ended(ended) => {
                    assert_eq!(ended.code, Some(0), "{ended:?}");
                    true
                }
                Came::Killed => {
                    let code = self.code_of(&applicant.id);
                    has_draft = code == "draft";
                    !has_draft && code != "not_started"
                }
            };
            if sealed {
                let rounds = vec![photos.into_iter().map(|(_, photo)| photo).collect()];
                self.sealed.push(Sealed { account: applicant.id, story, answers, rounds });
                return;
            }
        }
    }

    fn shelf(&mut self, story: Story) -> &mut Shelf {
        match story.provider() {
            "winter" => &mut self.shelves.winter,
            _ => &mut self.shelves.wepay,
        }
    }

    /// Kills deliveries until enough were killed or nothing is left to deliver.
    fn deliver(&mut self) {
        let mut first_alone = true;
        for _ in 0..TURNS_MAX {
            if self.killer.left == 0 {
                return;
            }
            let journal = self.desk.journal();
            let interrupted = self.killer.interrupted;
            let points = points::of_sync(&journal, &self.sealed, interrupted, first_alone);
            let aim = self.killer.aim(&points, DELIVERING);
            for rule in weather::rules(&mut self.killer.chance, &aim) {
                self.desk.fault(&rule);
            }
            let came = self.killer.run(&self.desk, &SYNC, &aim, Clocks::Flowing);
            self.desk.no_faults();
            first_alone = matches!(came, Came::Killed);
            if let Came::Ended(ended) = came {
                self.killer.interrupted = false;
                let rows = rows_of(&ended);
                if rows.iter().all(is_verified) {
                    return;
                }
                self.retakes(&rows);
            }
            let minutes = [0, 0, 0, 0, 3, 3, 3, 11, 36, 47];
            self.desk.pass(minutes[self.killer.chance.below(minutes.len())] * MINUTE);
        }
    }

    /// New photos for whatever was refused.
    fn retakes(&mut self, rows: &[Value]) {
        for row in rows {
            let code = row["line"]["code"].as_str().unwrap();
            if ["document_rejected", "failed"].contains(&code) {
                let at = self.sealed.iter().position(|s| row["remote_id"] == s.account.as_str());
                self.retake(at.unwrap(), row["line"]["document"].as_str());
            }
        }
    }

    fn retake(&mut self, at: usize, rejected: Option<&str>) {
        let (account, story) = (self.sealed[at].account.clone(), self.sealed[at].story);
        let papers = story.papers().iter().copied();
        let slots: Vec<Slot> =
            papers.filter(|(kind, _)| rejected.is_none_or(|rejected| *kind == rejected)).collect();
        let photos = self.shelf(story).take(&slots);
        let documents = documents(&photos);
        let mut submit = vec!["submit", "--account", &account, "--replace-draft"];
        submit.extend(documents.iter().flat_map(|d| ["--document", d.as_str()]));
        let keeps = self.killer.chance.below(2) == 0;
        submit.extend(keeps.then_some("--keep-draft"));
        let aim = match self.shelf(story).is_low() {
            true => Aim::Spare,
            false => self.killer.aim_once(&points::of_retake(keeps), TAKING),
        };
        let sealed = match self.killer.run(&self.desk, &submit, &aim, Clocks::Real) {
            Came::Ended(ended) => {
                assert_eq!(ended.code, Some(0), "{ended:?}");
                true
            }
            Came::Killed => self.rounds_of(&account) > self.sealed[at].rounds.len(),
        };
        if sealed {
            self.sealed[at].rounds.push(photos.into_iter().map(|(_, photo)| photo).collect());
        }
    }

    /// How many sets of photos the program holds as sealed.
    fn rounds_of(&self, account: &str) -> usize {
        let view = self.desk.done(&["account", "show", account]);
        let history = view["history"].as_array().unwrap().iter();
        1 + history.filter(|entry| entry["code"] == "photos_added").count()
    }

    fn rows(&self) -> Vec<Value> {
        self.desk.done(&["account", "list"]).as_array().unwrap().clone()
    }

    fn code_of(&self, account: &str) -> String {
        let rows = self.rows();
        let row = rows.iter().find(|row| row["remote_id"] == account).unwrap();
        row["line"]["code"].as_str().unwrap().to_owned()
    }

    /// No more kills and no more faults: everything comes to its end, and what is late has arrived.
    fn end(mut self) -> Ending {
        self.killer.left = 0;
        self.desk.no_faults();
        let mut quiet = 0;
        for turn in 1..=LAST_TURNS {
            self.desk.pass(if turn % 3 == 0 { 47 * MINUTE } else { 3 * MINUTE });
            let Came::Ended(ended) =
                self.killer.run(&self.desk, &SYNC, &Aim::Spare, Clocks::Flowing)
            else {
                panic!("it was spared");
            };
            let rows = rows_of(&ended);
            self.retakes(&rows);
            quiet = if rows.iter().all(is_verified) { quiet + 1 } else { 0 };
            if quiet == 3 {
                break;
            }
        }
        let check = self.desk.done(&["vault", "check"]);
        assert_eq!(check["accounts"], self.applicants.len(), "{check}");
        let journal = self.desk.journal();
        let mut faults = faults(&journal, &self.sealed);
        for row in self.rows().iter().filter(|row| !is_verified(row)) {
            faults.push(Fault {
                broken: Broken::NoEnd,
                account: row["remote_id"].as_str().unwrap().to_owned(),
                says: format!("the program says {}", row["line"]),
            });
        }
        let told = faults.iter().map(|f| self.story_of(&f.account)).collect();
        Ending { journal, sealed: self.sealed, faults, told }
    }

    fn story_of(&self, account: &str) -> String {
        let view = self.desk.ctl(&["account", "show", account]).json;
        let history = view["history"].as_array().into_iter().flatten();
        let lines: Vec<String> = history.map(Value::to_string).collect();
        format!("{}\n{}", view["row"], lines.join("\n"))
    }
}

fn provider_id(applicant: &Applicant) -> Value {
    match applicant.story.provider() {
        "winter" => Value::from(applicant.id.clone()),
        _ => Value::from(applicant.id.parse::<u64>().unwrap()),
    }
}

/// What follows each `--document`.
fn documents(photos: &[(String, SealedPhoto)]) -> Vec<String> {
    let named =
        |(file, photo): &(String, SealedPhoto)| format!("{}:{}={file}", photo.document, photo.side);
    photos.iter().map(named).collect()
}

fn rows_of(ended: &Ended) -> Vec<Value> {
    assert!(matches!(ended.code, Some(0 | 5 | 6)), "{ended:?}");
    ended.json["accounts"].as_array().unwrap().clone()
}

fn is_verified(row: &Value) -> bool {
    row["line"]["code"] == "verified"
}

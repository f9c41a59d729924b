//! The test accounts and credentials that every sandbox starts with.

use crate::digest::sha256_hex;
use crate::script::Script;
use crate::state::{
    AccountState, Kind, KycState, Owner, WepayAccount, WinterAccount, WinterStatus,
};
use crate::world::World;

/// The application's id at WePay.
pub(crate) const CLIENT_ID: &str = "9876";

/// The other application's id at WePay.
pub(crate) const FOREIGN_CLIENT_ID: &str = "5432";

pub(crate) fn access_token() -> String {
    format!("STAGE_{}", sha256_hex(b"satchel-sandbox access token"))
}

pub(crate) fn revoked_token() -> String {
    format!("STAGE_{}", sha256_hex(b"satchel-sandbox revoked token"))
}

pub(crate) fn foreign_token() -> String {
    format!("STAGE_{}", sha256_hex(b"satchel-sandbox foreign token"))
}

pub(crate) fn winter_key() -> String {
    sha256_hex(b"satchel-sandbox winter key").chars().take(32).collect()
}

pub(crate) fn winter_secret() -> String {
    sha256_hex(b"satchel-sandbox winter secret")
}

const FIRST_WEPAY_ID: i64 = 5_091_778_600;
const FIRST_EXTRA_WEPAY_ID: i64 = 6_000_000_000;

type WepaySeed = (i64, &'static str, &'static str, Kind, &'static str);

#[rustfmt::skip]
const WEPAY: [WepaySeed; 16] = [
    (1, "Vera's Flower Stall", "US", Kind::Individual, "verified"),
    (2, "Nadia's Bakery", "US", Kind::Individual, "documents illegible"),
    (3, "Foo Bar Inc", "US", Kind::Business, "review"),
    (4, "Orchard Ltd", "GB", Kind::Business, "documents"),
    (5, "Montreal Cycle Repair", "CA", Kind::Individual, "documents mismatch all"),
    (6, "Harbour Youth Choir", "CA", Kind::Organization, "unverified"),
    (7, "Thames Animal Rescue", "GB", Kind::Organization, "documents incomplete"),
    (8, "Lone Star Window Cleaning", "US", Kind::Individual, "fullssn"),
    (9, "Prairie Food Bank", "US", Kind::Organization, "documents unsupported all"),
    (10, "Leeds Piano Lessons", "GB", Kind::Individual, "verified"),
    (11, "Maple Street Hardware", "CA", Kind::Business, "documents corrupt"),
    (12, "Desert Sun Tours", "US", Kind::Business, "recheck"),
    (13, "Stubborn Antiques", "US", Kind::Business, "documents illegible always"),
    (14, "Corner Coffee", "US", Kind::Business, "human"),
    (15, "Bristol Book Exchange", "GB", Kind::Organization, "human"),
    (16, "Kite Workshop", "CA", Kind::Individual, "human"),
];

/// Accounts that refuse KYC, each in its own way.
#[rustfmt::skip]
const REFUSING: [(i64, &str, AccountState, Owner); 4] = [
    (21, "Unconfirmed Owner", AccountState::Pending, Owner::Ours),
    (22, "Disabled Merchant", AccountState::Disabled, Owner::Ours),
    (23, "Deleted Merchant", AccountState::Deleted, Owner::Ours),
    (24, "Another Application's Merchant", AccountState::Active, Owner::Foreign),
];

#[rustfmt::skip]
const WINTER: [(&str, &str, &str, Owner); 7] = [
    ("12345", "Michael Winter", "review", Owner::Ours),
    ("W-1001", "Grace Okafor", "verified", Owner::Ours),
    ("W-1002", "Diego Fuentes", "documents", Owner::Ours),
    ("W-1003", "Amina Haddad", "documents always", Owner::Ours),
    ("W-1004", "Lucie Tremblay", "human", Owner::Ours),
    ("Store #7/B ü", "Hannah Weiß", "review", Owner::Ours),
    ("F-2001", "Another Organization's Customer", "review", Owner::Foreign),
];

/// Adds the test accounts.
pub(crate) fn accounts(world: &mut World) {
    for (at, name, country, kind, script) in WEPAY {
        let script = Script::parse(script).unwrap_or_default();
        let account = wepay_account(world, FIRST_WEPAY_ID + at, name, country, kind, script);
        world.add_wepay_account(account);
    }
    for (at, name, state, owner) in REFUSING {
        let script = Script::default();
        let id = FIRST_WEPAY_ID + at;
        let account = wepay_account(world, id, name, "US", Kind::Business, script);
        world.add_wepay_account(WepayAccount { state, owner, ..account });
    }
    for (id, name, script, owner) in WINTER {
        let script = Script::parse(script).unwrap_or_default();
        let account = winter_account(world, id, name, script);
        world.add_winter_account(WinterAccount { owner, ..account });
    }
}

/// Adds accounts beyond the test accounts, up to a number at each provider.
pub(crate) fn extra_accounts(world: &mut World, count: u32) {
    const SCRIPTS: [&str; 4] = ["verified", "review", "documents", "documents illegible"];
    const COUNTRIES: [&str; 3] = ["US", "CA", "GB"];
    const KINDS: [Kind; 3] = [Kind::Individual, Kind::Business, Kind::Organization];
    for number in 1..=count {
        let at = number as usize;
        let script = SCRIPTS.get(at % SCRIPTS.len()).and_then(|words| Script::parse(words));
        let script = script.unwrap_or_default();
        let country = COUNTRIES.get(at % COUNTRIES.len()).copied().unwrap_or("US");
        let kind = KINDS.get(at / 3 % KINDS.len()).copied().unwrap_or(Kind::Individual);
        let id = FIRST_EXTRA_WEPAY_ID + i64::from(number);
        let name = format!("Extra Merchant {number}");
        if world.wepay_account(id).is_none() {
            let account = wepay_account(world, id, &name, country, kind, script);
            world.add_wepay_account(account);
        }
        let id = format!("X-{number}");
        if world.winter_account(&id).is_none() {
            let account = winter_account(world, &id, &format!("Extra Customer {number}"), script);
            world.add_winter_account(account);
        }
    }
}

/// A WePay account that has not been through KYC.
pub(crate) fn wepay_account(
    world: &World,
    id: i64,
    name: &str,
    country: &str,
    kind: Kind,
    script: Script,
) -> WepayAccount {
    WepayAccount {
        id,
        name: name.to_owned(),
        description: format!("{name}, a test account"),
        country: country.to_owned(),
        kind,
        owner: Owner::Ours,
        state: AccountState::ActionRequired,
        kyc_state: KycState::Unsubmitted,
        created_ms: world.now_ms,
        script,
        submission: None,
        sets_received: 0,
        sets_rejected: 0,
        review: None,
    }
}

/// A Winter account that has not been through KYC.
pub(crate) fn winter_account(world: &World, id: &str, name: &str, script: Script) -> WinterAccount {
    WinterAccount {
        id: id.to_owned(),
        email: "customer@example.com".to_owned(),
        full_name: name.to_owned(),
        full_address: "123 Main St, Chicago, IL 60601".to_owned(),
        owner: Owner::Ours,
        created_ms: world.now_ms,
        script,
        info: None,
        sides: Vec::new(),
        status: WinterStatus::Required,
        sets_failed: 0,
        review_at_ms: None,
    }
}

//! The list as somebody looks through it.

use satchel_app::api::{AccountsRequest, AccountsView, Group, ImportRequest};

use crate::world::World;

fn list(world: &World, search: &str, filter: Option<Group>, most: Option<u32>) -> AccountsView {
    let request = AccountsRequest { filter, search: search.to_owned(), most };
    world.satchel.accounts_list(&request).unwrap()
}

fn names(world: &World, search: &str) -> Vec<String> {
    list(world, search, None, None).rows.into_iter().map(|row| row.name).collect()
}

async fn merchants() -> World {
    let world = World::connected().await;
    let connection = world.satchel.connections_list().unwrap()[0].id.clone();
    let csv = "account_id,name,country\n\
               70001,Zeynep's Bakery,US\n70002,ŞEKER Café,US\n70003,Bakery of Osei,US\n\
               70014,Ana Anaya,US\n";
    let csv = csv.to_owned();
    world.satchel.accounts_import(&ImportRequest { connection, csv }).unwrap();
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_finds_every_word_in_name_or_number_and_nothing_across_accounts() {
    let world = merchants().await;
    assert_eq!(names(&world, "bakery"), ["Bakery of Osei", "Zeynep's Bakery"]);
    assert_eq!(names(&world, "  osei BAKERY "), ["Bakery of Osei"]);
    assert_eq!(names(&world, "şeker"), ["ŞEKER Café"]);
    assert_eq!(names(&world, "7001"), ["Ana Anaya"]);
    assert_eq!(names(&world, "ana 70014"), ["Ana Anaya"]);
    assert_eq!(
        names(&world, "a"),
        ["Ana Anaya", "Bakery of Osei", "Zeynep's Bakery", "ŞEKER Café"]
    );
    for nothing in ["bakery 70002", "70014bakery", "\0", "70014\0bakery", "zeynep's-bakery"] {
        let is_blank = nothing.trim_matches('\0').is_empty();
        assert_eq!(names(&world, nothing).len(), if is_blank { 4 } else { 0 }, "{nothing:?}");
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_in_part_says_how_many_there_are() {
    let world = merchants().await;
    let view = list(&world, "", None, Some(1));
    assert_eq!(view.rows.len(), 1);
    let totals: Vec<_> = view.groups.iter().map(|g| (g.group, g.total)).collect();
    assert_eq!((totals, view.counts.all), (vec![(Group::NotStarted, 4)], 4));
    assert_eq!(list(&world, "bakery", Some(Group::NotStarted), Some(9)).groups[0].total, 2);
    assert!(list(&world, "bakery", Some(Group::Verified), None).groups.is_empty());
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_follows_what_changes() {
    let world = merchants().await;
    let bakery = list(&world, "osei", None, None).rows[0].clone();
    assert_eq!(bakery.group, Group::NotStarted);
    let draft = world.satchel.draft_start(&bakery.id).unwrap();
    let begun = list(&world, "osei", None, None);
    assert_eq!((begun.rows[0].group, begun.counts.drafts), (Group::Draft, 1));
    world.satchel.draft_discard(&draft.id).unwrap();
    let discarded = list(&world, "osei", None, None);
    assert_eq!((discarded.rows[0].group, discarded.counts.drafts), (Group::NotStarted, 0));
    world.end().await;
}

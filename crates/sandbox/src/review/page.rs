//! The review page: every account in a list, and one of them beside it.

use super::detail;
use super::html::{escape, kyc_look, pill, winter_look};
use crate::clock::rfc3339;
use crate::state::{DocumentState, KycState, WepayAccount, WinterAccount, WinterStatus};
use crate::wire::percent_encode;
use crate::world::World;

/// An account as links and forms name it: `wepay:5091778602` or `winter:12345`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    Wepay(i64),
    Winter(String),
}

impl Chosen {
    pub(crate) fn parse(name: &str) -> Option<Chosen> {
        match name.split_once(':')? {
            ("wepay", id) => id.parse().ok().map(Chosen::Wepay),
            ("winter", id) => Some(Chosen::Winter(id.to_owned())),
            _ => None,
        }
    }

    pub(crate) fn name(&self) -> String {
        match self {
            Chosen::Wepay(id) => format!("wepay:{id}"),
            Chosen::Winter(id) => format!("winter:{id}"),
        }
    }
}

struct Row {
    chosen: Chosen,
    name: String,
    place: String,
    pill: String,
    group: Group,
}

/// Where an account stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    /// A person must decide; scripted reviews come by themselves.
    ToDecide,
    Submitted,
    NotSubmitted,
}

impl Group {
    fn title(self) -> &'static str {
        match self {
            Group::ToDecide => "To decide",
            Group::Submitted => "Submitted",
            Group::NotSubmitted => "Not submitted",
        }
    }
}

/// The whole page; without a choice the first account that waits for a person is shown.
pub(crate) fn page(world: &World, chosen: Option<Chosen>, problem: Option<&str>) -> String {
    let rows = rows(world);
    let to_decide = |row: &&Row| row.group == Group::ToDecide;
    let first_waiting = || rows.iter().find(to_decide).map(|row| row.chosen.clone());
    let chosen = chosen.or_else(first_waiting);
    let token = percent_encode(&world.meta.admin_token);
    let problem = problem.map_or(String::new(), |text| {
        format!("<p class=\"banner\" role=\"alert\">Nothing was decided: {}.</p>", escape(text))
    });
    let detail = match &chosen {
        Some(chosen) => detail::detail(world, chosen, &token),
        None => "<p class=\"nothing\">Nothing waits for you. Choose an account to look at it.</p>"
            .to_owned(),
    };
    let waiting = rows.iter().filter(to_decide).count();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{waiting} to decide · Sandbox review</title>\n\
         <link rel=\"stylesheet\" href=\"/review/style.css\">\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#account\">Skip to the account</a>\n\
         <header><strong>Sandbox review</strong>\
         <span>{waiting} to decide</span><span class=\"clock\">Sandbox time {now}</span></header>\n\
         <nav aria-label=\"Accounts\">{list}</nav>\n\
         <main id=\"account\" tabindex=\"-1\">{problem}{detail}</main>\n</body>\n</html>\n",
        now = escape(&rfc3339(world.now_ms)),
        list = list(&rows, chosen.as_ref(), &token),
    )
}

fn list(rows: &[Row], chosen: Option<&Chosen>, token: &str) -> String {
    [Group::ToDecide, Group::Submitted, Group::NotSubmitted]
        .into_iter()
        .map(|group| {
            let title = group.title();
            let rows = rows.iter().filter(|row| row.group == group);
            let rows: Vec<String> = rows.map(|row| link(row, chosen, token)).collect();
            if rows.is_empty() {
                return String::new();
            }
            format!("<h2>{title} <span>{}</span></h2><ul>{}</ul>", rows.len(), rows.concat())
        })
        .collect()
}

fn link(row: &Row, chosen: Option<&Chosen>, token: &str) -> String {
    let current = if chosen == Some(&row.chosen) { " aria-current=\"page\"" } else { "" };
    format!(
        "<li><a href=\"/review?token={token}&amp;account={account}\"{current}>\
         <span class=\"name\">{name}</span>{pill}<span class=\"place\">{place}</span></a></li>",
        account = percent_encode(&row.chosen.name()),
        name = escape(&row.name),
        pill = row.pill,
        place = escape(&row.place),
    )
}

fn rows(world: &World) -> Vec<Row> {
    let wepay = world.wepay_accounts().map(|account| Row {
        chosen: Chosen::Wepay(account.id),
        name: account.name.clone(),
        place: format!("WePay · {}", account.id),
        pill: pill(kyc_look(account.kyc_state)),
        group: wepay_group(world, account),
    });
    let winter = world.winter_accounts().map(|account| Row {
        chosen: Chosen::Winter(account.id.clone()),
        name: account.full_name.clone(),
        place: format!("Winter · {}", account.id),
        pill: pill(winter_look(account.status)),
        group: winter_group(account),
    });
    wepay.chain(winter).collect()
}

fn wepay_group(world: &World, account: &WepayAccount) -> Group {
    let mut attached = world.files_of(account.id).filter_map(|file| file.attached);
    let open = attached.any(|(_, state)| state == DocumentState::InReview);
    let in_review = account.kyc_state == KycState::InReview;
    if account.review.is_none() && (in_review || open) {
        return Group::ToDecide;
    }
    if account.submission.is_some() { Group::Submitted } else { Group::NotSubmitted }
}

fn winter_group(account: &WinterAccount) -> Group {
    if account.status == WinterStatus::UnderReview && account.review_at_ms.is_none() {
        return Group::ToDecide;
    }
    let submitted = account.info.is_some() || !account.sides.is_empty();
    if submitted { Group::Submitted } else { Group::NotSubmitted }
}

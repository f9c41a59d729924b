//! A list of accounts as CSV: every line is good, known or bad, and the bad ones say why.

use std::collections::{BTreeMap, BTreeSet};

use satchel_core::onboarding::{Country, EntityKind};

use crate::api::{AccountAddRequest, ImportLineView, ImportView};

/// Most lines of one file: beyond it the preview is no longer something a person reads.
const LINES_MAX: usize = 100_000;

/// A file as it was understood.
pub(crate) struct Read {
    pub(crate) view: ImportView,
    pub(crate) requests: Vec<AccountAddRequest>,
}

/// Names under which a column is known, the first one being ours.
const COLUMNS: [(&str, &[&str]); 7] = [
    ("account_id", &["account_id", "account id", "accountid", "id", "remote_id"]),
    ("name", &["name", "account_name", "merchant", "business"]),
    ("connection", &["connection", "provider"]),
    ("kind", &["kind", "type", "entity"]),
    ("country", &["country"]),
    ("email", &["email", "e-mail"]),
    ("token", &["token", "access_token"]),
];

/// Reads a file. `known` are provider identifiers that are here already; `numeric` says whether the
/// provider's identifiers are numbers.
pub(crate) fn read(
    text: &str,
    connection: &str,
    connections: &BTreeMap<String, String>,
    known: &BTreeSet<(String, String)>,
    numeric: &dyn Fn(&str) -> bool,
) -> Read {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let headers: Vec<String> =
        reader.headers().map(|h| h.iter().map(|c| c.to_lowercase()).collect()).unwrap_or_default();
    let columns = understood(&headers);
    let mut view = ImportView {
        good: Vec::new(),
        bad: Vec::new(),
        known: Vec::new(),
        columns: columns.values().map(|c| (*c).to_owned()).collect(),
        ignored: ignored(&headers, &columns),
    };
    let mut requests = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, record) in reader.records().take(LINES_MAX).enumerate() {
        let fallback = index as u64 + 2;
        let record = match record {
            Ok(record) => record,
            Err(fault) => {
                let at = fault.position().map_or(fallback, csv::Position::line);
                view.bad.push(line(at, "", "", "broken_quotes", None));
                continue;
            }
        };
        let at = record.position().map_or(fallback, csv::Position::line);
        if record.iter().all(str::is_empty) {
            continue;
        }
        let value = |name: &str| {
            let index = columns.iter().find(|(_, c)| **c == name).map(|(i, _)| *i);
            index.and_then(|i| record.get(i)).unwrap_or("").to_owned()
        };
        let width = (record.len(), headers.len());
        let request = request_of(&value, connection, connections);
        let problem = shape_problem(width)
            .or_else(|| value_problem(&value, connections))
            .or_else(|| id_problem(&request, numeric));
        let key = (request.connection.clone(), request.remote_id.clone());
        let (remote_id, name) = (request.remote_id.clone(), request.name.clone());
        match problem {
            Some((code, detail)) => view.bad.push(line(at, &remote_id, &name, code, detail)),
            None if known.contains(&key) => {
                view.known.push(line(at, &remote_id, &name, "already_here", None));
            }
            None if !seen.insert(key) => {
                view.bad.push(line(at, &remote_id, &name, "twice_in_file", None));
            }
            None => {
                view.good.push(line(at, &remote_id, &name, "ok", None));
                requests.push(request);
            }
        }
    }
    Read { view, requests }
}

fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or("");
    let count = |c: char| first.matches(c).count();
    [(b';', count(';')), (b'\t', count('\t')), (b',', count(','))]
        .into_iter()
        .max_by_key(|(_, n)| *n)
        .map_or(b',', |(d, _)| d)
}

fn understood(headers: &[String]) -> BTreeMap<usize, &'static str> {
    let mut columns = BTreeMap::new();
    for (name, spellings) in COLUMNS {
        let place = headers.iter().position(|h| spellings.contains(&h.as_str()));
        columns.extend(place.map(|index| (index, name)));
    }
    columns
}

fn ignored(headers: &[String], columns: &BTreeMap<usize, &'static str>) -> Vec<String> {
    let rest = headers.iter().enumerate().filter(|(index, _)| !columns.contains_key(index));
    rest.map(|(_, header)| header.clone()).collect()
}

fn request_of(
    value: &dyn Fn(&str) -> String,
    connection: &str,
    connections: &BTreeMap<String, String>,
) -> AccountAddRequest {
    let some = |text: String| (!text.is_empty()).then_some(text);
    let named = value("connection").to_lowercase();
    AccountAddRequest {
        connection: connections.get(&named).cloned().unwrap_or_else(|| connection.to_owned()),
        remote_id: value("account_id"),
        name: value("name"),
        kind: EntityKind::parse(&value("kind")).map(|k| k.code().to_owned()),
        country: Country::parse(&value("country")).map(|c| c.code().to_owned()),
        email: some(value("email")),
        token: some(value("token")),
    }
}

type Problem = Option<(&'static str, Option<String>)>;

fn shape_problem((fields, headers): (usize, usize)) -> Problem {
    match fields.cmp(&headers) {
        std::cmp::Ordering::Greater => Some(("too_many_columns", None)),
        std::cmp::Ordering::Less => Some(("too_few_columns", None)),
        std::cmp::Ordering::Equal => None,
    }
}

fn value_problem(
    value: &dyn Fn(&str) -> String,
    connections: &BTreeMap<String, String>,
) -> Problem {
    let (kind, country, named) = (value("kind"), value("country"), value("connection"));
    if value("account_id").is_empty() {
        Some(("missing_account_id", None))
    } else if value("name").is_empty() {
        Some(("missing_name", None))
    } else if !kind.is_empty() && EntityKind::parse(&kind).is_none() {
        Some(("unknown_kind", Some(kind)))
    } else if !country.is_empty() && Country::parse(&country).is_none() {
        Some(("unknown_country", Some(country)))
    } else if !named.is_empty() && !connections.contains_key(&named.to_lowercase()) {
        Some(("unknown_connection", Some(named)))
    } else {
        None
    }
}

fn id_problem(request: &AccountAddRequest, numeric: &dyn Fn(&str) -> bool) -> Problem {
    let digits = request.remote_id.bytes().all(|b| b.is_ascii_digit());
    (numeric(&request.connection) && !digits)
        .then(|| ("not_a_number", Some(request.remote_id.clone())))
}

fn line(
    line: u64,
    remote_id: &str,
    name: &str,
    code: &str,
    detail: Option<String>,
) -> ImportLineView {
    ImportLineView {
        line,
        remote_id: remote_id.to_owned(),
        name: name.to_owned(),
        code: code.to_owned(),
        detail,
    }
}

//! Every rule of delivery, every row of the table of answers and every crash point has a test that
//! is named after it. The one list of them.

use crate::assert_none;
use crate::tree::{self, TextFile};

/// Where the rules are tested.
const TESTED_IN: [&str; 5] =
    ["crates/core/", "crates/providers/", "crates/app/", "crates/net/", "tests/"];

/// A row, and how the names of its tests begin.
struct Row {
    row: &'static str,
    tests: &'static [&'static str],
}

const fn row(row: &'static str, tests: &'static [&'static str]) -> Row {
    Row { row, tests }
}

/// Rules R1 to R14.
const RULES: [Row; 14] = [
    row("R1: the intent is durable before the first byte leaves", &["r1_"]),
    row("R2: one open step with an effect per remote account", &["r2_"]),
    row("R3: what happened is classed once, beside the wire", &["r3_"]),
    row("R4: ambiguous is never retried before it is reconciled", &["r4_"]),
    row("R5: no reconciling before the quiesce time, which a reboot restarts", &["r5_"]),
    row("R6: the same id for 25 minutes, a new one after the fence", &["r6_"]),
    row("R7: after a restore every open step is ambiguous", &["r7_"]),
    row("R8: no edit or cancel after the authorize intent", &["r8_"]),
    row("R9: no new photo set while an old upload is unresolved", &["r9_"]),
    row("R10: strict order within, independent lanes without", &["r10_"]),
    row("R11: no redirect is followed and nothing below retries", &["r11_"]),
    row("R12: an unknown state is pending", &["r12_"]),
    row("R13: create and authorize in one go, small enough photos", &["r13_"]),
    row("R14: all sealed photos once, then a person", &["r14_"]),
];

/// What an answer means.
const ANSWERS: [Row; 11] = [
    row("no request byte written: not sent", &["answer_without_a_request_byte_is_not_sent"]),
    row(
        "TLS name or issuer; expired or not yet valid",
        &[
            "answer_of_another_certificate_is_intercepted",
            "answer_of_an_old_certificate_is_the_clock",
        ],
    ),
    row(
        "2xx, JSON, expected fields, matching account: done",
        &["answer_2xx_of_the_account_is_done"],
    ),
    row(
        "2xx but not JSON or the wrong shape",
        &["answer_2xx_html_is_ambiguous", "answer_2xx_of_winter_is_done_unless_it_is_a_page"],
    ),
    row(
        "WePay body with an error code",
        &["answer_with_a_code_means_the_code", "answer_1008_is_ambiguous"],
    ),
    row("1006, 1011, 401 or 403 without a code", &["answer_refusing_credentials_pauses"]),
    row("429, 1007", &["answer_429_is_not_done"]),
    row("413", &["answer_413_is_that_photo"]),
    row("408, 5xx without a code, reset, broken body", &["answer_5xx_without_a_code_is_ambiguous"]),
    row("Winter 400 on a write", &["answer_winter_400_on_a_write_is_definite"]),
    row("Winter 400 on the documents", &["answer_winter_400_on_documents_asks_the_account"]),
];

/// Crash points of WePay.
const WEPAY: [Row; 11] = [
    row("before / after the create intent, not sent", &["crash_wepay_create_intent_not_sent"]),
    row("create's answer lost, or not committed", &["crash_wepay_create_answer_lost"]),
    row("kyc_id stored, before the authorize intent", &["crash_wepay_id_stored"]),
    row("authorize: not sent, sent, answer lost, error", &["crash_wepay_authorize"]),
    row("state is not require_docs", &["crash_wepay_photos_not_asked_for"]),
    row("upload unknown", &["crash_wepay_upload_unknown"]),
    row("uploaded, before modify", &["crash_wepay_uploaded_before_modify"]),
    row("modify unknown", &["crash_wepay_modify_unknown"]),
    row("rejected, require_docs again", &["crash_wepay_rejected"]),
    row("second create with the full SSN", &["crash_wepay_second_create"]),
    row("3006 while unsubmitted", &["crash_wepay_3006"]),
];

/// Crash points of Winter.
const WINTER: [Row; 5] = [
    row("before the first write", &["crash_winter_before_the_first_write"]),
    row("info unknown", &["crash_winter_info_unknown"]),
    row("a side unknown", &["crash_winter_a_side_unknown"]),
    row("both sides acknowledged", &["crash_winter_both_sides_acknowledged"]),
    row("failed", &["crash_winter_failed"]),
];

/// Rows without a test whose name begins as it must.
fn untested<'a>(rows: impl Iterator<Item = &'a Row>, sources: &[TextFile]) -> Vec<String> {
    let has = |start: &str| {
        let call = format!("fn {start}");
        sources.iter().any(|source| {
            let tests = source.text.match_indices(&call);
            tests.into_iter().any(|(at, _)| is_test(&source.text[..at]))
        })
    };
    rows.flat_map(|row| row.tests.iter().map(move |start| (row.row, *start)))
        .filter(|(_, start)| !has(start))
        .map(|(row, start)| format!("{row}: no test is named {start}…"))
        .collect()
}

/// Whether what comes before a function makes it a test.
fn is_test(before: &str) -> bool {
    let before = before.trim_end();
    let before = before.strip_suffix("async").unwrap_or(before).trim_end();
    let line = before.rsplit('\n').next().unwrap_or_default().trim();
    line == "#[test]" || line.starts_with("#[tokio::test")
}

#[test]
fn every_rule_answer_and_crash_point_has_a_test_named_after_it() {
    let sources: Vec<_> = tree::rust_files()
        .into_iter()
        .filter(|file| TESTED_IN.iter().any(|folder| file.path.starts_with(folder)))
        .collect();
    let rows = RULES.iter().chain(&ANSWERS).chain(&WEPAY).chain(&WINTER);
    assert_none(&untested(rows, &sources));
}

#[test]
fn a_row_whose_test_is_gone_or_is_no_test_is_a_fault() {
    let rows = [row("a", &["r1_"]), row("b", &["r2_"]), row("c", &["r3_"]), row("d", &["r4_"])];
    let text = "#[test]\nfn r1_holds() {}\n\nfn r2_helper() {}\n// fn r3_later()\n\n\
                #[tokio::test]\nasync fn r4_holds() {}\n";
    let faults = untested(rows.iter(), &[TextFile::new("crates/core/a.rs", text)]);
    assert_eq!(faults, ["b: no test is named r2_…", "c: no test is named r3_…"]);
}

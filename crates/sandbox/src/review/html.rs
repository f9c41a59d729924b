//! Small pieces of HTML.

use crate::state::{DocumentState, KycState, WinterStatus};

/// What a state looks like: its role in colour, its sign and its words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    role: &'static str,
    sign: &'static str,
    words: &'static str,
}

const fn look(role: &'static str, sign: &'static str, words: &'static str) -> Look {
    Look { role, sign, words }
}

pub(crate) fn kyc_look(state: KycState) -> Look {
    match state {
        KycState::Unsubmitted => look("wait", "○", "Not submitted"),
        KycState::Unverified => look("wait", "◷", "Received"),
        KycState::RequireDocs => look("needs", "▲", "Documents asked for"),
        KycState::InReview => look("review", "◉", "In review"),
        KycState::Verified => look("good", "✓", "Verified"),
    }
}

pub(crate) fn document_look(state: DocumentState) -> Look {
    match state {
        DocumentState::InReview => look("review", "◉", "To be decided"),
        DocumentState::Verified => look("good", "✓", "Verified"),
        DocumentState::Rejected(_) => look("bad", "✗", "Rejected"),
    }
}

pub(crate) fn winter_look(status: WinterStatus) -> Look {
    match status {
        WinterStatus::Required => look("wait", "○", "Not submitted"),
        WinterStatus::UnderReview => look("review", "◉", "Under review"),
        WinterStatus::Ready => look("good", "✓", "Ready"),
        WinterStatus::Failed => look("bad", "✗", "Failed"),
    }
}

/// A state as sign, words and colour.
pub(crate) fn pill(look: Look) -> String {
    let Look { role, sign, words } = look;
    format!("<span class=\"pill {role}\"><span aria-hidden=\"true\">{sign}</span>{words}</span>")
}

/// Text made safe for elements and for quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A word of the wire for people: `current_utility_bill` becomes `Current utility bill`.
pub(crate) fn humanly(word: &str) -> String {
    let text = word.replace('_', " ").to_lowercase();
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default()
        + characters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_sent_cannot_become_markup() {
        assert_eq!(escape("<b a=\"'&\">"), "&lt;b a=&quot;&#39;&amp;&quot;&gt;");
    }

    #[test]
    fn words_of_the_wire_are_written_for_people() {
        assert_eq!(humanly("current_utility_bill"), "Current utility bill");
        assert_eq!(humanly("DRIVERS_LICENSE"), "Drivers license");
        assert_eq!(humanly(""), "");
    }
}

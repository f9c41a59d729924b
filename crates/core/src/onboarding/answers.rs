//! What was typed, by field path.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// Where an answer belongs: dot-separated, such as `owner.address.city` or `owners.0.name.first`.
pub type FieldPath = String;

/// Answers as they were typed. Debug output shows paths, never values.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<FieldPath, String>);

impl Answers {
    /// The answer as typed, without the space around it; empty when there is none.
    pub fn text(&self, path: &str) -> &str {
        self.0.get(path).map_or("", |v| v.trim())
    }

    /// The answer exactly as typed; empty when there is none.
    pub fn raw(&self, path: &str) -> &str {
        self.0.get(path).map_or("", String::as_str)
    }

    /// Whether something other than space was answered.
    pub fn has(&self, path: &str) -> bool {
        !self.text(path).is_empty()
    }

    /// Keeps an answer as it was typed; an empty one is removed.
    pub fn put(&mut self, path: impl Into<FieldPath>, value: impl Into<String>) {
        let (path, value) = (path.into(), value.into());
        if value.is_empty() {
            self.0.remove(&path);
        } else {
            self.0.insert(path, value);
        }
    }

    /// All answers, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }

    /// Splits into those whose path satisfies `belongs`, and the rest.
    pub fn split(self, belongs: impl Fn(&str) -> bool) -> (Answers, Answers) {
        let (a, b): (BTreeMap<_, _>, BTreeMap<_, _>) =
            std::mem::take(&mut { self }.0).into_iter().partition(|(path, _)| belongs(path));
        (Answers(a), Answers(b))
    }

    /// Joins two sets; `other` wins.
    pub fn merged(mut self, mut other: Answers) -> Answers {
        self.0.append(&mut other.0);
        self
    }

    /// How many owners stand under `prefix`: one more than the highest index in `prefix.N.…`.
    pub fn repeated(&self, prefix: &str) -> usize {
        self.0
            .keys()
            .filter_map(|k| {
                k.strip_prefix(prefix)?.strip_prefix('.')?.split('.').next()?.parse().ok()
            })
            .map(|n: usize| n + 1)
            .max()
            .unwrap_or(0)
    }

    /// Takes out the `index`th of the repeated group `prefix` and closes the gap.
    pub fn remove_repeated(&mut self, prefix: &str, index: usize) {
        let moved: BTreeMap<_, _> = std::mem::take(&mut self.0)
            .into_iter()
            .filter_map(|(path, value)| Some((shifted(&path, prefix, index)?, value)))
            .collect();
        self.0 = moved;
    }
}

/// The path after `index` is gone, or `None` when it goes with it.
fn shifted(path: &str, prefix: &str, index: usize) -> Option<String> {
    let Some(rest) = path.strip_prefix(prefix).and_then(|r| r.strip_prefix('.')) else {
        return Some(path.to_owned());
    };
    let (number, tail) = rest.split_once('.').unwrap_or((rest, ""));
    match number.parse::<usize>() {
        Ok(n) if n == index => None,
        Ok(n) if n > index => Some(format!("{prefix}.{}.{tail}", n - 1)),
        Ok(_) | Err(_) => Some(path.to_owned()),
    }
}

impl Drop for Answers {
    fn drop(&mut self) {
        self.0.values_mut().for_each(Zeroize::zeroize);
    }
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Answers {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(iter: T) -> Self {
        let mut answers = Answers::default();
        iter.into_iter().for_each(|(k, v)| answers.put(k, v));
        answers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owners() -> Answers {
        [
            ("owner.name.first", "Foo"),
            ("owners.0.name.first", "Ada"),
            ("owners.1.name.first", "Bob"),
            ("owners.1.name.last", "B"),
            ("owners.3.name.first", "Dan"),
        ]
        .into_iter()
        .collect()
    }

    #[test]
    fn space_around_an_answer_is_kept_as_typed_and_not_read() {
        let mut answers = Answers::default();
        answers.put("a", " Foo ");
        answers.put("b", "   ");
        assert_eq!(answers.text("a"), "Foo");
        assert!(!answers.has("b"));
        assert_eq!(answers.iter().next(), Some(("a", " Foo ")));
    }

    #[test]
    fn an_answer_made_empty_is_gone() {
        let mut answers: Answers = [("a", "x")].into_iter().collect();
        answers.put("a", "");
        assert_eq!(answers.iter().count(), 0);
    }

    #[test]
    fn owners_are_counted_up_to_the_highest() {
        assert_eq!(owners().repeated("owners"), 4);
        assert_eq!(owners().repeated("owner"), 0);
        assert_eq!(Answers::default().repeated("owners"), 0);
    }

    #[test]
    fn removing_an_owner_closes_the_gap_and_touches_nobody_else() {
        let mut answers = owners();
        answers.remove_repeated("owners", 1);
        assert_eq!(answers.text("owners.0.name.first"), "Ada");
        assert_eq!(answers.text("owners.2.name.first"), "Dan");
        assert_eq!(answers.text("owners.1.name.last"), "");
        assert_eq!(answers.text("owner.name.first"), "Foo");
        assert_eq!(answers.repeated("owners"), 3);
    }

    #[test]
    fn a_split_loses_nothing_and_a_merge_lets_the_other_win() {
        let (owner, others) = owners().split(|path| path.starts_with("owner."));
        assert_eq!((owner.iter().count(), others.iter().count()), (1, 4));
        let newer: Answers = [("owner.name.first", "Bar")].into_iter().collect();
        let merged = others.merged(owner).merged(newer);
        assert_eq!((merged.iter().count(), merged.text("owner.name.first")), (5, "Bar"));
    }

    #[test]
    fn debug_output_shows_no_answer() {
        let shown = format!("{:?}", owners());
        assert!(shown.contains("owners.1.name.first") && !shown.contains("Bob"));
    }
}

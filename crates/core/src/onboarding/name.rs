//! How WePay cuts names.

/// Most characters of a name that WePay keeps (Name Structure: "Truncated after the first 35
/// characters").
pub const NAME_CHARS_MAX: usize = 35;

/// What WePay keeps of the given names: first and middle joined by a space, cut after 35
/// characters. The joining space is our reading; the document names no separator.
pub fn kept_given_names(first: &str, middle: &str) -> String {
    let joined =
        [first.trim(), middle.trim()].into_iter().filter(|n| !n.is_empty()).collect::<Vec<_>>();
    joined.join(" ").chars().take(NAME_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names_are_joined_and_cut_after_35_characters() {
        let kept = kept_given_names("Oluwaseun Christopher", "Adebayo Temitope");
        assert_eq!(kept, "Oluwaseun Christopher Adebayo Temit");
    }

    #[test]
    fn a_missing_middle_name_leaves_no_space() {
        assert_eq!(kept_given_names(" Nadia ", ""), "Nadia");
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        assert_eq!(kept_given_names(&"é".repeat(40), "").chars().count(), 35);
    }
}

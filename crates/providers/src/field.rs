//! Questions, written shortly.

use satchel_core::onboarding::{Field, FieldGroup, FieldKind, Presence, Rule};

/// Most characters of one answer (WePay: "String (255 chars)").
pub(crate) const CHARS_MAX: usize = 255;

/// A question that must be answered.
pub(crate) fn required(path: &str, kind: FieldKind) -> Field {
    field(path, kind, Presence::Required)
}

/// A question that may be answered.
pub(crate) fn optional(path: &str, kind: FieldKind) -> Field {
    field(path, kind, Presence::Optional)
}

fn field(path: &str, kind: FieldKind, presence: Presence) -> Field {
    Field { path: path.to_owned(), kind, presence, rules: Vec::new(), group: FieldGroup::Details }
}

/// The question with these rules added.
pub(crate) fn ruled(mut field: Field, rules: impl IntoIterator<Item = Rule>) -> Field {
    field.rules.extend(rules);
    field
}

/// The question with its answer kept among the national numbers.
pub(crate) fn national(mut field: Field) -> Field {
    field.group = FieldGroup::National;
    field
}

/// The question with a limit on its characters.
pub(crate) fn limited(field: Field) -> Field {
    ruled(field, [Rule::CharsMax { chars: CHARS_MAX }])
}

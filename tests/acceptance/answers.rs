//! Made-up applicants. Every value is a canary: it must not be found outside the sealed stores.

/// Answers of a WePay individual in the US whose provider asks for documents and rejects the first
/// set.
pub fn individual_us() -> Vec<(&'static str, &'static str)> {
    vec![
        ("owner.name.first", "Quillonda"),
        ("owner.name.middle", "Illegible"),
        ("owner.name.last", "Documents"),
        ("owner.date_of_birth", "1986-03-14"),
        ("owner.phone.country_code", "+1"),
        ("owner.phone.number", "5556667788"),
        ("owner.email", "quillonda@canary-mail.example"),
        ("owner.address.address1", "48217 Canarybird Avenue"),
        ("owner.address.city", "Zephyrhillsborough"),
        ("owner.address.region", "FL"),
        ("owner.address.postal_code", "33542"),
        ("owner.address.country", "US"),
        ("owner.us.ssn", "219-09-8765"),
        ("entity.mcc", "5462"),
    ]
}

/// Answers of a Winter applicant whose first set fails and whose second is accepted.
pub fn winter() -> Vec<(&'static str, &'static str)> {
    vec![
        ("owner.name.first", "Quillonda"),
        ("owner.name.last", "Documents"),
        ("owner.address.address1", "48217 Canarybird Avenue"),
        ("owner.address.city", "Zephyrhillsborough"),
        ("owner.address.region", "FL"),
        ("owner.address.postal_code", "33542"),
        ("owner.address.country", "US"),
        ("owner.us.ssn", "219-09-8765"),
    ]
}

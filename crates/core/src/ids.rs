//! Opaque identifiers. Each is 32 hexadecimal digits (128 random bits) and says nothing about a
//! person.

use serde::{Deserialize, Serialize};

use crate::chance::Chance;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Draws a new identifier.
            pub fn draw(chance: &mut Chance) -> Self {
                Self(chance.hex_128())
            }

            /// Accepts an identifier that came from outside: 32 lower-case hexadecimal digits.
            pub fn parse(text: &str) -> Option<Self> {
                let well_formed = text.len() == 32
                    && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
                well_formed.then(|| Self(text.to_owned()))
            }

            /// The digits.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A merchant's account as this device knows it.
    AccountId
);
id!(
    /// A configured provider.
    ConnectionId
);
id!(
    /// An onboarding still being filled.
    DraftId
);
id!(
    /// One prepared picture.
    PhotoId
);
id!(
    /// A sealed draft on its way.
    SubmissionId
);

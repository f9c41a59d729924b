//! What the barcode on the back of a US or Canadian licence says of its holder.

mod aamva;
pub(crate) mod barcode;

use std::fmt;

use serde::{Deserialize, Serialize};

/// Who issued a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LicenceCountry {
    /// A state or territory of the United States.
    Us,
    /// A province or territory of Canada.
    Ca,
}

/// A licence's holder, as its barcode has it. Texts are as printed, most often in capitals.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    /// Version of AAMVA's standard, 1 to 10.
    pub version: u8,
    /// Where it was issued.
    pub country: LicenceCountry,
    /// Family name.
    pub family_name: Option<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Further names.
    pub middle_name: Option<String>,
    /// Day of birth, `YYYY-MM-DD`.
    pub born: Option<String>,
    /// Last day on which it is valid, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// Street and number.
    pub street: Option<String>,
    /// Second line of the street.
    pub street_2: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province, two letters.
    pub region: Option<String>,
    /// ZIP or postal code, `12345`, `12345-6789` or `K1A 0B1`.
    pub postcode: Option<String>,
    /// The licence's own number.
    pub number: Option<String>,
}

impl Licence {
    /// Reads the text of a barcode; None when it is not a licence's.
    pub fn read(text: &str) -> Option<Self> {
        aamva::read(text)
    }
}

impl fmt::Debug for Licence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Licence")
            .field("version", &self.version)
            .field("country", &self.country)
            .finish_non_exhaustive()
    }
}

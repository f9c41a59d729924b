//! Photos of papers, drawn from the seed and prepared by `satchelctl` as they will be sent.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use satchel_fixtures::Specimen;
use sha2::{Digest, Sha256};

/// Papers that an individual in the US may show, cards first: a slow link takes the first few.
const SIDES: [(&str, &str, Draw); 18] = [
    ("drivers_license", "front", Specimen::card),
    ("drivers_license", "back", Specimen::card_back),
    ("permanent_residence_card", "front", Specimen::card),
    ("permanent_residence_card", "back", Specimen::card_back),
    ("employment_authorization_card", "front", Specimen::card),
    ("employment_authorization_card", "back", Specimen::card_back),
    ("other_government_issued_photo_id", "front", Specimen::card),
    ("other_government_issued_photo_id", "back", Specimen::card_back),
    ("benefits_card", "front", Specimen::card),
    ("benefits_card", "back", Specimen::card_back),
    ("social_security_card", "front", Specimen::card),
    ("passport", "front", Specimen::passport),
    ("current_utility_bill", "front", Specimen::bill),
    ("current_bank_statement", "front", Specimen::bill),
    ("current_local_tax_bill", "front", Specimen::bill),
    ("mortgage_statement", "front", Specimen::bill),
    ("current_lease_contract", "front", Specimen::bill),
    ("birth_certificate", "front", Specimen::bill),
];

type Draw = fn(u64) -> Specimen;

/// A photo as a camera takes it.
#[derive(Clone, Debug)]
pub(crate) struct Photo {
    document: &'static str,
    side: &'static str,
    file: PathBuf,
}

/// A photo as it is sent.
#[derive(Clone, Debug)]
pub(crate) struct PreparedPhoto {
    /// The paper, in the provider's word.
    pub(crate) document: String,
    /// The bytes.
    pub(crate) bytes: Vec<u8>,
    /// Their hash in hexadecimal.
    pub(crate) sha256: String,
}

impl Photo {
    /// As `satchelctl submit --document` takes it.
    ///
    /// # Errors
    /// When the folder's name is not UTF-8.
    pub(crate) fn argument(&self) -> Result<String> {
        let file = self.file.to_str().context("a folder's name is not UTF-8")?;
        Ok(format!("{}:{}={file}", self.document, self.side))
    }
}

/// Photos, each with what is sent of it.
pub(crate) type Album = Vec<(Photo, PreparedPhoto)>;

/// Draws one photo of each side into `folder`.
///
/// # Errors
/// When `satchelctl` refuses one.
pub(crate) fn album(folder: &Path, programs: &Path, seed: u64) -> Result<Album> {
    let sides = SIDES.iter().zip(0..);
    sides.map(|(side, at)| one(folder, programs, *side, seed.wrapping_add(at))).collect()
}

fn one(
    folder: &Path,
    programs: &Path,
    (document, side, draw): (&'static str, &'static str, Draw),
    seed: u64,
) -> Result<(Photo, PreparedPhoto)> {
    let file = folder.join(format!("{document}-{side}.jpg"));
    std::fs::write(&file, draw(seed).jpeg())?;
    let out = folder.join("prepared");
    let mut prepare = Command::new(programs.join("satchelctl"));
    prepare.args(["prepare", "--provider", "wepay", "--type", document, "--out"]).arg(&out);
    let output = prepare.arg(&file).output().context("cannot start satchelctl")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let bytes = std::fs::read(out.join(format!("{document}-{side}.jpg")))?;
    let digest = Sha256::digest(&bytes);
    let sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let prepared = PreparedPhoto { document: document.to_owned(), bytes, sha256 };
    Ok((Photo { document, side, file }, prepared))
}

/// How many photos of the album each of `accounts` gets, so that together they come closest to
/// `payload` bytes.
pub(crate) fn share(album: &[(Photo, PreparedPhoto)], accounts: usize, payload: f64) -> usize {
    let mut together = 0.0;
    let sums = album.iter().map(|(_, prepared)| {
        together += (prepared.bytes.len() * accounts) as f64;
        together
    });
    let off = sums.enumerate().map(|(at, sum)| (at + 1, (sum - payload).abs()));
    off.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(count, _)| count)
}

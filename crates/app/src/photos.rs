//! Use cases about photos: judged on the spot, sealed before anything names them.

use satchel_capture::{
    CaptureFault, Darkroom, DocumentShape, FormatsTaken, Frame, PageSize, PhotoRule, PreparedPhoto,
    QuarterTurns, Verdict,
};
use satchel_core::clock::{Moment, UnixMs};
use satchel_core::ids::PhotoId;
use satchel_core::onboarding::{
    Country, DocumentChoice, DocumentType, Draft, DraftPhoto, Shape, Side,
};
use satchel_core::photo::{PhotoFormat, PhotoRecord, Rendition};
use satchel_core::provider::DocumentState;
use serde::Serialize;

use crate::api::{ApiError, DraftView, PhotoView, ReportView};
use crate::fail_point::{self, FailPoint};
use crate::lighten::Kept;
use crate::satchel::Satchel;
use crate::session::Session;
use crate::view;

/// Bytes that must stay free on the disk: below them no photo is taken, so that sending and text go
/// on.
const FREE_BYTES_MIN: u64 = 200 * 1024 * 1024;

/// What a picture comes as.
#[derive(Clone, Copy, Debug)]
pub enum Picture<'a> {
    /// A file's bytes.
    File(&'a [u8]),
    /// A page, counted from 1, of a file that has several.
    Page(&'a [u8], u32),
    /// A camera's frame, RGBA.
    Frame {
        /// Four bytes a pixel.
        rgba: &'a [u8],
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
}

/// How a photo comes to be in the place of another.
enum Come {
    /// It was taken, of this side of this paper.
    Taken(DocumentType, Side),
    /// It is this one, turned.
    Turned(PhotoRecord),
}

/// Where the same picture was seen before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Duplicate {
    /// On the other side of the same paper.
    OtherSide,
    /// On another account.
    OtherAccount,
    /// Rejected by the provider, then.
    RejectedBefore(UnixMs),
}

impl Duplicate {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::OtherSide => "other_side",
            Self::OtherAccount => "other_account",
            Self::RejectedBefore(_) => "rejected_before",
        }
    }
}

impl Satchel {
    /// Prepares a picture, judges it, seals it, and puts it into a draft.
    ///
    /// # Errors
    /// The capture crate's codes, `unsupported_document`, `disk_full`. The draft stays as it was.
    pub fn photo_add(
        &self,
        draft: &str,
        document: &str,
        side: &str,
        picture: Picture<'_>,
    ) -> Result<PhotoView, ApiError> {
        let document = DocumentType::new(document);
        let side = Side::parse(side).ok_or_else(|| ApiError::new("unknown_side"))?;
        let rule = self.with(|session, _| session.photo_rule(draft, &document, side))?;
        self.room()?;
        let prepared = made(&self.0.ports.darkroom, picture, &rule)?;
        let come = Come::Taken(document, side);
        self.with(|session, now| session.keep_photo(draft, come, prepared, now))
    }

    /// Judges a camera's frame, several times a second. Keeps nothing. Nothing is decoded, so this
    /// needs no process apart.
    ///
    /// # Errors
    /// `unknown_shape`, or the capture crate's codes.
    pub fn frame_judge(
        &self,
        shape: &str,
        rgba: &[u8],
        (width, height): (u32, u32),
        shot_width: u32,
    ) -> Result<ReportView, ApiError> {
        let shape = match shape {
            "card" => DocumentShape::Card,
            "passport_page" => DocumentShape::PassportPage,
            "page" => DocumentShape::Page(PageSize::A4),
            _ => return Err(ApiError::new("unknown_shape")),
        };
        let frame = Frame { rgba, width_px: width, height_px: height };
        let report = satchel_capture::judge_frame(&frame, shape, shot_width.max(width))?;
        Ok(view::report(&report))
    }

    /// A photo's picture.
    ///
    /// # Errors
    /// `unknown_photo`, `record_damaged`.
    pub fn photo_bytes(&self, photo: &str, rendition: &str) -> Result<Vec<u8>, ApiError> {
        let rendition = match rendition {
            "preview" => Rendition::Preview,
            "upload" => Rendition::Upload,
            _ => return Err(ApiError::new("unknown_rendition")),
        };
        let id = photo_id(photo)?;
        self.with(|session, _| session.picture(&id, rendition))
    }

    /// Takes a photo out of a draft.
    ///
    /// # Errors
    /// `unknown_photo`.
    pub fn photo_remove(&self, draft: &str, photo: &str) -> Result<DraftView, ApiError> {
        let id = photo_id(photo)?;
        let view = self.change_draft(draft, |_, draft| {
            let before = draft.photos.len();
            draft.photos.retain(|p| p.photo.id != id);
            if draft.photos.len() == before {
                return Err(ApiError::new("unknown_photo"));
            }
            Ok(())
        })?;
        self.with(|session, _| session.drop_pictures(&id))?;
        Ok(view)
    }

    /// Uses a photo although it was judged bad, and keeps why.
    ///
    /// # Errors
    /// `unknown_photo`, `required`, `retake_first`.
    pub fn photo_use(&self, draft: &str, photo: &str, reason: &str) -> Result<DraftView, ApiError> {
        let id = photo_id(photo)?;
        self.change_draft(draft, |session, draft| {
            if reason.trim().is_empty() {
                return Err(ApiError::new("required").at("reason"));
            }
            let whole = draft.clone();
            let kept = draft
                .photos
                .iter_mut()
                .find(|p| p.photo.id == id)
                .ok_or_else(|| ApiError::new("unknown_photo"))?;
            if !view::photo(session, &whole, kept).may_override {
                return Err(ApiError::new("retake_first"));
            }
            kept.photo.override_reason = Some(reason.trim().to_owned());
            Ok(())
        })
    }

    /// Turns a photo by quarters, clockwise. That is no retake, and a reason to use it stays.
    ///
    /// # Errors
    /// `unknown_photo`, or the capture crate's codes.
    pub fn photo_turn(
        &self,
        draft: &str,
        photo: &str,
        quarters: u8,
    ) -> Result<PhotoView, ApiError> {
        let turns = match quarters % 4 {
            1 => QuarterTurns::One,
            2 => QuarterTurns::Two,
            3 => QuarterTurns::Three,
            _ => return Err(ApiError::new("required").at("quarters")),
        };
        let id = photo_id(photo)?;
        let (record, evidence, rule) = self.with(|session, _| {
            let of = session.draft(draft)?.photos.iter().find(|p| p.photo.id == id);
            let record = of.ok_or_else(|| ApiError::new("unknown_photo"))?.photo.clone();
            let rule = session.photo_rule(draft, &record.document, record.side)?;
            Ok((record, session.picture(&id, Rendition::Evidence)?, rule))
        })?;
        let kept: Kept =
            serde_json::from_str(&record.report).map_err(|_| ApiError::new("record_damaged"))?;
        let prepared = self.0.ports.darkroom.turn(&evidence, &kept.chain, turns, &rule)?;
        let come = Come::Turned(record);
        self.with(|session, now| session.keep_photo(draft, come, prepared, now))
    }

    /// Refuses a photo while the disk is nearly full.
    fn room(&self) -> Result<(), ApiError> {
        match free_bytes(self.0.folder.path()) {
            Some(free) if free < FREE_BYTES_MIN => Err(ApiError::new("disk_nearly_full")),
            Some(_) | None => Ok(()),
        }
    }
}

/// A photo as it would be sent, made without a vault.
#[derive(Clone, Debug, Serialize)]
pub struct Prepared {
    /// What would be sent.
    #[serde(skip)]
    pub bytes: Vec<u8>,
    /// File name extension of its encoding.
    pub extension: &'static str,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// What the checks say.
    pub report: ReportView,
    /// What the barcode of a licence says, when there is one.
    pub licence: Option<satchel_capture::Licence>,
    /// Hashes and transforms, from the file to what would be sent.
    pub chain: serde_json::Value,
}

fn made(
    darkroom: &Darkroom,
    picture: Picture<'_>,
    rule: &PhotoRule,
) -> Result<PreparedPhoto, CaptureFault> {
    match picture {
        Picture::File(bytes) => darkroom.prepare(bytes, rule),
        Picture::Page(bytes, page) => darkroom.prepare_page(bytes, Some(page), rule),
        Picture::Frame { rgba, width, height } => {
            let frame = Frame { rgba, width_px: width, height_px: height };
            darkroom.prepare_frame(&frame, rule)
        }
    }
}

/// Prepares and judges a photo for a paper of a provider.
///
/// # Errors
/// `unknown_provider`, `unsupported_document`, or the capture crate's codes.
pub fn prepare(
    darkroom: &Darkroom,
    provider: &str,
    document: &str,
    country: Country,
    picture: Picture<'_>,
) -> Result<Prepared, ApiError> {
    let provider =
        satchel_providers::by_code(provider).ok_or_else(|| ApiError::new("unknown_provider"))?;
    let kind = DocumentType::new(document);
    let of_country = provider.offers().into_iter().filter(|who| who.country == country);
    let rule = of_country
        .map(|who| provider.requirements(who))
        .find_map(|r| {
            let choice = r.choice(&kind)?;
            let reads_licence = has_barcode(choice, country);
            Some(PhotoRule { reads_licence, ..rule_of(choice, country) })
        })
        .ok_or_else(|| ApiError::new("unsupported_document"))?;
    let photo = made(darkroom, picture, &rule)?;
    Ok(Prepared {
        extension: photo.upload.format.extension(),
        width: photo.upload.width_px,
        height: photo.upload.height_px,
        report: view::report(&photo.report),
        licence: photo.licence,
        chain: serde_json::to_value(&photo.chain).unwrap_or_default(),
        bytes: photo.upload.bytes,
    })
}

/// Bytes free on the disk that holds `folder`, where the system tells.
pub(crate) fn free_bytes(folder: &std::path::Path) -> Option<u64> {
    let there = folder.ancestors().find(|f| f.exists())?;
    let stat = rustix::fs::statvfs(there).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}

fn photo_id(text: &str) -> Result<PhotoId, ApiError> {
    PhotoId::parse(text).ok_or_else(|| ApiError::new("unknown_photo"))
}

pub(crate) fn format_of(format: satchel_capture::PhotoFormat) -> PhotoFormat {
    match format {
        satchel_capture::PhotoFormat::Jpeg => PhotoFormat::Jpeg,
        satchel_capture::PhotoFormat::Png => PhotoFormat::Png,
    }
}

/// The capture crate's rule for a paper: the provider's ceiling, our floor of legibility.
pub(crate) fn rule_of(choice: &DocumentChoice, country: Country) -> PhotoRule {
    let shape = match (choice.shape, country) {
        (Shape::Card, _) => DocumentShape::Card,
        (Shape::PassportPage, _) => DocumentShape::PassportPage,
        (Shape::Page, Country::Us | Country::Ca) => DocumentShape::Page(PageSize::Letter),
        (Shape::Page, Country::Gb) => DocumentShape::Page(PageSize::A4),
    };
    let mut rule = PhotoRule::for_document(shape, choice.limits.bytes_max);
    if choice.limits.formats.contains(&PhotoFormat::Png) {
        rule.formats = FormatsTaken::JpegAndPng;
    }
    rule
}

/// Licences of the US and Canada have one on their back.
fn has_barcode(choice: &DocumentChoice, country: Country) -> bool {
    choice.shape == Shape::Card && matches!(country, Country::Us | Country::Ca)
}

impl Session {
    fn photo_rule(
        &self,
        draft: &str,
        document: &DocumentType,
        side: Side,
    ) -> Result<PhotoRule, ApiError> {
        let draft = self.draft(draft)?;
        let account = self.account(draft.account.as_str())?;
        let who = draft.who.ok_or_else(|| ApiError::new("missing_who"))?;
        let requirements = self.provider_of(account)?.requirements(who);
        let choice = requirements
            .choice(document)
            .filter(|c| c.sides.contains(&side))
            .ok_or_else(|| ApiError::new("unsupported_document"))?;
        let mut rule = rule_of(choice, who.country);
        rule.reads_licence = side == Side::Back && has_barcode(choice, who.country);
        Ok(rule)
    }

    fn keep_photo(
        &mut self,
        draft: &str,
        come: Come,
        prepared: PreparedPhoto,
        now: Moment,
    ) -> Result<PhotoView, ApiError> {
        let mut draft = self.draft(draft)?.clone();
        let (document, side, turned) = match come {
            Come::Taken(document, side) => (document, side, None),
            Come::Turned(old) => (old.document.clone(), old.side, Some(old)),
        };
        let mut record = self.record_of(document, side, &prepared, now)?;
        if let Some(old) = &turned {
            record.override_reason.clone_from(&old.override_reason);
        }
        let PreparedPhoto { evidence, upload, preview, .. } = &prepared;
        let pictures: [(Rendition, &[u8]); 3] = [
            (Rendition::Evidence, &evidence.bytes),
            (Rendition::Upload, &upload.bytes),
            (Rendition::Preview, &preview.bytes),
        ];
        self.keep_pictures(&draft.id, &record.id, &pictures)?;
        fail_point::reach(FailPoint::PhotoBeforeRow);
        let id = record.id.clone();
        let old = replace(self, &mut draft, record, turned.is_some());
        let shown = draft.clone();
        self.save_draft(draft, now)?;
        fail_point::reach(FailPoint::PhotoAfterRow);
        for photo in old {
            self.drop_pictures(&photo)?;
        }
        let kept = shown.photos.iter().find(|p| p.photo.id == id);
        let kept = kept.ok_or_else(|| ApiError::new("unknown_photo"))?;
        Ok(view::photo(self, &shown, kept))
    }

    fn record_of(
        &mut self,
        document: DocumentType,
        side: Side,
        prepared: &PreparedPhoto,
        now: Moment,
    ) -> Result<PhotoRecord, ApiError> {
        let PreparedPhoto { report, chain, licence, .. } = prepared.clone();
        let kept = Kept { report, chain, licence };
        let report = serde_json::to_string(&kept).map_err(|_| ApiError::new("record_damaged"))?;
        let fingerprint = serde_json::to_value(prepared.report.fingerprint)
            .ok()
            .and_then(|v| u64::from_str_radix(v.as_str()?, 16).ok());
        Ok(PhotoRecord {
            id: PhotoId::draw(&mut self.chance),
            document,
            side,
            format: format_of(prepared.upload.format),
            bytes: prepared.upload.bytes.len() as u64,
            width: prepared.upload.width_px,
            height: prepared.upload.height_px,
            original_sha256: prepared.chain.original.sha256.to_string(),
            upload_sha256: prepared.upload.sha256.to_string(),
            look: fingerprint.unwrap_or(0),
            report,
            override_reason: None,
            taken_ms: now.wall_ms,
        })
    }

    /// Where the same file or the same picture was seen before.
    pub(crate) fn duplicate(&self, draft: &Draft, photo: &PhotoRecord) -> Option<Duplicate> {
        let same = |other: &PhotoRecord| {
            other.id != photo.id
                && (other.original_sha256 == photo.original_sha256
                    || other.upload_sha256 == photo.upload_sha256
                    || looks_same(other, photo))
        };
        let here = draft.photos.iter().map(|p| &p.photo);
        if here.clone().any(same) {
            return Some(Duplicate::OtherSide);
        }
        for submission in self.engine.submissions() {
            for sent in submission.photos().iter().filter(|p| same(&p.record)) {
                if submission.account() != &draft.account {
                    return Some(Duplicate::OtherAccount);
                }
                let rejected = submission.status().is_some_and(|s| {
                    s.documents.iter().any(|d| {
                        d.state == DocumentState::Rejected && d.kind == sent.record.document
                    })
                });
                if rejected || draft.continues.is_some() {
                    return Some(Duplicate::RejectedBefore(sent.added_ms));
                }
            }
        }
        let others = self.drafts.values().filter(|d| d.id != draft.id);
        let elsewhere = others.flat_map(|d| &d.photos).any(|p| same(&p.photo));
        elsewhere.then_some(Duplicate::OtherAccount)
    }
}

/// Pictures whose perceptual hashes differ in few of 64 bits. A hash of 0 says nothing.
fn looks_same(a: &PhotoRecord, b: &PhotoRecord) -> bool {
    a.look != 0
        && b.look != 0
        && (a.look ^ b.look).count_ones() <= satchel_capture::Fingerprint::SAME_MAX
}

/// Puts a photo in the place of the one it replaces; the bad ones before it are counted, unless it
/// is the same one turned.
fn replace(
    session: &Session,
    draft: &mut Draft,
    record: PhotoRecord,
    turned: bool,
) -> Vec<PhotoId> {
    let whole_kind_goes = session.one_kind(draft);
    let (document, side) = (record.document.clone(), record.side);
    let mut retakes = 0;
    let mut old = Vec::new();
    draft.photos.retain(|p| {
        let same_side = p.photo.document == document && p.photo.side == side;
        let other_kind = whole_kind_goes && p.photo.document != document;
        if same_side {
            retakes = p.retakes + u32::from(!turned && p.is_bad);
        }
        if same_side || other_kind {
            old.push(p.photo.id.clone());
        }
        !(same_side || other_kind)
    });
    let is_bad = is_bad(&record);
    draft.photos.push(DraftPhoto { photo: record, retakes, is_bad });
    old
}

fn is_bad(photo: &PhotoRecord) -> bool {
    let kept: Option<Kept> = serde_json::from_str(&photo.report).ok();
    kept.is_some_and(|k| k.report.verdict == Verdict::Bad)
}

impl Session {
    fn one_kind(&self, draft: &Draft) -> bool {
        let of = || {
            let account = self.account(draft.account.as_str()).ok()?;
            let requirements = self.provider_of(account).ok()?.requirements(draft.who?);
            Some(requirements.documents.one_kind)
        };
        of().unwrap_or(false)
    }
}

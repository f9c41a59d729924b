//! Photos made smaller after they were sealed: for a link too slow for them, or a provider that
//! finds one too large. Everything is made anew from the evidence, so that no retake is needed.

use satchel_capture::{Chain, Darkroom, Licence, PhotoRule, Rerendered};
use satchel_core::clock::Moment;
use satchel_core::delivery::{Correction, EngineEvent, Event, Refusal, SubmissionState};
use satchel_core::ids::{PhotoId, SubmissionId};
use satchel_core::photo::{PhotoRecord, Rendition};
use serde::{Deserialize, Serialize};

use crate::api::ApiError;
use crate::photos::{format_of, rule_of};
use crate::satchel::Satchel;
use crate::session::Session;

/// Share of a photo's bytes that a smaller one aims at.
const AIM: u64 = 3;
/// A photo that cannot be made smaller than nine tenths gains nothing.
const GAIN_TENTHS: u64 = 9;
/// Share of a refused photo's bytes that its replacement may have at most.
const CEILING: u64 = 2;

/// What is kept beside a photo so that it can be explained, turned and made smaller.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    #[serde(flatten)]
    pub(crate) report: satchel_capture::QualityReport,
    pub(crate) chain: Chain,
    /// What the barcode says, when there is one.
    #[serde(default)]
    pub(crate) licence: Option<Licence>,
}

/// One photo to be made smaller, with all that is needed: the work itself touches no store.
pub(crate) struct Lightening {
    record: PhotoRecord,
    chain: Chain,
    licence: Option<Licence>,
    rule: PhotoRule,
    evidence: Vec<u8>,
    preview: Vec<u8>,
}

/// A photo made smaller.
pub(crate) struct Lightened {
    of: Lightening,
    upload: Rerendered,
}

/// What became of a set that was to be made smaller.
pub(crate) struct LightenedSet {
    generation: u64,
    submission: SubmissionId,
    photos: Vec<Lightened>,
}

/// All photos of one submission that are to be made smaller for a slow link.
pub(crate) struct LighterSet {
    generation: u64,
    pub(crate) submission: SubmissionId,
    photos: Vec<Lightening>,
}

impl LighterSet {
    /// Opens what is needed. A photo that does not open is left as it is.
    pub(crate) fn prepare(session: &Session, submission: SubmissionId, ids: &[PhotoId]) -> Self {
        let photos = ids
            .iter()
            .filter_map(|id| {
                let mut of = Lightening::prepare(session, &submission, id).ok()?;
                of.rule.bytes_aim = of.rule.bytes_aim.min(of.record.bytes / AIM);
                of.rule.bytes_min = 0;
                Some(of)
            })
            .collect();
        Self { generation: session.generation, submission, photos }
    }

    /// Encodes. Takes a good part of a second for each photo.
    pub(crate) fn work(self, darkroom: &Darkroom) -> LightenedSet {
        let made = self.photos.into_iter().filter_map(|of| {
            let least = of.record.bytes / 10 * GAIN_TENTHS;
            let made = of.work(darkroom).ok()?;
            ((made.upload.upload.bytes.len() as u64) < least).then_some(made)
        });
        let photos = made.collect();
        LightenedSet { generation: self.generation, submission: self.submission, photos }
    }
}

impl Lightening {
    fn prepare(
        session: &Session,
        submission: &SubmissionId,
        photo: &PhotoId,
    ) -> Result<Self, ApiError> {
        let unknown = || ApiError::new("unknown_photo");
        let of = session.engine.submission_of(submission).ok_or_else(unknown)?;
        let found = of.photos().iter().find(|p| &p.record.id == photo && !p.replaced);
        let record = found.ok_or_else(unknown)?.record.clone();
        let held = session.submissions.get(submission).ok_or_else(unknown)?;
        let account = session.account(held.record.account.as_str())?;
        let requirements = session.provider_of(account)?.requirements(held.record.who);
        let choice = requirements
            .choice(&record.document)
            .ok_or_else(|| ApiError::new("unsupported_document"))?;
        let kept: Kept =
            serde_json::from_str(&record.report).map_err(|_| ApiError::new("record_damaged"))?;
        Ok(Self {
            rule: rule_of(choice, held.record.who.country),
            evidence: session.store.photo(photo, Rendition::Evidence)?,
            preview: session.store.photo(photo, Rendition::Preview)?,
            chain: kept.chain,
            licence: kept.licence,
            record,
        })
    }

    fn work(self, darkroom: &Darkroom) -> Result<Lightened, ApiError> {
        let upload = darkroom.rerender(&self.evidence, &self.chain, &self.rule)?;
        Ok(Lightened { of: self, upload })
    }
}

impl Lightened {
    /// Stores the renditions; durable before the log names them.
    fn keep(self, session: &mut Session) -> Result<(PhotoId, PhotoRecord), ApiError> {
        let Rerendered { upload, report, chain } = self.upload;
        let kept = Kept { report, chain, licence: self.of.licence };
        let report = serde_json::to_string(&kept).map_err(|_| ApiError::new("record_damaged"))?;
        let new = PhotoRecord {
            id: PhotoId::draw(&mut session.chance),
            format: format_of(upload.format),
            bytes: upload.bytes.len() as u64,
            width: upload.width_px,
            height: upload.height_px,
            upload_sha256: upload.sha256.to_string(),
            report,
            ..self.of.record.clone()
        };
        session.store.put_photo(
            &new.id,
            &[
                (Rendition::Evidence, &self.of.evidence),
                (Rendition::Upload, &upload.bytes),
                (Rendition::Preview, &self.of.preview),
            ],
        )?;
        Ok((self.of.record.id, new))
    }
}

impl Session {
    /// Takes in smaller photos for a slow link, unless the engine that asked is gone. One that may
    /// no longer change stays as it is.
    pub(crate) fn lightened(&mut self, set: LightenedSet, now: Moment) {
        let LightenedSet { generation, submission: id, photos } = set;
        if generation != self.generation {
            return;
        }
        for photo in photos {
            let Ok((old, new)) = photo.keep(self) else { continue };
            let made = new.id.clone();
            let event = Event::PhotoLightened { old, new: Box::new(new) };
            if self.person(&id, event, now).is_err() {
                // It went, or the store refused: what no log names is swept at the next start too.
                let _ = self.store.remove_photo(&made);
            }
        }
        self.tell(EngineEvent::Lightened(id), now);
    }

    /// The photo that the provider found too large, ready to be made smaller.
    fn too_large(&self, id: &SubmissionId) -> Result<Lightening, ApiError> {
        let submission = self.engine.submission_of(id);
        let refusal = submission.map(satchel_core::delivery::Submission::state);
        let Some(
            SubmissionState::Blocked { refusal: Refusal::TooLarge { photo }, .. }
            | SubmissionState::Quarantined { refusal: Refusal::TooLarge { photo }, .. },
        ) = refusal
        else {
            return Err(ApiError::new("not_possible_now"));
        };
        let mut of = Lightening::prepare(self, id, photo)?;
        let most = of.record.bytes / CEILING;
        of.rule.bytes_max = of.rule.bytes_max.min(most);
        of.rule.bytes_aim = of.rule.bytes_aim.min(most);
        of.rule.bytes_min = 0;
        Ok(of)
    }
}

impl Satchel {
    /// Sends the photo that the provider found too large at half its size or less, made anew from
    /// the evidence.
    ///
    /// # Errors
    /// `unknown_submission`; `not_possible_now` unless a photo was too large; `over_budget` when it
    /// could no longer be read at that size: then only a retake helps.
    pub fn submission_lighten(&self, submission: &str) -> Result<(), ApiError> {
        let (id, photo) = self.with(|session, _| {
            let id = session.submission_id(submission)?;
            let photo = session.too_large(&id)?;
            Ok((id, photo))
        })?;
        let made = photo.work(&self.0.ports.darkroom)?;
        self.with(|session, now| {
            let (old, new) = made.keep(session)?;
            let correction = Correction::Photo { old, new: Box::new(new) };
            session.person(&id, Event::Corrected { correction }, now)
        })
    }
}

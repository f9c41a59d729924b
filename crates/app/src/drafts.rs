//! Use cases about drafts: saved at every change, sealed when nothing is missing.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use satchel_core::clock::Moment;
use satchel_core::delivery::{EngineEvent, Event, Recorded, Submission, SubmissionState};
use satchel_core::ids::{DraftId, SubmissionId};
use satchel_core::onboarding::{
    Answers, Consent, Country, Draft, EntityKind, Missing, Sealed, Who,
};
use satchel_core::photo::PhotoRecord;
use satchel_core::provider::Capabilities;
use satchel_core::store::{Sealing, SubmissionRecord};

use crate::api::{AnswerRequest, ApiError, DraftView, SealView};
use crate::satchel::Satchel;
use crate::session::{Held, Session};
use crate::view;

/// The consent text that the window shows, with its version.
const CONSENT_TEXT: &str = "consent.v1";

/// Most characters of one answer: far above every provider's limit, and far below what fills a
/// disk.
const ANSWER_CHARS_MAX: usize = 4_096;

/// Most characters of a step's name.
const STEP_CHARS_MAX: usize = 40;

/// Today where this device is.
pub(crate) fn today(now: &Moment) -> Date {
    let at = jiff::Timestamp::from_millisecond(now.wall_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.to_zoned(TimeZone::system()).date()
}

impl Satchel {
    /// Begins an onboarding, or goes on with the one that is open.
    ///
    /// # Errors
    /// `unknown_account`, `already_submitted`.
    pub fn draft_start(&self, account: &str) -> Result<DraftView, ApiError> {
        self.with(|session, now| session.start(account, now))
    }

    /// A draft as a form.
    ///
    /// # Errors
    /// `unknown_draft`.
    pub fn draft_show(&self, id: &str) -> Result<DraftView, ApiError> {
        self.with(|session, now| view::draft(session, session.draft(id)?, &now))
    }

    /// Chooses kind and country. Answers that are no longer asked are kept until it is sealed.
    ///
    /// # Errors
    /// `not_offered`.
    pub fn draft_who(&self, id: &str, kind: &str, country: &str) -> Result<DraftView, ApiError> {
        self.change_draft(id, |session, draft| {
            let who = EntityKind::parse(kind)
                .zip(Country::parse(country))
                .map(|(kind, country)| Who { kind, country })
                .ok_or_else(|| ApiError::new("not_offered"))?;
            let account = session.account(draft.account.as_str())?;
            if !session.provider_of(account)?.offers().contains(&who) {
                return Err(ApiError::new("not_offered"));
            }
            draft.who = Some(who);
            prefill_country(draft);
            Ok(())
        })
    }

    /// Keeps answers as they were typed.
    ///
    /// # Errors
    /// `too_long` with the field.
    pub fn draft_answer(&self, id: &str, answers: &[AnswerRequest]) -> Result<DraftView, ApiError> {
        self.change_draft(id, |_, draft| {
            for AnswerRequest { path, value } in answers {
                if value.chars().count() > ANSWER_CHARS_MAX || path.len() > 100 {
                    return Err(ApiError::new("too_long").at(path.clone()));
                }
                draft.answers.put(path.clone(), value.clone());
                draft.no_other_owners &= !path.starts_with("owners.");
            }
            Ok(())
        })
    }

    /// Keeps the step on which the person is, so that the draft opens there again.
    ///
    /// # Errors
    /// `unknown_draft`, `too_long`.
    pub fn draft_step(&self, id: &str, step: &str) -> Result<DraftView, ApiError> {
        self.change_draft(id, |_, draft| {
            if step.len() > STEP_CHARS_MAX {
                return Err(ApiError::new("too_long").at("step"));
            }
            step.clone_into(&mut draft.step);
            Ok(())
        })
    }

    /// Says that there are no further owners, or takes that back.
    ///
    /// # Errors
    /// `unknown_draft`.
    pub fn draft_no_owners(&self, id: &str, none: bool) -> Result<DraftView, ApiError> {
        self.change_draft(id, |_, draft| {
            draft.no_other_owners = none;
            Ok(())
        })
    }

    /// Takes out a further owner.
    ///
    /// # Errors
    /// `unknown_draft`.
    pub fn draft_owner_remove(&self, id: &str, index: usize) -> Result<DraftView, ApiError> {
        self.change_draft(id, |_, draft| {
            draft.answers.remove_repeated("owners", index);
            Ok(())
        })
    }

    /// Records the applicant's consent, or takes it back.
    ///
    /// # Errors
    /// `unknown_draft`.
    pub fn draft_consent(&self, id: &str, given: bool) -> Result<DraftView, ApiError> {
        let given_ms = self.now().wall_ms;
        self.change_draft(id, |session, draft| {
            draft.consent = given.then(|| Consent {
                text_id: CONSENT_TEXT.to_owned(),
                language: draft.language.clone(),
                given_ms,
                operator: session.operator.clone(),
            });
            Ok(())
        })
    }

    /// Throws a draft away, with its photos.
    ///
    /// # Errors
    /// `unknown_draft`.
    pub fn draft_discard(&self, id: &str) -> Result<(), ApiError> {
        self.with(|session, now| {
            let draft = session.draft(id)?;
            let (id, account) = (draft.id.clone(), draft.account.clone());
            session.discard_draft(&id)?;
            session.note("draft_discarded", None, Some(&account), now)
        })
    }

    /// Begins taking photos anew for what the provider rejected or asks for, or goes on with it.
    ///
    /// # Errors
    /// `unknown_account`, `nothing_to_retake`.
    pub fn retake_start(&self, account: &str) -> Result<DraftView, ApiError> {
        self.with(|session, now| session.start_retake(account, now))
    }

    /// Seals a draft: from here on it is delivered, whatever happens to the network or the machine.
    ///
    /// # Errors
    /// `missing_…` and `photo_not_usable` with the field, `already_submitted`, `disk_full`.
    pub fn draft_seal(&self, id: &str) -> Result<SealView, ApiError> {
        self.with(|session, now| session.seal(id, now))
    }

    pub(crate) fn change_draft(
        &self,
        id: &str,
        change: impl FnOnce(&mut Session, &mut Draft) -> Result<(), ApiError>,
    ) -> Result<DraftView, ApiError> {
        self.with(|session, now| {
            let mut draft = session.draft(id)?.clone();
            change(session, &mut draft)?;
            session.save_draft(draft, now)
        })
    }
}

fn takes_photos(state: &SubmissionState) -> bool {
    match state {
        SubmissionState::NeedsDocuments { .. }
        | SubmissionState::Failed { .. }
        | SubmissionState::Queued
        | SubmissionState::Awaiting { .. }
        | SubmissionState::Blocked { .. }
        | SubmissionState::Quarantined { .. } => true,
        SubmissionState::Held
        | SubmissionState::Sending { .. }
        | SubmissionState::Unconfirmed { .. }
        | SubmissionState::Verified { .. }
        | SubmissionState::Withdrawn
        | SubmissionState::Purged => false,
    }
}

/// Countries of addresses start as the applicant's own; they can be changed.
fn prefill_country(draft: &mut Draft) {
    let Some(who) = draft.who else { return };
    let mut paths = vec!["owner.address.country"];
    if who.kind != EntityKind::Individual {
        paths.push("entity.address.country");
    }
    for path in paths {
        if !draft.answers.has(path) {
            draft.answers.put(path, who.country.code());
        }
    }
    if !draft.answers.has("owner.phone.country_code") {
        let code = match who.country {
            Country::Us | Country::Ca => "+1",
            Country::Gb => "+44",
        };
        draft.answers.put("owner.phone.country_code", code);
    }
}

impl Session {
    /// Begins an onboarding, or goes on with the one that is open.
    pub(crate) fn start(&mut self, account: &str, now: Moment) -> Result<DraftView, ApiError> {
        let account = self.account(account)?.clone();
        if let Some(draft) = self.draft_of(&account.id) {
            return view::draft(self, draft, &now);
        }
        if account.forgotten_ms.is_some() {
            return Err(ApiError::new("account_forgotten"));
        }
        if self.submission_of(&account.id).is_some() {
            return Err(ApiError::new("already_submitted"));
        }
        let offers = self.provider_of(&account)?.offers();
        let chosen = account.kind.zip(account.country).map(|(kind, country)| Who { kind, country });
        let only = offers.first().filter(|_| offers.len() == 1).copied();
        let mut answers = Answers::default();
        if let Some(email) = &account.email {
            answers.put("owner.email", email.clone());
        }
        let mut draft = self.new_draft(&account.id, now);
        draft.who = chosen.filter(|w| offers.contains(w)).or(only);
        draft.answers = answers;
        prefill_country(&mut draft);
        self.save_draft(draft, now)
    }

    /// Begins a further round of photos, or goes on with it.
    pub(crate) fn start_retake(
        &mut self,
        account: &str,
        now: Moment,
    ) -> Result<DraftView, ApiError> {
        let account = self.account(account)?.clone();
        if let Some(draft) = self.draft_of(&account.id) {
            return view::draft(self, draft, &now);
        }
        let (id, who) = self
            .submission_of(&account.id)
            .map(|(id, held)| (id.clone(), held.record.who))
            .ok_or_else(|| ApiError::new("nothing_to_retake"))?;
        let takes = self.engine.submission_of(&id).is_some_and(|s| takes_photos(s.state()));
        if !takes {
            return Err(ApiError::new("nothing_to_retake"));
        }
        let mut draft = self.new_draft(&account.id, now);
        draft.continues = Some(id);
        draft.who = Some(who);
        self.save_draft(draft, now)
    }

    /// Throws a draft away, with its photos.
    pub(crate) fn discard_draft(&mut self, id: &DraftId) -> Result<(), ApiError> {
        self.drop_draft(id)?;
        self.drafts.remove(id);
        self.changed = true;
        Ok(())
    }

    fn new_draft(&mut self, account: &satchel_core::ids::AccountId, now: Moment) -> Draft {
        let id = DraftId::draw(&mut self.chance);
        self.hold_if_asked(&id);
        Draft {
            id,
            account: account.clone(),
            continues: None,
            who: None,
            answers: Answers::default(),
            no_other_owners: false,
            photos: Vec::new(),
            consent: None,
            language: "en".to_owned(),
            operator: self.operator.clone(),
            step: String::new(),
            created_ms: now.wall_ms,
            changed_ms: now.wall_ms,
        }
    }

    pub(crate) fn save_draft(
        &mut self,
        mut draft: Draft,
        now: Moment,
    ) -> Result<DraftView, ApiError> {
        draft.changed_ms = now.wall_ms;
        if !self.is_held(&draft.id) {
            self.store.put_draft(&draft)?;
        }
        let view = view::draft(self, &draft, &now);
        self.drafts.insert(draft.id.clone(), draft);
        self.listed = None;
        view
    }

    pub(crate) fn seal(&mut self, id: &str, now: Moment) -> Result<SealView, ApiError> {
        let draft = self.draft(id)?.clone();
        let view = match draft.continues.clone() {
            Some(submission) => self.seal_round(&draft, submission, now),
            None => self.seal_new(&draft, now),
        }?;
        self.drafts.remove(&draft.id);
        if self.is_held(&draft.id) {
            self.in_hand = None;
        }
        self.changed = true;
        Ok(view)
    }

    fn seal_new(&mut self, draft: &Draft, now: Moment) -> Result<SealView, ApiError> {
        let account = self.account(draft.account.as_str())?.clone();
        if self.submission_of(&account.id).is_some() {
            return Err(ApiError::new("already_submitted"));
        }
        let provider = self.provider_of(&account)?;
        let who = draft.who.ok_or_else(|| ApiError::new("missing_who"))?;
        let sealed = draft.seal(&provider.requirements(who), today(&now)).map_err(missing)?;
        let id = SubmissionId::draw(&mut self.chance);
        let record = SubmissionRecord {
            id: id.clone(),
            account: account.id.clone(),
            who: sealed.who(),
            consent: sealed.consent().clone(),
            language: draft.language.clone(),
            sealed_ms: now.wall_ms,
            tombstone: None,
        };
        let entry = self.first_entry(sealed.photos(), provider.capabilities(), now);
        let log = vec![entry];
        let submission = Submission::replay(id.clone(), account.id.clone(), &log)
            .map_err(|_| ApiError::new("not_possible_now"))?;
        self.store_sealing(draft, &record, &sealed, &log, &submission)?;
        let held = Held { record, log, asked_ms: None, damaged: false };
        self.submissions.insert(id.clone(), held);
        let submission = Box::new(submission);
        let connection = account.connection.clone();
        self.tell(EngineEvent::Submission { submission, connection, asked_ms: None }, now);
        Ok(seal_view(&account, &id))
    }

    fn store_sealing(
        &mut self,
        draft: &Draft,
        record: &SubmissionRecord,
        sealed: &Sealed,
        log: &[Recorded],
        submission: &Submission,
    ) -> Result<(), ApiError> {
        let index = submission.index();
        let photos = self.photos_in_hand(&draft.id);
        let held = self.is_held(&draft.id);
        let sealing = Sealing {
            photos: &photos,
            draft: (!held).then_some(&draft.id),
            record,
            details: sealed.details(),
            national: sealed.national(),
            log,
            index: &index,
        };
        let stored = self.store.seal(&sealing);
        if stored.is_err() {
            self.take_back(&draft.id, photos);
        }
        Ok(stored?)
    }

    fn first_entry(
        &self,
        photos: &[PhotoRecord],
        capabilities: Capabilities,
        at: Moment,
    ) -> Recorded {
        let event = Event::Sealed { photos: photos.to_vec(), capabilities };
        Recorded { seq: 1, at, operator: self.operator.clone(), event }
    }

    fn seal_round(
        &mut self,
        draft: &Draft,
        submission: SubmissionId,
        now: Moment,
    ) -> Result<SealView, ApiError> {
        let account = self.account(draft.account.as_str())?.clone();
        let photos = draft.usable_photos().map_err(missing)?;
        if photos.is_empty() {
            return Err(ApiError::new("missing_document"));
        }
        let who = draft.who.ok_or_else(|| ApiError::new("missing_who"))?;
        let requirements = self.provider_of(&account)?.requirements(who);
        for photo in &photos {
            let choice = requirements.choice(&photo.document);
            let whole = choice.is_some_and(|c| {
                !c.all_sides
                    || c.sides
                        .iter()
                        .all(|side| photos.iter().any(|p| p.document == c.kind && p.side == *side))
            });
            if !whole {
                return Err(ApiError::new("missing_side").at(photo.document.code()));
            }
        }
        let known = self.engine.submission_of(&submission).is_some_and(|s| {
            photos.iter().all(|new| s.photos().iter().any(|p| p.record.id == new.id))
        });
        // A crash between the two writes leaves a draft whose photos are already on their way.
        if !known {
            let new = self.photos_in_hand(&draft.id);
            if let Err(fault) = self.store.put_photos(&new) {
                self.take_back(&draft.id, new);
                return Err(fault.into());
            }
            self.person(&submission, Event::PhotosAdded { photos }, now)?;
        }
        if !self.is_held(&draft.id) {
            self.store.remove_draft(&draft.id)?;
        }
        Ok(seal_view(&account, &submission))
    }
}

fn seal_view(account: &satchel_core::account::Account, id: &SubmissionId) -> SealView {
    SealView {
        account: account.id.to_string(),
        submission: id.to_string(),
        name: account.name.clone(),
    }
}

fn missing(missing: Missing) -> ApiError {
    match missing {
        Missing::Who => ApiError::new("missing_who"),
        Missing::Answers(findings) => {
            let error = ApiError::new("missing_answers");
            match findings.into_iter().next() {
                Some(first) => error.at(first.path).with(first.code),
                None => error,
            }
        }
        Missing::Owners => ApiError::new("missing_owners"),
        Missing::Document(_) => ApiError::new("missing_document"),
        Missing::Side(kind) => ApiError::new("missing_side").at(kind.code()),
        Missing::Unsupported(kind) => ApiError::new("unsupported_document").at(kind.code()),
        Missing::Photo(kind, side) => {
            ApiError::new("photo_not_usable").at(kind.code()).with(side.code())
        }
        Missing::Consent => ApiError::new("missing_consent"),
    }
}

//! Use cases about what waits and what a person does about it.

use satchel_core::clock::Moment;
use satchel_core::delivery::{Correction, EngineEvent, Event, Refusal, SubmissionState};
use satchel_core::ids::SubmissionId;
use satchel_core::onboarding::{Severity, check};

use crate::api::{
    ApiError, CorrectionRequest, NetworkView, OutboxView, SectionView, SettingRequest, SettingsView,
};
use crate::drafts::today;
use crate::locking::{idle_s_chosen, idle_s_within};
use crate::photos::free_bytes;
use crate::satchel::Satchel;
use crate::session::{Mended, Session};
use crate::view;

impl Satchel {
    /// The pill in the bar.
    ///
    /// # Errors
    /// `locked`.
    pub fn network_show(&self) -> Result<NetworkView, ApiError> {
        let mut network = self.with(|session, now| Ok(view::network(session, &now)))?;
        if network.banner.is_none() {
            network.banner = self.disk_banner();
        }
        Ok(network)
    }

    /// All that waits.
    ///
    /// # Errors
    /// `locked`.
    pub fn outbox_show(&self) -> Result<OutboxView, ApiError> {
        self.with(|session, now| Ok(view::outbox(session, &now)))
    }

    /// Tries now: forgets waits, never fences. Asking for one item asks for all: its connection's
    /// wait is
    /// what holds it.
    ///
    /// # Errors
    /// `unknown_submission`, `locked`.
    pub fn outbox_send_now(&self, submission: Option<&str>) -> Result<(), ApiError> {
        self.with(|session, now| {
            if let Some(submission) = submission {
                session.submission_id(submission)?;
            }
            session.tell(EngineEvent::SendNow, now);
            session.changed = true;
            Ok(())
        })
    }

    /// Pauses everything by hand, or lets it go on. Kept over restarts.
    ///
    /// # Errors
    /// `locked`, or what the store answers.
    pub fn outbox_pause(&self, paused: bool) -> Result<(), ApiError> {
        self.with(|session, now| {
            session.store.put_setting("paused", if paused { "yes" } else { "no" })?;
            session.note(if paused { "paused" } else { "resumed" }, None, None, now)?;
            session.tell(EngineEvent::Pause(paused), now);
            session.changed = true;
            Ok(())
        })
    }

    /// Holds photos on this network, or lets them go. Text still goes.
    ///
    /// # Errors
    /// `locked`, or what the store answers.
    pub fn outbox_hold_photos(&self, hold: bool) -> Result<(), ApiError> {
        self.with(|session, now| {
            session.store.put_setting("hold_photos", if hold { "yes" } else { "no" })?;
            session.tell(EngineEvent::HoldPhotos(hold), now);
            session.changed = true;
            Ok(())
        })
    }

    /// Takes a submission back before anything counted.
    ///
    /// # Errors
    /// `unknown_submission`, `not_possible_now`.
    pub fn submission_withdraw(&self, submission: &str) -> Result<(), ApiError> {
        self.with(|session, now| {
            let id = session.submission_id(submission)?;
            session.person(&id, Event::Withdrawn, now)
        })
    }

    /// Lets a submission that was set aside or held go on.
    ///
    /// # Errors
    /// `unknown_submission`, `not_possible_now`.
    pub fn submission_release(&self, submission: &str) -> Result<(), ApiError> {
        self.with(|session, now| {
            let id = session.submission_id(submission)?;
            session.person(&id, Event::Released, now)
        })
    }

    /// What a person did about a refusal.
    ///
    /// # Errors
    /// `unknown_submission`, `not_possible_now`, or the finding that blocks, with its field.
    pub fn submission_correct(&self, request: &CorrectionRequest) -> Result<(), ApiError> {
        self.with(|session, now| session.correct(request, now))
    }

    /// The questions with the answers as they were sealed, to mend them.
    ///
    /// # Errors
    /// `unknown_submission`.
    pub fn submission_answers(&self, submission: &str) -> Result<Vec<SectionView>, ApiError> {
        self.with(|session, _| {
            let id = session.submission_id(submission)?;
            let held =
                session.submissions.get(&id).ok_or_else(|| ApiError::new("unknown_submission"))?;
            let account = session.account(held.record.account.as_str())?;
            let requirements = session.provider_of(account)?.requirements(held.record.who);
            let answers = session.store.details(&id)?.merged(session.store.national(&id)?);
            Ok(view::sections(&requirements, &answers))
        })
    }

    /// Settings and facts of this device.
    ///
    /// # Errors
    /// `locked`.
    pub fn settings_show(&self) -> Result<SettingsView, ApiError> {
        let (operator, store_bytes) =
            self.with(|s, _| Ok((s.operator.clone(), s.store.bytes_on_disk()?)))?;
        let device = self.state().device.clone();
        Ok(SettingsView {
            theme: device.theme,
            operator,
            idle_lock_s: idle_s_within(device.idle_lock_s),
            store_bytes,
            free_bytes: free_bytes(self.0.folder.path()).unwrap_or(0),
            folder: self.0.folder.path().display().to_string(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            single_keys: device.single_keys,
        })
    }

    /// Changes one setting.
    ///
    /// # Errors
    /// `unknown_setting`, `required`, or what the disk answers.
    pub fn setting_put(&self, request: &SettingRequest) -> Result<SettingsView, ApiError> {
        let value = request.value.trim();
        match request.key.as_str() {
            "theme" => {
                self.theme_set(value)?;
            }
            "operator" if value.is_empty() => {
                return Err(ApiError::new("required").at("operator"));
            }
            "operator" => {
                self.name_me(value)?;
                self.with(|session, now| {
                    session.store.put_setting("operator", value)?;
                    session.note("operator_changed", Some(value.to_owned()), None, now)?;
                    session.operator = value.to_owned();
                    Ok(())
                })?;
            }
            "idle_lock_s" => {
                let seconds = idle_s_chosen(value)?;
                let mut state = self.state();
                state.device.idle_lock_s = seconds;
                state.device.write(&self.0.folder)?;
                drop(state);
                self.with(|session, now| {
                    session.note("idle_lock_changed", Some(value.to_owned()), None, now)
                })?;
            }
            "single_keys" => {
                let mut state = self.state();
                state.device.single_keys = value == "yes";
                state.device.write(&self.0.folder)?;
            }
            _ => return Err(ApiError::new("unknown_setting")),
        }
        self.settings_show()
    }
}

impl Session {
    pub(crate) fn submission_id(&self, text: &str) -> Result<SubmissionId, ApiError> {
        SubmissionId::parse(text)
            .filter(|id| self.submissions.contains_key(id))
            .ok_or_else(|| ApiError::new("unknown_submission"))
    }

    pub(crate) fn correct(
        &mut self,
        request: &CorrectionRequest,
        now: Moment,
    ) -> Result<(), ApiError> {
        let id = self.submission_id(&request.submission)?;
        let correction = match request.kind.as_str() {
            "answers" => Correction::Answers,
            "full_number" => Correction::FullNumber,
            "overwrite" => Correction::Overwrite,
            "follow" => Correction::Follow,
            "try_again" => Correction::TryAgain,
            _ => return Err(ApiError::new("unknown_correction")),
        };
        if !self.may_correct(&id, &correction) {
            return Err(ApiError::new("not_possible_now"));
        }
        if matches!(correction, Correction::Answers | Correction::FullNumber) {
            self.mended = Some(self.mend_answers(&id, request, now)?);
        }
        let done = self.person(&id, Event::Corrected { correction }, now);
        self.mended = None;
        done
    }

    /// Answers are mended only while the submission waits for exactly that.
    fn may_correct(&self, id: &SubmissionId, correction: &Correction) -> bool {
        let Some(submission) = self.engine.submission_of(id) else { return false };
        let (SubmissionState::Blocked { refusal, .. }
        | SubmissionState::Quarantined { refusal, .. }) = submission.state()
        else {
            return false;
        };
        match correction {
            Correction::FullNumber => *refusal == Refusal::FullNumber,
            Correction::Overwrite => *refusal == Refusal::WouldOverwrite,
            Correction::Answers
            | Correction::Follow
            | Correction::TryAgain
            | Correction::Photo { .. } => true,
        }
    }

    fn mend_answers(
        &self,
        id: &SubmissionId,
        request: &CorrectionRequest,
        now: Moment,
    ) -> Result<Mended, ApiError> {
        let held = self.submissions.get(id).ok_or_else(|| ApiError::new("unknown_submission"))?;
        let account = self.account(held.record.account.as_str())?;
        let requirements = self.provider_of(account)?.requirements(held.record.who);
        let mut answers = self.store.details(id)?.merged(self.store.national(id)?);
        for answer in &request.answers {
            answers.put(answer.path.clone(), answer.value.clone());
        }
        let blocking = check(&requirements, &answers, today(&now))
            .into_iter()
            .find(|f| f.severity == Severity::Block);
        if let Some(finding) = blocking {
            return Err(ApiError::new("missing_answers").at(finding.path).with(finding.code));
        }
        let (national, details) = answers.split(|path| requirements.is_national(path));
        Ok(Mended { details, national })
    }
}

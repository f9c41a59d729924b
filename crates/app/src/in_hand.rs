//! A draft that is held in memory until it is sealed: nothing of it is on disk before, and then
//! all of it is written at once. For whoever brings a whole submission; a person at a form gets
//! drafts that are saved at every change.

use satchel_core::clock::Moment;
use satchel_core::ids::{DraftId, PhotoId};
use satchel_core::photo::Rendition;
use satchel_core::store::NewPhoto;

use crate::api::{ApiError, DraftView};
use crate::satchel::Satchel;
use crate::session::Session;

/// The one draft that is held, with its photos.
pub(crate) struct InHand {
    draft: DraftId,
    photos: Vec<NewPhoto>,
}

impl Satchel {
    /// As [`Satchel::draft_start`], but the draft is held in memory until it is sealed, thrown
    /// away, or the vault is locked. One such draft at a time.
    ///
    /// # Errors
    /// `draft_open` while the account has a draft, `unknown_account`, `already_submitted`.
    pub fn draft_hold(&self, account: &str) -> Result<DraftView, ApiError> {
        self.hold(account, Session::start)
    }

    /// As [`Satchel::retake_start`], held in the same way.
    ///
    /// # Errors
    /// `draft_open` while the account has a draft, `unknown_account`, `nothing_to_retake`.
    pub fn retake_hold(&self, account: &str) -> Result<DraftView, ApiError> {
        self.hold(account, Session::start_retake)
    }

    fn hold(
        &self,
        account: &str,
        start: impl FnOnce(&mut Session, &str, Moment) -> Result<DraftView, ApiError>,
    ) -> Result<DraftView, ApiError> {
        self.with(|session, now| {
            let id = session.account(account)?.id.clone();
            if session.draft_of(&id).is_some() {
                return Err(ApiError::new("draft_open"));
            }
            session.holds_next = true;
            let started = start(session, account, now);
            session.holds_next = false;
            started
        })
    }
}

impl Session {
    /// Notes that a new draft is held, if that was asked for; an earlier one is thrown away.
    pub(crate) fn hold_if_asked(&mut self, draft: &DraftId) {
        if !self.holds_next {
            return;
        }
        if let Some(earlier) = self.in_hand.take() {
            self.drafts.remove(&earlier.draft);
        }
        self.in_hand = Some(InHand { draft: draft.clone(), photos: Vec::new() });
    }

    fn hand_of(&mut self, draft: &DraftId) -> Option<&mut InHand> {
        self.in_hand.as_mut().filter(|hand| hand.draft == *draft)
    }

    /// Whether a draft is held in memory.
    pub(crate) fn is_held(&self, draft: &DraftId) -> bool {
        self.in_hand.as_ref().is_some_and(|hand| hand.draft == *draft)
    }

    /// Keeps a photo of a draft, where the draft is.
    pub(crate) fn keep_pictures(
        &mut self,
        draft: &DraftId,
        id: &PhotoId,
        pictures: &[(Rendition, &[u8])],
    ) -> Result<(), ApiError> {
        match self.hand_of(draft) {
            Some(hand) => {
                let renditions = pictures.iter().map(|(of, bytes)| (*of, bytes.to_vec())).collect();
                hand.photos.push(NewPhoto { id: id.clone(), renditions });
                Ok(())
            }
            None => Ok(self.store.put_photo(id, pictures)?),
        }
    }

    /// One picture of a draft's photo.
    pub(crate) fn picture(&self, id: &PhotoId, of: Rendition) -> Result<Vec<u8>, ApiError> {
        let held = self.in_hand.iter().flat_map(|hand| &hand.photos).find(|p| p.id == *id);
        let Some(photo) = held else { return Ok(self.store.photo(id, of)?) };
        let found = photo.renditions.iter().find(|(rendition, _)| *rendition == of);
        found.map(|(_, bytes)| bytes.clone()).ok_or_else(|| ApiError::new("unknown_photo"))
    }

    /// Throws a photo away that no draft names any more.
    pub(crate) fn drop_pictures(&mut self, id: &PhotoId) -> Result<(), ApiError> {
        if let Some(hand) = &mut self.in_hand
            && let Some(at) = hand.photos.iter().position(|photo| photo.id == *id)
        {
            hand.photos.swap_remove(at);
            return Ok(());
        }
        Ok(self.store.remove_photo(id)?)
    }

    /// Throws a draft away, wherever it is.
    pub(crate) fn drop_draft(&mut self, draft: &DraftId) -> Result<(), ApiError> {
        if self.is_held(draft) {
            self.in_hand = None;
        } else {
            self.store.remove_draft(draft)?;
        }
        Ok(())
    }

    /// The photos of a held draft, to be stored with its sealing.
    pub(crate) fn photos_in_hand(&mut self, draft: &DraftId) -> Vec<NewPhoto> {
        self.hand_of(draft).map(|hand| std::mem::take(&mut hand.photos)).unwrap_or_default()
    }

    /// Takes them back when the sealing failed.
    pub(crate) fn take_back(&mut self, draft: &DraftId, photos: Vec<NewPhoto>) {
        if let Some(hand) = self.hand_of(draft) {
            hand.photos = photos;
        }
    }
}

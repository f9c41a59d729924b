//! The app: its phases, and the one lock around everything that is open.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use satchel_core::chance::Chance;
use satchel_core::clock::{Moment, UnixMs};
use satchel_core::ids::ConnectionId;
use satchel_core::store::Store;
use satchel_vault::{CreateOptions, Founding, OpenVault, Place, Protection, Slots, Vault};
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use crate::api::{
    ApiError, AppView, BannerView, ChangedView, Phase, VaultCreateRequest, VaultUnlockRequest,
};
use crate::device::DeviceSettings;
use crate::folder::Folder;
use crate::people::recipient_of;
use crate::photos::free_bytes;
use crate::ports::{Ports, Transport};
use crate::practice::{Practice, PracticeProvider};
use crate::quick::Quick;
use crate::session::Session;
use crate::strength;
use crate::tries::Tries;

/// The app without a window. Cheap to clone.
#[derive(Clone)]
pub struct Satchel(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) folder: Folder,
    pub(crate) ports: Ports,
    pub(crate) practice: Option<Arc<dyn Practice>>,
    pub(crate) options: CreateOptions,
    pub(crate) wake: Notify,
    pub(crate) transports: Mutex<BTreeMap<ConnectionId, Arc<dyn Transport>>>,
    tries: Mutex<Tries>,
    pub(crate) is_open: AtomicBool,
    pub(crate) used_ms: AtomicU64,
    pub(crate) flights: Mutex<Vec<AbortHandle>>,
    state: Mutex<State>,
}

pub(crate) struct State {
    pub(crate) session: Option<Session>,
    pub(crate) device: DeviceSettings,
    training: Option<PracticeProvider>,
    in_training: bool,
    protection: Option<Protection>,
    locked_ms: Option<UnixMs>,
    lock_reason: Option<String>,
    /// Who can open what is open.
    pub(crate) slots: Option<Arc<Slots>>,
    /// A PIN that opens it again for a while.
    pub(crate) quick: Option<Quick>,
}

impl State {
    pub(crate) fn is_open(&self) -> bool {
        self.session.is_some()
    }

    /// Whether what is open is the training vault, which guards made-up people alone.
    pub(crate) fn in_training(&self) -> bool {
        self.in_training
    }
}

impl Satchel {
    /// An app over a folder. Nothing is opened yet.
    pub fn new(
        folder: Folder,
        ports: Ports,
        practice: Option<Arc<dyn Practice>>,
        options: CreateOptions,
    ) -> Self {
        let device = DeviceSettings::read(&folder);
        let state = State {
            session: None,
            device,
            training: None,
            in_training: false,
            protection: None,
            locked_ms: None,
            lock_reason: None,
            slots: None,
            quick: None,
        };
        let tries = Mutex::new(Tries::read(&folder.tries()));
        Self(Arc::new(Inner {
            folder,
            ports,
            practice,
            options,
            wake: Notify::new(),
            transports: Mutex::new(BTreeMap::new()),
            tries,
            is_open: AtomicBool::new(false),
            used_ms: AtomicU64::new(0),
            flights: Mutex::new(Vec::new()),
            state: Mutex::new(state),
        }))
    }

    /// Now, as the app sees it.
    pub fn now(&self) -> Moment {
        self.0.ports.clock.now()
    }

    /// Whether a vault is open. Waits for nothing.
    pub fn is_open(&self) -> bool {
        self.0.is_open.load(Ordering::Acquire)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tries(&self) -> MutexGuard<'_, Tries> {
        self.0.tries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works with what is open; afterwards the runtime loop and the windows are told.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&mut Session, Moment) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let now = self.now();
        let (result, changed) = {
            let mut state = self.state();
            let session = state.session.as_mut().ok_or_else(|| ApiError::new("locked"))?;
            let result = work(session, now);
            (result, session.take_changed())
        };
        self.0.wake.notify_one();
        if changed {
            self.tell_windows(ChangedView { accounts: true, network: true, app: false });
        }
        result
    }

    pub(crate) fn tell_windows(&self, changed: ChangedView) {
        (self.0.ports.changed)(changed);
    }

    /// Where the app stands.
    pub fn app_state(&self) -> AppView {
        let state = self.state();
        let phase = match (&state.session, Vault::exists(&self.0.folder.vault())) {
            (Some(_), _) => Phase::Open,
            (None, true) => Phase::Locked,
            (None, false) => Phase::New,
        };
        AppView {
            phase,
            training: state.in_training,
            training_vault: Vault::exists(&self.0.folder.training_vault()),
            operator: state.session.as_ref().map(|s| s.operator.clone()).unwrap_or_default(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            locked_ms: state.locked_ms,
            lock_reason: state.lock_reason.clone(),
            recoverable: Vault::outline(&self.0.folder.vault())
                .is_ok_and(|outline| !outline.recipients.is_empty()),
            pin: self.has_pin(state.quick.as_ref()),
            reduced_protection: self.is_reduced(&state),
            review_url: state.training.as_ref().map(|p| p.review_url.clone()),
            theme: state.device.theme.clone(),
            zoom_percent: state.device.zoom_percent,
        }
    }

    /// Whether what is open, or would be unlocked, has its device secret in a file.
    fn is_reduced(&self, state: &State) -> bool {
        match (&state.session, state.protection) {
            (Some(_), Some(protection)) => protection == Protection::Reduced,
            _ => Vault::outline(&self.0.folder.vault())
                .is_ok_and(|outline| outline.place != Some(Place::Keychain)),
        }
    }

    /// Makes the vault of this device and opens it.
    ///
    /// # Errors
    /// `bad_recovery_key`, `keychain_locked` and its like when there is a keychain that cannot be
    /// used now, or the vault's codes, such as `weak_passphrase`, `exists`, `disk_full`.
    pub fn vault_create(&self, request: &VaultCreateRequest) -> Result<AppView, ApiError> {
        if request.operator.trim().is_empty() {
            return Err(ApiError::new("required").at("operator"));
        }
        strength::check(&request.passphrase, &[request.operator.trim()])?;
        let recovery = recipient_of(&request.recovery)?;
        let founding = Founding {
            name: request.operator.trim(),
            passphrase: &request.passphrase,
            cost: self.cost()?,
            recovery: Some(&recovery),
        };
        let folder = self.0.folder.vault();
        let secrets = self.secrets_for_new(&folder, request.without_keychain)?;
        let vault = Vault::create_with(&folder, &founding, secrets.as_ref())?;
        self.open(vault, false)?;
        self.with(|session, now| {
            session.operator = request.operator.trim().to_owned();
            session.store.put_setting("operator", request.operator.trim())?;
            session.note("vault_created", None, None, now)
        })?;
        Ok(self.app_state())
    }

    /// Opens the vault.
    ///
    /// # Errors
    /// `too_many_tries`, or the vault's codes, such as `wrong_passphrase`, `in_use`, `damaged`.
    pub fn vault_unlock(&self, request: &VaultUnlockRequest) -> Result<AppView, ApiError> {
        if self.state().session.is_some() {
            return Ok(self.app_state());
        }
        let (folder, secrets) = (self.0.folder.vault(), self.vault_secrets()?);
        let open = || Vault::open_with(&folder, &request.passphrase, secrets.as_ref());
        let vault = self.counted(|| Ok(open()?))?;
        self.open(vault, false)?;
        self.note_unlocked();
        Ok(self.app_state())
    }

    /// A vault that is locked cannot write anything down; what failed is noted once it opens.
    pub(crate) fn count_failed_unlock(&self) {
        let mut state = self.state();
        state.device.failed_unlocks = state.device.failed_unlocks.saturating_add(1);
        // What cannot be kept still counts in this run.
        let _ = state.device.write(&self.0.folder);
    }

    /// Notes the unlock. A disk that is full must not keep anybody from making room.
    pub(crate) fn note_unlocked(&self) {
        let failed = self.state().device.failed_unlocks;
        let noted =
            self.with(|session, now| session.note("unlocked", Some(failed.to_string()), None, now));
        if noted.is_ok() && failed > 0 {
            let mut state = self.state();
            state.device.failed_unlocks = 0;
            let _ = state.device.write(&self.0.folder);
        }
    }

    pub(crate) fn open(&self, mut vault: OpenVault, training: bool) -> Result<(), ApiError> {
        if !training {
            vault.keep_secrets(self.vault_secrets()?);
        }
        let (protection, slots) = (vault.protection(), vault.slots());
        let chance = Chance::from_seed(fresh_seed()?);
        let store: Box<dyn Store> = Box::new(vault);
        let mut session = Session::open(store, chance, self.now())?;
        if !training {
            name_operator(&mut session, &slots)?;
        }
        {
            let mut state = self.state();
            state.session = Some(session);
            state.in_training = training;
            state.protection = Some(protection);
            state.slots = Some(slots);
            state.lock_reason = None;
            self.used();
            self.0.is_open.store(true, Ordering::Release);
        }
        self.forget_transports();
        self.0.wake.notify_one();
        self.tell_windows(ChangedView { accounts: true, network: true, app: true });
        Ok(())
    }

    /// Closes the vault: its keys are wiped, and requests that are out are cut off, since they hold
    /// what they send. What was out is found out about after the next unlock.
    pub fn vault_lock(&self, reason: &str) -> AppView {
        self.0.is_open.store(false, Ordering::Release);
        self.cut_off();
        let (was_open, was_training) = {
            let now = self.now();
            let mut state = self.state();
            // One that was opened while this waited is closed as well.
            self.0.is_open.store(false, Ordering::Release);
            let mut open = state.session.take();
            // Locking never waits for a disk that refuses.
            let _ = open.as_mut().map(|s| s.note("locked", Some(reason.to_owned()), None, now));
            let was_open = open.is_some();
            drop(open);
            if was_open {
                state.locked_ms = Some(now.wall_ms);
                state.lock_reason = Some(reason.to_owned());
            }
            state.slots = None;
            if reason == "suspend" {
                state.quick = None;
            }
            state.training = None;
            (was_open, std::mem::take(&mut state.in_training))
        };
        if was_training && let Some(practice) = &self.0.practice {
            practice.stop();
        }
        self.forget_transports();
        self.0.ports.darkroom.rest();
        self.0.wake.notify_one();
        self.tell_windows(ChangedView { accounts: true, network: true, app: true });
        if was_open {
            (self.0.ports.locked)();
        }
        self.app_state()
    }

    /// Ends every request that is out.
    fn cut_off(&self) {
        let mut flights = self.0.flights.lock().unwrap_or_else(PoisonError::into_inner);
        flights.drain(..).for_each(|flight| flight.abort());
    }

    /// A banner while the disk is nearly full, counted in photos.
    pub(crate) fn disk_banner(&self) -> Option<BannerView> {
        const PHOTO_BYTES: u64 = 3 * 1024 * 1024;
        const WARN_BYTES: u64 = 400 * 1024 * 1024;
        const STOP_BYTES: u64 = 200 * 1024 * 1024;
        let free = free_bytes(self.0.folder.path())?;
        let code = match free {
            0..STOP_BYTES => "disk_full",
            STOP_BYTES..WARN_BYTES => "disk_nearly_full",
            WARN_BYTES.. => return None,
        };
        Some(BannerView {
            code: code.to_owned(),
            connection: None,
            name: None,
            since_ms: None,
            count: Some(free.saturating_sub(STOP_BYTES) / PHOTO_BYTES),
        })
    }

    pub(crate) fn set_practice(&self, practice: PracticeProvider) {
        self.state().training = Some(practice);
    }

    pub(crate) fn forget_transports(&self) {
        self.0.transports.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Keeps the theme, before and after a vault is open.
    ///
    /// # Errors
    /// `unknown_theme`, or what the disk answers.
    pub fn theme_set(&self, theme: &str) -> Result<AppView, ApiError> {
        if !["system", "light", "dark"].contains(&theme) {
            return Err(ApiError::new("unknown_theme"));
        }
        {
            let mut state = self.state();
            state.device.theme = theme.to_owned();
            state.device.write(&self.0.folder)?;
        }
        Ok(self.app_state())
    }
}

impl Satchel {
    /// Keeps the size of everything on the screen, before and after a vault is open.
    ///
    /// # Errors
    /// `unknown_zoom`, or what the disk answers.
    pub fn zoom_set(&self, percent: u64) -> Result<AppView, ApiError> {
        if !(100..=200).contains(&percent) {
            return Err(ApiError::new("unknown_zoom"));
        }
        {
            let mut state = self.state();
            state.device.zoom_percent = percent;
            state.device.write(&self.0.folder)?;
        }
        Ok(self.app_state())
    }
}

impl std::fmt::Debug for Satchel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Satchel").field("folder", &self.0.folder).finish_non_exhaustive()
    }
}

/// Who is at the device is whoever's passphrase opened the vault. One whose slot has no name yet
/// keeps the name that the vault knew them by.
fn name_operator(session: &mut Session, slots: &Slots) -> Result<(), ApiError> {
    match slots.current()? {
        Some(person) if !person.name.is_empty() => session.operator = person.name,
        Some(person) if !session.operator.is_empty() => {
            slots.rename(&person.id, &session.operator)?;
        }
        Some(_) | None => {}
    }
    Ok(())
}

fn fresh_seed() -> Result<[u8; 32], ApiError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|_| ApiError::new("no_randomness"))?;
    Ok(seed)
}

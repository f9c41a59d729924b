//! Who can open the vault: operators, supervisors, the recovery key, and a PIN for a while.

use std::sync::Arc;
use std::time::Duration;

use satchel_vault::{
    Cost, Identity, NewOperator, Recipient, Recovery, Rescued, Role, Slots, Vault,
};

use crate::api::{
    ApiError, PassphraseChangeRequest, PeopleView, PersonAddRequest, PersonRemoveRequest,
    PersonView, RecoveredView, RecoveryChangeRequest, RecoveryKeyView, VaultRecoverRequest,
};
use crate::satchel::Satchel;
use crate::strength;

/// How long one guess at a passphrase takes on the machine on which it was made.
const GUESS_TAKES: Duration = Duration::from_secs(1);

/// Longest name of a person: what a list shows on one line.
const NAME_CHARS_MAX: usize = 80;

impl Satchel {
    /// A recovery key for a vault that will be made, or for one that gets another. It is kept
    /// nowhere.
    ///
    /// # Errors
    /// `no_randomness`.
    pub fn recovery_suggest(&self) -> Result<RecoveryKeyView, ApiError> {
        let identity = Identity::draw()?;
        Ok(RecoveryKeyView {
            identity: identity.reveal().to_string(),
            recipient: identity.recipient().to_string(),
        })
    }

    /// Opens the vault with its recovery key, and leaves one operator.
    ///
    /// # Errors
    /// `bad_recovery_key`, `wrong_recovery_key`, `no_recovery`, `required`, or the vault's codes.
    pub fn vault_recover(&self, request: &VaultRecoverRequest) -> Result<RecoveredView, ApiError> {
        if self.state().is_open() {
            return Err(ApiError::new("in_use"));
        }
        let name = name_of(&request.operator, "operator")?;
        strength::check(&request.passphrase, &[&name])?;
        let identity =
            Identity::parse(&request.identity).map_err(|f| ApiError::from(f).at("identity"))?;
        let recovery = Recovery {
            identity: &identity,
            name: &name,
            passphrase: &request.passphrase,
            cost: self.cost()?,
        };
        let folder = self.0.folder.vault();
        let secrets = self.secrets_for_recovery(&folder)?;
        let Rescued { vault, dropped } = Vault::recover(&folder, &recovery, secrets.as_ref())?;
        self.open(vault, false)?;
        self.with(|session, now| session.note("recovered", None, None, now))?;
        self.state().quick = None;
        let dropped = dropped.into_iter().filter(|d| !d.is_empty() && *d != name).collect();
        Ok(RecoveredView { app: self.app_state(), dropped })
    }

    /// Who can open the vault.
    ///
    /// # Errors
    /// `locked`, or the vault's codes.
    pub fn people_show(&self) -> Result<PeopleView, ApiError> {
        let slots = self.slots()?;
        let recovery = slots.recipients()?.first().map(ToString::to_string);
        let people = slots.operators()?.into_iter().map(|person| PersonView {
            id: person.id,
            name: person.name,
            role: role_code(person.role).to_owned(),
            is_you: person.is_current,
        });
        Ok(PeopleView { people: people.collect(), recovery, pin: self.state().quick.is_some() })
    }

    /// Gives somebody a passphrase of their own.
    ///
    /// # Errors
    /// `wrong_passphrase`, `too_many_tries`, `required`, `unknown_role`, `name_taken`, or the
    /// vault's codes.
    pub fn person_add(&self, request: &PersonAddRequest) -> Result<PeopleView, ApiError> {
        let slots = self.slots()?;
        let name = name_of(&request.name, "name")?;
        let role = role_of(&request.role)?;
        if slots.operators()?.iter().any(|o| o.name.to_lowercase() == name.to_lowercase()) {
            return Err(ApiError::new("name_taken").at("name"));
        }
        strength::check(&request.passphrase, &[&name])?;
        self.confirm_again(&request.confirm)?;
        let cost = self.cost()?;
        let new = NewOperator { name: &name, passphrase: &request.passphrase, role, cost };
        let secrets = self.vault_secrets()?;
        slots.add(&new, secrets.as_ref()).map_err(|f| ApiError::from(f).at("passphrase"))?;
        self.with(|session, now| session.note("person_added", Some(name), None, now))?;
        self.people_show()
    }

    /// Takes somebody's passphrase away.
    ///
    /// # Errors
    /// `wrong_passphrase`, `too_many_tries`, `no_such_operator`, `last_operator`, `is_you`, or the
    /// vault's codes.
    pub fn person_remove(&self, request: &PersonRemoveRequest) -> Result<PeopleView, ApiError> {
        let slots = self.slots()?;
        if slots.current()?.is_some_and(|you| you.id == request.id) {
            return Err(ApiError::new("is_you"));
        }
        self.confirm_again(&request.confirm)?;
        slots.remove(&request.id)?;
        self.with(|session, now| session.note("person_removed", None, None, now))?;
        self.people_show()
    }

    /// Puts a new passphrase in place of the old one.
    ///
    /// # Errors
    /// `wrong_passphrase`, `too_many_tries`, `weak_passphrase`, or the vault's codes.
    pub fn passphrase_change(
        &self,
        request: &PassphraseChangeRequest,
    ) -> Result<PeopleView, ApiError> {
        let slots = self.slots()?;
        let you = slots.current()?.map(|you| you.name).unwrap_or_default();
        strength::check(&request.new, &[&you])?;
        let secrets = self.vault_secrets()?;
        let (old, new, cost) = (&request.old, &request.new, self.cost()?);
        self.counted(|| Ok(slots.change_passphrase(old, new, cost, secrets.as_ref())?))?;
        self.state().quick = None;
        self.with(|session, now| session.note("passphrase_changed", None, None, now))?;
        self.people_show()
    }

    /// Seals the vault to another recovery key, in place of the one of before.
    ///
    /// # Errors
    /// `wrong_passphrase`, `too_many_tries`, `bad_recovery_key`, or the vault's codes.
    pub fn recovery_change(&self, request: &RecoveryChangeRequest) -> Result<PeopleView, ApiError> {
        let slots = self.slots()?;
        let to = recipient_of(&request.recipient)?;
        self.confirm_again(&request.confirm)?;
        slots.set_recovery(&to, self.vault_secrets()?.as_ref())?;
        self.with(|session, now| session.note("recovery_changed", None, None, now))?;
        self.people_show()
    }

    /// Gives who is at the device another name.
    pub(crate) fn name_me(&self, name: &str) -> Result<(), ApiError> {
        let name = name_of(name, "operator")?;
        match self.slots() {
            Ok(slots) => match slots.current()? {
                Some(you) => Ok(slots.rename(&you.id, &name)?),
                None => Ok(()),
            },
            Err(fault) if fault.code == "in_training" => Ok(()),
            Err(fault) => Err(fault),
        }
    }

    /// Whether this is a passphrase of the vault, which wrong tries make one wait for.
    pub(crate) fn confirm_again(&self, passphrase: &str) -> Result<(), ApiError> {
        let (folder, secrets) = (self.0.folder.vault(), self.vault_secrets()?);
        self.counted(|| Ok(Vault::confirm_with(&folder, passphrase, secrets.as_ref())?))
    }

    /// What a guess at a new passphrase costs: about a second of this machine.
    pub(crate) fn cost(&self) -> Result<Cost, ApiError> {
        match self.0.options.cost {
            Cost::STANDARD => Ok(Cost::calibrated(GUESS_TAKES)?),
            chosen => Ok(chosen),
        }
    }

    /// Tries a passphrase, unless wrong ones of before make one wait.
    pub(crate) fn counted<T>(
        &self,
        attempt: impl FnOnce() -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        self.tries().check(&self.now())?;
        let tried = attempt();
        if tried.as_ref().is_err_and(|fault| fault.code == "wrong_passphrase") {
            self.count_failed_unlock();
        }
        self.tries().count(tried, &self.now())
    }

    /// The slots of the vault that is open; training has nobody but the trainee.
    pub(crate) fn slots(&self) -> Result<Arc<Slots>, ApiError> {
        let state = self.state();
        if state.in_training() {
            return Err(ApiError::new("in_training"));
        }
        state.slots.clone().ok_or_else(|| ApiError::new("locked"))
    }
}

pub(crate) fn recipient_of(text: &str) -> Result<Recipient, ApiError> {
    Recipient::parse(text).map_err(|fault| ApiError::from(fault).at("recipient"))
}

fn name_of(text: &str, path: &str) -> Result<String, ApiError> {
    let name = text.trim();
    match name.chars().count() {
        0 => Err(ApiError::new("required").at(path)),
        1..=NAME_CHARS_MAX => Ok(name.to_owned()),
        _ => Err(ApiError::new("too_long").at(path)),
    }
}

fn role_of(code: &str) -> Result<Role, ApiError> {
    match code {
        "operator" => Ok(Role::Operator),
        "supervisor" => Ok(Role::Supervisor),
        _ => Err(ApiError::new("unknown_role").at("role")),
    }
}

fn role_code(role: Role) -> &'static str {
    match role {
        Role::Operator => "operator",
        Role::Supervisor => "supervisor",
    }
}

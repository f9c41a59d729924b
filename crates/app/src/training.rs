//! Training mode: the real app against the practice provider, in a vault of its own.

use std::collections::BTreeMap;

use satchel_core::delivery::EngineEvent;
use satchel_core::onboarding::Country;
use satchel_vault::Vault;

use crate::api::{AccountAddRequest, ApiError, AppView, ConnectionRequest};
use crate::practice::{PracticeConnection, PracticeProvider};
use crate::satchel::Satchel;
use crate::session::Session;

/// Words of a generated passphrase: with the EFF list about 52 bits.
const PASSPHRASE_WORDS: usize = 4;

impl Satchel {
    /// Makes or reopens the training vault, starts the practice provider, and connects the two.
    ///
    /// # Errors
    /// `no_practice_provider`, `practice_provider_failed`, or the vault's codes.
    pub fn training_start(&self) -> Result<AppView, ApiError> {
        let practice = self.0.practice.clone();
        let practice = practice.ok_or_else(|| ApiError::new("no_practice_provider"))?;
        if self.state().session.is_some() {
            self.vault_lock("training");
        }
        let folder = &self.0.folder;
        let failed = |_| ApiError::new("io");
        std::fs::create_dir_all(folder.training()).map_err(failed)?;
        let vault = if Vault::exists(&folder.training_vault()) {
            let passphrase =
                std::fs::read_to_string(folder.training_passphrase()).map_err(failed)?;
            Vault::open(&folder.training_vault(), &passphrase)?
        } else {
            let passphrase = self.passphrase_suggest()?;
            std::fs::write(folder.training_passphrase(), &passphrase).map_err(failed)?;
            Vault::create(&folder.training_vault(), &passphrase, self.0.options)?
        };
        let provider = practice
            .start(&folder.practice())
            .map_err(|why| ApiError::new("practice_provider_failed").with(why))?;
        self.open(vault, true)?;
        let connected = self.with(|session, now| session.connect_practice(&provider, now));
        if let Err(fault) = connected {
            self.vault_lock("training");
            return Err(fault);
        }
        self.set_practice(provider);
        self.forget_transports();
        Ok(self.app_state())
    }

    /// Leaves training mode, and deletes all of it when `erase` says so.
    ///
    /// # Errors
    /// `io` when the folder cannot be deleted.
    pub fn training_leave(&self, erase: bool) -> Result<AppView, ApiError> {
        if self.app_state().training {
            self.vault_lock("training");
        }
        let folder = self.0.folder.training();
        if erase && folder.exists() {
            std::fs::remove_dir_all(folder).map_err(|_| ApiError::new("io"))?;
        }
        Ok(self.app_state())
    }

    /// A passphrase of words, drawn by a generator that the system's randomness seeds.
    ///
    /// # Errors
    /// None today; the window asks for it as it asks for everything.
    pub fn passphrase_suggest(&self) -> Result<String, ApiError> {
        let words = chbs::word::WordList::builtin_eff_large().sampler();
        let chosen: Vec<String> = words.into_iter().take(PASSPHRASE_WORDS).collect();
        Ok(chosen.join(" "))
    }
}

impl Session {
    /// Connections and accounts of the practice provider; those that are here already only learn
    /// its
    /// address of today.
    fn connect_practice(
        &mut self,
        provider: &PracticeProvider,
        now: satchel_core::clock::Moment,
    ) -> Result<(), ApiError> {
        if self.operator.is_empty() {
            self.operator = "Trainee".to_owned();
            self.store.put_setting("operator", "Trainee")?;
        }
        for practice in &provider.connections {
            self.connect_one(practice, now)?;
        }
        self.changed = true;
        Ok(())
    }

    fn connect_one(
        &mut self,
        practice: &PracticeConnection,
        now: satchel_core::clock::Moment,
    ) -> Result<(), ApiError> {
        let known = self.connections.iter().find(|c| c.provider == practice.provider);
        let request = ConnectionRequest {
            id: known.map(|c| c.id.to_string()),
            provider: practice.provider.clone(),
            name: String::new(),
            settings: practice.settings.iter().cloned().collect::<BTreeMap<_, _>>(),
            credentials: practice.credentials.iter().cloned().collect::<BTreeMap<_, _>>(),
            extra_root_pem: None,
        };
        let connection = self.connection_from(request, now.wall_ms)?;
        self.store.put_connection(&connection)?;
        self.connections.retain(|c| c.id != connection.id);
        self.connections.push(connection.clone());
        self.tell(EngineEvent::Connection { id: connection.id.clone(), paused: false }, now);
        for account in &practice.accounts {
            let request = AccountAddRequest {
                connection: connection.id.to_string(),
                remote_id: account.remote_id.clone(),
                name: account.name.clone(),
                kind: account.kind.map(|k| k.code().to_owned()),
                country: account.country.map(Country::code).map(str::to_owned),
                email: None,
                token: None,
            };
            match self.account_from(&request, now.wall_ms) {
                Ok(account) => {
                    self.store.put_accounts(std::slice::from_ref(&account))?;
                    self.accounts.insert(account.id.clone(), account);
                }
                Err(known) if known.code == "already_here" => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }
}

//! What the disk is made of: memory, or a real vault on a disk that loses power.

use std::sync::OnceLock;

use satchel_core::chance::Chance;
use satchel_core::store::Store;
use satchel_vault::disk::Disk as Platter;
use satchel_vault::{Cost, CreateOptions, MemoryStore, OpenVault, Vault};

const PASSPHRASE: &str = "correct horse battery staple of the simulation";

/// Which store a schedule runs on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stuff {
    /// Memory.
    #[default]
    Memory,
    /// A real vault: SQLCipher on a disk in memory.
    Sqlite,
}

/// The store itself.
pub enum Medium {
    Memory(Box<MemoryStore>),
    Vault(Box<Safe>),
}

/// A copy of everything that is durable.
pub enum Copy {
    Memory(Box<MemoryStore>),
    Platter(Platter),
}

/// A vault, and the disk that it lies on.
pub struct Safe {
    platter: Platter,
    vault: Option<OpenVault>,
    chance: Chance,
}

impl Medium {
    pub fn new(stuff: Stuff, seed: [u8; 32]) -> Self {
        match stuff {
            Stuff::Memory => Self::Memory(Box::default()),
            Stuff::Sqlite => {
                let platter = template().crash();
                let vault = Some(open(&platter));
                Self::Vault(Box::new(Safe { platter, vault, chance: Chance::from_seed(seed) }))
            }
        }
    }

    pub fn store(&mut self) -> &mut dyn Store {
        match self {
            Self::Memory(store) => store.as_mut(),
            Self::Vault(safe) => safe.vault.as_mut().unwrap(),
        }
    }

    /// What is durable now. The program goes on after it.
    pub fn copy(&mut self) -> Copy {
        match self {
            Self::Memory(store) => Copy::Memory(store.clone()),
            Self::Vault(safe) => {
                let syncs = safe.platter.syncs();
                let mut left = safe.platter.states_after_power_loss(syncs, 0, &mut safe.chance);
                Copy::Platter(left.next().unwrap().1)
            }
        }
    }

    /// Starts again from what the disk holds, or from a copy. When the machine went, so did its
    /// power, and with that whatever was not synced.
    pub fn revive(&mut self, copy: Option<Copy>, power_went: bool) {
        match (self, copy) {
            (Self::Memory(store), Some(Copy::Memory(copy))) => *store = copy,
            (Self::Vault(safe), copy) => {
                let platter = match copy {
                    Some(Copy::Platter(copy)) => copy,
                    Some(Copy::Memory(_)) | None if power_went => {
                        safe.platter.lose_power(&mut safe.chance).1
                    }
                    Some(Copy::Memory(_)) | None => safe.platter.crash(),
                };
                // What the old one still writes at its end reaches nothing.
                safe.vault = None;
                safe.vault = Some(open(&platter));
                safe.platter = platter;
            }
            (Self::Memory(_), Some(Copy::Platter(_)) | None) => {}
        }
    }
}

fn open(platter: &Platter) -> OpenVault {
    Vault::open_on(platter, PASSPHRASE).unwrap()
}

/// A fresh vault, made once: every schedule begins with a copy of it.
fn template() -> Platter {
    static TEMPLATE: OnceLock<Platter> = OnceLock::new();
    let made = TEMPLATE.get_or_init(|| {
        let platter = Platter::new();
        let options = CreateOptions { cost: Cost::for_tests() };
        drop(Vault::create_on(&platter, PASSPHRASE, options).unwrap());
        platter
    });
    made.clone()
}

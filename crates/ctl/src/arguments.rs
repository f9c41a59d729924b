//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Satchel without a window.
#[derive(Debug, Parser)]
#[command(name = "satchelctl", version, about, max_term_width = 100)]
pub(crate) struct Arguments {
    /// The app's folder.
    #[arg(long, global = true, env = "SATCHEL_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// File with the passphrase; `-` reads it from standard input. The line's end is not part of
    /// it.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a vault, or check that it opens.
    #[command(subcommand)]
    Vault(VaultCommand),
    /// Change the passphrase.
    #[command(subcommand)]
    Passphrase(PassphraseCommand),
    /// Say who has a passphrase, add somebody, or remove somebody.
    #[command(subcommand)]
    Operator(OperatorCommand),
    /// Make a connection to a provider.
    Connect(Connect),
    /// Add, import, list or show accounts.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Seal a submission, or, for an account that has one, another round of photos.
    Submit(Submit),
    /// Deliver what waits and ask for verdicts.
    Sync(Sync),
    /// Say what waits, why, and who acts.
    Status,
    /// Copy one submission that was set aside into a new folder, readable by anybody who gets it.
    Export(Export),
    /// List, copy or check the audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Say or set how long evidence is kept, or forget what has come due.
    #[command(subcommand)]
    Retention(RetentionCommand),
    /// Prepare and judge photos without a vault.
    Prepare(Prepare),
    /// Open and lock as told on standard input.
    #[cfg(feature = "test-hooks")]
    #[command(hide = true)]
    Dwell,
}

/// About the vault.
#[derive(Debug, Subcommand)]
pub(crate) enum VaultCommand {
    /// Make it.
    Create {
        /// Name of who is at the device.
        #[arg(long, default_value = "satchelctl")]
        operator: String,
        /// The organisation's recovery key (`age1…`). Without it, a new one is printed once.
        #[arg(long, value_name = "RECIPIENT")]
        recovery_to: Option<String>,
        /// Keep the device secret in a file although there is a keychain: reduced protection.
        #[arg(long)]
        without_keychain: bool,
    },
    /// Open it with its recovery key, when a passphrase or the device's secret is lost. The
    /// passphrase file holds the new passphrase; nobody else's opens it afterwards.
    Recover {
        /// File with the recovery key (`AGE-SECRET-KEY-1…`); `-` reads standard input.
        #[arg(long, value_name = "FILE")]
        recovery_key_file: PathBuf,
        /// Name of who is at the device.
        #[arg(long, default_value = "satchelctl")]
        operator: String,
    },
    /// Put another recovery key in place of the one of before.
    RecoveryKey {
        /// The organisation's recovery key (`age1…`). Without it, a new one is printed once.
        #[arg(long, value_name = "RECIPIENT")]
        recovery_to: Option<String>,
    },
    /// Open it and read everything in it.
    Check,
}

/// About the passphrase.
#[derive(Debug, Subcommand)]
pub(crate) enum PassphraseCommand {
    /// Put a new one in place of the one in the passphrase file.
    Change {
        /// File with the new passphrase.
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: PathBuf,
    },
}

/// About those who have a passphrase.
#[derive(Debug, Subcommand)]
pub(crate) enum OperatorCommand {
    /// List them.
    List,
    /// Give somebody a passphrase of their own.
    Add {
        /// Name.
        name: String,
        /// List them as a supervisor.
        #[arg(long)]
        supervisor: bool,
        /// File with their passphrase.
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: PathBuf,
    },
    /// Take somebody's passphrase away.
    Remove {
        /// Name, or id.
        name: String,
    },
}

/// A connection.
#[derive(Debug, Args)]
pub(crate) struct Connect {
    /// `wepay` or `winter`.
    #[arg(long)]
    pub(crate) provider: String,
    /// What people here call it.
    #[arg(long, default_value = "")]
    pub(crate) name: String,
    /// A setting, such as `base_url=https://…`. May be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) settings: Vec<String>,
    /// File with credentials as `KEY=VALUE` lines; `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) credentials: PathBuf,
    /// File with an extra root certificate (PEM) to trust on this connection.
    #[arg(long, value_name = "FILE")]
    pub(crate) root: Option<PathBuf>,
    /// Ask the provider one harmless thing first.
    #[arg(long)]
    pub(crate) check: bool,
}

/// About accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Add one.
    Add {
        /// Connection, by name or provider.
        #[arg(long)]
        connection: String,
        /// The provider's identifier.
        #[arg(long)]
        id: String,
        /// Name.
        #[arg(long)]
        name: String,
        /// `individual`, `business` or `organization`.
        #[arg(long)]
        kind: Option<String>,
        /// `US`, `CA` or `GB`.
        #[arg(long)]
        country: Option<String>,
    },
    /// Add the good lines of a CSV file.
    Import {
        /// Connection for lines that name none, by name or provider.
        #[arg(long)]
        connection: String,
        /// Only say what would be added.
        #[arg(long)]
        preview: bool,
        /// The file.
        file: PathBuf,
    },
    /// List them, those that need somebody first.
    List,
    /// Forget one on this device: name, answers, photos. Says what that means unless confirmed.
    Forget(Forget),
    /// Show one in full, masked.
    Show {
        /// The provider's identifier.
        id: String,
    },
}

/// An account to forget.
#[derive(Debug, Args)]
pub(crate) struct Forget {
    /// The provider's identifier.
    pub(crate) id: String,
    /// Do it. It cannot be undone.
    #[arg(long)]
    pub(crate) yes: bool,
    /// When something of it may still be on its way, forget it as soon as that is settled.
    #[arg(long)]
    pub(crate) when_settled: bool,
}

/// About the audit log.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// List the newest entries, 200 at a time.
    List {
        /// Entries before this number.
        #[arg(long, value_name = "NUMBER")]
        before: Option<u64>,
    },
    /// Write all of it into a new file, one JSON document a line.
    Export {
        /// The file to make, with its whole path.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Check the vault's log, or a copy of it. Without a passphrase a copy is checked in itself.
    Verify {
        /// The copy.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

/// About how long evidence is kept.
#[derive(Debug, Subcommand)]
pub(crate) enum RetentionCommand {
    /// Say how long.
    Show,
    /// Change it.
    Set(Keep),
    /// Forget what has come due, now.
    Run,
}

/// How long evidence is kept: `24h`, `30d` or `never`.
#[derive(Debug, Args)]
pub(crate) struct Keep {
    /// After which end: `verified`, `failed` or `withdrawn`; every one when left out.
    #[arg(long, value_name = "END")]
    pub(crate) after: Option<String>,
    /// Forget photos after this time.
    #[arg(long, value_name = "TIME")]
    pub(crate) photos: Option<String>,
    /// Forget everything after this time.
    #[arg(long, value_name = "TIME")]
    pub(crate) details: Option<String>,
}

/// A submission.
#[derive(Debug, Args)]
pub(crate) struct Submit {
    /// The provider's identifier of the account.
    #[arg(long)]
    pub(crate) account: String,
    /// JSON file: `kind`, `country`, `answers` by path, `consent`, `no_other_owners`. Not for a
    /// further round.
    #[arg(long, value_name = "FILE.json")]
    pub(crate) info: Option<PathBuf>,
    /// A photo of a paper. May be repeated.
    /// A page of a PDF is chosen by `PHOTO#page=N`.
    #[arg(long = "document", value_name = "TYPE[:SIDE]=PHOTO")]
    pub(crate) documents: Vec<String>,
    /// Use photos that are judged bad, and keep this reason.
    #[arg(long, value_name = "REASON")]
    pub(crate) use_anyway: Option<String>,
    /// Throw away the draft that is open on this account, such as one that a killed submit left.
    #[arg(long)]
    pub(crate) replace_draft: bool,
    /// Save a draft at every step, and leave it to be finished in the window when it cannot be
    /// sealed. Without this, everything is written at once or not at all.
    #[arg(long)]
    pub(crate) keep_draft: bool,
}

/// Delivery.
#[derive(Debug, Args)]
pub(crate) struct Sync {
    /// Stop once nothing is left to send and every state was asked for.
    #[arg(long)]
    pub(crate) until_idle: bool,
    /// Stop after this many seconds.
    #[arg(long, default_value_t = 120, value_name = "SECONDS")]
    pub(crate) timeout: u64,
}

/// A copy.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The provider's identifier of the account.
    #[arg(long)]
    pub(crate) account: String,
    /// The folder to make, with its whole path.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

/// Photos.
#[derive(Debug, Args)]
pub(crate) struct Prepare {
    /// The photos.
    #[arg(required = true)]
    pub(crate) photos: Vec<PathBuf>,
    /// `wepay` or `winter`.
    #[arg(long)]
    pub(crate) provider: String,
    /// Kind of paper, such as `passport`.
    #[arg(long = "type")]
    pub(crate) kind: String,
    /// Country of the applicant.
    #[arg(long, default_value = "US")]
    pub(crate) country: String,
    /// Page of a PDF that has several, from 1.
    #[arg(long)]
    pub(crate) page: Option<u32>,
    /// Where the prepared photos go.
    #[arg(long)]
    pub(crate) out: PathBuf,
}

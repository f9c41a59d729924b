//! Limits of the vault, each with its reason.

/// Fewest characters of a passphrase beside an operating system's keychain.
pub const PASSPHRASE_CHARS_MIN: usize = 8;

/// Fewest characters of a passphrase when the device secret lies in a file: who copies the folder
/// has both.
pub const PASSPHRASE_CHARS_MIN_REDUCED: usize = 12;

/// Slots that a header may hold; more is a damaged or hostile file.
pub const SLOTS_MAX: usize = 64;

/// Operators and supervisors of one vault: each costs a wrong passphrase another second.
pub const OPERATORS_MAX: usize = 16;

/// Bytes that a header may have; more is a damaged or hostile file.
pub const HEADER_BYTES_MAX: u64 = 256 * 1024;

/// Sealed records are padded to a multiple of this, so that their length tells little.
pub const RECORD_PADDING_BYTES: usize = 256;

/// Plain bytes of one chunk of a sealed photo: the unit in which memory holds unverified bytes.
pub const CHUNK_BYTES: usize = 64 * 1024;

/// Plain bytes of one photo rendition; a larger one is a mistake, and SQLite keeps no value above 1
/// GB.
pub const PHOTO_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Page size of `vault.db`; SQLCipher must be told at every open.
pub const VAULT_PAGE_BYTES: u32 = 4096;

/// Page size of `photos.db`: large pages keep a photo's overflow chain short.
pub const PHOTOS_PAGE_BYTES: u32 = 16 * 1024;

//! Every limit of this crate, with its reason.

use std::time::Duration;

/// 64 MiB: an A4 page scanned at 300 dpi without compression has 26 MB, a 108-megapixel phone photo
/// about 40 MB.
pub const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// JPEG is decoded at a reduced scale, so that even 108-megapixel phones are taken.
pub const JPEG_PIXELS_MAX: u64 = 120_000_000;

/// A progressive JPEG keeps all its coefficients in memory: 3 bytes per pixel at 4:2:0.
pub const JPEG_PROGRESSIVE_PIXELS_MAX: u64 = 64_000_000;

/// The other formats are decoded whole: an A4 page at 600 dpi has 35 megapixels.
pub const PIXELS_MAX: u64 = 60_000_000;

/// A photo of a 48-megapixel phone; the codec keeps about 8 bytes for each.
pub const HEIC_PIXELS_MAX: u64 = 50_000_000;

/// Dots per inch at which a page is drawn that was written and not scanned.
pub const PDF_DPI: f32 = 300.0;

/// What one decoded picture may take before it is reduced to 8-bit RGB, half the worker's memory.
pub const DECODED_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Shorter than this on one side, no document can be read.
pub const SIDE_PX_MIN: u32 = 200;

/// Evidence keeps 12 megapixels whole; more is noise on a phone's sensor.
pub const EVIDENCE_LONG_SIDE_PX: u32 = 4096;

/// Decoding at half scale is taken for evidence when it still leaves this much: a 48-megapixel
/// photo becomes 4 000 px without ever being in memory whole.
pub const EVIDENCE_LONG_SIDE_PX_ENOUGH: u32 = 3600;

/// Evidence is encoded once, near-transparent.
pub const EVIDENCE_QUALITY: u8 = 90;

/// A preview is for the screen alone.
pub const PREVIEW_LONG_SIDE_PX: u32 = 640;

/// Quality of previews.
pub const PREVIEW_QUALITY: u8 = 80;

/// Where the search for the upload's quality starts.
pub const UPLOAD_QUALITY_START: u8 = 75;

/// Below this quality fine print is lost, whatever the resolution.
pub const UPLOAD_QUALITY_FLOOR: u8 = 40;

/// A photo that is too small for its rule is encoded again, up to this quality and no further.
pub const UPLOAD_QUALITY_TOP: u8 = 92;

/// Long side of cards: 290 dpi for a card that fills half the frame.
pub const CARD_LONG_SIDE_PX: u32 = 2000;

/// Long side of passport pages, A4 and Letter.
pub const PAGE_LONG_SIDE_PX: u32 = 2400;

/// Bytes aimed at for cards.
pub const CARD_BYTES_AIM: u64 = 300_000;

/// Bytes aimed at for passport pages, A4 and Letter.
pub const PAGE_BYTES_AIM: u64 = 500_000;

/// Some providers take a very small file for an illegible one.
pub const UPLOAD_BYTES_MIN: u64 = 100_000;

/// A picture with at most this many colours is line art, for which PNG can be smaller than JPEG.
pub const LINE_ART_COLOURS_MAX: usize = 256;

/// A long side is shortened by this factor while the photo is over its budget at the floor.
pub const SHRINK_STEP: f64 = 0.88;

/// Without a measured document the long side is not shortened below this share of the rule's.
pub const SHRINK_BLIND_MIN: f64 = 0.75;

/// EXIF from the wild has up to about 60 entries in its first directory.
pub const EXIF_ENTRIES_MAX: usize = 512;

/// Pages of a TIFF are counted up to here: more is not a scan.
pub const TIFF_PAGES_MAX: u32 = 64;

/// What the worker may allocate: twice the largest decoded picture.
pub const WORKER_MEMORY_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// The worker's time for one photo; the slowest that is taken needs about two seconds.
pub const WORKER_TIME_MAX: Duration = Duration::from_secs(5);

/// The same where the machine is so busy that the worker hardly runs.
pub const WORKER_WAIT_MAX: Duration = Duration::from_secs(30);

/// A worker has answered at its start within milliseconds; a cold disk takes longer.
pub const WORKER_START_MAX: Duration = Duration::from_secs(10);

/// Time of the processor after which the system ends a worker, whoever still waits for it.
pub const WORKER_CPU_S_MAX: u64 = 120;

/// A worker that has used this much is replaced before its next photo.
pub const WORKER_CPU_ENOUGH: Duration = Duration::from_secs(60);

/// Words of a job or an answer: a chain, a report, a rule.
pub const WORKER_WORDS_BYTES_MAX: u64 = 256 * 1024;

/// Three renditions; evidence of a noisy photo has about 10 MB, as PNG 50 MB.
pub const WORKER_ANSWER_BYTES_MAX: u64 = 80 * 1024 * 1024;

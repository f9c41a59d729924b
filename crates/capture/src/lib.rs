//! Bytes in → `PreparedPhoto` with its `QualityReport`, or a `CaptureFault`.
//!
//! This crate is the sole owner of image decoding: `sniff → guard → decode → colour → fit → orient
//! → encode → read back and judge`, one stage per file. Everything is synchronous and
//! deterministic, does no input or output and keeps nothing; [`Darkroom`] does the same in a
//! process apart, with limits. It must not know providers, vaults, accounts or windows: what a
//! provider takes comes in as a `PhotoRule`, and the words for codes are the window's.

mod apart;
mod colour;
mod decode;
mod encode;
mod exif;
mod fault;
mod fit;
mod guard;
mod header;
mod licence;
mod measure;
mod orient;
mod pdf;
mod photo;
pub mod policy;
mod prepare;
mod protect;
mod quad;
mod raster;
mod rule;
mod sniff;

pub use apart::{Confinement, Darkroom, is_photo_worker, photo_worker};
#[cfg(feature = "test-hooks")]
pub use apart::{Probe, Rehearsal};
pub use fault::{CaptureFault, RefusedFormat};
pub use licence::{Licence, LicenceCountry};
pub use measure::{
    Basis, Direction, Fingerprint, Measure, MeasureCode, MeasureVerdict, NotAFingerprint, Point,
    Quad, QualityReport, Unit, Verdict,
};
pub use photo::{
    Chain, ColourSource, NotAPhotoHash, OrientationFound, Original, PhotoHash, PreparedPhoto,
    Rendition, Rerendered, SourceFormat, Transform,
};
pub use prepare::{
    Frame, QuarterTurns, judge_frame, prepare, prepare_frame, prepare_page, rerender, turn,
};
pub use rule::{DocumentShape, FormatsTaken, PageSize, PhotoFormat, PhotoRule};
pub use sniff::sniff;

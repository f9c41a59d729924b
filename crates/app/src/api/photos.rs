//! Photos and what the checks say of them.

use serde::Serialize;
use ts_rs::TS;

/// A photo in a draft.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PhotoView {
    /// Identifier.
    pub id: String,
    /// Kind of paper.
    pub document: String,
    /// `front`, `back`.
    pub side: String,
    /// What the checks say.
    pub report: ReportView,
    /// Bad photos of this side before.
    #[ts(type = "number")]
    pub retakes: u64,
    /// The person may use it although it is bad.
    pub may_override: bool,
    /// Why it is used although it is bad.
    pub override_reason: Option<String>,
    /// What the barcode of a licence says where the form asks for it.
    pub licence: Vec<LicenceSaysView>,
    /// `other_side`, `other_account`, `rejected_before`.
    pub duplicate_of: Option<String>,
    /// When the same photo was used before.
    #[ts(type = "number | null")]
    pub duplicate_ms: Option<i64>,
    /// Pixels.
    #[ts(type = "number")]
    pub width: u64,
    /// Pixels.
    #[ts(type = "number")]
    pub height: u64,
    /// Bytes that will be sent.
    #[ts(type = "number")]
    pub bytes: u64,
    /// `jpeg`, `png`.
    pub format: String,
    /// When.
    #[ts(type = "number")]
    pub taken_ms: i64,
}

/// What a licence says where the form asks.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct LicenceSaysView {
    /// Which answer.
    pub path: String,
    /// What the licence says, most often in capitals.
    pub says: String,
    /// It was typed so.
    pub is_same: bool,
}

/// What the checks say of a picture.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ReportView {
    /// `good`, `warn`, `bad`.
    pub verdict: String,
    /// Code of the failing measure, or `good`.
    pub code: String,
    /// The failing one first.
    pub measures: Vec<MeasureView>,
    /// Corners of the paper as fractions of width and height, from the top left clockwise.
    pub corners: Option<Vec<[f64; 2]>>,
    /// Glare as fractions: left, top, right, bottom.
    pub glare: Option<[f64; 4]>,
}

/// One measure.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct MeasureView {
    /// `resolution`, `sharpness`, `glare`, `light`, `contrast`, `tilt`, `corners`, `fill`,
    /// `colour`.
    pub code: String,
    /// `good`, `warn`, `bad`, `not_measured`.
    pub verdict: String,
    /// Value in `unit`.
    pub value: Option<f64>,
    /// `dpi`, `ratio`, `percent`, `degrees`, `count`.
    pub unit: String,
    /// Limit in `unit`.
    pub limit: f64,
    /// The limit is a maximum.
    pub limit_is_max: bool,
    /// Where the value stands on its gauge, 0 to 1.
    pub gauge: f64,
    /// Where the limit stands on its gauge, 0 to 1.
    pub gauge_limit: f64,
}

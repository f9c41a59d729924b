//! The quality report: what was measured, against which limits, and what follows.

use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;

/// What is measured. The words are the window's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureCode {
    /// Spread of edges on the document: blur, shake, wrong focus.
    Sharpness,
    /// Share of the document that is washed out by a reflection.
    Glare,
    /// Level of the document's bright parts: too dark to read.
    Brightness,
    /// Difference between ink and paper.
    Contrast,
    /// Dots per inch on the document.
    Resolution,
    /// Whether the document's outline was found, as 1.
    Document,
    /// Number of the document's corners outside the frame or at its edge.
    Corners,
    /// Angle between opposite sides of the document.
    Tilt,
    /// Share of the frame that the document fills.
    Fill,
    /// Share of the document that is coloured. The back of a card may have none: it never counts
    /// for the verdict as a whole.
    Colour,
}

/// The unit of a measure's value and limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Micrometres on the document.
    Micrometres,
    /// A share, 0 to 1.
    Share,
    /// A level of brightness, 0 to 255.
    Level,
    /// Dots per inch on the document.
    Dpi,
    /// Degrees of an angle.
    Degrees,
    /// A number of things.
    Count,
}

/// On which side of its limits a value is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The limits are least values.
    Min,
    /// The limits are greatest values.
    Max,
}

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The document inside its outline.
    Document,
    /// The whole frame, since no outline was found: an estimate, and for resolution the most that
    /// it can be.
    Frame,
}

/// What one measure says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureVerdict {
    /// Nothing to say.
    Good,
    /// Worth saying; never blocks.
    Warn,
    /// The photo should be taken again.
    Bad,
    /// Could not be measured; never blocks.
    NotMeasured,
}

/// What the report says as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing to say.
    Good,
    /// May be used.
    Warn,
    /// Should be taken again.
    Bad,
}

/// One measured property.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// What was measured.
    pub code: MeasureCode,
    /// The value, absent when it could not be measured.
    pub value: Option<f64>,
    /// Unit of `value`, `limit` and `limit_good`.
    pub unit: Unit,
    /// Beyond this the measure is bad, or a warning for measures that never block.
    pub limit: f64,
    /// Up to this the measure is good.
    pub limit_good: f64,
    /// On which side of the limits a value is good.
    pub direction: Direction,
    /// What was looked at.
    pub basis: Basis,
    /// What follows.
    pub verdict: MeasureVerdict,
}

/// A point as shares of the frame's width and height, from the top left.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// 0 at the left edge, 1 at the right.
    pub x: f64,
    /// 0 at the top edge, 1 at the bottom.
    pub y: f64,
}

/// The outline of a document.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quad {
    /// Corners clockwise on the screen, from the top left.
    pub corners: [Point; 4],
    /// How sure the finder is, from 1.75 to about 2.6; always let a person move the corners.
    pub score: f64,
}

/// The judgement on a photo or a live frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QualityReport {
    /// The worst of the measures.
    pub verdict: Verdict,
    /// All measures, in the order of `MeasureCode`.
    pub measures: Vec<Measure>,
    /// The document's outline, when it was found.
    pub quad: Option<Quad>,
    /// For finding duplicates.
    pub fingerprint: Fingerprint,
}

impl QualityReport {
    /// Returns a measure.
    pub fn measure(&self, code: MeasureCode) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.code == code)
    }

    /// Returns the measures that are bad.
    pub fn bad(&self) -> impl Iterator<Item = &Measure> {
        self.measures.iter().filter(|measure| measure.verdict == MeasureVerdict::Bad)
    }

    /// Returns the measures that are worth saying without being bad.
    pub fn warnings(&self) -> impl Iterator<Item = &Measure> {
        self.measures.iter().filter(|measure| measure.verdict == MeasureVerdict::Warn)
    }
}

impl MeasureCode {
    /// Returns the stable code by which the window chooses its words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sharpness => "sharpness",
            Self::Glare => "glare",
            Self::Brightness => "brightness",
            Self::Contrast => "contrast",
            Self::Resolution => "resolution",
            Self::Document => "document",
            Self::Corners => "corners",
            Self::Tilt => "tilt",
            Self::Fill => "fill",
            Self::Colour => "colour",
        }
    }
}

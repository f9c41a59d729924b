//! The limits of the quality report. The numbers of dpi are those of capture.md; the others come
//! from the confusion table that `tests/judgement.rs` prints.

use super::report::{Direction, MeasureCode, Unit};
use crate::rule::DocumentShape;

/// When a measure is good, when bad, and how it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) unit: Unit,
    pub(crate) direction: Direction,
    pub(crate) good: f64,
    pub(crate) bad: f64,
}

/// Returns the limits of a measure for a document.
pub(super) fn of(code: MeasureCode, shape: DocumentShape) -> Limits {
    let (unit, direction, good, bad) = match code {
        MeasureCode::Sharpness => (Unit::Micrometres, Direction::Max, 100.0, 130.0),
        MeasureCode::Glare => (Unit::Share, Direction::Max, 0.004, 0.015),
        MeasureCode::Brightness => (Unit::Level, Direction::Min, 100.0, 65.0),
        MeasureCode::Contrast => (Unit::Level, Direction::Min, 60.0, 35.0),
        MeasureCode::Resolution => match shape {
            DocumentShape::Card | DocumentShape::PassportPage => {
                (Unit::Dpi, Direction::Min, 290.0, 250.0)
            }
            // A tenth above what blocks: a page that fills a phone's frame has about 180.
            DocumentShape::Page(_) => (Unit::Dpi, Direction::Min, 165.0, 150.0),
        },
        MeasureCode::Document => (Unit::Count, Direction::Min, 1.0, 0.0),
        MeasureCode::Corners => (Unit::Count, Direction::Max, 0.0, 0.0),
        MeasureCode::Tilt => (Unit::Degrees, Direction::Max, 10.0, 25.0),
        MeasureCode::Fill => (Unit::Share, Direction::Min, 0.2, 0.04),
        MeasureCode::Colour => match shape {
            DocumentShape::Card | DocumentShape::PassportPage => {
                (Unit::Share, Direction::Min, 0.02, 0.0)
            }
            // A bill may well be black on white.
            DocumentShape::Page(_) => (Unit::Share, Direction::Min, 0.0, 0.0),
        },
    };
    Limits { unit, direction, good, bad }
}

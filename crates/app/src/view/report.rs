//! What the checks say of a picture, as the window draws it.

use satchel_capture::{
    Direction, Measure, MeasureCode, MeasureVerdict, QualityReport, Unit, Verdict,
};

use super::standing::line;
use crate::api::{LineView, MeasureView, ReportView};
use crate::lighten::Kept;

/// Levels of a picture.
const LEVELS: f64 = 255.0;

/// Where the least sharp text that can still be read stands on the scale of sharpness from 0 to 1.
const SHARP_ENOUGH: f64 = 0.6;

/// A report with the failing measure first, in the units that people read.
pub(crate) fn report(report: &QualityReport) -> ReportView {
    let mut measures: Vec<&Measure> = report.measures.iter().filter(|m| is_shown(m)).collect();
    measures.sort_by_key(|m| (rank(m.verdict), place(m.code)));
    let failing = report
        .measures
        .iter()
        .filter(|m| matches!(m.verdict, MeasureVerdict::Bad | MeasureVerdict::Warn))
        .min_by_key(|m| (rank(m.verdict), place(m.code)));
    ReportView {
        verdict: word(report.verdict).to_owned(),
        code: failing.map_or("good", |m| code(m.code)).to_owned(),
        measures: measures.into_iter().map(measure).collect(),
        corners: report.quad.as_ref().map(|q| q.corners.iter().map(|p| [p.x, p.y]).collect()),
        glare: None,
    }
}

/// Whether the paper was found is said by its corners; what is only a safeguard is shown when it
/// fails.
fn is_shown(m: &Measure) -> bool {
    match m.code {
        MeasureCode::Document => false,
        MeasureCode::Contrast | MeasureCode::Fill | MeasureCode::Colour => {
            matches!(m.verdict, MeasureVerdict::Bad | MeasureVerdict::Warn)
        }
        MeasureCode::Sharpness
        | MeasureCode::Glare
        | MeasureCode::Brightness
        | MeasureCode::Resolution
        | MeasureCode::Corners
        | MeasureCode::Tilt => true,
    }
}

fn code(code: MeasureCode) -> &'static str {
    match code {
        MeasureCode::Brightness => "light",
        MeasureCode::Document | MeasureCode::Corners => "corners",
        MeasureCode::Sharpness => "sharpness",
        MeasureCode::Glare => "glare",
        MeasureCode::Contrast => "contrast",
        MeasureCode::Resolution => "resolution",
        MeasureCode::Tilt => "tilt",
        MeasureCode::Fill => "fill",
        MeasureCode::Colour => "colour",
    }
}

fn place(code: MeasureCode) -> u8 {
    match code {
        MeasureCode::Document | MeasureCode::Corners => 5,
        MeasureCode::Resolution => 0,
        MeasureCode::Sharpness => 1,
        MeasureCode::Glare => 2,
        MeasureCode::Brightness => 3,
        MeasureCode::Tilt => 4,
        MeasureCode::Contrast => 6,
        MeasureCode::Fill => 7,
        MeasureCode::Colour => 8,
    }
}

fn rank(verdict: MeasureVerdict) -> u8 {
    match verdict {
        MeasureVerdict::Bad => 0,
        MeasureVerdict::Warn => 1,
        MeasureVerdict::Good => 2,
        MeasureVerdict::NotMeasured => 3,
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "good",
        Verdict::Warn => "warn",
        Verdict::Bad => "bad",
    }
}

/// A value as people read it: the value, its limit, its unit, whether the limit is a maximum, and
/// where
/// its gauge ends.
struct Shown {
    value: Option<f64>,
    limit: f64,
    unit: &'static str,
    max: bool,
    end: f64,
}

fn measure(m: &Measure) -> MeasureView {
    let shown = shown(m);
    let verdict = match m.verdict {
        MeasureVerdict::Good => "good",
        MeasureVerdict::Warn => "warn",
        MeasureVerdict::Bad => "bad",
        MeasureVerdict::NotMeasured => "not_measured",
    };
    MeasureView {
        code: code(m.code).to_owned(),
        verdict: verdict.to_owned(),
        value: shown.value,
        unit: shown.unit.to_owned(),
        limit: shown.limit,
        limit_is_max: shown.max,
        gauge: shown.value.map_or(0.0, |v| (v / shown.end).clamp(0.0, 1.0)),
        gauge_limit: (shown.limit / shown.end).clamp(0.0, 1.0),
    }
}

fn shown(m: &Measure) -> Shown {
    let max = m.direction == Direction::Max;
    let scaled = |by: f64, unit: &'static str, end: f64| Shown {
        value: m.value.map(|v| v * by),
        limit: m.limit * by,
        unit,
        max,
        end,
    };
    match m.unit {
        // Blur is a length, smaller being better; people read sharpness, larger being better.
        Unit::Micrometres => Shown {
            value: m.value.map(|v| (SHARP_ENOUGH * m.limit / v.max(1.0)).min(1.0)),
            limit: SHARP_ENOUGH,
            unit: "ratio",
            max: false,
            end: 1.0,
        },
        Unit::Share => scaled(100.0, "percent", (m.limit * 400.0).clamp(1.0, 100.0)),
        Unit::Level => scaled(1.0 / LEVELS, "ratio", 1.0),
        Unit::Dpi => scaled(1.0, "dpi", m.limit * 1.6),
        Unit::Degrees => scaled(1.0, "degrees", m.limit * 1.6),
        // Corners that are cut off are counted; people count those that are there.
        Unit::Count => Shown {
            value: m.value.map(|cut| (4.0 - cut).max(0.0)),
            limit: 4.0,
            unit: "count",
            max: false,
            end: 4.0,
        },
    }
}

/// How bad a kept report is: 0 good, 1 warn, 2 bad. One that does not read counts as a warning.
pub(super) fn verdict_of(kept: &str) -> u8 {
    match read(kept).map(|kept| kept.report.verdict) {
        Some(Verdict::Good) => 0,
        Some(Verdict::Warn) | None => 1,
        Some(Verdict::Bad) => 2,
    }
}

/// The worst thing that a kept report says.
pub(super) fn headline(kept: &str) -> Option<LineView> {
    let view = report(&read(kept)?.report);
    let worst = view.measures.first().and_then(|m| m.value);
    let count = worst.filter(|v| *v >= 1.0).map(|v| v.round() as u64);
    Some(LineView { reason: Some(view.verdict.clone()), count, ..line(&view.code) })
}

/// A report as it was kept with its photo.
pub(crate) fn read(kept: &str) -> Option<Kept> {
    serde_json::from_str(kept).ok()
}

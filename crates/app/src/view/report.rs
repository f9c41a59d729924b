//! What the checks say of a picture, as the window draws it.

use satchel_capture::{
    Direction, Measure, MeasureCode, MeasureVerdict, QualityReport, Unit, Verdict,
};

use super::standing::line;
use crate::api::{LineView, MeasureView, ReportView};

/// A report with the failing measure first.
pub(crate) fn report(report: &QualityReport) -> ReportView {
    let mut measures: Vec<&Measure> = report.measures.iter().collect();
    measures.sort_by_key(|m| rank(m.verdict));
    let code = measures
        .first()
        .filter(|m| matches!(m.verdict, MeasureVerdict::Bad | MeasureVerdict::Warn))
        .map_or("good", |m| m.code.as_str());
    ReportView {
        verdict: word(report.verdict).to_owned(),
        code: code.to_owned(),
        measures: measures.into_iter().map(measure).collect(),
        corners: report.quad.as_ref().map(|q| q.corners.iter().map(|p| [p.x, p.y]).collect()),
        glare: None,
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

fn measure(m: &Measure) -> MeasureView {
    let scale = gauge_end(m.code, m.limit, m.limit_good);
    let verdict = match m.verdict {
        MeasureVerdict::Good => "good",
        MeasureVerdict::Warn => "warn",
        MeasureVerdict::Bad => "bad",
        MeasureVerdict::NotMeasured => "not_measured",
    };
    MeasureView {
        code: m.code.as_str().to_owned(),
        verdict: verdict.to_owned(),
        value: m.value,
        unit: unit(m.unit).to_owned(),
        limit: m.limit,
        limit_is_max: m.direction == Direction::Max,
        gauge: m.value.map_or(0.0, |v| (v / scale).clamp(0.0, 1.0)),
        gauge_limit: (m.limit / scale).clamp(0.0, 1.0),
    }
}

/// Where a gauge ends: far enough beyond the limit that good and bad can be told apart.
fn gauge_end(code: MeasureCode, limit: f64, limit_good: f64) -> f64 {
    let end = match code {
        MeasureCode::Corners => limit.max(limit_good),
        MeasureCode::Sharpness
        | MeasureCode::Glare
        | MeasureCode::Brightness
        | MeasureCode::Contrast
        | MeasureCode::Resolution
        | MeasureCode::Document
        | MeasureCode::Tilt
        | MeasureCode::Fill
        | MeasureCode::Colour => 1.6 * limit.max(limit_good),
    };
    if end > 0.0 { end } else { 1.0 }
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Micrometres => "micrometres",
        Unit::Share => "share",
        Unit::Level => "level",
        Unit::Dpi => "dpi",
        Unit::Degrees => "degrees",
        Unit::Count => "count",
    }
}

/// How bad a kept report is: 0 good, 1 warn, 2 bad. One that does not read counts as a warning.
pub(super) fn verdict_of(kept: &str) -> u8 {
    match read(kept).map(|r| r.verdict) {
        Some(Verdict::Good) => 0,
        Some(Verdict::Warn) | None => 1,
        Some(Verdict::Bad) => 2,
    }
}

/// The worst thing that a kept report says.
pub(super) fn headline(kept: &str) -> Option<LineView> {
    let view = report(&read(kept)?);
    Some(LineView { reason: Some(view.verdict.clone()), ..line(&format!("photo_{}", view.code)) })
}

/// A report as it was kept with its photo.
pub(crate) fn read(kept: &str) -> Option<QualityReport> {
    serde_json::from_str(kept).ok()
}

//! Preparing photos without a vault: what would be sent, and what the checks say of it.

use std::path::Path;
use std::time::Instant;

use satchel_app::{Country, Darkroom, Picture};
use serde_json::{Value, json};

use crate::arguments::Prepare;
use crate::print::{Done, Fault};

/// Prepares every photo; those that cannot be are named with their code.
pub(crate) fn prepare(arguments: &Prepare) -> Result<Done, Fault> {
    std::fs::create_dir_all(&arguments.out)
        .map_err(|f| Fault::Usage(format!("{}: {f}", arguments.out.display())))?;
    let mut reports = Vec::new();
    let mut lines = Vec::new();
    let mut refused = 0;
    let darkroom = Darkroom::apart();
    for photo in &arguments.photos {
        let (report, line) = match one(&darkroom, photo, arguments) {
            Ok(report) => report,
            Err(Fault::Refused(error)) => {
                refused += 1;
                let line = format!("{}: {}", photo.display(), error.code);
                (json!({ "photo": photo, "error": error }), line)
            }
            Err(fault) => return Err(fault),
        };
        reports.push(report);
        lines.push(line);
    }
    let exit = if refused > 0 { 3 } else { 0 };
    Ok(Done { exit, ..Done::new(json!({ "photos": reports }), lines.join("\n")) })
}

fn one(darkroom: &Darkroom, photo: &Path, arguments: &Prepare) -> Result<(Value, String), Fault> {
    let unreadable = |f: std::io::Error| Fault::Usage(format!("{}: {f}", photo.display()));
    let country = Country::parse(&arguments.country)
        .ok_or_else(|| Fault::Usage("the country is US, CA or GB".to_owned()))?;
    let bytes = std::fs::read(photo).map_err(unreadable)?;
    let picture = match arguments.page {
        Some(page) => Picture::Page(&bytes, page),
        None => Picture::File(&bytes),
    };
    let began = Instant::now();
    let (provider, kind) = (&arguments.provider, &arguments.kind);
    let prepared = satchel_app::prepare(darkroom, provider, kind, country, picture)?;
    let milliseconds = began.elapsed().as_secs_f64() * 1000.0;
    let name = photo.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let file = arguments.out.join(format!("{name}.{}", prepared.extension));
    std::fs::write(&file, &prepared.bytes).map_err(unreadable)?;
    let line = format!(
        "{}: {} ({}), {} × {}, {} bytes",
        file.display(),
        prepared.report.verdict,
        prepared.report.code,
        prepared.width,
        prepared.height,
        prepared.bytes.len()
    );
    let report = json!({
        "photo": photo,
        "file": file,
        "bytes": prepared.bytes.len(),
        "milliseconds": milliseconds,
        "prepared": prepared,
    });
    Ok((report, line))
}

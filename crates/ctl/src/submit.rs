//! Sealing a submission, or a further round of photos.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use satchel_app::api::{AnswerRequest, ApiError, DraftView};
use satchel_app::{Picture, Satchel};
use serde::Deserialize;
use serde_json::json;

use crate::arguments::Submit;
use crate::opened::read_text;
use crate::print::{Done, Fault};
use crate::run::account_row;

/// What stands in the file of `--info`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Info {
    kind: String,
    country: String,
    answers: BTreeMap<String, String>,
    #[serde(default)]
    consent: bool,
    #[serde(default)]
    no_other_owners: bool,
}

/// Times a bad photo is taken before it may be used anyway; here it is the same file each time.
const TRIES: usize = 3;

/// Fills a draft and seals it. A draft that cannot be sealed is thrown away unless it is to be
/// kept; somebody else's is not touched.
pub(crate) fn submit(satchel: &Satchel, submit: &Submit) -> Result<Done, Fault> {
    let row = account_row(satchel, &submit.account)?;
    let info = submit.info.as_deref().map(read_info).transpose()?;
    let photos: Vec<(String, String, PathBuf)> =
        submit.documents.iter().map(|d| document(d)).collect::<Result<_, _>>()?;
    match &row.draft {
        Some(_) if !submit.replace_draft => return Err(ApiError::new("draft_open").into()),
        Some(draft) => satchel.draft_discard(draft)?,
        None => {}
    }
    let draft = match (&info, submit.keep_draft) {
        (Some(_), false) => satchel.draft_hold(&row.id)?,
        (Some(_), true) => satchel.draft_start(&row.id)?,
        (None, false) => satchel.retake_hold(&row.id)?,
        (None, true) => satchel.retake_start(&row.id)?,
    };
    let sealed = fill(satchel, &draft, info, &photos, submit.use_anyway.as_deref())
        .and_then(|()| Ok(satchel.draft_seal(&draft.id)?));
    match sealed {
        Ok(sealed) => {
            let text = format!("{} is sealed. It is sent by `sync`.", sealed.name);
            Ok(Done::new(json!(sealed), text))
        }
        Err(fault) => {
            if !submit.keep_draft {
                satchel.draft_discard(&draft.id)?;
            }
            Err(fault)
        }
    }
}

fn read_info(file: &Path) -> Result<Info, Fault> {
    serde_json::from_str(&read_text(file)?)
        .map_err(|fault| Fault::Usage(format!("{}: {fault}", file.display())))
}

/// `TYPE[:SIDE]=PHOTO`; the side is `front` when it is not given.
fn document(text: &str) -> Result<(String, String, PathBuf), Fault> {
    let usage = || Fault::Usage(format!("{text} is not TYPE[:SIDE]=PHOTO"));
    let (paper, photo) = text.split_once('=').ok_or_else(usage)?;
    let (kind, side) = paper.split_once(':').unwrap_or((paper, "front"));
    Ok((kind.to_owned(), side.to_lowercase(), PathBuf::from(photo)))
}

fn fill(
    satchel: &Satchel,
    draft: &DraftView,
    info: Option<Info>,
    photos: &[(String, String, PathBuf)],
    use_anyway: Option<&str>,
) -> Result<(), Fault> {
    if let Some(info) = info {
        satchel.draft_who(&draft.id, &info.kind, &info.country)?;
        let answers: Vec<AnswerRequest> =
            info.answers.into_iter().map(|(path, value)| AnswerRequest { path, value }).collect();
        satchel.draft_answer(&draft.id, &answers)?;
        if info.no_other_owners {
            satchel.draft_no_owners(&draft.id, true)?;
        }
        satchel.draft_consent(&draft.id, info.consent)?;
    }
    for (kind, side, file) in photos {
        photo(satchel, &draft.id, (kind, side), file, use_anyway)?;
    }
    Ok(())
}

/// `PHOTO#page=N` names a page of a file.
fn paged(file: &Path) -> Result<(PathBuf, Option<u32>), Fault> {
    let Some((path, page)) = file.to_str().and_then(|text| text.rsplit_once("#page=")) else {
        return Ok((file.to_owned(), None));
    };
    let page = page.parse().map_err(|_| Fault::Usage(format!("{page} is not a page")))?;
    Ok((PathBuf::from(path), Some(page)))
}

fn photo(
    satchel: &Satchel,
    draft: &str,
    (kind, side): (&str, &str),
    file: &Path,
    use_anyway: Option<&str>,
) -> Result<(), Fault> {
    let (file, page) = paged(file)?;
    let bytes =
        std::fs::read(&file).map_err(|f| Fault::Usage(format!("{}: {f}", file.display())))?;
    let picture = match page {
        Some(page) => Picture::Page(&bytes, page),
        None => Picture::File(&bytes),
    };
    for _ in 0..TRIES {
        let photo = satchel
            .photo_add(draft, kind, side, picture)
            .map_err(|e| e.with(file.display().to_string()))?;
        match use_anyway {
            _ if photo.report.verdict != "bad" => return Ok(()),
            None => {
                let why = format!("{}: {}", file.display(), photo.report.code);
                return Err(ApiError::new("photo_is_bad").with(why).into());
            }
            Some(reason) if photo.may_override => {
                satchel.photo_use(draft, &photo.id, reason)?;
                return Ok(());
            }
            Some(_) => {}
        }
    }
    Err(ApiError::new("photo_is_bad").with(file.display().to_string()).into())
}

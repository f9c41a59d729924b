//! Commands of the window. Each is one call into the app, on a thread that may wait for the disk.

use satchel_app::api::{
    AccountAddRequest, AccountRowView, AccountView, AccountsRequest, AccountsView, AnswerRequest,
    ApiError, AppView, ConnectionCheckView, ConnectionRequest, ConnectionView, CorrectionRequest,
    DetailView, DraftView, ExportRequest, ExportView, ImportRequest, ImportView, NetworkView,
    OutboxView, PassphraseChangeRequest, PeopleView, PersonAddRequest, PersonRemoveRequest,
    PhotoView, PinSetRequest, ProtectionView, ProviderView, RecoveredView, RecoveryChangeRequest,
    RecoveryKeyView, ReportView, SealView, SectionView, SettingRequest, SettingsView, Strength,
    VaultCreateRequest, VaultRecoverRequest, VaultUnlockRequest,
};
use satchel_app::{Picture, Satchel};
use tauri::ipc::{Invoke, InvokeBody, Request, Response};
use tauri::{AppHandle, Manager, Runtime, State};
use tauri_plugin_opener::OpenerExt;

use crate::all_commands::all_commands;
use crate::keeping;

pub(crate) type App<'a> = State<'a, Satchel>;

/// Runs where waiting for the disk holds nobody up.
pub(crate) async fn run<T: Send + 'static>(
    satchel: &Satchel,
    work: impl FnOnce(&Satchel) -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let satchel = satchel.clone();
    tauri::async_runtime::spawn_blocking(move || work(&satchel))
        .await
        .unwrap_or_else(|_| Err(ApiError::new("unexpected")))
}

/// The handler of all commands.
pub(crate) fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
    all_commands!()
}

#[tauri::command]
async fn app_state(app: App<'_>) -> Result<AppView, ApiError> {
    run(&app, move |s| Ok(s.app_state())).await
}

#[tauri::command]
async fn vault_create(app: App<'_>, request: VaultCreateRequest) -> Result<AppView, ApiError> {
    run(&app, move |s| s.vault_create(&request)).await
}

#[tauri::command]
async fn vault_unlock(app: App<'_>, request: VaultUnlockRequest) -> Result<AppView, ApiError> {
    run(&app, move |s| s.vault_unlock(&request)).await
}

#[tauri::command]
async fn vault_lock(app: App<'_>) -> Result<AppView, ApiError> {
    run(&app, move |s| Ok(s.vault_lock("hand"))).await
}

#[tauri::command]
fn window_used(app: App<'_>) {
    app.used();
}

#[tauri::command]
async fn passphrase_suggest(app: App<'_>) -> Result<String, ApiError> {
    run(&app, move |s| s.passphrase_suggest()).await
}

#[tauri::command]
async fn passphrase_judge(app: App<'_>, passphrase: String) -> Result<Strength, ApiError> {
    run(&app, move |s| Ok(s.passphrase_judge(&passphrase))).await
}

#[tauri::command]
async fn protection_show(app: App<'_>) -> Result<ProtectionView, ApiError> {
    run(&app, move |s| Ok(s.protection_show())).await
}

#[tauri::command]
async fn recovery_suggest(app: App<'_>) -> Result<RecoveryKeyView, ApiError> {
    run(&app, move |s| s.recovery_suggest()).await
}

#[tauri::command]
async fn vault_recover(
    app: App<'_>,
    request: VaultRecoverRequest,
) -> Result<RecoveredView, ApiError> {
    run(&app, move |s| s.vault_recover(&request)).await
}

#[tauri::command]
async fn pin_unlock(app: App<'_>, pin: String) -> Result<AppView, ApiError> {
    run(&app, move |s| s.pin_unlock(&pin)).await
}

#[tauri::command]
async fn people_show(app: App<'_>) -> Result<PeopleView, ApiError> {
    run(&app, move |s| s.people_show()).await
}

#[tauri::command]
async fn person_add(app: App<'_>, request: PersonAddRequest) -> Result<PeopleView, ApiError> {
    run(&app, move |s| s.person_add(&request)).await
}

#[tauri::command]
async fn person_remove(app: App<'_>, request: PersonRemoveRequest) -> Result<PeopleView, ApiError> {
    run(&app, move |s| s.person_remove(&request)).await
}

#[tauri::command]
async fn passphrase_change(
    app: App<'_>,
    request: PassphraseChangeRequest,
) -> Result<PeopleView, ApiError> {
    run(&app, move |s| s.passphrase_change(&request)).await
}

#[tauri::command]
async fn recovery_change(
    app: App<'_>,
    request: RecoveryChangeRequest,
) -> Result<PeopleView, ApiError> {
    run(&app, move |s| s.recovery_change(&request)).await
}

#[tauri::command]
async fn pin_set(app: App<'_>, request: PinSetRequest) -> Result<PeopleView, ApiError> {
    run(&app, move |s| s.pin_set(&request)).await
}

#[tauri::command]
async fn training_start(app: App<'_>) -> Result<AppView, ApiError> {
    run(&app, move |s| s.training_start()).await
}

#[tauri::command]
async fn training_leave(app: App<'_>, erase: bool) -> Result<AppView, ApiError> {
    run(&app, move |s| s.training_leave(erase)).await
}

#[tauri::command]
async fn theme_set(app: App<'_>, theme: String) -> Result<AppView, ApiError> {
    run(&app, move |s| s.theme_set(&theme)).await
}

#[tauri::command]
async fn zoom_set(app: App<'_>, percent: u64) -> Result<AppView, ApiError> {
    run(&app, move |satchel| satchel.zoom_set(percent)).await
}

#[tauri::command]
async fn providers_list(app: App<'_>) -> Result<Vec<ProviderView>, ApiError> {
    run(&app, move |s| Ok(s.providers_list())).await
}

#[tauri::command]
async fn connections_list(app: App<'_>) -> Result<Vec<ConnectionView>, ApiError> {
    run(&app, move |s| s.connections_list()).await
}

#[tauri::command]
async fn connection_save(
    app: App<'_>,
    request: ConnectionRequest,
) -> Result<ConnectionView, ApiError> {
    run(&app, move |s| s.connection_save(request)).await
}

#[tauri::command]
async fn connection_pause(
    app: App<'_>,
    id: String,
    paused: bool,
) -> Result<ConnectionView, ApiError> {
    run(&app, move |s| s.connection_pause(&id, paused)).await
}

#[tauri::command]
async fn accounts_list(app: App<'_>, request: AccountsRequest) -> Result<AccountsView, ApiError> {
    run(&app, move |s| s.accounts_list(&request)).await
}

#[tauri::command]
async fn account_show(app: App<'_>, id: String) -> Result<AccountView, ApiError> {
    run(&app, move |s| s.account_show(&id)).await
}

#[tauri::command]
async fn account_add(app: App<'_>, request: AccountAddRequest) -> Result<AccountRowView, ApiError> {
    run(&app, move |s| s.account_add(request)).await
}

#[tauri::command]
async fn accounts_preview(app: App<'_>, request: ImportRequest) -> Result<ImportView, ApiError> {
    run(&app, move |s| s.accounts_preview(&request)).await
}

#[tauri::command]
async fn accounts_import(app: App<'_>, request: ImportRequest) -> Result<ImportView, ApiError> {
    run(&app, move |s| s.accounts_import(&request)).await
}

#[tauri::command]
async fn account_watch(app: App<'_>, id: Option<String>) -> Result<(), ApiError> {
    run(&app, move |s| s.account_watch(id.as_deref())).await
}

#[tauri::command]
async fn account_reveal(app: App<'_>, id: String) -> Result<Vec<DetailView>, ApiError> {
    run(&app, move |s| s.account_reveal(&id)).await
}

#[tauri::command]
async fn draft_start(app: App<'_>, account: String) -> Result<DraftView, ApiError> {
    run(&app, move |s| s.draft_start(&account)).await
}

#[tauri::command]
async fn draft_show(app: App<'_>, id: String) -> Result<DraftView, ApiError> {
    run(&app, move |s| s.draft_show(&id)).await
}

#[tauri::command]
async fn draft_who(
    app: App<'_>,
    id: String,
    kind: String,
    country: String,
) -> Result<DraftView, ApiError> {
    run(&app, move |s| s.draft_who(&id, &kind, &country)).await
}

#[tauri::command]
async fn draft_answer(
    app: App<'_>,
    id: String,
    answers: Vec<AnswerRequest>,
) -> Result<DraftView, ApiError> {
    run(&app, move |s| s.draft_answer(&id, &answers)).await
}

#[tauri::command]
async fn draft_no_owners(app: App<'_>, id: String, none: bool) -> Result<DraftView, ApiError> {
    run(&app, move |s| s.draft_no_owners(&id, none)).await
}

#[tauri::command]
async fn draft_step(app: App<'_>, id: String, step: String) -> Result<DraftView, ApiError> {
    run(&app, move |satchel| satchel.draft_step(&id, &step)).await
}

#[tauri::command]
async fn draft_owner_remove(app: App<'_>, id: String, index: usize) -> Result<DraftView, ApiError> {
    run(&app, move |s| s.draft_owner_remove(&id, index)).await
}

#[tauri::command]
async fn draft_consent(app: App<'_>, id: String, given: bool) -> Result<DraftView, ApiError> {
    run(&app, move |s| s.draft_consent(&id, given)).await
}

#[tauri::command]
async fn draft_discard(app: App<'_>, id: String) -> Result<(), ApiError> {
    run(&app, move |s| s.draft_discard(&id)).await
}

#[tauri::command]
async fn draft_seal(app: App<'_>, id: String) -> Result<SealView, ApiError> {
    run(&app, move |s| s.draft_seal(&id)).await
}

#[tauri::command]
async fn retake_start(app: App<'_>, account: String) -> Result<DraftView, ApiError> {
    run(&app, move |s| s.retake_start(&account)).await
}

#[tauri::command]
async fn photo_remove(app: App<'_>, id: String, photo: String) -> Result<DraftView, ApiError> {
    run(&app, move |s| s.photo_remove(&id, &photo)).await
}

#[tauri::command]
async fn photo_use(
    app: App<'_>,
    id: String,
    photo: String,
    reason: String,
) -> Result<DraftView, ApiError> {
    run(&app, move |s| s.photo_use(&id, &photo, &reason)).await
}

#[tauri::command]
async fn photo_turn(
    app: App<'_>,
    id: String,
    photo: String,
    quarters: u8,
) -> Result<PhotoView, ApiError> {
    run(&app, move |s| s.photo_turn(&id, &photo, quarters)).await
}

#[tauri::command]
async fn network_show(app: App<'_>) -> Result<NetworkView, ApiError> {
    run(&app, move |s| s.network_show()).await
}

#[tauri::command]
async fn outbox_show(app: App<'_>) -> Result<OutboxView, ApiError> {
    run(&app, move |s| s.outbox_show()).await
}

#[tauri::command]
async fn outbox_send_now(app: App<'_>, submission: Option<String>) -> Result<(), ApiError> {
    run(&app, move |s| s.outbox_send_now(submission.as_deref())).await
}

#[tauri::command]
async fn outbox_pause(app: App<'_>, paused: bool) -> Result<(), ApiError> {
    run(&app, move |s| s.outbox_pause(paused)).await
}

#[tauri::command]
async fn outbox_hold_photos(app: App<'_>, hold: bool) -> Result<(), ApiError> {
    run(&app, move |s| s.outbox_hold_photos(hold)).await
}

#[tauri::command]
async fn submission_withdraw(app: App<'_>, submission: String) -> Result<(), ApiError> {
    run(&app, move |s| s.submission_withdraw(&submission)).await
}

#[tauri::command]
async fn submission_lighten(app: App<'_>, submission: String) -> Result<(), ApiError> {
    run(&app, move |s| s.submission_lighten(&submission)).await
}

#[tauri::command]
async fn submission_release(app: App<'_>, submission: String) -> Result<(), ApiError> {
    run(&app, move |s| s.submission_release(&submission)).await
}

#[tauri::command]
async fn submission_export(app: App<'_>, request: ExportRequest) -> Result<ExportView, ApiError> {
    run(&app, move |satchel| satchel.submission_export(&request)).await
}

/// Where a copy goes unless somebody names another place: among the person's documents.
#[tauri::command]
async fn submission_export_place<R: Runtime>(
    handle: AppHandle<R>,
    app: App<'_>,
    submission: String,
) -> Result<String, ApiError> {
    let name = run(&app, move |satchel| satchel.submission_export_name(&submission)).await?;
    let documents = handle.path().document_dir().ok().filter(|folder| folder.is_dir());
    let folder = documents.or_else(|| handle.path().home_dir().ok()).unwrap_or_default();
    Ok(folder.join(name).display().to_string())
}

#[tauri::command]
async fn submission_correct(app: App<'_>, request: CorrectionRequest) -> Result<(), ApiError> {
    run(&app, move |s| s.submission_correct(&request)).await
}

#[tauri::command]
async fn submission_answers(
    app: App<'_>,
    submission: String,
) -> Result<Vec<SectionView>, ApiError> {
    run(&app, move |s| s.submission_answers(&submission)).await
}

#[tauri::command]
async fn settings_show(app: App<'_>) -> Result<SettingsView, ApiError> {
    run(&app, move |s| s.settings_show()).await
}

#[tauri::command]
async fn setting_put(app: App<'_>, request: SettingRequest) -> Result<SettingsView, ApiError> {
    run(&app, move |s| s.setting_put(&request)).await
}

#[tauri::command]
async fn connection_check(app: App<'_>, id: String) -> Result<ConnectionCheckView, ApiError> {
    app.connection_check(&id).await
}

/// Opens the practice provider's page in the browser. No other address can be opened from here.
#[tauri::command]
async fn review_open<R: Runtime>(handle: AppHandle<R>, app: App<'_>) -> Result<(), ApiError> {
    let url = app.app_state().review_url.ok_or_else(|| ApiError::new("not_in_training"))?;
    handle.opener().open_url(url, None::<&str>).map_err(|_| ApiError::new("no_browser"))
}

#[tauri::command]
async fn photo_bytes(app: App<'_>, photo: String, rendition: String) -> Result<Response, ApiError> {
    run(&app, move |s| s.photo_bytes(&photo, &rendition)).await.map(Response::new)
}

/// The body is the picture: a file's bytes, or a frame's RGBA when `width` and `height` are given.
/// `page` chooses one of a file that has several.
#[tauri::command]
async fn photo_add(app: App<'_>, request: Request<'_>) -> Result<PhotoView, ApiError> {
    let bytes = body(&request)?;
    let (draft, document, side) =
        (text(&request, "draft")?, text(&request, "document")?, text(&request, "side")?);
    let size = match text(&request, "width") {
        Ok(_) => Some((number(&request, "width")?, number(&request, "height")?)),
        Err(_) => None,
    };
    let page = match text(&request, "page") {
        Ok(_) => Some(number(&request, "page")?),
        Err(_) => None,
    };
    run(&app, move |s| {
        let picture = match (size, page) {
            (Some((width, height)), _) => Picture::Frame { rgba: &bytes, width, height },
            (None, Some(page)) => Picture::Page(&bytes, page),
            (None, None) => Picture::File(&bytes),
        };
        s.photo_add(&draft, &document, &side, picture)
    })
    .await
}

#[tauri::command]
async fn frame_judge(app: App<'_>, request: Request<'_>) -> Result<ReportView, ApiError> {
    let bytes = body(&request)?;
    let shape = text(&request, "shape")?;
    let size = (number(&request, "width")?, number(&request, "height")?);
    let shot = number(&request, "shot-width").unwrap_or(size.0);
    run(&app, move |s| s.frame_judge(&shape, &bytes, size, shot)).await
}

fn body(request: &Request<'_>) -> Result<Vec<u8>, ApiError> {
    match request.body() {
        InvokeBody::Raw(bytes) => Ok(bytes.clone()),
        InvokeBody::Json(_) => Err(ApiError::new("not_an_image")),
    }
}

fn text(request: &Request<'_>, name: &str) -> Result<String, ApiError> {
    let value = request.headers().get(name).and_then(|v| v.to_str().ok());
    value.map(str::to_owned).ok_or_else(|| ApiError::new("required").at(name))
}

fn number(request: &Request<'_>, name: &str) -> Result<u32, ApiError> {
    text(request, name)?.parse().map_err(|_| ApiError::new("not_a_number").at(name))
}
